"""The door into SQL: no name and no password stands in a generated file, psql quotes what it is given.

PostgreSQL reads back every text that goes through the three ways the files of templates/kinds/postgres use: `:'name'`
for a value, `:"name"` and `format('%I')` for an identifier; and a password as `02-create-users.sql` fetches it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from compiler.spell.shell import shell_word
from tests.encoders.corpus import TEXTS, random_texts
from tests.engine.tree import ROOT, docker, eventually, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.engine

IMAGE = "postgres:15-alpine"
LONGEST = 63
"""Bytes of an identifier; PostgreSQL cuts a longer one, which our grammar does not allow."""
PSQL = "psql --no-psqlrc --username=postgres --tuples-only --no-align --set=ON_ERROR_STOP=1 --quiet"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if run(["docker", "image", "inspect", IMAGE]).code:
        run([str(ROOT / "tests/engine/setup/images.sh"), "postgres"])
    name = f"periplus-encoders-{secrets.token_hex(4)}"
    try:
        docker(
            "run", "--detach", "--name", name, "--env", "POSTGRES_PASSWORD=any", IMAGE, "postgres", "-c", "fsync=off"
        )
        ask = ["docker", "exec", name, *PSQL.split(), "--host=127.0.0.1", "--command=select 1"]
        eventually(lambda: run(ask).code == 0, 60, "the server answers")
        yield name
    finally:
        run(["docker", "rm", "--force", "--volumes", name])


def answers(server: str, texts: Sequence[str], question: str, folder: Path) -> list[str]:
    """What psql prints for each text, which stands in the environment as `V0`, `V1` …: one line each."""
    (folder / "texts.sh").write_bytes(
        "".join(f"export V{n}={shell_word(text)}\n" for n, text in enumerate(texts)).encode()
    )
    (folder / "ask.sql").write_bytes("".join(question.replace("NUMBER", str(n)) for n in range(len(texts))).encode())
    for file in ("texts.sh", "ask.sql"):
        docker("cp", "--quiet", str(folder / file), f"{server}:/tmp/{file}")
    said = docker("exec", server, "sh", "-c", f". /tmp/texts.sh; exec {PSQL} --file=/tmp/ask.sql")
    return said.split("\n")


def test_a_value(server: str, tmp_path: Path) -> None:
    texts = [text for text in (*TEXTS, *random_texts(10_000, 5)) if "\0" not in text]
    question = "\\getenv v VNUMBER\nSELECT 'x' || encode(convert_to(:'v', 'UTF8'), 'hex');\n"
    assert answers(server, texts, question, tmp_path) == [f"x{text.encode().hex()}" for text in texts]


NAMED = "SELECT 'x' || encode(convert_to(key, 'UTF8'), 'hex') FROM (SELECT 1 AS {}) AS row, json_object_keys(to_json(row)) AS key"
"""What a column is called, in hexadecimal digits: psql does not show every character that the server knows."""


@pytest.mark.parametrize(
    "question",
    [NAMED.format(':"v"') + ";\n", f"SELECT format($q${NAMED.format('%I')}$q$, :'v') \\gexec\n"],
    ids=["quoted by psql", "quoted by the server"],
)
def test_an_identifier(server: str, question: str, tmp_path: Path) -> None:
    texts = [text for text in (*TEXTS, *random_texts(10_000, 6)) if text and "\0" not in text]
    short = [text for text in texts if len(text.encode()) <= LONGEST]
    assert len(short) > 9000
    read = answers(server, short, f"\\getenv v VNUMBER\n{question}", tmp_path)
    assert read == [f"x{text.encode().hex()}" for text in short]


def test_a_password_as_the_job_fetches_it(server: str, tmp_path: Path) -> None:
    """psql takes one line break off the end; start.sh lets no password have one."""
    file = (ROOT / "templates/kinds/postgres/02-create-users.sql").read_text(encoding="utf-8")
    (fetched,) = (line for line in file.split("\n") if line.startswith("\\set owner_password "))
    texts = [text for text in TEXTS if "\0" not in text and not text.endswith("\n")]
    question = f"{fetched.replace('OWNER_PASSWORD', 'VNUMBER')}\nSELECT 'x' || encode(convert_to(:'owner_password', 'UTF8'), 'hex');\n"
    assert answers(server, texts, question, tmp_path) == [f"x{text.encode().hex()}" for text in texts]
