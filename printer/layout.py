"""What stands on a ticket, line by line: pure, and without knowledge of any printer.

The ticket's own language comes first and large, the hall's first other language second and smaller. Every text is
wrapped and shrunk here to fit the width of the head; the printer never wraps. The number is always there, whatever
else cannot be written. Sizes are given for a head of 576 dots (72 mm) and scale with the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from hall.i18n import direction, language_for, translate, translate_n
from printer import faces
from printer.wrapping import spaced, wrapped

Names: TypeAlias = Mapping[str, str]
Align: TypeAlias = Literal["left", "right"]

NUMBER_DOTS = 168  # 21 mm at 203 dpi, seen from across the room
NOTICE_NUMBER_DOTS = 100  # nobody is called by a notice; it is shown across a counter
LINES_TO_WRITE = 2
COLUMN_NUMBER_DOTS = 58
QR_QUIET_MODULES = 4
QR_MODULE_DOTS = (6, 5, 4)  # below 4 dots (0.5 mm) phones stop reading
NARROW_BELOW_DOTS = 480
LEAST_BESIDE_QR_DOTS = 150
LEAST_TEXT_DOTS = 18
PROBE = "Follow your number by phone"  # a sentence that every ticket may say, to try a language's letters with


@dataclass(frozen=True, slots=True)
class Text:
    """Words of `size` dots an em, in the text face."""

    text: str
    size: int
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the number face; its digits are `cap_dots` high."""

    text: str
    cap_dots: int


@dataclass(frozen=True, slots=True)
class Row:
    """Texts side by side on one base line, in the order seen; `spread` puts them at both ends."""

    items: tuple[Text | Number, ...]
    align: Align = "left"
    gap: int = 0
    spread: bool = False
    leading: float = 1.4


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the text."""

    dots: int = 3


@dataclass(frozen=True, slots=True)
class Cut:
    """The dashed tear across the whole paper: above it who, below it where."""

    dots: int = 3


@dataclass(frozen=True, slots=True)
class Space:
    """Empty paper."""

    dots: int


@dataclass(frozen=True, slots=True)
class QR:
    """A code with its quiet zone of 4 modules drawn around it; `modules` counts one side without the zone."""

    data: str
    module_dots: int
    modules: int

    @property
    def side(self) -> int:
        return (self.modules + 2 * QR_QUIET_MODULES) * self.module_dots


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines in a box that begins `left` dots from the edge of the text (negative: in the margin)."""

    left: int
    width: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Boxes side by side; `divider` is where a line stands between them, from the edge of the text."""

    cells: tuple[Cell, ...]
    divider: int | None = None
    middle: bool = False


Line: TypeAlias = Row | Rule | Cut | Space | QR | Columns


@dataclass(frozen=True, slots=True)
class Minutes:
    """A likely wait, a range and never a point."""

    low: int
    high: int

    @classmethod
    def from_estimate(cls, estimate: Mapping[str, int]) -> Minutes:
        low = max(1, int(estimate["p10_s"]) // 60)
        return cls(low, max(low + 1, -(-int(estimate["p90_s"]) // 60)))


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """All that a ticket says, as the `printer` view hands it out. Names are by language tag."""

    hall_name: Names
    service_name: Names
    class_name: Names
    class_default: bool
    number: str
    ahead: int
    estimate: Minutes | None
    issued_at: datetime
    timezone: str
    language: str
    languages: tuple[str, ...]
    area: Names | None
    follow_url: str | None
    missed_sentence: Names
    copy: int
    kind: str = "ticket"
    documents: tuple[Names, ...] = ()

    @classmethod
    def from_record(cls, facts: Mapping[str, Any]) -> TicketFacts:
        estimate = facts.get("estimate")
        return cls(
            hall_name=facts["hall_name"],
            service_name=facts["service_name"],
            class_name=facts["class_name"],
            class_default=facts["class_default"],
            number=facts["number"],
            ahead=facts["ahead"],
            estimate=None if estimate is None else Minutes.from_estimate(estimate),
            issued_at=datetime.fromisoformat(facts["issued_at"]),
            timezone=facts["timezone"],
            language=facts["language"],
            languages=tuple(facts["languages"]),
            area=facts.get("area"),
            follow_url=facts.get("follow_url"),
            missed_sentence=facts.get("missed_sentence") or {},
            copy=facts.get("copy", 1),
            kind=facts.get("kind", "ticket"),
            documents=tuple(facts.get("documents", ())),
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """The measures of one paper: the head's width, the margin, and what drawn sizes are multiplied with."""

    width: int
    margin: int
    scale: float
    align: Align = "left"

    @property
    def is_narrow(self) -> bool:
        """58 mm paper, at the same dots per mm as 80 mm paper."""
        return self.width < NARROW_BELOW_DOTS

    @property
    def inner(self) -> int:
        return self.width - 2 * self.margin

    def dots(self, drawn: float) -> int:
        return round(drawn * self.scale)


