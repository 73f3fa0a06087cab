"""Mutants of real projects: mostly of their structure, some of their text, some of their bytes, some of other files."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.differential.documents import mutated as mutated_text
from tests.fuzz.projects import MANIFEST, Project, seeds
from tests.fuzz.trees import Pattern, holders, read, slots, written
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from random import Random

_YAML = (".yaml", ".yml")
_REFERENCE = re.compile(r"\$\{[^}]*\}?")
_NUMBER = re.compile(r"\d+")
_EDITS_AT_ONCE = (1, 1, 1, 1, 2, 2, 3, 4, 8)
NASTY = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "65535",
        "65536",
        "99999999999999999999",
        "1.0",
        "1e3",
        "0x1F",
        "010",
        "no",
        "~",
        "null",
    ),
    *("true", "false", "True", "a b", "a\nb", "\n", "\t", "\r\n", "\x00", "\x1b[31m", "\x7f", "\x85", "\u2028"),
    *("\u202e", "\u200d", "\ufeff", "\ufffe", "\ue000", "\U000e0041", "\U0010ffff", "é", "e\u0301", "日本", "🏳️‍🌈"),
    *(
        "ß",
        "İ",
        "ﬁ",
        "'",
        '"',
        "\\",
        "`",
        "$",
        "$$",
        "${",
        "${}",
        "${x",
        "$${x}",
        "${X:-${Y}}",
        "${X:?}",
        "${secrets.X}",
    ),
    *("${secrets.}", "${api.url", "${api.url}${api.url}", "${api..url}", "${a.b.c.d.e}", "${gateway.public_url}"),
    *("$(x)", "`x`", "; rm -rf /", "&&", "|", ">", "#", " # x", "- x", "x: y", "{}", "[]", "{a: b}", "*x", "&x", "!!x"),
    *("%", "@", "..", ".", "/", "//", "../..", "../../etc/passwd", "/etc/passwd", "~/x", "C:\\x", "\\\\x\\y", "%2e%2e"),
    *("a/../b", "./", "x/", ".git", "integration", "integration.yaml", "integration.lock.json", "con", "x" * 64),
    *("x" * 300, "a-" * 40, "-x", "x-", "_x", "X", "gateway", "secrets", "env", "default", "__proto__", "*", "**/*"),
    *("?", "[a", "(", ")*", "a{1,9}", "'; DROP TABLE x;--", "{{ x }}", "{% x %}", "<script>", "]]>", "a|b", "https://"),
    *("http://[::1", "http://user:pass@host:99999/x?y#z", "http://x", "127.0.0.1:8000:8000", "::1", "0.0.0.0", "8000:"),
    *(":8000", "8000-8001", "8000:8000/udp", "internal:", "internal:0", "1s", "0s", "-1s", "1h1h", "99999999h", "1ms"),
    *("GET api /", "GET  ", "BREW api / 418", "POST api /x 999", "=======", "<<<<<<< x", "latest", "x@sha256:", ":"),
    *("postgres:16", "x/y:z", "x:" + "1" * 200, "AKIA" + "X" * 16, "ghp_" + "a" * 36, "password", "sha256:" + "0" * 64),
)
"""Values that programs have stumbled over."""


class Donors(NamedTuple):
    """What real manifests and the schema's examples hold: values by key, entries by pattern, names a person chose."""

    values: Mapping[str, list[Any]]
    entries: Mapping[Pattern, list[tuple[Any, Any]]]
    keys: list[str]
    trees: list[Any]


@cache
def donors() -> Donors:
    """All there is to take from."""
    trees = [data for data in map(read, _manuscripts()) if isinstance(data, dict)]
    values: dict[str, list[Any]] = defaultdict(list)
    entries: dict[Pattern, list[tuple[Any, Any]]] = defaultdict(list)
    for slot in (slot for tree in trees for slot in slots(tree)):
        values[slot.pattern[-1]].append(slot.value)
        entries[slot.pattern[:-1]].append((slot.key, slot.value))
    for key, value in _schema_examples():
        values[key].append(value)
    for pattern, found in list(entries.items()):
        for key in {str(key) for key, _ in found}:
            entries[pattern].extend((key, value) for value in values.get(key, [])[-2:])
    return Donors(dict(values), dict(entries), sorted(values), trees)


