"""Clocks, randomness, and instants without a zone."""

import ast
import re
from pathlib import Path

from tests.tidy.source import CODE, Findings, at, dotted, modules, names_in_use

READS = re.compile(
    r"time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns|localtime|gmtime)"
    r"|datetime\.(datetime\.(now|utcnow|today)|date\.today)"
    r"|random\.(?!Random$)\w+|secrets\.\w+|uuid\.uuid[14]|os\.(urandom|getrandom)"
)
ADAPTERS = (
    "hall/live/ports.py",
    "hall/people/",
    "hall/cli.py",
    "hall/cli/",
    "hall/demo.py",
    "hall/demo/",
    "hall/log/meta.py",
    "hall/log/migrations/",
    "printer/device.py",
)


def clock_reads(root: Path) -> Findings:
    """Only adapters read a clock or draw random values; `random.Random(seed)` is neither."""
    found = []
    for _, path, tree in modules(root):
        if path.relative_to(root).as_posix().startswith(ADAPTERS):
            continue
        known = names_in_use(tree)
        for node in ast.walk(tree):
            read = dotted(node, known) if isinstance(node, ast.Name | ast.Attribute) else ""
            if READS.fullmatch(read):
                found.append(at(root, path, node.lineno, f"{read}: the clock and randomness are ports"))
            if isinstance(node, ast.Call) and not node.args and dotted(node.func, known) == "random.Random":
                found.append(at(root, path, node.lineno, "random.Random without a seed"))
    return found


def naive_instants(root: Path) -> Findings:
    """No instant without a zone, and no way around the linter's DTZ rules."""
    found = []
    for _, path, tree in modules(root, *CODE, "bench", "tests"):
        known = names_in_use(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and is_naive(node, known):
                found.append(at(root, path, node.lineno, "an instant without a zone"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(r"noqa:.*\bDTZ", line):
                found.append(at(root, path, number, "the DTZ rules have no exceptions"))
    return found


def is_naive(call: ast.Call, known: dict[str, str]) -> bool:
    words = {word.arg: word.value for word in call.keywords}
    if isinstance(call.func, ast.Attribute) and call.func.attr == "replace" and "tzinfo" in words:
        return isinstance(words["tzinfo"], ast.Constant)
    name = dotted(call.func, known)
    if name in {"datetime.datetime.utcnow", "datetime.datetime.utcfromtimestamp", "datetime.datetime.today"}:
        return True
    zone_at = {"datetime.datetime": 7, "datetime.datetime.now": 0, "datetime.datetime.fromtimestamp": 1}
    return name in zone_at and len(call.args) <= zone_at[name] and not {"tz", "tzinfo", None} & set(words)