def sheet_of(width_dots: int, align: Align = "left") -> Sheet:
    """58 mm paper (about 384 dots) is narrower at the same dots per mm: smaller margins, nearly the same sizes."""
    width = width_dots - width_dots % 8  # a raster line is whole bytes
    if width < NARROW_BELOW_DOTS:
        return Sheet(width, 12, 0.86, align)
    return Sheet(width, round(width / 24), width / 576, align)


def layout(facts: TicketFacts, width_dots: int) -> tuple[Line, ...]:
    """The lines of a ticket or a notice, top to bottom, each fitting a head of `width_dots`."""
    spoken = spoken_languages(facts)
    sheet = sheet_of(width_dots, "right" if direction(spoken[0]) == "rtl" else "left")
    parts = _notice(facts, spoken, sheet) if facts.kind == "notice" else _ticket(facts, spoken, sheet)
    return (Space(sheet.dots(20)), *(line for part in parts for line in part), Space(sheet.dots(20)))


def void_layout(width_dots: int) -> tuple[Line, ...]:
    """The slip that pushes half a ticket out and says that it counts for nothing."""
    sheet = sheet_of(width_dots)
    words = Row((Text("VOID", sheet.dots(60), bold=True), Text("作废", sheet.dots(60), bold=True)), gap=sheet.dots(24))
    return (Space(sheet.dots(24)), Rule(), Space(sheet.dots(12)), words, Space(sheet.dots(12)), Rule(), Space(16))


def spoken_languages(facts: TicketFacts) -> tuple[str, ...]:
    """One or two languages whose letters can be printed here; English, which always can, when none of them is."""
    wanted = dict.fromkeys((facts.language, *facts.languages))
    printable = [lang for lang in wanted if all(map(faces.can_print, _samples(facts, lang)))]
    return tuple(printable[:2]) or ("en",)


def unprintable_languages(names: Iterable[Names], languages: Iterable[str]) -> tuple[str, ...]:
    """The languages whose names or sentences no font on this machine can print; to warn about at start."""
    named = tuple(names)
    return tuple(
        lang
        for lang in languages
        if not all(map(faces.can_print, (translate(lang, PROBE), *(n[lang] for n in named if lang in n))))
    )


def fitted(
    text: str,
    sheet: Sheet,
    *,
    size: float,
    width: int | None = None,
    bold: bool = False,
    leading: float = 1.4,
    one_line: float = 0.72,
) -> tuple[Row, ...]:
    """`text` on one line if shrinking to `one_line` of its size does it, else on two, else small on more."""
    room = sheet.inner if width is None else width
    full = sheet.dots(size)
    least = max(LEAST_TEXT_DOTS, round(full * 0.6))
    for most, smallest in ((1, max(least, round(full * one_line))), (2, least)):
        for tried in range(full, smallest - 1, -2):
            lines = wrapped(text, tried, room, bold=bold)
            if len(lines) <= most:
                return _rows(lines, tried, sheet, bold=bold, leading=leading)
    smallest = min(full, least)
    return _rows(wrapped(text, smallest, room, bold=bold), smallest, sheet, bold=bold, leading=leading)


def bilingual(
    first: str, second: str | None, sheet: Sheet, *, size: float, second_size: float, leading: float = 1.4
) -> tuple[Row, ...]:
    """Both languages on one line when they fit as they are, else one under the other, each fitted."""
    if second is None:
        return fitted(first, sheet, size=size, bold=True, leading=leading)
    pair = (Text(first, sheet.dots(size), bold=True), Text(second, sheet.dots(second_size)))
    gap = sheet.dots(size * 0.36)
    if sum(item_width(item) for item in pair) + gap <= sheet.inner:
        return (Row(_as_seen(pair, sheet), sheet.align, gap, leading=leading),)
    return (
        *fitted(first, sheet, size=size, bold=True, leading=leading),
        *fitted(second, sheet, size=second_size, leading=leading),
    )


def item_width(item: Text | Number) -> int:
    """Dots that an item takes on its line, rounded up."""
    if isinstance(item, Number):
        return number_width(item.text, item.cap_dots)
    return _up(faces.text_width(item.text, item.size, bold=item.bold))


