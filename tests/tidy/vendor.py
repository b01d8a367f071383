"""Files taken from elsewhere are listed, and are still what was taken."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.source import CODE, Findings, at, files

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
