from __future__ import annotations

import pytest

from compiler.hands.shipped import shipped_files
from compiler.provenance.makers import maker
from tests.support import ROOT

KINDS = {"db": "templates/kinds/postgres"}


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("docker-compose.yml", "compiler/targets/compose/document.py"),
        ("docker-compose.staging.yml", "compiler/targets/compose/document.py"),
        ("docker-compose.override.yml", "compiler/targets/compose/overlay.py"),
        ("plan.json", "compiler/targets/plan_document.py"),
        (".env.example", "compiler/targets/compose/environment.py"),
        ("nginx/shop.conf", "compiler/targets/compose/gateway.py"),
    ],
)
def test_what_is_written_from_data_names_its_writer(path: str, made: str) -> None:
    assert maker(path, 3, {}, shipped_files(), KINDS) == made
    assert (ROOT / made).is_file()


def test_a_file_of_a_kind_and_a_page_name_their_line() -> None:
    path = "init-scripts/db/01-create-databases.sql"
    assert maker(path, 4, {}, shipped_files(), KINDS) == "templates/kinds/postgres/01-create-databases.sql:4"
    assert maker(".gitignore", 2, {}, shipped_files(), KINDS) == "templates/compose/.gitignore.j2:2"
