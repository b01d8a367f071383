"""Reads the source and keeps it tidy: import arrows, clock reads, lengths, words that do not belong.

Every check is a function of a folder that returns its findings, one sentence each. Each is run over our tree, where
it must find nothing, and over a small tree with a planted fault, where it must find that fault. A limit may be
tightened here, not loosened.
"""

import ast
import hashlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("hall", "kiosk", "display", "printer")
Findings = list[str]
Check = Callable[[Path], Findings]

# --- Which files -----------------------------------------------------------------------------------------------------

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
WRITTEN_BY_HAND = {".py", ".js", ".mjs", ".ts", ".css", ".html", ".sh"}


def files(root: Path, suffixes: set[str], *, below: tuple[str, ...] = (".",)) -> Iterator[Path]:
    """Our own files with one of the suffixes, in a fixed order; nothing hidden (but `.ci`), built or vendored."""
    for start in below:
        for path in sorted((root / start).rglob("*")):
            parts = path.relative_to(root).parts
            hidden = any(part.startswith(".") and part not in {".ci", ".gitignore"} for part in parts)
            ours = not hidden and NOT_OURS.isdisjoint(parts) and not any(part.endswith(".egg-info") for part in parts)
            if ours and path.is_file() and (path.suffix in suffixes or path.name in suffixes):
                yield path


def modules(root: Path, *below: str) -> Iterator[tuple[str, Path, ast.Module]]:
    """Every Python file as (dotted name, path, syntax tree)."""
    for path in files(root, {".py"}, below=below or CODE):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        yield name, path, ast.parse(path.read_text("utf-8"), str(path))


def at(root: Path, path: Path, line: int, said: str) -> str:
    return f"{path.relative_to(root)}:{line}: {said}"


# --- Import arrows ---------------------------------------------------------------------------------------------------

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


# --- Clocks, randomness, naive instants ------------------------------------------------------------------------------

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


# --- Size ------------------------------------------------------------------------------------------------------------

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


# --- Words -----------------------------------------------------------------------------------------------------------

UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
NOT_RUN = re.compile(
    r"\bpytest\.(mark\.)?(sk" r"ip(if)?|x" r"fail|importor" r"skip)\b|@(unittest\.)?sk" r"ip\b|\bSk" r"ipTest\b"
)
FOREIGN = re.compile(
    r"(?<![\w.])/wo"
    r"rk/|/tmp/pl"
    r"an|\bissue #"
    r"\d|\b(CONTR"
    r"ACTS|DES"
    r"IGN|ST"
    r"YLE|front"
    r"end)\.md\b"
    r"|\bpy"
    r"pi\.org|registry\.np"
    r"mjs|\bhelper ses"
    r"sion|\bfounding engin"
    r"eer|\b(clau"
    r"de|anthr"
    r"opic|chat"
    r"gpt|co"
    r"pilot)\b"
    r"|\bas an a"
    r"i\b|before-st"
    r"op",
    re.IGNORECASE,
)
PERSONAL = {"name", "phone", "note", "email", "mail", "address", "comment", "text", "secret", "contact", "birthday"}


def matches(root: Path, pattern: re.Pattern[str], suffixes: set[str], said: str) -> Findings:
    found = []
    for path in files(root, suffixes):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if hit := pattern.search(line):
                found.append(at(root, path, number, f"{hit[0]!r} {said}"))
    return found


def unfinished_work(root: Path) -> Findings:
    return matches(root, UNFINISHED, TEXT | NAMED_TEXT, "is unfinished work")


def left_out_tests(root: Path) -> Findings:
    return matches(root, NOT_RUN, {".py"}, "leaves a test out")


def foreign_words(root: Path) -> Findings:
    return matches(root, FOREIGN, TEXT | NAMED_TEXT | {"LICENSE"}, "does not belong here")


def personal_events(root: Path) -> Findings:
    """No field of an event, nor of what it is made of, can hold a name, a phone number or free text about a person.

    A yes or no can hold none of these.
    """
    paths = sorted((root / "hall/day/events").glob("*.py"))
    if not paths:
        return ["hall/day/events is gone: where are the events?"]
    return [
        at(root, path, field.lineno, f"{field.target.id} is personal")
        for path in paths
        for field in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and not (isinstance(field.annotation, ast.Name) and field.annotation.id == "bool")
        and not PERSONAL.isdisjoint(field.target.id.lower().split("_"))
    ]


# --- Vendored files --------------------------------------------------------------------------------------------------

