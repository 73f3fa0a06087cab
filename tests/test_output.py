"""Every file of every tree is clean: judged by the tools that others wrote for its language.

The trees are the committed ones of the examples, and those of the manifests in tests/manifests, which together use
every key of the language, with text that tries to leave its place in each language of the output.
"""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import crossplane  # type: ignore[import-untyped]
import pytest
import yaml  # type: ignore[import-untyped]
from markdown_it import MarkdownIt

from compiler.hands.disk import DiskFiles
from compiler.hands.shipped import shipped_files
from compiler.model.tree import Standing
from compiler.passes.parse import parse
from compiler.pipeline import Compiled, Request, compile_manifest
from compiler.targets.compose.gateway import gateway_configuration
from tests.support import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compiler.spell.nginx import Directive

MANIFESTS = ("everything", "host", "plain-host", "newer")
SHELLCHECKED = ("02-trading", "everything", "plain-host")
"""Between them they take every branch of the templates."""
BIN = Path(sys.executable).parent
HOSTILE = """$(touch pwned) `touch pwned` | 'all' "of" <b>it</b> {{ plan }} \\ 100% # ${HOME} é"""
"""What the manifest `everything` has in its prose: it would act in a shell, in Jinja, Markdown, HTML or YAML."""
PRICE = """$$5 "double" 'single' \\back # hash `tick` & é : {x} [y] *z ! % <b> | ${FOOTER:-x}"""
"""A value as Compose is to read it: its dollar stays doubled, its own variable stays a variable."""
YAMLLINT = """\
extends: default
rules:
  line-length: disable
  document-start: disable
  comments-indentation: enable
  empty-values: enable
  octal-values: enable
  indentation:
    spaces: 2
    indent-sequences: true
  quoted-strings:
    quote-type: double
    required: true
  truthy:
    check-keys: true
"""


class Built(NamedTuple):
    """A tree on disk and the compilation it came from."""

    name: str
    compiled: Compiled
    folder: Path

    def texts(self, pattern: str) -> dict[str, str]:
        """The texts of the generated files that match."""
        wanted = (path for path in self.compiled.tree if Path(path).match(pattern))
        return {path: (self.folder / path).read_bytes().decode() for path in wanted}


def compile_folder(folder: Path) -> Compiled:
    """Compile the manifest of a folder in memory, as into an empty output."""

    def look(_output: str, wanted: Iterable[str]) -> dict[str, Standing]:
        return {path: Standing("absent") for path in wanted}

    return compile_manifest(Request("integration.yaml", DiskFiles(folder, folder), shipped_files(), look))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, ...]:
    examples = ((name, ROOT / "examples" / name) for name in EXAMPLES)
    trees = [Built(name, compile_folder(folder), folder / "integration") for name, folder in examples]
    for name in MANIFESTS:
        compiled = compile_folder(ROOT / "tests" / "manifests" / name)
        assert not [finding for finding in compiled.diagnostics if finding.severity.value == "error"], name
        folder = tmp_path_factory.mktemp(name)
        for path, artifact in compiled.tree.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(artifact.text, encoding="utf-8", newline="\n")
        trees.append(Built(name, compiled, folder))
    return tuple(trees)


@pytest.fixture(scope="module")
def everything(built: tuple[Built, ...]) -> Built:
    return next(tree for tree in built if tree.name == "everything")


def files(built: Iterable[Built], *patterns: str) -> list[Path]:
    return [tree.folder / path for tree in built for pattern in patterns for path in tree.texts(pattern)]


