"""What gives a secret away: the name it stands under, the form of well-known keys, or that nobody made it up."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from compiler.text.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLE = "\0"
"""What is no literal text: a manifest cannot hold this character."""

_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRETS = (
    *(("PASSWORD",), ("PASSWD",), ("PASSPHRASE",), ("PASS",), ("PWD",), ("SECRET",), ("TOKEN",), ("APIKEY",)),
    *(("CREDENTIAL",), ("CREDENTIALS",), ("API", "KEY"), ("ACCESS", "KEY"), ("PRIVATE", "KEY"), ("SECRET", "KEY")),
    *(("ENCRYPTION", "KEY"), ("SIGNING", "KEY"), ("MASTER", "KEY"), ("SESSION", "KEY"), ("JWT", "KEY")),
    *(("ACCOUNT", "KEY"), ("SHARED", "KEY"), ("PGPASSWORD",), ("WEBHOOK", "URL"), ("SALT",), ("REQUIREPASS",)),
    *(("AES", "KEY"), ("AES", "128", "KEY"), ("AES", "256", "KEY"), ("CRYPTO", "KEY"), ("FERNET", "KEY")),
    *(("HMAC", "KEY"), ("MASTERAUTH",), ("REDIS", "AUTH"), ("REDISCLI", "AUTH")),
)
_HINT = regex("pass|pwd|secret|token|key|credential|webhook|salt|masterauth|redis(?:cli)?_?auth")
"""What is in every name of a secret, in lower case: to fold the case of a text is quicker than to ignore it."""
_AFTER = frozenset({"KEY", "ACCESS", "BASE", "VALUE", "DEV", "TEST", "STAGING", "PROD", "PRODUCTION", "OLD", "NEW"})
"""Words that may follow without making it another thing: `TOKEN_URL` and `PASSWORD_FILE` hold no secret."""
_NUMBERED = frozenset({"PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "PGPASSWORD"})
"""Under these even a number is a secret; a `TOKEN` that is one is a count."""
_ENDING = regex(r".+(PASSWORD|PASSWD|PASSPHRASE)")
"""A word that is glued to it: `WEBPASSWORD`."""
_NO_PASSWORD = frozenset({"ALLOWNOPASSWORD", "NOPASSWORD", "NOPASSWD"})
_HARMLESS = regex(
    r"(?i:true|false|yes|no|on|off|null|none)?|(?:\.{0,2}|~|%[\w.]+%)/[\w./-]*|[a-z][a-z0-9+.-]*://.*"
    r"|[\w./-]+\.(?:crt|jks|json|key|p12|pem|pfx|pub|txt)",
    re.DOTALL,
)
"""Words, paths, URLs and names of files."""
_NUMBER = regex(r"[0-9.]{1,15}(ms|s|m|h|d)?")
"""A count or a time; no count has more digits."""
_FORMS = {
    "an AWS access key": regex(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a GitHub token": regex(r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})"),
    "a GitLab token": regex(r"\bgl(?:pat|dt|rt|ptt|cbt)-[\w-]{20,}"),
    "a Stripe key": regex(r"\b(?:[sr]k_live_|whsec_)[A-Za-z0-9]{10,}"),
    "a Slack token": regex(r"\b(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}"),
    "a Google API key": regex(r"\bAIza[\w-]{35}|\bGOCSPX-[\w-]{20,}"),
    "an npm token": regex(r"\bnpm_[A-Za-z0-9]{30,}"),
    "a PyPI token": regex(r"\bpypi-[\w-]{32,}"),
    "a SendGrid key": regex(r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    "a Twilio key": regex(r"\bSK[0-9a-f]{32}\b"),
    "an API key": regex(r"\bsk-(?=[A-Za-z_-]{0,127}[0-9])[A-Za-z0-9_-]{20,}"),
    "a Docker token": regex(r"\bdckr_(?:pat|oat)_[\w-]{20,}"),
    "a token of a cloud": regex(r"\b(?:dop_v1_[0-9a-f]{40,}|hvs\.[\w-]{20,}|hf_[A-Za-z]{30,}|shpat_[0-9a-f]{32})"),
    "a key of an Azure account": regex(r"\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}"),
    "a signed token": regex(r"(?<![\w-])(?>[\w-]*?\beyJ)[\w-]{8,}+\.eyJ[\w-]{8,}+\.[\w-]{8,}"),
    "a private key": regex(
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:(?!-----(?:BEGIN|END))[\s\S])*"
        r"(?:-----END[A-Z0-9 ]*-----)?"
        r"|\bAGE-SECRET-KEY-1[0-9A-Z]{40,}"
    ),
    "a webhook's URL with its token": regex(
        r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{20,}"
        r"|https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"
        r"|https://api\.telegram\.org/bot\d+:[\w-]{30,}|https://[\w.-]+\.webhook\.office\.com/\S{40,}"
    ),
    "a login": regex(r"(?i:\bBasic) +(?:[A-Za-z0-9+/]{4}){3,}(?:[A-Za-z0-9+/]{2,3}={0,2})?"),
    "a bearer token": regex(r"(?i:\bBearer) +(?=[\w.~+/-]*[0-9])(?=[\w.~+/-]*[A-Za-z])[\w.~+/-]{20,}=*"),
}
_SIGN = regex(
    "AKIA|ASIA|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|ptt|cbt)-|k_live_|whsec_|xox|xapp-|AIza|GOCSPX|npm_|pypi-|SG\\."
    "|SK[0-9a-f]{32}|sk-|dckr_|dop_v1_|hvs\\.|hf_|shpat_|AccessKey=|AccountKey=|eyJ|PRIVATE KEY|AGE-SECRET|webhook"
    "|hooks\\.slack|telegram|asic |earer |ASIC |EARER |@"
)
"""What is in every text that a form or a URL gives away."""
_IN_URL = regex(rf"(?<=[A-Za-z0-9])://[^\s/?#@:{HOLE}]*:(?P<value>(?!\$\{{)[^\s/?#@]+)@")
_NAME = r"(?<![\w-])(?:(?![A-Za-z_])[\w-])*+(?P<name>[A-Za-z_][\w-]*+)"
"""A name is sought from the start of a word alone: from each of its letters took the square of the time."""
_VALUE = r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s"'`,;&{}]+)"""
_GIVEN = regex(rf"""{_NAME}(?:["']?=|["']:[ ]?){_VALUE}""")
"""A name and its value somewhere in a text: `PGPASSWORD=…`, `"password": …`, `--token=…`."""
_LOOSELY = regex(rf"""{_NAME}:(?![-?+])[ ]*+{_VALUE}""")
_WORDS_GIVEN = regex(r"(?<![\w-])\w*+(?:-(?![A-Za-z])\w*+)*+-(?P<name>[A-Za-z][\w-]*+)[ ]++(?P<value>[^\s-]\S*)")
_LINE = regex(
    r"""^[ \t]*(?:-[ ]+)*["']?(?P<name>[A-Za-z_][\w.-]*)["']?(?:[ \t]*:(?=[ \t])|[ \t]*=|(?=[ \t]))[ \t]*"""
    r"""(?P<value>\S[^\n]*)$""",
    re.MULTILINE,
)
_UNENDED = regex(r"-----BEGIN(?![\s\S]*-----END)")
_LONGEST_HEAD = 1000
_CODED = regex(r"[A-Za-z0-9+/]{16,}={0,2}")
"""A line of a key, wherever somebody put it."""
_BLOCK = regex(r"[|>][0-9+-]{0,2}[ \t]*(?:#.*)?")
_VARIABLE = regex(r"\$\{[^}]*?(?::?[-+](?P<value>[^}]*))?(?:\}|$)")
_DECLARED = frozenset({"generated", "required", "optional"})
_MADE_UP = regex(r"[A-Za-z]+(?:[ ._/-][A-Za-z]+)*[._-]?[0-9]{0,4}[!.]?")
"""Words and a few digits after them: what a person makes up as a value that everybody may know."""
_RANDOM = regex(r"(?:[A-Za-z0-9+/_-]{24,}|[A-Za-z0-9+/_-]{20,}={1,2})")
_HEX = regex(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
_KNOWN = regex(r"(?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|sha[0-9]{1,3}[-:].*|md5[-:].*)")
"""Identifiers and digests: random, and no secret."""
_PUBLIC = frozenset(
    (
        *("BUILD", "CHECKSUM", "COMMIT", "DIGEST", "ETAG", "FINGERPRINT", "GUID", "HASH"),
        *("ID", "IDS", "IMAGE", "INTEGRITY", "KID", "MD5", "PUBLIC", "REF"),
        *("REV", "REVISION", "SHA", "TAG", "UUID", "VERSION"),
    )
)
_LEAST_BITS, _LEAST_HEX_BITS = 3.9, 3.0


def phrase_in(name: str) -> tuple[str, ...]:
    """What in a name says that its value is a secret; nothing for any other name."""
    return _phrase_in(name) if _HINT.search(name.lower()) else ()


def is_secret(name: str, value: str) -> bool:
    """Whether a literal value under a name is one that nobody should read."""
    phrase = phrase_in(name)
    if not phrase or _HARMLESS.fullmatch(value):
        return False
    return phrase[-1] in _NUMBERED or not _NUMBER.fullmatch(value)


def is_made_up(value: str) -> bool:
    """Whether a value consists of words, as one that everybody may know does."""
    return _MADE_UP.fullmatch(value) is not None


def is_suspicious(text: str) -> bool:
    """Whether a text, or several, may have something that `form_of` tells."""
    return _SIGN.search(text) is not None


def is_hinted(text: str) -> bool:
    """Whether a text, or several, may have something that `is_given` tells."""
    return _HINT.search(text.lower()) is not None


def form_of(text: str) -> str:
    """Which well-known kind of secret stands in a text; nothing for none."""
    if not is_suspicious(text):
        return ""
    form = next((name for name, pattern in _FORMS.items() if pattern.search(text)), "")
    if form:
        return form
    return "a URL with a password" if any(HOLE not in one["value"] for one in _IN_URL.finditer(text)) else ""


def is_given(text: str) -> bool:
    """Whether a text such as a command or a connection string gives a value to the name of a secret."""
    return _HINT.search(text.lower()) is not None and any(
        _is_told(match) for pattern in (_GIVEN, _WORDS_GIVEN) for match in pattern.finditer(text)
    )


def looks_random(name: str, value: str) -> bool:
    """Whether no person made up a value, so long and mixed it is, and its name does not say that all may know it."""
    if not _RANDOM.fullmatch(value) or _KNOWN.fullmatch(value):
        return False
    if _PUBLIC.intersection(word.upper() for word in _WORD.findall(name)):
        return False
    if _HEX.fullmatch(value):
        return _bits(value) >= _LEAST_HEX_BITS
    kinds = sum(re.search(kind, value) is not None for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return kinds == 3 and _bits(value) >= _LEAST_BITS and not _is_spoken(value)  # noqa: PLR2004 - of three


def hidden(text: str) -> list[tuple[int, int]]:
    """Where in a text secrets stand: in a manifest that may be no YAML, in a message, in a difference."""
    return sorted(set(_hidden(text))) if is_suspicious(text) or _HINT.search(text.lower()) else []


def veiled(text: str) -> str:
    """The text with asterisks in place of secrets; no line or column moves."""
    pieces, shown = [], 0
    for start, end in hidden(text):
        if end > shown:
            pieces += [text[shown:start], re.sub(r"\S", "*", text[max(start, shown) : end])]
            shown = end
    return "".join(pieces) + text[shown:]


def _hidden(text: str) -> Iterator[tuple[int, int]]:
    for form in _FORMS.values():
        for match in form.finditer(text):
            yield match.start(), _end_of_unended(match) if _UNENDED.match(match.group()) else match.end()
    for match in _IN_URL.finditer(text):
        yield match.span("value")
    for pattern in (_LINE, _GIVEN, _LOOSELY, _WORDS_GIVEN):
        block = 0
        for match in pattern.finditer(text):
            for start, end in _of_entry(match, block):
                block = end if start > match.end() else block
                yield start, end


def _end_of_unended(match: re.Match[str]) -> int:
    """Where a key of which the end is not told does end: with the quotes around it, else where no line goes on."""
    text, start = match.string, match.start()
    left = max(0, start - _LONGEST_HEAD)  # of a longer line all is its head
    before = text[max(left, text.rfind("\n", left, start) + 1) : start]
    quoted = text.find(before[-1], start, match.end()) if before[-1:] in {'"', "'"} else -1
    limit = match.end() if quoted < 0 else quoted
    margin = len(before) - len(before.lstrip(" \t+")) + bool(before.strip(" \t+"))
    at = text.find("\n", start, limit)
    while at >= 0:
        after = text.find("\n", at + 1, limit)
        line = text[at + 1 : limit if after < 0 else after]
        is_deeper = len(line) - len(line.lstrip(" \t+")) >= margin > 0
        if line.strip() and not is_deeper and not _CODED.fullmatch(line.strip()):
            return at
        at = after
    return limit


def _of_entry(match: re.Match[str], block: int) -> Iterator[tuple[int, int]]:
    """What of the value of a name is secret: all of it, the defaults of its variables, or the block below.

    A block within one that ends at `block` is hidden with it.
    """
    start, end = match.span("value")
    value = match["value"].strip()
    if not phrase_in(match["name"]) or value in _DECLARED or value == "$":
        return
    if _BLOCK.fullmatch(value):
        if end > block:
            yield from _below(match)
    elif "${" in value and value.rfind("${") < value.rfind("}"):
        for variable in _VARIABLE.finditer(match.string, start, end):
            if variable["value"]:
                yield variable.span("value")
    elif is_secret(match["name"], value.strip("\"'")):
        yield start, end


def _below(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    line = match.group()
    margin = len(line) - len(line.lstrip(" "))
    text, at = match.string, match.end() + 1
    while at <= len(text):
        end = text.find("\n", at)
        below = text[at:end] if end >= 0 else text[at:]
        if below.strip() and len(below) - len(below.lstrip(" ")) <= margin:
            return
        yield at, at + len(below)
        at += len(below) + 1


def _is_told(match: re.Match[str]) -> bool:
    value = match["value"].strip("\"'")
    return HOLE not in value and value[:1] not in {"$", "<"} and is_secret(match["name"], value)


def _is_spoken(value: str) -> bool:
    """Whether it is words after all, joined by dashes, slashes or capitals."""
    letters = sum(len(word) for word in re.findall(r"[A-Z]?[a-z]{3,}", value))
    return letters >= 0.6 * len(value)


def _bits(value: str) -> float:
    """The entropy of a character, in bits."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())


@lru_cache(maxsize=1024)
def _phrase_in(name: str) -> tuple[str, ...]:
    words = [_plain(word.upper()) for word in _WORD.findall(name)]
    return next((phrase for phrase in _SECRETS if _names(words, phrase)), ())


def _plain(word: str) -> str:
    """The word; what it ends in, where that is a secret and something else is glued to it."""
    match = _ENDING.fullmatch(word)
    return word if match is None or word in _NO_PASSWORD else match[1]


def _names(words: list[str], phrase: tuple[str, ...]) -> bool:
    """Whether the words say it, and nothing after it says that it is something about a secret."""
    size, rest = len(phrase), len(words)
    while rest and (words[rest - 1] in _AFTER or words[rest - 1].isdigit()):
        rest -= 1
    return words != ["PWD"] and any(
        tuple(words[start : start + size]) == phrase for start in range(max(rest - size, 0), len(words) - size + 1)
    )
