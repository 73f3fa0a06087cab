from __future__ import annotations

from pathlib import Path

import pytest

from compiler.model.finding import Diagnostic, Mark, Severity
from compiler.model.source import Span
from compiler.render.veil import KINDS, veil

TEXT = "a: b\nlogin: correct horse 9battery\nDB_PASSWORD: hunter2: x\n"


def told(message: str, *marks: Mark) -> Diagnostic:
    return Diagnostic("YAML001", "syntax", Severity.ERROR, "yaml/hunter2", message, marks, "not `hunter2`")


def test_what_looks_like_a_secret_in_a_text_is_in_no_word_about_it() -> None:
    (shown,), untold, documents = veil([told("`hunter2: x` and b", Mark("m", None, "hunter2: x"))], [], {"m": TEXT})
    assert (shown.message, shown.subject, shown.help) == ("`***` and b", "yaml/hunter2", "not `hunter2`")
    assert shown.marks == (Mark("m", None, "***"),)
    assert untold == []
    assert documents["m"] == TEXT.replace("hunter2: x", "******** *")


def test_what_a_finding_calls_a_secret_is_in_no_word_either_nor_are_the_words_it_is_made_of() -> None:
    secret = Mark("m", Span(2, 8, 2, 30), "", secret=True)
    (shown,), (untold,), _ = veil(
        [told("`correct horse 9battery` is")], [told("see 9battery, a correct one", secret)], {"m": TEXT}
    )
    assert shown.message == "`***` is"
    assert untold.message == "see ***, a correct one"


def shown_of(manifest: str, message: str, *marks: Mark) -> str:
    """The message and the subject, as they are shown."""
    told_so = Diagnostic("KIND001", "unknown-kind", Severity.ERROR, "postgres/type", message, marks, "")
    ((shown,), _, _) = veil([told_so], [], {"m": manifest})
    return f"{shown.subject}: {shown.message}"


@pytest.mark.parametrize(
    ("manifest", "message", "expected"),
    [
        ("postgres:\n  password: postgres\n", "did you mean `postgres`?", "did you mean `postgres`?"),
        ("db:\n  type: postgrs\n  password: postgres\n", "did you mean `postgres`?", "did you mean `postgres`?"),
        ("web:\n  image: x\n  A_TOKEN: image\n", "not always the same image", "not always the same image"),
        ("A_TOKEN: known\n", "an unknown name is known to `known`", "an unknown name is known to `***`"),
        ("A_TOKEN: known\n", "`known-name` and `A=known`", "`known-name` and `A=***`"),
        ("A_TOKEN: hunter2x9\nb: hunter2x9y\n", "`hunter2x9y` of hunter2x9", "`***y` of ***"),
        ("hunter2x9:\nA_TOKEN: hunter2x9\n", "`hunter2x9`", "`***`"),
    ],
)
def test_only_whole_words_are_veiled_that_are_no_names_as_well(manifest: str, message: str, expected: str) -> None:
    assert shown_of(manifest, message) == f"postgres/type: {expected}"


def test_a_password_that_is_a_name_is_veiled_in_its_own_place() -> None:
    _, _, documents = veil([told("")], [], {"m": "postgres:\n  password: postgres\n"})
    assert documents["m"] == "postgres:\n  password: ********\n"


def test_the_kinds_that_are_shipped_may_be_proposed() -> None:
    shipped = {path.parent.name for path in (Path(__file__).parents[2] / "templates/kinds").glob("*/kind.yaml")}
    assert shipped == KINDS
