"""What a command says: results on stdout, everything else on stderr."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """A result, or what a person who started a server looks for."""
    print(line, flush=True)


def note(line: str) -> None:
    """A notice beside the result."""
    print(f"hall: {line}", file=sys.stderr, flush=True)
