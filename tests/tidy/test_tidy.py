"""Keeps the source tidy: import arrows, clock reads, lengths, words that do not belong.

Every check is a function of a folder that returns its findings, one sentence each. Each is run over our tree, where
it must find nothing, and over a small tree with a planted fault, where it must find that fault. A limit may be
tightened here, not loosened.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tidy.arrows import impure_heart, wrong_arrows
from tests.tidy.habits import demands_from_outside, homemade_paths, impatient_tests
from tests.tidy.instants import clock_reads, naive_instants
from tests.tidy.size import long_files, long_functions, no_docstrings
from tests.tidy.source import NAMED_TEXT, ROOT, TEXT, Findings, files, modules
from tests.tidy.vendor import taken_files, unlisted_vendor_files
from tests.tidy.words import foreign_words, left_out_tests, personal_events, unfinished_work

Check = Callable[[Path], Findings]

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
