r"""Strings that have hurt somebody, each with a word why; and as many random ones of the same make as a test wants.

Every string that was ever found to leave an encoder comes in here. The texts are written with escapes, so that no
editor, no review and no terminal changes them or hides one.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Nasty(NamedTuple):
    """A text, and why it is here."""

    text: str
    why: str


NASTY: tuple[Nasty, ...] = tuple(
    Nasty(text, why)
    for text, why in (
        # --- nothing, and blanks
        ("", "nothing at all"),
        (" ", "a blank alone"),
        ("  two  blanks  ", "blanks at both ends and in a row"),
        ("\t", "a tab alone"),
        ("a\tb", "a tab inside: YAML's indentation, a dotenv blank"),
        ("\u00a0a\u00a0", "no-break spaces: `strip` takes them for blanks, YAML does not"),
        ("\u3000", "the ideographic space"),
        ("\u200b", "a space of no width"),
        ("\u2000\u2009", "typographic spaces, which `split` splits at"),
        # --- what YAML 1.1 or 1.2 takes for something else
        ("yes", "YAML 1.1: true"),
        ("No", "YAML 1.1: false; Norway"),
        ("on", "YAML 1.1: true, and a key of GitHub's"),
        ("OFF", "YAML 1.1: false"),
        ("y", "YAML 1.1: true in the specification, a text in PyYAML"),
        ("n", "the same: false"),
        ("true", "every YAML: a flag"),
        ("False", "every YAML: a flag"),
        ("null", "every YAML: nothing"),
        ("~", "YAML: nothing; a shell: home"),
        ("123", "a whole number"),
        ("0123", "YAML 1.1: octal 83"),
        ("0o17", "YAML 1.2: octal 15"),
        ("0x1F", "hexadecimal 31"),
        ("0b101", "YAML 1.1: binary 5"),
        ("1_000", "YAML 1.1: a thousand"),
        ("3.10", "a number that loses its zero"),
        ("1e3", "a float in YAML 1.2, a text in PyYAML"),
        (".5", "a float"),
        ("-.inf", "YAML: minus infinity"),
        (".NaN", "YAML: not a number"),
        ("+12", "a number with its sign"),
        ("22:22", "YAML 1.1: base 60; a port mapping"),
        ("190:20:30.15", "YAML 1.1: a base 60 float"),
        ("2001-01-01", "YAML 1.1: a date"),
        ("2001-12-14t21:59:43.10-05:00", "YAML 1.1: a time"),
        ("<<", "YAML 1.1: a merge"),
        ("=", "YAML 1.1: the default value"),
        # --- what YAML reads as structure
        ("- a", "an item"),
        ("-", "an item of nothing"),
        ("? a", "a complex key"),
        ("a: b", "a mapping"),
        (":", "a key of nothing"),
        ("key:", "a key without a value"),
        ("a #b", "a comment"),
        ("#", "a comment alone"),
        ("&anchor", "an anchor"),
        ("*alias", "an alias"),
        ("!!python/object/apply:os.system [id]", "a tag that unsafe loaders run"),
        ("!reset null", "Compose: the overlay's tag that deletes"),
        ("{a: b}", "a flow mapping"),
        ("[a, b]", "a flow list"),
        ("a, b", "a comma, which ends a flow entry"),
        ("| ", "a literal block"),
        (">-", "a folded block"),
        ("%YAML 1.1", "a directive"),
        ("---", "a new document"),
        ("...", "the end of the document"),
        ("@at", "reserved by YAML"),
        ("`tick`", "reserved by YAML; a command for a shell; code for Markdown"),
        # --- quotes and backslashes
        ("'", "a single quote"),
        ('"', "a double quote"),
        ("'\"'\"'", "how shells write a single quote"),
        ("''", "two quotes: YAML's and SQL's escaped one"),
        ("\\", "a backslash alone: it takes the closing quote with it"),
        ("\\\\", "two backslashes"),
        ("a\\", "a backslash at the end"),
        ("\\'", "a backslash before a quote"),
        ('\\"', "a backslash before a double quote"),
        ("\\n", "the spelling of a line break, not one"),
        ("\\x41\\u0041\\101", "the spellings of a letter"),
        ("\\0", "the spelling of NUL"),
        # --- line ends and controls
        ("a\nb", "two lines"),
        ("\n", "a line break alone"),
        ("a\n", "a line break at the end: `$` of a pattern lets it through, command substitution drops it"),
        ("\na", "a line break in front"),
        ("a\r\nb", "a line break of Windows"),
        ("a\rb", "a return alone: a line end for some readers"),
        ("a\n\nb\n  - c: d\n", "lines that look like YAML"),
        ("a\x0bb\x0cc", "vertical tab and form feed, which `splitlines` splits at"),
        ("\x1b[31mred\x1b]0;title\x07", "steers a terminal"),
        ("a\x00b", "NUL: no shell, no environment can carry it"),
        ("\x01\x02\x08", "controls"),
        ("\x1c\x1d\x1e\x1f", "separators, blanks for `str.split`"),
        ("\x7f", "delete: printable for none, allowed by many"),
        ("a\x85b", "NEL: a line end for YAML 1.1"),
        ("\x80\x9b", "controls of the second set; 9b begins a terminal's sequence"),
        ("a\u2028b", "the line separator: a line end for JavaScript and YAML 1.1"),
        ("a\u2029b", "the paragraph separator"),
        # --- letters beyond ASCII
        ("\ufeff", "a byte order mark"),
        ("a\ufeffb", "one inside"),
        ("\ufffe\uffff", "no characters at all"),
        ("\ufffd", "the replacement character"),
        ("\u202egnp.exe\u202c", "text turned around: Trojan Source"),
        ("\u2066a\u2069\u200f", "bidirectional isolates and a mark"),
        ("e\u0301", "a combining accent: two characters, one letter"),
        ("\u00e9", "the same letter as one"),
        ("\u0300", "a combining accent with nothing to stand on"),
        ("\U0001f600", "beyond the basic plane: a surrogate pair for JavaScript"),
        ("\U0001f469\u200d\U0001f4bb", "several of them joined to one picture"),
        ("\U000e0041", "an invisible tag"),
        ("\U0010ffff", "the last code point"),
        ("\ud7ff\ue000\ue001\ue100", "the neighbours of the surrogates; the alphabet of our own marks"),
        ("\\ud83d\\ude00", "the spelling of a surrogate pair"),
        ("\u0661\u0662", "digits, but no ASCII ones: `\\d` takes them"),
        ("\u0430\u0501min", "letters that look like others"),
        ("\u0130\u0131\u017f\u212a", "letters whose lower or upper case is another alphabet's"),
        ("\ufb01\u2460\uff04", "ligature, circled digit, full-width dollar: normalising makes others of them"),
        # --- shells
        ("$HOME", "a variable"),
        ("${HOME}", "a variable, braced: Compose's, too"),
        ("$$", "a process number; Compose's dollar"),
        ("$", "a dollar alone"),
        ("a$", "one at the end"),
        ("$$$", "an odd number of dollars"),
        ("$\u017f $\u212a", "letters that Compose's pattern takes for s and k, where it ignores their case"),
        ("${", "a brace that never closes"),
        ("${A:-${B:?c}}", "a variable in a variable"),
        ("}", "a brace that closes nothing"),
        ("$(id)", "a command"),
        ("$((1+1))", "arithmetic"),
        ("`id`", "a command, the old way"),
        ("$'\\x41'", "bash's own quotes"),
        ("; id", "a second command"),
        ("&& id || id & id", "commands in a row"),
        ("| id", "a pipe"),
        ("> /tmp/x", "a file is overwritten"),
        ("<<EOF\nEOF\nid", "a here-document that ends early"),
        ("*", "all files"),
        ("?[a-z]", "some files"),
        ("{a,b}", "both, in bash"),
        ("!!", "the last command, in an interactive shell"),
        ("~root", "a home directory"),
        ("-n", "an option"),
        ("--", "the end of the options"),
        ("--help", "a long option"),
        ("-e\\n", "an option of echo"),
        ("A=1", "an assignment"),
        ("%s%n%d", "printf's directives"),
        ("100%", "a percent sign at the end"),
        ("(a) ))", "brackets of a subshell, and of a `case`"),
        ("esac;;", "the end of a `case`"),
        ("if then fi done", "words of a shell"),
        # --- environment files
        ("export A=1", "a word of a shell that environment files know"),
        ("a#b", "a hash without a blank"),
        (" #", "a comment after nothing"),
        ("'a' 'b'", "two quoted words"),
        ("a\nB=injected", "a second variable"),
        # --- templates
        ("{{ 7 * 7 }}", "Jinja2, Go and Mustache"),
        ("{% raw %}", "Jinja2's statement"),
        ("{% endraw %}{{ config }}", "and its end"),
        ("{# a #}", "Jinja2's comment"),
        ("<%= 7 %>", "ERB"),
        ("#{7}", "Ruby's and Pug's"),
        # --- databases
        ("'; DROP TABLE users; --", "Bobby Tables"),
        ("\\'; DROP TABLE users; --", "the same for who escapes quotes by backslashes only"),
        ("' OR '1'='1", "always true"),
        ("/* a", "a comment that never ends"),
        ("*/", "one that never began"),
        ("-- a", "a comment"),
        ("$$a$$", "PostgreSQL's other quotes"),
        ("$a$'$a$", "the same with a tag"),
        (":'var' :var :\"var\"", "psql's variables"),
        ("\\! id", "psql's shell"),
        ("\\gexec", "psql: run what the query gave"),
        ("`a`.`b``", "MySQL's identifiers"),
        ("%_", "SQL's wildcards"),
        ("\\%", "MySQL leaves the backslash here, and nowhere else"),
        # --- nginx
        ("; }", "ends a directive and its block"),
        ("a; return 200 x; #", "a directive of one's own"),
        ("{ }", "a block"),
        ("/a { return 200; } location /x", "a location of one's own"),
        ("$uri", "nginx's variable: there is no escape for a dollar"),
        ("a${uri}", "the same, braced"),
        ("\\$", "a backslash that nginx keeps"),
        # --- JSON and JavaScript
        ("</script>", "ends a script in HTML"),
        ("<!--", "begins a comment in HTML, and in JavaScript"),
        ("']]>", "ends CDATA"),
        ("${7*7}", "a template literal"),
        ("__proto__", "JavaScript's prototype"),
        ('{"a": 1}', "JSON in a text"),
        # --- Markdown and Mermaid
        ("a|b", "a cell"),
        ("a\\|b", "a backslash before a cell's end: some renderers split here, some do not"),
        ("\\\\|", "two of them"),
        ("a\\\\", "backslashes before what comes next"),
        ("|", "a cell's end alone"),
        ("*a* _b_ **c**", "emphasis"),
        ("~~a~~", "struck out, on GitHub"),
        ("a`b``c```", "runs of backticks, which end code spans"),
        ("``", "a fence alone"),
        ("` a `", "code whose outer blanks are taken off"),
        ("```\nid\n```", "a fenced block"),
        ("# a", "a heading"),
        ("> a", "a quotation"),
        ("1. a", "a numbered list"),
        ("+ a", "a list"),
        ("===", "an underline that makes a heading"),
        ("[a](javascript:alert(1))", "a link that runs"),
        ("![a](http://x.invalid/y.png)", "an image that is fetched"),
        ("[a]: http://x.invalid", "a definition of a link"),
        ("<http://x.invalid>", "a link in angle brackets"),
        ("http://x.invalid/a_b", "a link without any mark, on GitHub"),
        ("www.x.invalid", "the same, shorter"),
        ("a@x.invalid", "a mail address, which becomes a link"),
        ("<img src=x onerror=alert(1)>", "an element"),
        ("<b>a</b>", "a harmless element"),
        ("&lt;b&gt; &amp; &#35; &quot;", "entities"),
        ("&copy", "an entity without its end"),
        ("#quot; #35; #9829;", "Mermaid's entities"),
        ("a --> b", "Mermaid's arrow"),
        ('"] --> evil["', "leaves a Mermaid label"),
        ("end", "a word that breaks Mermaid's flowcharts"),
        ("%%{init: {}}%%", "Mermaid's directive"),
        ("click a callback", "Mermaid's click"),
        ("**a**`b`", "Markdown, which Mermaid's labels know, too"),
        ("fa:fa-car", "Mermaid's icon"),
        ("\ufb02\u00b0\u00b035\u00b6\u00df", "how Mermaid spells an entity while it works"),
        ('style a:"b"', "Mermaid takes the end off an entity behind `style` and a colon"),
        ("classDef a:<b>", "the same behind `classDef`"),
        ("$$x^2$$", "a formula, in Mermaid and on GitHub"),
        (":tada:", "an emoji's name, on GitHub"),
        ("a  \nb", "blanks that make a line break"),
        ("- [ ] a", "a box to tick"),
        ("[^1]", "a footnote"),
        # --- paths, git, and what is long
        ("../../etc/passwd", "a way out"),
        ("C:\\Windows", "a drive"),
        ("%2e%2e%2f", "the same, encoded"),
        ("a b\"c'd\\e*?[f]!g#h", "a name that is hard on git's patterns"),
        ("x" * 5000, "five thousand letters"),
        ("\u00e9 " * 700, "long, with blanks to break at, and two bytes a letter"),
    )
)
TEXTS: tuple[str, ...] = tuple(nasty.text for nasty in NASTY)
_PIECES = (
    *"'\"\\`$#;:,.|&<>(){}[]!?*~^%@=+-_/ \t\n\r0a1bZ",
    *("\x00", "\x07", "\x0b", "\x1b", "\x1f", "\x7f", "\x85", "\xa0", "\xad", "\u200b", "\u202e", "\u2028", "\u2029"),
    *("\ufeff", "\ufffe", "\ue000", "\ue001", "\ue100", "\u00e9", "e\u0301", "\u0661", "\U0001f600", "\U0010ffff"),
    *("$$", "${", "$(", "}}", "{{", "{%", "\\\\", "\\'", '\\"', "\\n", "\\|", "''", '""', "``", "--", "//", "/*", "*/"),
    *("\r\n", "\n\n", "  ", ": ", " #", "- ", "](", "![", "</", "-->", "&#", "&lt;", "#quot;", "http://", "www."),
    *("%s", "%0A", "EOF", "end", "x.invalid", "no", "null", "1.0", "~"),
)
_PLANES = ((0x20, 0x7E), (0x80, 0x2FF), (0x300, 0x36F), (0x590, 0x6FF), (0x2000, 0x206F), (0xE000, 0xFFFF))


def random_texts(count: int, seed: int, without: str = "") -> Iterator[str]:
    """So many different texts of nasty pieces and of any letters, the same for a seed; `without` some characters."""
    chance = random.Random(seed)
    dropped = dict.fromkeys(map(ord, without))
    seen: set[str] = set()
    while len(seen) < count:
        text = "".join(_piece(chance) for _ in range(chance.choice((1, 2, 3, 5, 8, 13)))).translate(dropped)
        if text not in seen:
            seen.add(text)
            yield text


def _piece(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.8:
        return str(chance.choice(_PIECES))
    if kind < 0.95:
        return chr(chance.randint(*chance.choice(_PLANES)))
    return chr(chance.randint(0x10000, 0x10FFFF))
