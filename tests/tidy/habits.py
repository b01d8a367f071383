"""Habits of tests, of routes, and of code that must find its folders when it is installed."""

import ast
from pathlib import Path

from tests.tidy.source import Findings, at, dotted, modules, names_in_use


def impatient_tests(root: Path) -> Findings:
    """No test waits for a length of time, and none replaces a thing by its dotted path."""
    found = []
    for _, path, tree in modules(root, "tests"):
        known = names_in_use(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            sleeps = dotted(call.func, known) in {"time.sleep", "asyncio.sleep"} and first != 0
            if sleeps or method == "wait_for_timeout":
                found.append(at(root, path, call.lineno, "a test does not sleep: wait for what must happen"))
            if dotted(call.func, known) == "unittest.mock.patch" or (method == "setattr" and isinstance(first, str)):
                found.append(at(root, path, call.lineno, "no patching by dotted path: everything is an argument"))
    return found


def demands_from_outside(root: Path) -> Findings:
    """A router is included as it is: a quick route does not see what is asked for where it is included."""
    found = []
    for _, path, tree in modules(root):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if method == "include_router" and any(keyword.arg in (None, "dependencies") for keyword in call.keywords):
                found.append(at(root, path, call.lineno, "dependencies belong to the router or the route"))
    return found


MOVED = {"static", "examples"}


def homemade_paths(root: Path) -> Findings:
    """Only `hall.files` knows where `static/` and `examples/` lie: in a wheel it is another place than in the tree."""
    found = []
    for name, path, tree in modules(root):
        joins = (node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
        for join in joins if name != "hall.files" else ():
            if isinstance(join.right, ast.Constant) and str(join.right.value).split("/")[0] in MOVED:
                found.append(at(root, path, join.lineno, "ask hall.files where this folder lies"))
    return found