def mutated(random: Random, project: Project) -> Project:
    """A mutant; the project itself stays."""
    kind = random.random()
    content = project.get(MANIFEST, b"")
    if kind < 0.06:
        return {**project, MANIFEST: _bytes(random, content)}
    if kind < 0.12:
        text = written(_mutated_tree(random, content)) if random.random() < 0.5 else content.decode("utf-8", "replace")
        return {**project, MANIFEST: _encoded(mutated_text(random, text))}
    others = [path for path in project if path != MANIFEST]
    if others and kind < 0.32:
        path = random.choice(others)
        mutant = {**project, path: _other(random, path, project[path])}
        return mutant if random.random() < 0.8 else {each: mutant[each] for each in mutant if each != path}
    return {**project, MANIFEST: _encoded(written(_mutated_tree(random, content)))}


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _other(random: Random, path: str, content: bytes) -> bytes:
    if random.random() < 0.3:
        return _bytes(random, content)
    if path.endswith(_YAML) and random.random() < 0.8:
        return _encoded(written(_mutated_tree(random, content)))
    if path.endswith(".json") and random.random() < 0.7:
        return _encoded(json.dumps(_mutated_tree(random, content), indent=2))
    return _encoded(mutated_text(random, content.decode("utf-8", "replace")))


def _bytes(random: Random, content: bytes) -> bytes:
    held = bytearray(content)
    for _ in range(random.choice(_EDITS_AT_ONCE)):
        at = random.randrange(len(held) + 1)
        choice = random.randrange(5)
        if choice == 0:
            held[at:at] = random.randbytes(random.randrange(1, 5))
        elif choice == 1:
            del held[at : at + random.randrange(1, 9)]
        elif choice == 2:
            held[at : at + 1] = bytes([random.randrange(256)])
        elif choice == 3:
            held[at:at] = held[random.randrange(len(held) + 1) :][: random.randrange(40)]
        else:
            held[at:at] = _encoded(random.choice(NASTY))
    return bytes(held)


def _mutated_tree(random: Random, content: bytes) -> Any:
    data = deepcopy(read(content))
    if not isinstance(data, (dict, list)):
        data = deepcopy(random.choice(donors().trees))
    for _ in range(random.choice(_EDITS_AT_ONCE)):
        edit = random.choices(_EDITS, _WEIGHTS)[0]
        edit(random, data)
    return data


def _graft(random: Random, data: Any) -> None:
    """An entry that stands at such a place somewhere else."""
    holder, pattern = random.choice(holders(data))
    found = donors().entries.get(pattern)
    if not found:
        return
    key, value = random.choice(found)
    if isinstance(holder, dict):
        holder[str(key)] = deepcopy(value)
    else:
        holder.insert(random.randrange(len(holder) + 1), deepcopy(value))


def _value_of_its_key(random: Random, data: Any) -> None:
    """What stands under the same key somewhere else."""
    slot = _slot(random, data)
    found = slot and donors().values.get(slot.pattern[-1])
    if slot and found:
        slot.put(deepcopy(random.choice(found)))


def _retargeted(random: Random, data: Any) -> None:
    """A text that is a name, or holds one, has another name of this manifest."""
    slot = _text(random, data)
    if slot is None:
        return
    names = [str(each.key) for each in slots(data) if each.pattern[-1] == "*" and isinstance(each.holder, dict)]
    name = random.choice([*names, "api", "db", "gateway"])
    text = str(slot.value)
    match = _REFERENCE.search(text)
    if match is None or random.random() < 0.3:
        outputs = ("url", "host", "port", "public_url", "password", "address", name)
        slot.put(random.choice((name, f"${{{name}.{random.choice(outputs)}}}", f"${{secrets.{name}}}")))
    else:
        head, dot, rest = match.group()[2:].partition(".")
        inside = random.choice((f"{name}{dot}{rest}", f"{head}.{name}{dot}{rest}", f"{head}.{name}}}"))
        slot.put(f"{text[: match.start()]}${{{inside}{text[match.end() :]}")


def _tweaked(random: Random, data: Any) -> None:
    """A text with another number, a piece gone, or something nasty inside."""
    slot = _text(random, data)
    if slot is None:
        return
    text = str(slot.value)
    number = _NUMBER.search(text)
    at = random.randrange(len(text) + 1)
    if number and random.random() < 0.5:
        given = random.choice(("0", "1", "65536", "8000", str(int(number.group()[:30]) + 1), "-1", "080"))
        slot.put(text[: number.start()] + given + text[number.end() :])
    elif random.random() < 0.5:
        slot.put(text[:at] + text[at + random.randrange(1, 4) :])
    else:
        slot.put(text[:at] + random.choice(NASTY) + text[at:])


