"""Reads a set-up from TOML: one hall a file, all mistakes at once.

Two steps: here the shape of every value is read into a `Setup`, with something usable in place of what is wrong; then
`hall.setup.checks` judges the whole, so that one run shows every mistake. PINs, passwords and device tokens do not
become part of the set-up; they come beside it as `Secrets`, to be hashed by `hall.people`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from hall.day.setup import (
    Area,
    Arrow,
    CounterPlan,
    Device,
    DeviceKind,
    Member,
    Reason,
    ReasonKind,
    Script,
    Series,
    Service,
    Setup,
    Situation,
    VisitorClass,
)
from hall.setup import limits
from hall.setup.checks import check
from hall.setup.defaults import with_defaults
from hall.setup.document import digest_of
from hall.setup.findings import Finding, Report, SetupMistakes, Where, did_you_mean, shown
from hall.setup.hours import as_minute
from hall.setup.limits import ID_FORM
from hall.setup.lines import Lines, find_lines
from hall.setup.policy import read_calling, read_grace, read_missed
from hall.setup.reader import Table, keys_in
from hall.setup.work import by_kind, read_items, read_reason, read_script

Part = TypeVar("Part")

SERVICE_KEYS = (
    "id",
    "name",
    "series",
    "prefix",
    "parent",
    "promise_min",
    "expected_service_min",
    "documents",
    "items",
    "hours",
    "skills",
)
COUNTER_KEYS = ("id", "name", "services", "area", "first", "last", "languages", "skills", "printer")
HALL_KEYS = ("id", "name", "timezone", "languages", "day_starts", "public_url", "hours", "slip_printer")
STAFF_ROLES = ("clerk", "greeter", "manager", "admin")
# Sections of several entries, the key that names an entry, and how many there may be.
LISTS = {
    "area": ("id", limits.MAX_AREAS),
    "series": ("id", limits.MAX_SERIES),
    "service": ("id", limits.MAX_SERVICES),
    "class": ("id", limits.MAX_CLASSES),
    "counter": ("id", limits.MAX_COUNTERS),
    "staff": ("login", limits.MAX_STAFF),
    "device": ("id", limits.MAX_DEVICES),
    "reason": ("id", limits.MAX_REASONS),
    "script": ("situation", limits.MAX_SCRIPTS),
}
SECTIONS = ("hall", *LISTS, "calling", "missed")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What people and devices of a file prove themselves with, in clear: by login, and by device id. Never stored."""

    staff: Mapping[str, str] = field(default_factory=dict, repr=False)
    devices: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A set-up without mistakes, the secrets that came with it, and what is doubtful about it."""

    setup: Setup
    secrets: Secrets
    warnings: tuple[Finding, ...] = ()


def load_file(path: Path) -> Parsed:
    """The set-up in a file. Raises SetupMistakes with every mistake, also when the file cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(limits.MAX_FILE_BYTES + 1)
        text = content.decode("utf-8-sig")
    except OSError as fault:
        raise _unusable(path.name, f"cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise _unusable(path.name, f"is not UTF-8 text (byte {fault.start + 1})") from fault
    if len(content) > limits.MAX_FILE_BYTES:
        raise _unusable(path.name, f"is larger than {limits.MAX_FILE_BYTES} bytes")
    return parse(text, path.name)


def check_file(path: Path) -> list[Finding]:
    """Every mistake and warning of a file, in the order of the file; empty when there is nothing to say."""
    try:
        return list(load_file(path).warnings)
    except SetupMistakes as found:
        return list(found.findings)


def parse(text: str, file: str = "") -> Parsed:
    """The set-up that a TOML text means, or SetupMistakes with every mistake and warning. `file` is for messages."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SetupMistakes([_syntax(str(fault), file)]) from fault
    except RecursionError as fault:
        raise _unusable(file, "is nested too deeply") from fault
    report = Report()
    reader = _Reader(data, report)
    setup = with_defaults(reader.setup())
    check(setup, report)
    findings = _located(report, reader.places, find_lines(text), file)
    if any(finding.is_mistake for finding in findings):
        raise SetupMistakes(findings)
    return Parsed(_with_digest(setup), reader.secrets(), tuple(findings))


class _Reader:
    """Reads the sections one after the other; `places` tells messages which entry of its list an id is."""

    def __init__(self, data: dict[str, Any], report: Report) -> None:
        self.data = data
        self.report = report
        self.places: dict[Where, int] = {}
        self.languages: tuple[str, ...] = ()
        self.staff_secrets: dict[str, str] = {}
        self.device_tokens: dict[str, str] = {}

    def setup(self) -> Setup:
        Table(self.data, (), self.report).refuse_unknown(SECTIONS)
        hall = self._table("hall", required=True)
        hall.refuse_unknown(HALL_KEYS)
        self.languages = self._languages(hall)
        self.report.spoken = frozenset(self.languages) & keys_in(self.data)
        name = hall.names("name", self.languages)
        series = self._each("series", self._series)
        services = self._each("service", lambda table, id: self._service(table, id, series))
        return Setup(
            hall=hall.form("id", limits.ID, ID_FORM) or "",
            name=name,
            timezone=self._timezone(hall),
            languages=self.languages,
            series=series,
            services=services,
            classes=self._each("class", self._class),
            counters=(counters := self._each("counter", lambda table, id: self._counter(table, id, services))),
            day_starts_min=self._day_starts(hall),
            public_url=self._public_url(hall),
            slip_printer=hall.text("slip_printer", required=False),
            hours=hall.week("hours"),
            devices=(devices := self._each("device", self._device)),
            areas=self._areas([*(plan.area for plan in counters.values()), *(one.area for one in devices.values())]),
            staff=self._each("staff", self._member),
            calling=read_calling(self._table("calling")),
            missed=read_missed(self._table("missed")),
            reasons=by_kind(self._each("reason", self._reason).values()),
            scripts=cast("dict[Situation, Script]", self._each("script", self._script)),
        )

    def secrets(self) -> Secrets:
        return Secrets(self.staff_secrets, self.device_tokens)

    def _table(self, section: str, *, required: bool = False) -> Table:
        value = self.data.get(section)
        if isinstance(value, dict):
            return Table(value, (section,), self.report)
        if value is not None:
            self.report.mistake((section,), f"found {shown(value)}; allowed is a table [{section}]")
        elif required:
            self.report.mistake((section,), f"is missing; needed is a table [{section}]")
        # Nothing is asked of a table that is not there: one mistake is enough.
        return Table({}, (section,), Report())

    def _each(self, section: str, read: Callable[[Table, str], Part]) -> dict[str, Part]:
        """Reads every entry of a list section that has a usable id, keyed by it."""
        key, most = LISTS[section]
        entries = self.data.get(section, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self.report.mistake((section,), f"found {shown(entries)}; allowed are tables [[{section}]]")
            return {}
        if len(entries) > most:
            self.report.mistake((section,), f"found {len(entries)} entries; allowed are at most {most}")
        parts: dict[str, Part] = {}
        for place, entry in enumerate(entries[:most], start=1):
            id = self._id(section, key, place, entry)
            parts[id] = read(Table(entry, (section, id), self.report), id)
        return {id: part for id, part in parts.items() if not id.startswith("#")}

    def _id(self, section: str, key: str, place: int, entry: dict[str, Any]) -> str:
        """The id of an entry, or `#2` for the second one when it has none that can be used."""
        stand_in = f"#{place}"
        self.places[section, stand_in] = place
        id = Table(entry, (section, stand_in), self.report).form(key, limits.ID, ID_FORM)
        if id is None:
            return stand_in
        if (section, id) in self.places:
            self.report.mistake((section, stand_in, key), f'"{id}" is taken by {section}[{self.places[section, id]}]')
            return stand_in
        self.places[section, id] = place
        return id

    def _languages(self, hall: Table) -> tuple[str, ...]:
        languages = hall.strings("languages", most=limits.MAX_LANGUAGES) or ()
        if hall.data.get("languages") == []:
            self.report.mistake(("hall", "languages"), "is empty; needed is at least one language")
        for tag in languages:
            if not limits.LANGUAGE.fullmatch(tag):
                allowed = 'BCP 47 tags such as "zh-Hans" or "en"'
                self.report.mistake(("hall", "languages"), f"found {shown(tag)}; allowed are {allowed}")
        return languages

    def _timezone(self, hall: Table) -> str:
        name = hall.text("timezone")
        if name is not None and not _is_timezone(name):
            hint = did_you_mean(name, available_timezones())
            allowed = 'an IANA time zone such as "Asia/Shanghai"'
            self.report.mistake(("hall", "timezone"), f"found {shown(name)}{hint}; allowed is {allowed}")
        return name or "UTC"

    def _day_starts(self, hall: Table) -> int:
        text = hall.text("day_starts", required=False)
        minute = as_minute(text) if text is not None else None
        if text is not None and (minute is None or minute >= limits.MAX_MINUTES):
            self.report.mistake(("hall", "day_starts"), f"found {shown(text)}; allowed is a time from 00:00 to 23:59")
        return 240 if minute is None else minute

    def _public_url(self, hall: Table) -> str | None:
        url = hall.text("public_url", limit=limits.MAX_URL_LENGTH, required=False)
        if url is not None and not limits.PUBLIC_URL.fullmatch(url):
            allowed = "an address such as https://hall.example.org, without ? and #"
            self.report.mistake(("hall", "public_url"), f"found {shown(url)}; allowed is {allowed}")
        return url.rstrip("/") if url else None

    def _series(self, table: Table, id: str) -> Series:
        table.refuse_unknown(("id", "prefix", "first", "last"))
        first = table.integer("first", least=0, most=limits.MAX_POSITION, default=1)
        last = table.integer("last", least=0, most=limits.MAX_POSITION, default=max(first, 9999))
        if last < first:
            self.report.mistake((*table.where, "last"), f"found {shown(last)}; allowed is first ({first}) or more")
        return Series(id, self._prefix(table) or "", first, max(first, last))

    def _prefix(self, table: Table) -> str | None:
        return table.form("prefix", limits.PREFIX, "0 to 3 letters A to Z")

    def _service(self, table: Table, id: str, series: dict[str, Series]) -> Service:
        table.refuse_unknown(SERVICE_KEYS)
        return Service(
            id=id,
            name=table.names("name", self.languages),
            series=self._service_series(table, id, series),
            parent=table.text("parent", required=False),
            promise_s=table.seconds("promise_min", least_s=1),
            expected_service_s=table.seconds("expected_service_min", least_s=1),
            documents=table.texts("documents", self.languages),
            items=read_items(table, self.languages),
            hours=table.week("hours"),
            skills=table.ids("skills", most=limits.MAX_SKILLS),
        )

    def _service_series(self, table: Table, id: str, series: dict[str, Series]) -> str:
        """The id of the service's series; a prefix of its own makes one, whose id is the service's."""
        if not table.has("prefix"):
            return table.text("series", required=False) or ""
        if table.has("series"):
            self.report.mistake((*table.where, "prefix"), "stands beside series; allowed is one of the two")
        elif id in series:
            self.report.mistake((*table.where, "prefix"), f'needs a series "{id}", but [[series]] "{id}" is declared')
        elif (prefix := self._prefix(table)) is not None and not id.startswith("#"):
            series[id] = Series(id, prefix)
        return id

    def _class(self, table: Table, id: str) -> VisitorClass:
        table.refuse_unknown(("id", "name", "head_start_min", "promise_min", "series", "rank", "weight", "grace_s"))
        return VisitorClass(
            id=id,
            name=table.names("name", self.languages),
            head_start_s=table.seconds("head_start_min", least_s=0) or 0,
            promise_s=table.seconds("promise_min", least_s=1),
            series=table.text("series", required=False),
            rank=table.integer("rank", least=0, most=limits.MAX_RANK, default=0),
            weight=table.integer("weight", least=1, most=limits.MAX_RATIO, default=1),
            grace_s=read_grace(table),
        )

    def _counter(self, table: Table, id: str, services: Mapping[str, Service]) -> CounterPlan:
        table.refuse_unknown(COUNTER_KEYS)
        offered = table.strings("services", most=limits.MAX_SERVICES) or ()
        if "*" in offered and len(offered) > 1:
            self.report.mistake((*table.where, "services"), 'names "*" beside others; "*" stands alone and means all')
        if "*" in offered:
            headings = {service.parent for service in services.values()}
            offered = tuple(service for service in services if service not in headings)
        return CounterPlan(
            id=id,
            name=table.text("name") or id,
            services=offered,
            area=self._area_of(table),
            first=table.strings("first", most=limits.MAX_SERVICES, required=False) or (),
            last=table.strings("last", most=limits.MAX_SERVICES, required=False) or (),
            languages=self._spoken(table),
            skills=table.ids("skills", most=limits.MAX_SKILLS),
            printer=table.text("printer", required=False),
        )

    def _spoken(self, table: Table) -> tuple[str, ...]:
        """The languages that a counter or somebody of the staff speaks."""
        return table.strings("languages", most=limits.MAX_LANGUAGES, required=False) or ()

    def _area_of(self, table: Table) -> str:
        return table.form("area", limits.ID, f"the id of an area, {ID_FORM}", required=False) or ""

    def _areas(self, used: Sequence[str]) -> dict[str, Area]:
        """The declared areas; when none is declared, those that counters and devices name."""
        if "area" in self.data:
            return self._each("area", self._area)
        return {area: Area(area, dict.fromkeys(self.languages, area)) for area in used if area}

    def _area(self, table: Table, id: str) -> Area:
        table.refuse_unknown(("id", "name", "arrow", "speaks"))
        name = table.names("name", self.languages, required=False) or dict.fromkeys(self.languages, id)
        arrow = cast("Arrow | None", table.choice("arrow", get_args(Arrow), required=False))
        return Area(id, name, arrow, table.flag("speaks", default=False))

    def _member(self, table: Table, login: str) -> Member:
        table.refuse_unknown(("login", "name", "role", "pin", "password", "languages", "skills"))
        role = table.choice("role", STAFF_ROLES) or STAFF_ROLES[0]
        self._read_secret(table, login, role)
        return Member(
            login=login,
            name=table.text("name") or login,
            role=role,
            languages=self._spoken(table),
            skills=table.ids("skills", most=limits.MAX_SKILLS),
        )

    def _read_secret(self, table: Table, login: str, role: str) -> None:
        kinds = [kind for kind in ("pin", "password") if table.has(kind)]
        if not kinds:
            self.report.warn(table.where, "has no pin or password here; one is set with `hall user passwd`")
            return
        if len(kinds) > 1:
            self.report.mistake((*table.where, "password"), "stands beside pin; allowed is one of the two")
        kind, value = kinds[0], table.data[kinds[0]]
        # A secret is never shown, not even in the message that refuses it.
        if kind == "pin" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        pattern = re.compile(r"[0-9]{1,20}" if kind == "pin" else rf"[^\x00-\x1f\x7f]{{1,{limits.MAX_SECRET_LENGTH}}}")
        if not isinstance(value, str) or not pattern.fullmatch(value):
            allowed = "1 to 20 digits" if kind == "pin" else f"text of 1 to {limits.MAX_SECRET_LENGTH} characters"
            self.report.mistake((*table.where, kind), f"cannot be used; allowed is {allowed}, in quotes")
            return
        self._warn_of_weakness(table, kind, value, role)
        self.staff_secrets[login] = value

    def _warn_of_weakness(self, table: Table, kind: str, value: str, role: str) -> None:
        least = limits.SHORT_PIN if kind == "pin" else limits.SHORT_PASSWORD
        if len(value) < least:
            self.report.warn((*table.where, kind), f"is short; better are {least} or more")
        if kind == "pin" and role in ("manager", "admin"):
            self.report.warn((*table.where, kind), f"is weak for a {role}; better is a password")

    def _device(self, table: Table, id: str) -> Device:
        table.refuse_unknown(("id", "kind", "token", "area", "url", "width_dots", "printer"))
        kind = cast("DeviceKind", table.choice("kind", get_args(DeviceKind)) or "display")
        for key, owner in (("url", "printer"), ("width_dots", "printer"), ("printer", "kiosk")):
            if table.has(key) and table.has("kind") and kind != owner:
                self.report.mistake((*table.where, key), f"is for a device of kind {owner} only, this one is a {kind}")
        token = table.form("token", limits.TOKEN, "4 to 200 letters, digits and _ . ~ -", required=False)
        if token is not None:
            self._remember_token(table, id, token)
        return Device(
            id=id,
            kind=kind,
            area=self._area_of(table),
            url=self._printer_url(table),
            width_dots=table.integer(
                "width_dots", least=limits.MIN_WIDTH_DOTS, most=limits.MAX_WIDTH_DOTS, default=limits.WIDTH_DOTS
            ),
            printer=table.text("printer", required=False),
        )

    def _remember_token(self, table: Table, id: str, token: str) -> None:
        if len(token) < limits.SHORT_TOKEN:
            self.report.warn(
                (*table.where, "token"), f"can be guessed; better are {limits.SHORT_TOKEN} or more characters"
            )
        if token in self.device_tokens.values():
            self.report.mistake((*table.where, "token"), "is the token of another device as well")
        self.device_tokens[id] = token

    def _printer_url(self, table: Table) -> str | None:
        allowed = "tcp://host:9100, usb:…, serial:…, file:… or win32:NAME"
        return table.form("url", limits.PRINTER_URL, allowed, required=False)

    def _reason(self, table: Table, id: str) -> tuple[Reason, tuple[ReasonKind, ...]]:
        return read_reason(table, id, self.languages)

    def _script(self, table: Table, situation: str) -> Script:
        return read_script(table, situation, self.languages)


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _with_digest(setup: Setup) -> Setup:
    return replace(setup, digest=digest_of(setup))


def _unusable(file: str, text: str) -> SetupMistakes:
    return SetupMistakes([Finding("mistake", "", text, file)])


def _syntax(message: str, file: str) -> Finding:
    """tomllib says "Expected … (at line 3, column 5)"; the line goes where all findings have it."""
    at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if at is None:
        return Finding("mistake", "", f"is not TOML: {message}", file)
    return Finding("mistake", f"column {at[2]}", f"is not TOML: {message[: at.start()]}", file, int(at[1]))


def _located(report: Report, places: Mapping[Where, int], lines: Lines, file: str) -> list[Finding]:
    """The findings with label and line, mistakes and warnings together in the order of the file."""
    findings = [
        Finding(level, _label(where, places), text, file, _line(where, places, lines))
        for level, where, text in dict.fromkeys(report.found)
    ]
    return sorted(findings, key=lambda finding: finding.line or 0)


def _label(where: Where, places: Mapping[Where, int]) -> str:
    """`service[2] "B".promise_min`; an entry without a usable id is `service[2]`."""
    if where[:2] not in places:
        return ".".join(where)
    section, id, *keys = where
    named = "" if id.startswith("#") else f' "{id}"'
    return ".".join((f"{section}[{places[section, id]}]{named}", *keys))


def _line(where: Where, places: Mapping[Where, int], lines: Lines) -> int | None:
    if where[:2] in places:
        where = (where[0], str(places[where[:2]]), *where[2:])
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where)
