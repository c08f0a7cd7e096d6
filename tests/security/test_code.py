"""What must hold in every line of the service, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("handoff", "connectors", "models", "bot/actions")
SECRET_NAMES = ("secret", "token", "signature", "password", "bearer", "authorization")
FENCING = {"lane.token", "hold.token"}
"""Numbers that tell an old hold on a lane from a new one; nobody is kept out by them."""
FETCHERS = {
    "bot/actions/service.py", "connectors/slack/calls.py", "connectors/slack/socket_mode.py",
    "connectors/telegram/calls.py", "handoff/rasa.py", "handoff/house.py",
}  # fmt: skip
"""Whoever opens a connection to the outside, each to an address of the settings. No words of people go in there."""
_CLIENTS = {"httpx", "aiohttp", "requests", "urllib.request", "http.client", "slack_sdk.web.async_client"}


@cache
def sources() -> dict[str, ast.Module]:
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for path, tree in sources().items():
        yield from ((path, node) for node in ast.walk(tree) if isinstance(node, kind))


def test_secrets_are_compared_in_constant_time() -> None:
    """`==` tells by its time how much of a secret was right. Whether there is one (`is None`, empty) may be asked."""
    wrong = []
    for path, node in nodes(ast.Compare):
        assert isinstance(node, ast.Compare)
        sides = [node.left, *node.comparators]
        compared = [each for each in node.ops if isinstance(each, ast.Eq | ast.NotEq)]
        plain = any(isinstance(each, ast.Constant) or ast.unparse(each).isupper() for each in sides)
        if compared and not plain and any(_is_secret(each) for each in sides):
            wrong.append(f"{path}:{node.lineno} {ast.unparse(node)}")
    assert wrong == []
    assert sum("compare_digest" in ast.unparse(tree) for tree in sources().values()) >= 3


def _is_secret(node: ast.expr) -> bool:
    if ast.unparse(node) in FENCING:
        return False
    named = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return any(word in named.lower() for word in SECRET_NAMES)


def test_no_sql_is_put_together_from_values() -> None:
    """Statements are built by SQLAlchemy with bound values; text, where there is any, is a constant."""
    wrong = []
    for path, node in nodes(ast.Call):
        assert isinstance(node, ast.Call)
        if _takes_sql(ast.unparse(node.func), path) and node.args and _is_put_together(node.args[0]):
            wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def _is_put_together(sql: ast.expr) -> bool:
    """Of more than texts and constants of the module."""
    values = [each.value for each in ast.walk(sql) if isinstance(each, ast.FormattedValue)]
    names = [node.id for value in values for node in ast.walk(value) if isinstance(node, ast.Name)]
    return isinstance(sql, ast.BinOp) or not all(name.isupper() for name in names)


def _takes_sql(called: str, path: str) -> bool:
    imports = (node for node in ast.walk(sources()[path]) if isinstance(node, ast.ImportFrom))
    has_text = any(node.module == "sqlalchemy" and any(each.name == "text" for each in node.names) for node in imports)
    return (
        called in ("sa.text", "sqlalchemy.text")
        or called.endswith("exec_driver_sql")
        or (called == "text" and has_text)
    )


def test_nothing_is_run_that_somebody_sent() -> None:
    names = {"eval", "exec", "compile", "__import__"}
    wrong = [
        f"{path}:{node.lineno} {node.func.id}"
        for path, node in nodes(ast.Call)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
    imported = {
        name
        for _, node in nodes(ast.Import)
        if isinstance(node, ast.Import)
        for name in (each.name for each in node.names)
    }
    assert wrong == []
    assert imported.isdisjoint({"pickle", "marshal", "shelve", "jinja2"})


def test_only_those_who_are_named_open_connections() -> None:
    """Links that people write are never fetched: nobody who handles words has anything to fetch with."""
    fetchers = set()
    for path, tree in sources().items():
        for node in ast.walk(tree):
            found = {each.name for each in node.names} if isinstance(node, ast.Import) else set()
            found |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
            if found & _CLIENTS:
                fetchers.add(path)
    assert {
        each for each in fetchers if each.startswith(("connectors/", "handoff/dispatcher", "handoff/core"))
    } <= FETCHERS


def test_the_images_run_as_somebody_without_rights() -> None:
    for file in (ROOT / "Dockerfile", ROOT / "bot" / "Dockerfile"):
        users = [line.split()[1] for line in file.read_text().splitlines() if line.startswith("USER ")]
        assert users
        assert users[-1] not in ("root", "0")


def test_no_page_has_a_script_or_a_handler_inside_it() -> None:
    for file in [*(ROOT / "connectors").rglob("*.html"), ROOT / "connectors/console/pages.py"]:
        text = file.read_text(encoding="utf-8").lower()
        assert "javascript:" not in text
        assert not any(f" on{event}=" in text for event in ("click", "load", "error", "submit", "focus"))
        assert "<script>" not in text
