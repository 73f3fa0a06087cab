"""What is mounted: the false alarms are folders, what is generated, and what nobody looks into."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.hands.disk import DiskFiles
from compiler.passes.mounts import is_missing
from tests.support import codes, compile_texts

WEB = "version: 1\nname: shop\nservices:\n  web:\n    image: nginx:1.27\n"
GATEWAY = WEB + "    port: internal:80\ngateway:\n  mode: {}\n  tls:\n    certificate: {}\n    key: {}\n  routes:\n"


def found(below: str, *files: str) -> list[str]:
    return codes(compile_texts({"integration.yaml": WEB + below, **dict.fromkeys(files, "text\n")}))


@pytest.mark.parametrize(
    ("mount", "expected"),
    [
        ("./conf:/conf:ro", []),
        ("./conf/site.conf:/etc/site.conf", []),
        ("./deep:/deep", []),
        (".:/app", []),
        ("./:/app", []),
        ("./node_modules:/app/node_modules", []),
        ("./web/node_modules/x:/x", []),
        ("./integration/nginx:/x", []),
        ("data:/data", []),
        ("./cnof:/conf:ro", ["DATA005"]),
        ("./conf/sites.conf:/etc/site.conf", ["DATA005"]),
        ("./integrations:/x:ro", ["DATA005"]),
        ("./con:/x:ro", ["DATA005"]),
        ("./absent:/etc/web", ["DATA005"]),
        ("./absent:/etc/web/conf.d", ["DATA005"]),
        ("./absent:/docker-entrypoint-initdb.d", ["DATA005"]),
        ("./absent:/usr/share/nginx/html", ["DATA005"]),
        ("./absent:/x/site.conf", ["DATA005"]),
        ("./.absent:/var/cache/app", []),
        ("./postgres:/var/lib/postgresql/data", []),
        ("./redis:/data", []),
        ("./library:/etcetera", []),
        ("./*:/x", []),
        ("A b:/x", ["NAME001"]),
        ("conf/site.conf:/x", ["NAME001"]),
        ("-data:/x", ["NAME001"]),
        ("../x:/x", ["PATH001"]),
        ("/etc/x:/x", ["PATH001"]),
        ("~/x:/x", ["PATH001"]),
        ("data:/", ["DATA007"]),
    ],
)
def test_what_is_mounted(mount: str, expected: list[str]) -> None:
    assert found(f"    volumes:\n      - '{mount}'\n", "conf/site.conf", "deep/er/still/file") == expected


def test_folders_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / ".gitkeep").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "linked").symlink_to("deep")
    files = DiskFiles(tmp_path, tmp_path)
    paths = ("deep", "deep/er", "./file", "linked", "empty", "absent")
    assert [path for path in paths if is_missing(path, "integration", files)] == ["empty", "absent"]


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("    volumes:\n      - a:/x\n      - b:/x/y\n", []),
        ("    volumes:\n      - a:/x\n      - b:/x/\n", ["DATA006"]),
        ("    volumes:\n      - a:/x\n      - a:/x\n      - c:/x/.\n", ["DATA006"]),
        ("    volumes:\n      - a:/x\n    compose:\n      tmpfs:\n        - /x:size=1m\n", ["DATA006"]),
        ("    volumes:\n      - a:/x\n    compose:\n      tmpfs: /y\n", []),
    ],
)
def test_two_things_at_one_place(below: str, expected: list[str]) -> None:
    assert sorted(set(found(below))) == expected


@pytest.mark.parametrize(
    ("image", "target", "more", "expected"),
    [
        ("postgres:18", "/var/lib/postgresql/data", "", ["DATA010"]),
        ("docker.io/library/postgres:19.1-bookworm@sha256:" + "0" * 64, "/var/lib/postgresql/data/", "", ["DATA010"]),
        ("docker.io/postgres:18.1", "/var/lib/postgresql/data", "", ["DATA010"]),
        ("postgres:18", "/var/lib/postgresql", "", []),
        ("postgres:18", "/var/lib/postgresql/18/docker", "", []),
        ("postgres:17.6", "/var/lib/postgresql/data", "", []),
        ("postgres:1${V:-8}", "/var/lib/postgresql/data", "", []),
        ("registry.example/postgres:18", "/var/lib/postgresql/data", "", []),
        ("postgres:18", "/var/lib/postgresql/data", "    environment:\n      PGDATA: /var/lib/postgresql/data/x\n", []),
        ("postgres:18", "/var/lib/postgresql/data", "    compose:\n      entrypoint: /start.sh\n", []),
    ],
)
def test_where_postgresql_had_its_data(image: str, target: str, more: str, expected: list[str]) -> None:
    text = WEB.replace("nginx:1.27", image) + f"    volumes:\n      - d:{target}\n{more}"
    assert codes(compile_texts({"integration.yaml": text})) == expected


@pytest.mark.parametrize(
    ("env_file", "expected"),
    [
        ("./web.env", []),
        ("./wbe.env", ["DATA009"]),
        ("\n        - ./web.env\n        - ./wbe.env", ["DATA009"]),
        ("\n        - path: ./wbe.env", ["DATA009"]),
        ("\n        - path: ./wbe.env\n          required: true", ["DATA009"]),
        ("\n        - path: ./wbe.env\n          required: false", []),
        ("./${STAGE:-dev}.env", []),
        ("../../web.env", ["PATH001"]),
        ("/etc/web.env", ["PATH001"]),
    ],
)
def test_environment_files(env_file: str, expected: list[str]) -> None:
    assert found(f"    compose:\n      env_file: {env_file}\n", "web.env") == expected


@pytest.mark.parametrize(
    ("mode", "certificate", "key", "expected"),
    [
        ("container", "./a.pem", "./a.key", []),
        ("container", "./b.pem", "./a.key", ["DATA008"]),
        ("container", "./b.pem", "./b.key", ["DATA008", "DATA008"]),
        ("host", "/etc/b.pem", "/etc/b.key", []),
        ("container", "/etc/b.pem", "./a.key", ["PATH001"]),
    ],
)
def test_certificates(mode: str, certificate: str, key: str, expected: list[str]) -> None:
    text = GATEWAY.format(mode, certificate, key) + "    - path: /\n      service: web\n"
    text = text.replace("internal:80", "8080:80")
    assert codes(compile_texts({"integration.yaml": text, "a.pem": "made up\n", "a.key": "made up\n"})) == expected


def test_a_fragment_mounts_from_its_own_folder() -> None:
    fragment = "services:\n  api:\n    image: a:1\n    volumes:\n      - ./conf:/conf\n      - ./more:/more:ro\n"
    texts = {"integration.yaml": WEB + "include:\n  - team/part.yaml\n", "team/part.yaml": fragment, "team/conf/x": "x"}
    (diagnostic,) = compile_texts(texts).diagnostics
    assert (diagnostic.code, diagnostic.marks[0].path) == ("DATA005", "team/part.yaml")
    assert diagnostic.marks[0].span is not None
    assert diagnostic.marks[0].span.line == 6
