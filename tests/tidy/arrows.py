"""Which part may import which, and what the heart must not touch."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.source import CODE, Findings, at, files, modules

LEAVES = {"hall", "hall.i18n", "hall.files", "hall.settings"}  # known to all but the heart, and know nobody
TABLES = "hall.log.metadata"  # the one collection of tables, so that one migration history covers them all
CAPABILITY = {"hall.day", "hall.log", TABLES, "hall.setup", "hall.live", "hall.edge"}
ROUTES = CAPABILITY | {"hall.people", "hall.stats", "hall.forecast"}
CLIENT = {"hall.day", "hall.edge", "hall.live"}
EVERYTHING = {"*"}
ARROWS: dict[str, set[str]] = {
    "hall": set(),
    "hall.i18n": set(),
    "hall.files": set(),
    "hall.settings": set(),
    "hall.audit": set(),
    "hall.day": set(),
    TABLES: set(),
    "hall.log": {"hall.day", TABLES},
    "hall.setup": {"hall.day", TABLES, "hall.edge"},
    "hall.people": {"hall.day", TABLES},
    "hall.edge": {"hall.day", "hall.people"},
    "hall.live": {"hall.day", "hall.log", TABLES, "hall.setup", "hall.edge"},
    "hall.forecast": {"hall.day", "hall.edge"},
    "hall.stats": CAPABILITY,
    "hall.booking": CAPABILITY,
    "hall.care": CAPABILITY,
    "hall.notify": CAPABILITY,
    "hall.web": ROUTES,
    "hall.web.app": EVERYTHING,
    "hall.bootstrap": EVERYTHING,
    "hall.cli": EVERYTHING,
    "hall.__main__": {"hall.cli"},
    "hall.demo": EVERYTHING,
    "kiosk": CLIENT,
    "display": CLIENT,
    "printer": CLIENT,
}
PURE = {"hall.day"}  # standard library only
ALONE = {"hall.audit"}  # the independent checker runs as one file


def part(name: str) -> str:
    """The part of the system a module belongs to: the longest name in ARROWS that it begins with."""
    words = name.split(".")
    longest = next((".".join(words[:n]) for n in (3, 2, 1) if ".".join(words[:n]) in ARROWS), words[0])
    return longest if longest != "hall" or len(words) == 1 else ".".join(words[:2])


def imports(name: str, path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Everything a module imports, anywhere in it, as (line, absolute dotted name)."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def wrong_arrows(root: Path) -> Findings:
    found = []
    for name, path, tree in modules(root):
        source = part(name)
        if source not in ARROWS:
            found.append(at(root, path, 1, f"{source} has no arrows: say in ARROWS what it may import"))
            continue
        for line, target in imports(name, path, tree):
            if not may_import(root, source, target):
                found.append(at(root, path, line, f"{source} must not import {target}"))
    for path in files(root, {".js"}, below=("static/js",)):
        for n, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(r'"\.\./(?!lib/|\.\./vendor/)', text):
                found.append(at(root, path, n, "screens share lib: it imports none of them, and none another"))
    return found


def may_import(root: Path, source: str, target: str) -> bool:
    top = target.split(".")[0]
    if top not in CODE:
        return source not in PURE | ALONE or top in sys.stdlib_module_names
    words = target.split(".")
    is_module = any((root.joinpath(*words[:2])).with_suffix(s).exists() for s in ("", ".py"))
    reached = part(target if is_module else words[0])
    allowed = ARROWS[source]
    leaf = reached in LEAVES and source not in PURE | ALONE
    return reached == source or leaf or reached in allowed or allowed == EVERYTHING


IMPURE = {
    *("time", "random", "secrets", "uuid", "io", "os", "sys", "pathlib", "shutil", "tempfile", "logging", "warnings"),
    *("socket", "ssl", "http", "urllib", "asyncio", "threading", "multiprocessing", "concurrent", "subprocess"),
    *("sqlite3", "pickle", "gettext", "locale", "zoneinfo"),
}


def impure_heart(root: Path) -> Findings:
    """Nothing in `hall/day` reads a clock or a file, waits, draws lots or logs."""
    found = []
    for name, path, tree in modules(root, "hall/day"):
        for line, target in imports(name, path, tree):
            if target.split(".")[0] in IMPURE:
                found.append(at(root, path, line, f"the heart must not import {target}"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith):
                found.append(at(root, path, node.lineno, "the heart must not wait"))
            if isinstance(node, ast.Name) and node.id in {"open", "print", "input", "exec", "eval"}:
                found.append(at(root, path, node.lineno, f"the heart must not call {node.id}"))
    return found
