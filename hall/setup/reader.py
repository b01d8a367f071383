"""Typed reading of one table of a set-up file. Every answer is usable, so that reading goes on after a mistake."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hall.day.setup import Names, Week
from hall.setup.findings import Report, Where, did_you_mean, one_of, shown
from hall.setup.hours import as_week
from hall.setup.limits import ID, ID_FORM, MAX_LANGUAGES, MAX_MINUTES, MAX_NAME_LENGTH, MAX_TEXTS

UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def keys_in(data: object) -> set[str]:
    """Every key anywhere in the data of a file, however deep: languages are among them."""
    found: set[str] = set()
    open_ = [data]
    while open_:
        one = open_.pop()
        if isinstance(one, dict):
            found |= one.keys()
            open_ += one.values()
        elif isinstance(one, list):
            open_ += one
    return found


def is_plain(text: str) -> bool:
    """True for text of one line without control characters: safe on paper, screens and in every database."""
    return not any(unicodedata.category(char) in UNPRINTABLE for char in text)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the file, the place it stands at, and where its mistakes go."""

    data: Mapping[str, object]
    where: Where
    report: Report

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Reports every key that is not one of `known`."""
        for key in self.data:
            if key not in known:
                hint = did_you_mean(key, known)
                self.report.mistake((*self.where, key), f"is not a known key{hint}; allowed are {one_of(known)}")

    def has(self, key: str) -> bool:
        return key in self.data

    def text(self, key: str, *, limit: int = MAX_NAME_LENGTH, required: bool = True) -> str | None:
        """One line of text, stripped; None when it is absent or wrong."""
        if key not in self.data:
            self._absent(key, f"text of 1 to {limit} characters", required=required)
            return None
        return self._line((key,), self.data[key], limit)

    def form(self, key: str, pattern: re.Pattern[str], allowed: str, *, required: bool = True) -> str | None:
        """Text of a form, `allowed` saying which."""
        if key not in self.data:
            self._absent(key, allowed, required=required)
            return None
        value = self.data[key]
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self._refuse(key, value, allowed)
        return None

    def choice(self, key: str, options: Sequence[str], *, required: bool = True) -> str | None:
        """One of `options`."""
        if key not in self.data:
            self._absent(key, one_of(options), required=required)
            return None
        value = self.data[key]
        if isinstance(value, str) and value in options:
            return value
        hint = did_you_mean(value, options) if isinstance(value, str) else ""
        self.report.mistake((*self.where, key), f"found {shown(value)}{hint}; allowed are {one_of(options)}")
        return None

    def integer(self, key: str, *, least: int, most: int, default: int) -> int:
        """A whole number in `least`..`most`."""
        value = self.data.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._refuse(key, value, f"a whole number from {least} to {most}")
        return default

    def integer_or_none(self, key: str, *, least: int, most: int) -> int | None:
        """A whole number in `least`..`most`, None when there is none."""
        return self.integer(key, least=least, most=most, default=least) if key in self.data else None

    def number(self, key: str, *, most: float, default: float) -> float:
        """A number from 0 to `most`, which may be a fraction."""
        value = self.data.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
            return float(value)
        self._refuse(key, value, f"a number from 0 to {most:g}")
        return default

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.data.get(key, default)
        if isinstance(value, bool):
            return value
        self._refuse(key, value, "true or false")
        return default

    def seconds(self, key: str, *, least_s: int) -> int | None:
        """Seconds of a number of minutes, which may be a fraction; at least `least_s`, at most a day."""
        if key not in self.data:
            return None
        value = self.data[key]
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            seconds = round(value * 60)
            if least_s <= seconds <= MAX_MINUTES * 60:
                return seconds
        least = "0" if least_s == 0 else "more than 0"
        self._refuse(key, value, f"a number of minutes, {least} and at most {MAX_MINUTES}")
        return None

    def names(self, key: str, languages: Sequence[str], *, required: bool = True) -> Names:
        """Text by language; plain text stands for the hall's first language."""
        if key not in self.data:
            self._absent(key, f'text by language, such as name.{next(iter(languages), "en")} = "…"', required=required)
            return {}
        return self.names_at((key,), self.data[key], languages)

    def texts(self, key: str, languages: Sequence[str]) -> tuple[Names, ...]:
        """A list of texts, each plain or by language."""
        values = self.data.get(key, [])
        if not isinstance(values, list) or len(values) > MAX_TEXTS:
            self._refuse(key, values, f"a list of at most {MAX_TEXTS} texts")
            return ()
        read = [self.names_at((key, str(place)), value, languages) for place, value in enumerate(values, start=1)]
        return tuple(names for names in read if names)

    def strings(self, key: str, *, most: int, required: bool = True) -> tuple[str, ...] | None:
        """A list of different, plain texts."""
        if key not in self.data:
            self._absent(key, "a list of texts", required=required)
            return None
        value = self.data[key]
        if isinstance(value, list) and len(value) <= most and all(isinstance(item, str) for item in value):
            if len(set(value)) == len(value):
                return tuple(value)
            twice = sorted({item for item in value if value.count(item) > 1})
            self.report.mistake((*self.where, key), f"names {one_of(twice)} twice")
            return tuple(dict.fromkeys(value))
        self._refuse(key, value, f"a list of at most {most} texts")
        return None

    def ids(self, key: str, *, most: int) -> tuple[str, ...]:
        """A list of different ids; empty when there is none."""
        found = self.strings(key, most=most, required=False) or ()
        for id in found:
            if not ID.fullmatch(id):
                self._refuse(key, id, ID_FORM)
        return found

    def choices(self, key: str, options: Sequence[str]) -> tuple[str, ...]:
        """A list of one or several different of `options`."""
        found = self.strings(key, most=len(options))
        if found == ():
            self.report.mistake((*self.where, key), f"is empty; allowed are {one_of(options)}")
        for word in found or ():
            if word not in options:
                hint = did_you_mean(word, options)
                self.report.mistake((*self.where, key), f"found {shown(word)}{hint}; allowed are {one_of(options)}")
        return tuple(word for word in found or () if word in options)

    def steps(self, key: str, languages: Sequence[str], *, most: int, limit: int) -> Mapping[str, tuple[str, ...]]:
        """Lists of lines by language; a plain list stands for the hall's first language."""
        allowed = f'lists of text by language, such as {key}.{next(iter(languages), "en")} = ["…", "…"]'
        if key not in self.data:
            self._absent(key, allowed, required=True)
            return {}
        value = self.data[key]
        if isinstance(value, list):
            value = {next(iter(languages), "en"): value}
        if not isinstance(value, dict) or not all(isinstance(lines, list) for lines in value.values()):
            self._refuse(key, value, allowed)
            return {}
        read = {tag: self._lines((key, tag), lines, most, limit) for tag, lines in value.items()}
        self._require_languages((key,), value, languages)
        return read

    def week(self, key: str) -> Week | None:
        """Opening hours; None when there are none, which means always open."""
        if key not in self.data:
            return None
        value = self.data[key]
        if isinstance(value, dict):
            return as_week(value, (*self.where, key), self.report)
        self._refuse(key, value, 'a table of days, such as { "mon-fri" = "09:00-17:30" }')
        return None

    def names_at(self, path: tuple[str, ...], value: object, languages: Sequence[str]) -> Names:
        """Text by language of a value inside this table, which stands at `path`."""
        if isinstance(value, str):
            value = {next(iter(languages), "en"): value}
        if not isinstance(value, dict) or len(value) > MAX_LANGUAGES:
            self.report.mistake(
                (*self.where, *path), f"found {shown(value)}; allowed is text, or a table of text by language"
            )
            return {}
        read = {tag: self._line((*path, tag), text, MAX_NAME_LENGTH) for tag, text in value.items()}
        names = {tag: text for tag, text in read.items() if text is not None}
        self._require_languages(path, value, languages)
        return names

    def _require_languages(self, path: tuple[str, ...], given: Mapping[str, object], languages: Sequence[str]) -> None:
        where = (*self.where, *path)
        for tag in given:
            if languages and tag not in languages and self.report.is_news(tag):
                hint = did_you_mean(tag, languages)
                self.report.warn((*where, tag), f"is in no language of the hall{hint}; they are {one_of(languages)}")
        silent = [tag for tag in languages if tag not in given and self.report.is_worth_saying(tag)]
        if silent and silent[0] == languages[0]:
            self.report.mistake(where, f"has no text in {languages[0]}, the hall's first language")
        missing = [tag for tag in silent if tag != languages[0]]
        if missing:
            self.report.warn(where, f"has no text in {', '.join(missing)}; {languages[0]} is shown instead")

    def _lines(self, path: tuple[str, ...], values: list[object], most: int, limit: int) -> tuple[str, ...]:
        if not 1 <= len(values) <= most:
            self.report.mistake((*self.where, *path), f"found {shown(values)}; allowed is a list of 1 to {most} texts")
        read = [self._line((*path, str(place)), value, limit) for place, value in enumerate(values[:most], start=1)]
        return tuple(line for line in read if line is not None)

    def _line(self, path: tuple[str, ...], value: object, limit: int) -> str | None:
        if isinstance(value, str) and 0 < len(value.strip()) <= limit and is_plain(value):
            return value.strip()
        allowed = f"one line of 1 to {limit} characters, without control characters"
        self.report.mistake((*self.where, *path), f"found {shown(value)}; allowed is {allowed}")
        return None

    def _refuse(self, key: str, value: object, allowed: str) -> None:
        self.report.mistake((*self.where, key), f"found {shown(value)}; allowed is {allowed}")

    def _absent(self, key: str, allowed: str, *, required: bool) -> None:
        if required:
            self.report.mistake((*self.where, key), f"is missing; needed is {allowed}")