def said(command: Iterable[object], **options: Any) -> str:
    """What a tool complains about; nothing where it is content."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=60, **options)
    return "" if done.returncode == 0 else done.stdout + done.stderr


# ---- the manifests ----


def test_the_manifests_use_every_key_of_the_language() -> None:
    schema = json.loads((ROOT / "schemas" / "integration.schema.json").read_text(encoding="utf-8"))
    used: set[str] = set()
    for name in MANIFESTS:
        for file in (ROOT / "tests" / "manifests" / name).rglob("*.yaml"):
            value = parse(file.read_bytes(), file.name).value
            assert isinstance(value, dict)
            root = schema if "name" in value else {"$ref": "#/definitions/fragment"}
            used.update(_keys_used(root, value, schema))
    unused = set(_keys_known(schema, schema)) - used
    assert unused == set()
    assert len(used) > 120


def _keys_used(schema: Any, value: object, root: Any, at: str = "") -> Iterator[str]:
    """The keys that a value uses, each called by the definition that it stands in."""
    for part, name in _parts(schema, root, at):
        if isinstance(value, dict):
            for key, item in value.items():
                if key in part.get("properties", {}):
                    yield f"{name}.{key}"
                    yield from _keys_used(part["properties"][key], item, root, f"{name}.{key}")
                elif isinstance(part.get("additionalProperties"), dict):
                    yield from _keys_used(part["additionalProperties"], item, root, f"{name}.*")
        elif isinstance(value, list) and "items" in part:
            for item in value:
                yield from _keys_used(part["items"], item, root, f"{name}[]")


def _keys_known(schema: Any, root: Any, at: str = "") -> Iterator[str]:
    """The keys that there are."""
    for part, name in _parts(schema, root, at):
        for key, inner in part.get("properties", {}).items():
            yield f"{name}.{key}"
            yield from _keys_known(inner, root, f"{name}.{key}")
        if isinstance(part.get("additionalProperties"), dict):
            yield from _keys_known(part["additionalProperties"], root, f"{name}.*")
        if "items" in part:
            yield from _keys_known(part["items"], root, f"{name}[]")


def _parts(schema: Any, root: Any, at: str) -> Iterator[tuple[Any, str]]:
    """The schema and all that it is made of, each with what it is called."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from _parts(root["definitions"][name], root, name)
    yield schema, at
    for inner in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
        yield from _parts(inner, root, at)


def test_the_committed_trees_are_what_the_compiler_emits(built: tuple[Built, ...]) -> None:
    stale = [
        f"{tree.name}/{path}"
        for tree in built
        for path, artifact in tree.compiled.tree.items()
        if (tree.folder / path).read_bytes().decode() != artifact.text
    ]
    assert stale == [], "run `make examples`"


def test_the_committed_trees_hold_nothing_else(built: tuple[Built, ...]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "examples/*/integration"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    known = {
        (tree.folder / path).relative_to(ROOT).as_posix()
        for tree in built
        if tree.name in EXAMPLES
        for path in tree.compiled.tree
    }
    assert set(tracked) - known == set()


# ---- every file ----


def test_every_file_is_tidy_text(built: tuple[Built, ...]) -> None:
    for tree in built:
        for path, text in tree.texts("*").items():
            where = f"{tree.name}/{path}"
            assert text.endswith("\n"), where
            assert not text.endswith("\n\n"), where
            assert "\r" not in text, where
            assert not re.search(r"[ \t]+$", text, re.MULTILINE), f"{where}: trailing spaces"
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]", text), f"{where}: control characters"


def test_scripts_are_executable_and_nothing_else_is(built: tuple[Built, ...]) -> None:
    for tree in built:
        executable = {path for path, artifact in tree.compiled.tree.items() if artifact.executable}
        assert executable == set(tree.texts("*.sh"))


def test_what_a_compose_file_mounts_from_the_tree_is_there(built: tuple[Built, ...]) -> None:
    for tree in built:
        folders = {str(above) for path in tree.compiled.tree for above in (Path(path), *Path(path).parents)}
        for path, text in tree.texts("docker-compose*.yml").items():
            for name, service in yaml.safe_load(text)["services"].items():
                for volume in service.get("volumes", ()):
                    if isinstance(volume, dict) and volume["source"].startswith("./"):
                        assert volume["source"].removeprefix("./") in folders, f"{tree.name}/{path}: {name}"


# ---- Compose files ----


def test_compose_files_follow_the_schema_of_compose(built: tuple[Built, ...]) -> None:
    checked = files(built, "docker-compose*.yml")
    assert len(checked) > 20
    assert said([BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *checked]) == ""


def test_yaml_passes_yamllint(built: tuple[Built, ...]) -> None:
    checked = files(built, "*.yml", "*.yaml")
    assert said([sys.executable, "-m", "yamllint", "--strict", "-d", YAMLLINT, *checked]) == ""


