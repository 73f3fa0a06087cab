from __future__ import annotations

import pytest

from compiler.text.unread import is_gits, is_searched, is_unread


@pytest.mark.parametrize(
    "path",
    [
        *(".env", "integration/.env", ".env.local", "a/.env.test", ".ENV", ".env.", ".env::$DATA", ".env.edited-1"),
        *(
            ".git",
            ".git/config",
            "a/.git/HEAD",
            ".GIT/config",
            "git~1/config",
            ".git./x",
            ".g\u200cit/config",
            ".git::$x/y",
        ),
    ],
)
def test_what_is_of_git_or_of_secrets_is_unread(path: str) -> None:
    assert is_unread(path)


@pytest.mark.parametrize(
    "path",
    ["a", ".env.example", "a/.env.example", ".env/x", ".envrc", "x.env", ".github/x", ".gitignore", "git", ".", ""],
)
def test_all_else_is_read(path: str) -> None:
    assert not is_unread(path)


def test_what_is_gits() -> None:
    assert [is_gits(name) for name in (".git", ".Git ", "git~1", "git", ".gitignore", "")] == [True] * 3 + [False] * 3


def test_where_programs_look_for_what_they_run() -> None:
    searched = (
        ".github/workflows",
        "./.circleci",
        ".vscode",
        "node_modules/x",
        ".husky",
        ".//.idea",
        "Node_Modules",
        "a/../.x",
    )
    free = ("integration", "./deploy/x", "..", ".", "../.github", "", "github", "x/y.z")
    assert [is_searched(path) for path in (*searched, *free)] == [True] * len(searched) + [False] * len(free)
