"""The documentation names things that exist: tests, commands of the Makefile, commands of the command line."""

from __future__ import annotations

import re
from pathlib import Path

from typer.main import get_command

from hall.cli.commands import app

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_test_that_the_features_name_exists() -> None:
    text = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert len(named) > 30
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file() or (test and f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8"))
    ]
    assert missing == []


def test_every_feature_has_a_proof() -> None:
    lines = (ROOT / "docs" / "features.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|") and not line.startswith(("| area", "|---"))]
    assert [row for row in rows if "`tests/" not in row.split("|")[-2]] == []


def test_every_make_command_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    text = "\n".join(doc.read_text(encoding="utf-8") for doc in DOCS)
    assert {"run", "test", "check", "bench", "sim"} <= targets
    assert set(re.findall(r"`make ([a-z]+)", text)) | set(re.findall(r"^make ([a-z]+)", text, re.M)) <= targets


def test_every_hall_command_that_is_named_exists() -> None:
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    text = "\n".join(doc.read_text(encoding="utf-8") for doc in DOCS)
    named = set(re.findall(r"`hall ([a-z]+)", text)) | set(re.findall(r"^hall ([a-z]+)", text, re.M))
    assert named <= known


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{doc.name}: {target}"
        for doc in DOCS
        for target in re.findall(r"\]\(([^)#]+)\)", doc.read_text(encoding="utf-8"))
        if "://" not in target and not (doc.parent / target).exists()
    ]
    assert broken == []