def test_pass_through_settings_have_the_types_of_compose(everything: Built) -> None:
    api = compose(everything)["services"]["api"]
    assert api["init"] is True
    assert api["tty"] is True
    assert api["privileged"] is False
    assert api["ulimits"] == {"nofile": {"soft": 1024, "hard": 2048}}
    assert api["env_file"] == ["../../api.env", {"path": "../../absent.env", "required": False}]
    assert api["cpus"] in (0.5, "0.5")
    assert api["labels"] == {
        "team": """it's "$(touch pwned)" `quoted`""",
        "price": "$$5",
        "owner.note": "${OWNER_NOTE:-nobody}",
    }


def test_variables_of_compose_files_and_of_the_example_are_the_same(built: tuple[Built, ...]) -> None:
    for tree in built:
        read = {
            match[1] or match[2]
            for text in tree.texts("docker-compose*.yml").values()
            for match in re.finditer(r"\$\{(\w+)[^}]*\}|\$(\w+)", text.replace("$$", ""))
        }
        (example,) = tree.texts(".env.example").values()
        offered = re.findall(r"^(?:# )?([A-Z_][A-Z0-9_]*)=", example, re.MULTILINE)
        assert len(offered) == len(set(offered)), tree.name
        assert set(offered) - {"COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR"} == read, tree.name


def compose(tree: Built, name: str = "docker-compose.yml") -> dict[str, Any]:
    """A Compose file as a YAML parser sees it."""
    value: dict[str, Any] = yaml.safe_load(tree.texts(name)[name])
    return value


# ---- scripts ----


def test_scripts_pass_shellcheck(built: tuple[Built, ...]) -> None:
    # Half of the time of this file goes here: so some trees, two processes, and the others in the engine suite.
    half = files((tree for tree in built if tree.name in SHELLCHECKED), "*.sh")
    commands = [[str(BIN / "shellcheck"), *map(str, part)] for part in (half[::2], half[1::2])]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    assert [process.communicate(timeout=60)[0] for process in running] == ["", ""]


def test_bash_can_parse_every_script(built: tuple[Built, ...]) -> None:
    checked = files(built, "*.sh")
    assert len(checked) > 40
    assert said(["bash", "-c", 'for file; do bash -n "$file" || exit; done', "bash", *checked]) == ""


# ---- nginx ----


def test_crossplane_reads_the_tree_that_was_meant(built: tuple[Built, ...], tmp_path: Path) -> None:
    count = itertools.count()
    for tree in built:
        compilation = tree.compiled.planned.compilation
        assert compilation is not None
        project = compilation.base.project
        plans = {f"nginx/{project}-{name}.conf": plan for name, plan in compilation.environments.items()}
        for path, text in tree.texts("nginx/*.conf").items():
            directives = gateway_configuration(plans.get(path, compilation.base))
            assert read_back(text, tmp_path / f"{next(count)}.conf") == shape(directives), f"{tree.name}/{path}"
    assert next(count) >= 7


def read_back(text: str, file: Path) -> list[Any]:
    """What crossplane reads inside `http`, as nested lists."""
    file.write_text(f"events {{}}\nhttp {{\n{text}}}\n", encoding="utf-8", newline="\n")
    payload = crossplane.parse(str(file), single=True)
    assert payload["status"] == "ok", payload["errors"]
    return statements(payload["config"][0]["parsed"][1]["block"])


def statements(parsed: list[dict[str, Any]]) -> list[Any]:
    return [
        [each["directive"], each["args"], statements(each["block"]) if "block" in each else None] for each in parsed
    ]


def shape(tree: tuple[Directive, ...]) -> list[Any]:
    return [[each.name, list(each.arguments), None if each.block is None else shape(each.block)] for each in tree]


# ---- hostile text ends where it was put ----


