"""What a set-up has without saying it: reasons and scripts.

Reading fills them in, from files and documents alike; documents and files leave out what is equal to them. So they can
be bettered without a new version of any hall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from hall.day.setup import Setup
from hall.setup.reasons import REASONS
from hall.setup.scripts import SCRIPTS

Kind = TypeVar("Kind")
Value = TypeVar("Value")


def with_defaults(setup: Setup) -> Setup:
    """The set-up with the usual reasons and scripts of each kind and situation that it says nothing about."""
    return replace(setup, reasons={**REASONS, **setup.reasons}, scripts={**SCRIPTS, **setup.scripts})


def without_defaults(setup: Setup) -> Setup:
    """The set-up with the reasons and scripts that are its own."""
    return replace(setup, reasons=_own(setup.reasons, REASONS), scripts=_own(setup.scripts, SCRIPTS))


def _own(given: Mapping[Kind, Value], usual: Mapping[Kind, Value]) -> dict[Kind, Value]:
    return {kind: value for kind, value in given.items() if value != usual.get(kind)}
