"""What is wrong, or doubtful, in a set-up: collected, never thrown one by one.

A finding says where, what was found and what is allowed. Mistakes stop the set-up; warnings do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

Level = Literal["mistake", "warning"]

# ("service", "B", "promise_min"): the section, the id of its entry, the key. Shorter for a whole entry or section.
Where = tuple[str, ...]

ALLOWED_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake or warning. `line` is 1 for the first; None when it is not known."""

    level: Level
    where: str
    text: str
    file: str = ""
    line: int | None = None

    @property
    def is_mistake(self) -> bool:
        return self.level == "mistake"

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}" if self.file else f"line {self.line}"
        place = self.file + line
        return ": ".join(part for part in (place, self.where, self.text) if part)


class SetupMistakes(Exception):
    """A set-up that cannot be used. `findings` holds every mistake, and the warnings beside them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings if finding.is_mistake))


@dataclass(slots=True)
class Report:
    """Collects findings while a set-up is read.

    `spoken` are the languages in which the file says anything at all. One that is not among them is likely a slip in
    the list of the hall's languages, and so is one that is not in that list: each is said once, not for every name.
    """

    found: list[tuple[Level, Where, str]] = field(default_factory=list)
    spoken: frozenset[str] = frozenset()
    told: set[str] = field(default_factory=set)

    def mistake(self, where: Where, text: str) -> None:
        self.found.append(("mistake", where, text))

    def warn(self, where: Where, text: str) -> None:
        self.found.append(("warning", where, text))

    def is_news(self, tag: str) -> bool:
        """True the first time that a language is asked for."""
        is_first = tag not in self.told
        self.told.add(tag)
        return is_first

    def is_worth_saying(self, tag: str) -> bool:
        """True when it has to be said of a text that it lacks this language."""
        return tag in self.spoken or self.is_news(tag)


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """` (did you mean "x"?)`, or nothing when no option is near."""
    near = get_close_matches(word, list(options), n=1, cutoff=0.6) or [
        option for option in options if option.casefold() == word.casefold()
    ]
    return f' (did you mean "{near[0]}"?)' if near else ""


def one_of(options: Iterable[str]) -> str:
    """The options in a readable list, cut when it is long."""
    words = [f'"{option}"' for option in options]
    more = len(words) - ALLOWED_SHOWN
    return ", ".join(words[:ALLOWED_SHOWN]) + (f" and {more} more" if more > 0 else "") or "none"


def shown(value: object) -> str:
    """A value as found in the file, with its kind, cut to a readable length."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"text {_cut(repr(value))}"
    if isinstance(value, int | float):
        return f"number {_cut(str(value))}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "a table" if isinstance(value, dict) else f"{type(value).__name__} {_cut(str(value))}"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