BINARY_TAKEN = {".woff2", ".woff", ".ttf", ".otf"}
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def unlisted_vendor_files(root: Path) -> Findings:
    """Every vendored script and font stands in a VENDOR.md; where that row gives a digest, the file still has it."""
    lists = [path for path in root.rglob("VENDOR.md") if not {".venv", "node_modules"} & set(path.parts)]
    rows = [line for path in lists for line in path.read_text("utf-8").splitlines()]
    found = []
    for path in taken_files(root):
        named = [row for row in rows if path.name in row]
        digests = [digest for row in named for digest in DIGEST.findall(row)]
        if not named:
            found.append(at(root, path, 1, "is in no VENDOR.md"))
        elif digests and hashlib.sha256(path.read_bytes()).hexdigest() not in digests:
            found.append(at(root, path, 1, "is not the file whose digest VENDOR.md gives"))
    return found


def taken_files(root: Path) -> Iterator[Path]:
    vendor = root / "static/vendor"
    yield from (
        p for p in sorted(vendor.rglob("*")) if p.is_file() and p.name != "VENDOR.md" and "licences" not in p.parts
    )
    yield from files(root, BINARY_TAKEN, below=(*CODE, "static"))


# --- Habits of tests -------------------------------------------------------------------------------------------------


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


# --- What routes ask for ----------------------------------------------------------------------------------------------


def demands_from_outside(root: Path) -> Findings:
    """A router is included as it is: a quick route does not see what is asked for where it is included."""
    found = []
    for _, path, tree in modules(root):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if method == "include_router" and any(keyword.arg in (None, "dependencies") for keyword in call.keywords):
                found.append(at(root, path, call.lineno, "dependencies belong to the router or the route"))
    return found


# --- Folders that move when installed ---------------------------------------------------------------------------------

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


# --- The tests -------------------------------------------------------------------------------------------------------