def _nasty(random: Random, data: Any) -> None:
    slot = _slot(random, data)
    if slot:
        slot.put(random.choice(NASTY))


def _deleted(random: Random, data: Any) -> None:
    slot = _slot(random, data)
    if slot:
        del slot.holder[slot.key]


def _duplicated(random: Random, data: Any) -> None:
    slot = _slot(random, data)
    if slot is None:
        return
    if isinstance(slot.holder, dict):
        slot.holder[random.choice((f"{slot.key}-2", f"{slot.key}_2", f"{slot.key}2", "copy"))] = deepcopy(slot.value)
    else:
        slot.holder.insert(slot.key, deepcopy(slot.value))


def _renamed(random: Random, data: Any) -> None:
    """A key is called otherwise, and stays at its place."""
    slot = _slot(random, data)
    if slot is None or not isinstance(slot.holder, dict):
        return
    key = str(slot.key)
    at = random.randrange(len(key) + 1)
    name = random.choice(
        (random.choice(donors().keys), random.choice(NASTY), key[:at] + key[at + 1 :], key.upper(), key + key[at:])
    )
    renamed = {(name if each == slot.key else each): value for each, value in slot.holder.items()}
    slot.holder.clear()
    slot.holder.update(renamed)


def _swapped(random: Random, data: Any) -> None:
    one, other = _slot(random, data), _slot(random, data)
    if one and other and not _holds(one.value, other.holder) and not _holds(other.value, one.holder):
        first, second = one.value, other.value
        one.put(second)
        other.put(first)


def _spliced(random: Random, data: Any) -> None:
    """All that another manifest has under one of its first keys, put in or put over."""
    donor = random.choice(donors().trees)
    key = random.choice(list(donor))
    if not isinstance(data, dict):
        return
    ours, theirs = data.get(key), deepcopy(donor[key])
    if isinstance(ours, dict) and isinstance(theirs, dict) and random.random() < 0.8:
        ours.update(theirs)
    elif isinstance(ours, list) and isinstance(theirs, list) and random.random() < 0.8:
        ours.extend(theirs)
    else:
        data[key] = theirs


def _wrapped(random: Random, data: Any) -> None:
    """A text as a list or mapping of it, or a mapping as the list of its keys."""
    slot = _slot(random, data)
    if slot is None:
        return
    value = slot.value
    if isinstance(value, dict):
        slot.put([str(key) for key in value])
    elif isinstance(value, list):
        slot.put({str(index) if isinstance(item, (dict, list)) else str(item): "" for index, item in enumerate(value)})
    else:
        slot.put(random.choice(([value], {str(value): ""}, {}, [])))


def _reordered(random: Random, data: Any) -> None:
    holder, _ = random.choice(holders(data))
    if isinstance(holder, dict):
        pairs = list(holder.items())
        random.shuffle(pairs)
        holder.clear()
        holder.update(pairs)
    else:
        random.shuffle(holder)


_WEIGHED: dict[Callable[[Random, Any], None], float] = {
    _graft: 5,
    _value_of_its_key: 4,
    _retargeted: 3,
    _tweaked: 3,
    _spliced: 2,
    _nasty: 1.2,
    _deleted: 1.2,
    _duplicated: 1.2,
    _renamed: 0.8,
    _swapped: 0.5,
    _reordered: 0.5,
    _wrapped: 0.3,
}
_EDITS, _WEIGHTS = list(_WEIGHED), list(_WEIGHED.values())


def _slot(random: Random, data: Any) -> Any:
    found = slots(data)
    return random.choice(found) if found else None


def _text(random: Random, data: Any) -> Any:
    found = [slot for slot in slots(data) if isinstance(slot.value, str)]
    return random.choice(found) if found else None


def _holds(data: Any, holder: Any) -> bool:
    return data is holder or any(slot.value is holder for slot in slots(data))


def _manuscripts() -> Iterable[bytes]:
    return (content for project in seeds() for path, content in project.items() if path.endswith(_YAML))


def _schema_examples() -> Iterator[tuple[str, Any]]:
    """Key -> an example, default or accepted value of the schema, as text."""
    schema = json.loads((ROOT / "schemas" / "integration.schema.json").read_text())
    for key, given in _properties(schema):
        for value in (*given.get("examples", ()), *given.get("enum", ()), given.get("default", "")):
            yield key, _as_text(value)


def _properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
        yield from schema["properties"].items()
    for each in inner:
        yield from _properties(each)


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return json.dumps(value) if isinstance(value, bool) or value is None else str(value)