def number_width(text: str, cap_dots: int) -> int:
    return _up(faces.run_width(faces.Run(faces.NUMBERS, text), number_size(cap_dots), bold=True))


def number_size(cap_dots: int) -> int:
    """The font size whose digits are `cap_dots` high: capitals are 0.7 em."""
    return round(cap_dots / 0.7)


def _ticket(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> tuple[Iterator[Line], ...]:
    return (
        _copy_mark(facts, spoken, sheet),
        _hall(facts, spoken, sheet),
        _service(facts, spoken, sheet),
        _number(facts, sheet),
        _wait(facts, spoken, sheet),
        _area(facts, spoken, sheet),
        _missed(facts, spoken, sheet),
        _foot(facts, spoken, sheet),
    )


def _notice(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> tuple[Iterator[Line], ...]:
    """What to bring next time, all at once: no place in a line, so no tear and nobody ahead."""
    return (
        _copy_mark(facts, spoken, sheet),
        _hall(facts, spoken, sheet),
        _notice_title(facts, spoken, sheet),
        _documents(facts, spoken, sheet),
        _foot(facts, spoken, sheet),
    )


def _copy_mark(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    if facts.copy <= 1:
        return
    marks = dict.fromkeys(translate(lang, "COPY %(copy)s", copy=facts.copy) for lang in (*spoken, "zh-Hans", "en"))
    yield Rule(sheet.dots(6))
    yield from fitted("   ".join(marks), sheet, size=34, bold=True, leading=1.5)
    yield Rule(sheet.dots(6))
    yield Space(sheet.dots(10))


def _hall(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    first, second = _both(facts.hall_name, spoken)
    pair = [Text(first, sheet.dots(28), bold=True)]
    if second is not None:
        pair.append(Text(second, sheet.dots(24)))
    if sum(map(item_width, pair)) + sheet.dots(24) <= sheet.inner:
        yield Row(_as_seen(pair, sheet), sheet.align, spread=len(pair) == 2)
    else:
        yield from fitted(first, sheet, size=28, bold=True)
        if second is not None:
            yield from fitted(second, sheet, size=24)
    yield Space(sheet.dots(8))
    yield Rule()


def _service(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    yield Space(sheet.dots(20))
    yield from bilingual(*_both(facts.service_name, spoken), sheet, size=44, second_size=30, leading=1.25)
    if not facts.class_default:
        yield Space(sheet.dots(4))
        yield from bilingual(*_both(facts.class_name, spoken), sheet, size=30, second_size=24)


def _number(facts: TicketFacts, sheet: Sheet) -> Iterator[Line]:
    yield Space(sheet.dots(26))
    yield Row((Number(facts.number, _largest_cap(facts.number, NUMBER_DOTS, sheet)),), sheet.align)
    yield Space(sheet.dots(26))
    yield Cut()
    yield Space(sheet.dots(22))


def _largest_cap(number: str, wanted_dots: int, sheet: Sheet) -> int:
    """The height wanted, or what the width leaves of it."""
    cap = wanted_dots if sheet.is_narrow else sheet.dots(wanted_dots)
    while cap > LEAST_TEXT_DOTS and number_width(number, cap) > sheet.inner:
        cap -= 2
    return cap


def _wait(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    ahead = _ahead_lines(facts.ahead, spoken, sheet)
    if facts.estimate is None:
        yield from ahead(sheet.inner)
        return
    likely = _estimate_lines(facts.estimate, spoken, sheet)
    gap, width = sheet.dots(24), _ahead_width(ahead, sheet)
    rest = sheet.inner - width - 2 * gap
    if sheet.align == "left":
        cells = (Cell(0, width, ahead(width)), Cell(width + 2 * gap, rest, likely(rest)))
        yield Columns(cells, divider=width + gap)
    else:
        cells = (Cell(0, rest, likely(rest)), Cell(rest + 2 * gap, width, ahead(width)))
        yield Columns(cells, divider=rest + gap)


Lines: TypeAlias = Callable[[int], tuple[Line, ...]]


def _ahead_lines(ahead: int, spoken: tuple[str, ...], sheet: Sheet) -> Lines:
    if ahead == 0:
        return lambda width: _captions(spoken, ("You are next", "You are next"), sheet, width, size=32, bold=True)
    unit = translate_n(spoken[0], "person", "people", ahead)
    figure = _figure(str(ahead), unit, sheet)
    captions = ("ahead of you", "ahead of you")
    return lambda width: (*figure(width), *_captions(spoken, captions, sheet, width, size=26))


def _estimate_lines(likely: Minutes, spoken: tuple[str, ...], sheet: Sheet) -> Lines:
    figure = _figure(f"{likely.low}–{likely.high}", translate(spoken[0], "min"), sheet)
    captions = ("likely wait", "likely wait, minutes")
    return lambda width: (*figure(width), *_captions(spoken, captions, sheet, width, size=26))


def _figure(text: str, unit: str, sheet: Sheet) -> Lines:
    """A number with its unit behind it, the number as large as the box allows."""

    def lines(width: int) -> tuple[Line, ...]:
        cap, behind, gap = sheet.dots(COLUMN_NUMBER_DOTS), Text(unit, sheet.dots(26)), sheet.dots(10)
        while cap > LEAST_TEXT_DOTS and number_width(text, cap) + gap + item_width(behind) > width:
            cap -= 2
        return (Row(_as_seen((Number(text, cap), behind), sheet), sheet.align, gap), Space(sheet.dots(10)))

    return lines


def _captions(
    spoken: tuple[str, ...], msgids: tuple[str, str], sheet: Sheet, width: int, *, size: float, bold: bool = False
) -> tuple[Row, ...]:
    words = dict.fromkeys(translate(lang, msgid) for lang, msgid in zip(spoken, msgids, strict=False))
    first, *others = words
    rows = fitted(first, sheet, size=size, width=width, bold=bold, leading=1.3)
    for other in others:
        rows += fitted(other, sheet, size=24, width=width, leading=1.3)
    return rows


def _ahead_width(ahead: Lines, sheet: Sheet) -> int:
    """The left box takes what its words need, between a third and a half of the paper."""
    least, most = round(sheet.inner * 0.34), round(sheet.inner * 0.46)
    needed = max(_row_width(line) for line in ahead(most) if isinstance(line, Row))
    return min(max(needed, least), most)


def _row_width(row: Row) -> int:
    return sum(map(item_width, row.items)) + row.gap * (len(row.items) - 1)


def _area(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    if facts.area is None:
        return
    names = _both(facts.area, spoken)
    words = [
        spaced(translate(lang, "Wait in %(area)s", area=name or names[0]))
        for lang, name in zip(spoken, names, strict=False)
    ]
    first, second = _distinct(words)
    yield Space(sheet.dots(22))
    yield Rule()
    yield Space(sheet.dots(8))
    yield from bilingual(first, second, sheet, size=30, second_size=25)


def _missed(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    if not facts.missed_sentence:
        return
    first, second = _both(facts.missed_sentence, spoken)
    yield Space(sheet.dots(10))
    yield Rule()
    yield Space(sheet.dots(10))
    yield from fitted(first, sheet, size=27, bold=True, one_line=0.9)
    if second is not None:
        yield from fitted(second, sheet, size=25, one_line=0.9)


def _notice_title(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    """The heading, the service it is about, and the number that the visitor shows again."""
    first, second = _distinct([translate(lang, "What to bring") for lang in spoken])
    yield Space(sheet.dots(18))
    yield from bilingual(first, second, sheet, size=48, second_size=30, leading=1.25)
    yield Space(sheet.dots(8))
    yield from bilingual(*_both(facts.service_name, spoken), sheet, size=34, second_size=26, leading=1.3)
    yield Space(sheet.dots(20))
    yield Row((Number(facts.number, _largest_cap(facts.number, NOTICE_NUMBER_DOTS, sheet)),), sheet.align)
    yield Space(sheet.dots(22))
    yield Rule()


def _documents(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    """Each document in both languages; where none is set, and below all, room to write."""
    yield Space(sheet.dots(14))
    for place, names in enumerate(facts.documents, start=1):
        yield Space(sheet.dots(6))
        yield _numbered(place, _both(names, spoken), sheet)
    if not facts.documents:
        first, second = _distinct([translate(lang, "The counter writes here what is missing") for lang in spoken])
        yield from bilingual(first, second, sheet, size=27, second_size=24)
    for _ in range(LINES_TO_WRITE if facts.documents else LINES_TO_WRITE + 2):
        yield Space(sheet.dots(58))
        yield Rule(1)
    yield Space(sheet.dots(20))


def _numbered(place: int, names: tuple[str, str | None], sheet: Sheet) -> Columns:
    """The place in the list, as large as the first line beside it, and the document."""
    beside = sheet.dots(48)
    width = sheet.inner - beside
    first, second = names
    rows = fitted(first, sheet, size=32, width=width, bold=True, leading=1.3)
    size = next((item.size for item in rows[0].items if isinstance(item, Text)), sheet.dots(32))
    mark = Row((Text(f"{place}.", size, bold=True),), sheet.align, leading=1.3)
    if second is not None:
        rows += fitted(second, sheet, size=25, width=width, leading=1.3)
    if sheet.align == "left":
        return Columns((Cell(0, beside, (mark,)), Cell(beside, width, rows)))
    return Columns((Cell(0, width, rows), Cell(width, beside, (mark,))))


def _foot(facts: TicketFacts, spoken: tuple[str, ...], sheet: Sheet) -> Iterator[Line]:
    code = None if facts.follow_url is None else fitted_qr(facts.follow_url, sheet)
    if code is None:
        yield Space(sheet.dots(16))
        yield Rule()
        yield Space(sheet.dots(8))
        yield from fitted(_issued(facts), sheet, size=25)
        return
    yield from _code_and_words(code, _follow_words(facts, spoken), sheet)


def fitted_qr(url: str, sheet: Sheet) -> QR | None:
    """The code with the largest module that leaves half the paper free, or that fits at all; None when none does."""
    import segno

    modules = len(segno.make_qr(url, error="m", boost_error=False).matrix)
    codes = [QR(url, dots, modules) for dots in QR_MODULE_DOTS]
    roomy = (code for code in codes[:2] if code.side <= sheet.width * 0.55)
    return next(roomy, None) or next((code for code in codes if code.side <= sheet.width), None)


def _code_and_words(code: QR, words: list[tuple[str, bool]], sheet: Sheet) -> Iterator[Line]:
    left = max(0, sheet.margin - QR_QUIET_MODULES * code.module_dots) - sheet.margin
    beside = sheet.inner - left - code.side - sheet.dots(4)
    yield Space(sheet.dots(4))
    if beside < LEAST_BESIDE_QR_DOTS:
        yield Columns((Cell(left, code.side, (code,)),))
        yield from _follow_rows(words, sheet, sheet.inner)
        return
    rows = _follow_rows(words, sheet, beside)
    if sheet.align == "left":
        cells = (Cell(left, code.side, (code,)), Cell(sheet.inner - beside, beside, rows))
    else:
        cells = (Cell(0, beside, rows), Cell(sheet.inner - left - code.side, code.side, (code,)))
    yield Columns(cells, middle=True)


def _follow_words(facts: TicketFacts, spoken: tuple[str, ...]) -> list[tuple[str, bool]]:
    use = "Show this when you come back" if facts.kind == "notice" else "Follow your number by phone"
    first, second = _distinct([translate(lang, use) for lang in spoken])
    words = [(first, True), *([] if second is None else [(second, False)])]
    return [*words, (_issued(facts), False)]


def _follow_rows(words: list[tuple[str, bool]], sheet: Sheet, width: int) -> tuple[Row, ...]:
    return tuple(
        row
        for text, bold in words
        for row in fitted(text, sheet, size=30 if bold else 25, width=width, bold=bold, leading=1.35)
    )


def _issued(facts: TicketFacts) -> str:
    return f"{facts.issued_at.astimezone(ZoneInfo(facts.timezone)):%Y-%m-%d %H:%M}"


def _both(names: Names, spoken: tuple[str, ...]) -> tuple[str, str | None]:
    """The name in the first language, or the nearest there is, and in the second when it is another."""
    nearest = (names.get(spoken[0]), names.get(language_for(spoken[0])), *names.values())
    first = next((name for name in nearest if name and faces.can_print(name)), "")
    second = names.get(spoken[1]) if len(spoken) > 1 else None
    return first, None if second == first else second


def _distinct(words: list[str]) -> tuple[str, str | None]:
    second = words[1] if len(words) > 1 and words[1] != words[0] else None
    return words[0], second


def _samples(facts: TicketFacts, lang: str) -> Iterator[str]:
    yield translate(lang, PROBE)
    named = (facts.hall_name, facts.service_name, facts.class_name, facts.area or {}, facts.missed_sentence)
    for names in (*named, *facts.documents):
        if lang in names:
            yield names[lang]


def _as_seen(items: Iterable[Text | Number], sheet: Sheet) -> tuple[Text | Number, ...]:
    """Items come in reading order; on paper that reads from the right they stand the other way round."""
    ordered = tuple(items)
    return ordered if sheet.align == "left" else ordered[::-1]


def _rows(lines: list[str], size: int, sheet: Sheet, *, bold: bool, leading: float) -> tuple[Row, ...]:
    return tuple(Row((Text(line, size, bold),), sheet.align, leading=leading) for line in lines)


def _up(dots: float) -> int:
    return int(-(-dots // 1))