def test_hostile_values_reach_compose_as_they_were_written(everything: Built) -> None:
    for name in ("docker-compose.yml", "docker-compose.test.yml", "docker-compose.staging.yml"):
        services = compose(everything, name)["services"]
        for unit in ("api", "api-migrate"):
            environment = services[unit]["environment"]
            assert environment["PRICE"] == PRICE
            assert environment["EMPTY"] == ""
            assert environment["NUMBER"] == "010"
            assert environment["ANSWER"] == "no"
            assert environment["TEAM"] == "${TEAM:?which team's sandbox, ask 'them'}"
            assert services[unit]["build"]["args"]["BUILD_NOTE"] == """it's "quoted" $$5 & more"""
        assert services["api-migrate"]["command"] == ["-c", """print('migrated "everything" for $$5')"""]
        assert services["worker"]["command"] == ["bin/work", "--queue", "orders and more"]
        assert services["worker"]["healthcheck"]["test"] == [
            "CMD-SHELL",
            """test -e /tmp/alive && echo "it's alive" | grep -q alive""",
        ]


def test_hostile_values_reach_the_scripts_as_they_were_written(everything: Built, tmp_path: Path) -> None:
    values = told(everything, "scripts/start.sh", "each_value", tmp_path)
    assert f"signs {HOSTILE}" in values
    assert "which team's sandbox, ask 'them'" in values
    assert "orders.data" in values
    assert "uploads" not in values, "what a service keeps was not made with a password"
    flows = told(everything, "tests/smoke-tests.sh", "check_flows", tmp_path)
    assert f"order {HOSTILE}" in flows
    assert "Bearer it's $HOME" in flows
    assert """.items[0].id // "it's\"""" in flows
    requests = told(everything, "tests/api-tests.sh", "check_requests", tmp_path)
    assert "/orders?note='$(touch%20pwned)'" in requests
    assert """{"id": "${unique}", "note": "it's $(touch pwned) `quoted` \\\\ "}""" in requests
    assert """it's "${unique}" $(touch pwned) `quoted` \\ done""" in requests
    assert not list(tmp_path.glob("pwned"))


def told(tree: Built, script: str, function: str, folder: Path) -> list[str]:
    """Every word that a function of a script hands on, read by bash itself."""
    (text,) = tree.texts(script).values()
    body = re.search(rf"^{function}\(\) {{\n.*?^}}$", text, re.MULTILINE | re.DOTALL)
    assert body, function
    called = dict.fromkeys(re.findall(r"^ +([a-z_]+) ", body[0], re.MULTILINE))
    say = "say() { printf '%s\\0' \"$@\"; }\n" + "".join(
        f'{name}() {{ say "$@"; }}\n' for name in called if name not in {"case", "local"}
    )
    program = f"{say}environment=dev\n{body[0]}\n{function} say"
    done = subprocess.run(["bash", "-c", program], cwd=folder, capture_output=True, text=True, check=True, timeout=10)
    return done.stdout.split("\0")


def test_hostile_values_stay_text_in_the_readme(everything: Built) -> None:
    (text,) = everything.texts("README.md").values()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    raw = [token.content for token in tokens if token.type == "html_block"]
    assert all(re.fullmatch(r"<!-- [^<>]* -->\n?", content) for content in raw), raw
    inline = [token for token in tokens if token.type == "inline"]
    assert not [child.content for token in inline for child in token.children or () if child.type == "html_inline"]
    cells = {"".join(child.content for child in token.children or ()) for token in inline}
    for written in (f"keeps {HOSTILE}", f"answers {HOSTILE}", f"does {HOSTILE}"):
        assert written in cells, written
    assert any(f"signs {HOSTILE}" in cell for cell in cells)


def test_every_row_of_a_table_is_as_long_as_its_head(built: tuple[Built, ...]) -> None:
    for tree in built:
        (text,) = tree.texts("README.md").values()
        width = 0
        for line in text.splitlines():
            cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) if line.startswith("|") else 0
            assert not (cells and width and cells != width), f"{tree.name}: {line}"
            width = cells


def test_the_example_of_the_environment_has_no_other_lines(built: tuple[Built, ...]) -> None:
    for tree in built:
        (text,) = tree.texts(".env.example").values()
        for line in text.splitlines():
            assert re.fullmatch(r"|#.*|[A-Z_][A-Z0-9_]*=.*", line), f"{tree.name}: {line}"


def test_the_plan_says_the_text_as_it_was_written(everything: Built) -> None:
    (text,) = everything.texts("plan.json").values()
    units: Mapping[str, Any] = json.loads(text)["plan"]["units"]
    assert units["api"]["role"] == f"answers {HOSTILE}"
