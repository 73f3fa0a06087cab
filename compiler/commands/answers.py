"""The file of answers for `review --answers`: read, held against its schema, its mistakes told with their places."""

from __future__ import annotations

import codecs
import json
import sys
from typing import TYPE_CHECKING, Any

from compiler.commands.codes import WRONG, MisuseError
from compiler.commands.saying import say
from compiler.diagnosis import diagnosed
from compiler.hands.disk import read_regular
from compiler.hands.shipped import shipped_files
from compiler.hands.terminal import stderr_width
from compiler.model.source import Document, Place, SourceMap
from compiler.passes.locate import locate
from compiler.passes.mistakes import form_of, kind_of, mistakes_in, quoted
from compiler.passes.parse import parse
from compiler.passes.validate import spelled
from compiler.render.findings import findings_text
from compiler.rules.rule import Context
from compiler.rules.words import meant
from compiler.text.display import escaped
from compiler.text.named import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.commands.settings import Settings
    from compiler.edits.situation import Problem
    from compiler.passes.mistakes import Mistake

_SCHEMA = "schemas/answers.schema.json"
_WHOLE = "the answers"


class AnswerFile(NamedTuple):
    """Answers that fit their schema, every scalar a text, and the document they stand in."""

    answers: dict[str, Any]
    document: Document

    def told(self, problems: Iterable[Problem]) -> list[str]:
        """Problems with their places, in the order of the file."""
        return [text for _, text in sorted(_told(self.document, problem) for problem in problems)]


def read_answers(settings: Settings, name: str) -> AnswerFile:
    """The answers in a file, in the manifest's dialect or as JSON; leaves with 2 where they are none.

    Raises MisuseError where there is no such file.
    """
    content = read_regular(settings.directory / name)
    if content is None:
        message = f"there is no file `{name}` with answers"
        raise MisuseError(message)
    is_json = content.lstrip()[:1] in {b"{", b"["}
    found = _json(content, name) if is_json else _manuscript(content, name, settings)
    schema = json.loads(shipped_files().read(_SCHEMA) or b"{}")
    mistakes = [problem for mistake in mistakes_in(found.answers, schema) for problem in _worded(mistake)]
    if mistakes:
        raise refused(found.told(mistakes))
    return found


def refused(told: list[str]) -> SystemExit:
    """Say what is wrong with the answers, and that nothing came of it."""
    for text in told:
        say(f"error: {text}", err=True)
    say("nothing was written", err=True)
    return SystemExit(WRONG)


def helped(problem: Problem) -> str:
    """What would be right, as far as that can be said."""
    accepted = ", ".join(problem.accepted)
    if problem.help or not accepted:
        return problem.help
    return meant(problem.name, accepted, "")


def _told(document: Document, problem: Problem) -> tuple[tuple[int, int], str]:
    path, span = locate(
        SourceMap(document.path, {document.path: document}, {}), Place(document.path, problem.at, "key")
    )
    where = f"{path}:{span.line}:{span.column}" if span else path
    more = helped(problem)
    text = f"{where}: {escaped(problem.message)}" + (f"\n  help: {escaped(more)}" if more else "")
    return ((span.line, span.column) if span else (0, 0)), text


def _json(content: bytes, name: str) -> AnswerFile:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise refused([f"{name}: no JSON: {escaped(str(problem))}"]) from None
    return AnswerFile(_as_text(value), Document(name, "", {}, {}))


def _as_text(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    """As the manifest's dialect reads it: every scalar a text."""
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    return json.dumps(value) if isinstance(value, bool | int | float) else value


def _manuscript(content: bytes, name: str, settings: Settings) -> AnswerFile:
    if _is_empty(content):
        return AnswerFile({}, Document(name, "", {}, {}))
    parsed = parse(content, name)
    if parsed.value is None:
        sources = SourceMap(name, {name: parsed.document}, {})
        found = diagnosed(Context(parsed.defects), sources)
        document = {name: parsed.document.text}
        text = findings_text(found, document, colour=settings.colour_on(sys.stderr), width=stderr_width())
        say(text, err=True, nl=False, is_coloured=True)
        raise refused([])
    return AnswerFile(parsed.value, parsed.document)


def _is_empty(content: bytes) -> bool:
    """Whether nothing is said, beside comments: strictyaml wants a value."""
    lines = (line.strip() for line in content.removeprefix(codecs.BOM_UTF8).splitlines())
    return all(line in {b"", b"---"} or line.startswith(b"#") for line in lines)


def _worded(mistake: Mistake) -> Iterator[Problem]:
    from compiler.edits.situation import Problem  # noqa: PLC0415

    where = spelled(mistake.route) or _WHOLE
    known = list(mistake.schema.get("properties", ()))
    if mistake.keyword == "additionalProperties":
        for key in mistake.written:
            if key not in known:
                yield Problem((*mistake.route, key), f"`{key}` is no key of {_named(where)}", name=key, accepted=known)
        return
    forms = [form_of(mistake.schema)] if mistake.keyword != "anyOf" else list(_branches(mistake))
    got = f"`{quoted(mistake.written)}`" if isinstance(mistake.written, str) else kind_of(mistake.written)
    got = got if mistake.written != "" else "empty"
    verb = "are" if where == _WHOLE else "is"
    yield Problem(mistake.route, f"{_named(where)} {verb} {got}: expected {' or '.join(forms)}")


def _branches(mistake: Mistake) -> Iterator[str]:
    schemas: list[Mapping[str, Any]] = [inner.schema for branch in mistake.branches.values() for inner in branch]
    return (form for form in dict.fromkeys(form_of(schema) for schema in schemas))


def _named(where: str) -> str:
    return where if where == _WHOLE else f"`{where}`"