CHECKS: dict[Check, dict[str, str]] = {
    wrong_arrows: {
        "hall/day/decide.py": "import sqlalchemy",
        "hall/day/state.py": "from hall.log import tables",
        "hall/day/words.py": "from hall.i18n import translate",
        "hall/log/codec.py": "from ..live import runner",
        "hall/edge/auth.py": "from hall.web.app import app",
        "hall/care/api.py": "import hall.web",
        "hall/audit.py": "from hall.day import events",
        "hall/wonder/__init__.py": "import json",
        "kiosk/flow.py": "import printer.layout",
        "printer/agent.py": "from hall import web",
        "static/js/lib/signin.js": 'import { asSecret } from "../desk/signin.js";',
        "static/js/phone/main.js": '/** @typedef {import("../desk/model.js").Desk} Desk */',
    },
    impure_heart: {
        "hall/day/a.py": "from time import monotonic",
        "hall/day/b.py": "import logging",
        "hall/day/c.py": "async def f() -> None: ...",
        "hall/day/d.py": "print('called')",
    },
    clock_reads: {
        "hall/live/runner.py": "from datetime import datetime as d, UTC\nd.now(UTC)",
        "hall/live/feed.py": "import datetime\nx = datetime.date.today",
        "hall/log/memory.py": "import time\ntime.time()",
        "hall/setup/load.py": "from time import time\ntime()",
        "hall/stats/kpi.py": "from random import choice\nchoice([1])",
        "hall/forecast/futures.py": "import random\nrandom.Random()",
        "printer/owner.py": "import uuid as u\nu.uuid4()",
    },
    naive_instants: {
        "hall/day/a.py": "from datetime import datetime\ndatetime(2026, 1, 1)",
        "hall/people/b.py": "from datetime import datetime\ndatetime.now()",
        "hall/people/c.py": "def f(at): return at.replace(tzinfo=None)",
        "tests/d.py": "import datetime\ndatetime.datetime.utcnow()",
        "bench/e.py": "x = 1  # no" + "qa: DTZ001",
    },
    demands_from_outside: {"hall/web/app.py": "app.include_router(api.router, dependencies=[signed_in])"},
    long_files: {
        "hall/day/a.py": "x = 1\n" * 601,
        "static/css/b.css": "\n" * 601,
        "hall/audit.py": "x = 1\n" * 400,
    },
    long_functions: {"hall/day/a.py": "def f():\n" + "    x = 1\n" * 60},
    no_docstrings: {"hall/day/a.py": "x = 1", "tests/test_b.py": "def test_c(): assert True"},
    unfinished_work: {"hall/day/a.py": "x = 1  # TO" + "DO later", "docs/b.md": "FIX" + "ME"},
    left_out_tests: {
        "tests/test_a.py": "@pytest.mark.sk" + "ip\ndef test_a(): ...",
        "tests/test_b.py": "pytest.importor" + "skip('numpy')",
        "tests/test_c.py": "@pytest.mark.x" + "fail\ndef test_c(): ...",
    },
    foreign_words: {
        "docs/a.md": "see /wo" + "rk/shared",
        "hall/b.py": "# from DES" + "IGN.md",
        "static/js/c.js": "// issue #" + "12",
        "Makefile": "# https://py" + "pi.org/simple",
    },
    personal_events: {"hall/day/events/tickets.py": "class TicketIssued:\n    visitor_phone: str"},
    impatient_tests: {
        "tests/test_a.py": "import asyncio\nasyncio.sleep(0.1)",
        "tests/test_b.py": "import time\ntime.sleep(n)",
        "tests/test_c.py": "page.wait_for_timeout(500)",
        "tests/test_d.py": "monkeypatch.setattr('hall.cli.main', None)",
        "tests/test_e.py": "from unittest.mock import patch\npatch('hall.cli.main')",
    },
    homemade_paths: {
        "printer/faces.py": 'FONTS = HERE.parent / "static" / "fonts"',
        "hall/demo.py": 'x = y / "examples/a.toml"',
    },
    unlisted_vendor_files: {"static/vendor/a.mjs": "x", "printer/fonts/b.ttf": "x"},
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_tree_is_tidy(check: Check) -> None:
    findings = check(ROOT)
    assert not findings, "\n".join(["", *findings])


PLANTED = [(check, path, text) for check, faults in CHECKS.items() for path, text in faults.items()]


@pytest.mark.parametrize(("check", "path", "text"), PLANTED, ids=[f"{c.__name__}-{p}" for c, p, _ in PLANTED])
def test_a_planted_fault_is_found(check: Check, path: str, text: str, tmp_path: Path) -> None:
    plant(tmp_path, path, text)
    if "import" in text:  # what the fault imports must exist to be told from a name inside a package
        for module in ("hall/web/app.py", "hall/live/runner.py", "hall/log/tables.py", "hall/i18n.py", "hall/day/x.py"):
            plant(tmp_path, module, '"""There."""') if not (tmp_path / module).exists() else None
    assert any(finding.startswith(f"{path}:") for finding in check(tmp_path))


CLEAN = {
    "hall/__init__.py": '"""Hall."""\n__version__ = "1"',
    "hall/i18n.py": '"""Words."""',
    "hall/day/events/facts.py": (
        '"""Facts."""\nfrom datetime import datetime, UTC\nEPOCH = datetime(1970, 1, 1, tzinfo=UTC)'
    ),
    "hall/log/codec.py": '"""Codec."""\nimport sqlalchemy\nfrom hall import __version__\nfrom ..day import events',
    "hall/live/ports.py": '"""Ports."""\nfrom datetime import datetime, UTC\nnow = lambda: datetime.now(UTC)',
    "hall/forecast/futures.py": '"""Futures."""\nimport random\nlots = random.Random(7)',
    "hall/web/app.py": '"""App."""\nimport kiosk.flow\nimport hall.bootstrap',
    "kiosk/flow.py": '"""Flow."""\nfrom hall.i18n import translate\nfrom .words import letters',
    "kiosk/words.py": '"""Words."""\nletters = "AB"',
    "static/vendor/a.mjs": "x",
    "static/vendor/VENDOR.md": "| a | a.mjs | " + hashlib.sha256(b"x\n").hexdigest() + " |",
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_clean_tree_has_no_findings(check: Check, tmp_path: Path) -> None:
    for path, text in CLEAN.items():
        plant(tmp_path, path, text)
    assert check(tmp_path) == []


def test_a_changed_vendor_file_is_found(tmp_path: Path) -> None:
    for path, text in CLEAN.items():
        plant(tmp_path, path, text)
    plant(tmp_path, "static/vendor/a.mjs", "y")
    assert len(unlisted_vendor_files(tmp_path)) == 1


def test_many_rather_long_functions_are_found(tmp_path: Path) -> None:
    functions = (f"def f{n}():\n" + "    x = 1\n" * (45 if n < 2 else 1) for n in range(20))
    plant(tmp_path, "hall/day/a.py", "\n".join(functions))
    assert long_functions(tmp_path) == ["2 of 20 functions have more than 45 lines"]


def test_the_checks_see_our_files() -> None:
    names = {name for name, _, _ in modules(ROOT)}
    assert {"hall", "hall.day.events", "hall.i18n"} <= names
    assert sum(1 for _ in files(ROOT, TEXT | NAMED_TEXT)) > 20
    assert any(taken_files(ROOT))


def plant(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text + "\n", "utf-8")
