from __future__ import annotations

from compiler.model.finding import Diagnostic, Mark, Severity
from compiler.model.source import Span
from compiler.render.veil import veil

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
