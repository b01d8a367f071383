"""Our own files, and what their code says: what every check of the tree reads."""

import ast
import functools
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("hall", "kiosk", "display", "printer")
Findings = list[str]

NOT_OURS = {"__pycache__", "node_modules", "build", "dist", "out", "vendor"}
TEXT = {
    ".py",
    ".js",
    ".mjs",
    ".ts",
    ".css",
    ".html",
    ".md",
    ".toml",
    ".po",
    ".sh",
    ".service",
    ".json",
    ".mako",
    ".csv",
}
NAMED_TEXT = {"Makefile", "run", ".gitignore"}


def files(root: Path, suffixes: set[str], *, below: tuple[str, ...] = (".",)) -> Iterator[Path]:
    """Our own files with one of the suffixes, in a fixed order; nothing hidden (but `.ci`), built or vendored."""
    for start in below:
        for folder, folders, names in os.walk(root / start):
            folders[:] = sorted(name for name in folders if is_ours(name))
            for name in sorted(names):
                if is_ours(name) and (Path(name).suffix in suffixes or name in suffixes):
                    yield Path(folder, name)


def is_ours(name: str) -> bool:
    hidden = name.startswith(".") and name not in {".ci", ".gitignore"}
    return not hidden and name not in NOT_OURS and not name.endswith(".egg-info")


def modules(root: Path, *below: str) -> Iterator[tuple[str, Path, ast.Module]]:
    """Every Python file as (dotted name, path, syntax tree)."""
    for path in files(root, {".py"}, below=below or CODE):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        yield name, path, parsed(path.read_text("utf-8"))


@functools.cache
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


def at(root: Path, path: Path, line: int, said: str) -> str:
    return f"{path.relative_to(root)}:{line}: {said}"


def names_in_use(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `dt` -> `datetime.datetime` after `from datetime import datetime as dt`."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known.update(
                {a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names}
            )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return known


def dotted(node: ast.AST, known: dict[str, str]) -> str:
    """The full dotted name that an expression refers to, or "" when it is not a name that was imported."""
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, known)
        return f"{base}.{node.attr}" if base else ""
    return ""
