"""How long files and functions may be, and that each module says what it is for."""

import ast
from pathlib import Path

from tests.tidy.source import CODE, Findings, at, files, modules

WRITTEN_BY_HAND = {".py", ".js", ".mjs", ".ts", ".css", ".html", ".sh"}
FILE_LINES = 600
FEWER_LINES = {"hall/audit.py": 399}  # to be read by whoever does not trust the rest
FUNCTION_LINES = 60
LONG_FUNCTION_LINES = 45
LONG_FUNCTION_SHARE = 0.05
Function = ast.FunctionDef | ast.AsyncFunctionDef


def long_files(root: Path) -> Findings:
    found = []
    for path in files(root, WRITTEN_BY_HAND):
        lines = path.read_text("utf-8").count("\n")
        most = FEWER_LINES.get(path.relative_to(root).as_posix(), FILE_LINES)
        if lines > most:
            found.append(at(root, path, lines, f"over {most} lines: make it simpler, or split it"))
    return found


def own_lines(function: Function) -> int:
    """The lines of a function without those of the functions inside it."""
    inner = [node for node in ast.walk(function) if isinstance(node, Function) and node is not function]
    nested = set().union(*(range(node.lineno, (node.end_lineno or 0) + 1) for node in inner))
    return (function.end_lineno or 0) - function.lineno + 1 - len(nested)


def long_functions(root: Path) -> Findings:
    found, lengths = [], []
    for _, path, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, Function):
                lengths.append(own_lines(node))
                if lengths[-1] > FUNCTION_LINES:
                    found.append(at(root, path, node.lineno, f"{node.name} has {lengths[-1]} lines"))
    long = sum(length > LONG_FUNCTION_LINES for length in lengths)
    if long > LONG_FUNCTION_SHARE * len(lengths):
        found.append(f"{long} of {len(lengths)} functions have more than {LONG_FUNCTION_LINES} lines")
    return found


def no_docstrings(root: Path) -> Findings:
    every = modules(root, *CODE, "bench", "tests")
    return [
        at(root, path, 1, "a module says what it is for")
        for _, path, tree in every
        if tree.body and not ast.get_docstring(tree)
    ]
