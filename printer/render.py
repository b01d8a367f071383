"""Lines of a ticket to dots, and dots to the bytes of an ESC/POS printer. Pure: no device, no clock.

Everything is drawn here, text too, and sent as a picture over the full width of the head: then every model prints
every language, and no printer's code pages, fonts or QR commands matter. Heavy imports (PIL, segno, escpos) happen on
first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from printer import faces
from printer.closing import closing_layout
from printer.layout import (
    QR,
    QR_QUIET_MODULES,
    Align,
    Cell,
    Columns,
    Cut,
    Line,
    Number,
    Row,
    Rule,
    Space,
    Text,
    TicketFacts,
    item_width,
    layout,
    number_size,
    sheet_of,
    void_layout,
)

if TYPE_CHECKING:
    from escpos.capabilities import Profile
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

STRIP_ROWS = 256  # taller pictures garble on printers with small buffers
INITIALISE = b"\x1b@"  # ESC @
FEED_AND_CUT = b"\x1dVB\x00"  # GS V 66 0: feeds to the blade first, or it cuts through the last lines
BLACK, WHITE = 0, 1
BASE_LINE = 1.136  # of the size, below the top of a line of leading 1.4
CUT_DASH, CUT_GAP = 6, 4
DLE = 0x10
SPECIMEN: Mapping[str, Any] = {
    "hall_name": {"zh-Hans": "样张", "en": "Specimen"},
    "service_name": {"zh-Hans": "样张", "en": "Specimen"},
    "class_name": {"zh-Hans": "样张", "en": "Specimen"},
    "class_default": False,
    "number": "A000",
    "ahead": 1,
    "estimate": {"p10_s": 60, "p50_s": 90, "p90_s": 120},
    "issued_at": "2000-01-01T00:00:00Z",
    "timezone": "UTC",
    "language": "zh-Hans",
    "languages": ["zh-Hans", "en"],
    "area": {"zh-Hans": "1 区", "en": "Area 1"},
    "follow_url": "https://example.org/",
    "missed_sentence": {
        "zh-Hans": "叫号 1 次未到即过号。过号后请找工作人员。",
        "en": "Missed after 1 call without an answer. Then please speak to the staff.",
    },
    "copy": 1,
}
REAL_TIME = frozenset({0x04, 0x05, 0x14})  # DLE EOT, DLE ENQ, DLE DC4: obeyed even inside a picture


def ticket_bytes(facts: TicketFacts, width_dots: int) -> bytes:
    """A whole ticket for the printer, from ESC @ to the cut."""
    return encode(draw(layout(facts, width_dots), width_dots))


def ticket_bytes_from_record(facts: Mapping[str, Any], width_dots: int) -> bytes:
    if facts.get("kind") == "closing":
        return encode(draw(closing_layout(facts, width_dots), width_dots))
    return ticket_bytes(TicketFacts.from_record(facts), width_dots)


def void_bytes(width_dots: int) -> bytes:
    """The slip that follows half a ticket."""
    return encode(draw(void_layout(width_dots), width_dots))


def specimen_bytes(width_dots: int) -> bytes:
    """A ticket of nobody in both languages, with everything that a ticket can hold."""
    return ticket_bytes_from_record(SPECIMEN, width_dots)


def draw(lines: Iterable[Line], width_dots: int) -> Image:
    """The paper as a picture of black and white dots, as wide as the head."""
    from PIL import Image

    sheet = sheet_of(width_dots)
    drawn = tuple(lines)
    picture = Image.new("1", (sheet.width, sum(map(height, drawn))), WHITE)
    _draw_lines(_pen(picture), drawn, left=sheet.margin, width=sheet.inner, top=0)
    return picture


def encode(picture: Image) -> bytes:
    """ESC @, the picture in strips of at most 256 rows (GS v 0), feed and cut. Holds no real-time command."""
    from escpos.printer import Dummy

    printer = Dummy(profile=_profile(picture.width))
    printer._raw(INITIALISE)
    for strip in _strips(without_real_time(picture)):
        printer.image(strip, impl="bitImageRaster", fragment_height=STRIP_ROWS)
    printer._raw(FEED_AND_CUT)
    return bytes(printer.output)


def without_real_time(picture: Image) -> Image:
    """The picture with one dot fewer wherever its bytes would be obeyed as a command.

    The byte 10 is a lone black dot, so what goes is a speck at the edge of a letter, never part of a code's module.
    """
    places = list(real_time_places(_raster(picture)))
    if not places:
        return picture
    cleaned, row_bytes = picture.copy(), (picture.width + 7) // 8
    for place in places:
        cleaned.putpixel((place % row_bytes * 8 + 3, place // row_bytes), WHITE)
    return cleaned


def real_time_places(data: bytes) -> Iterator[int]:
    """Where in `data` a real-time command begins."""
    place = data.find(DLE)
    while 0 <= place < len(data) - 1:
        if data[place + 1] in REAL_TIME:
            yield place
        place = data.find(DLE, place + 1)


def height(line: Line) -> int:
    """Rows of dots that a line takes."""
    match line:
        case Row():
            return max(_item_height(item, line.leading) for item in line.items)
        case Rule(dots) | Cut(dots) | Space(dots):
            return dots
        case QR():
            return line.side
        case Columns(cells):
            return max(map(_cell_height, cells))


def _item_height(item: Text | Number, leading: float) -> int:
    return item.cap_dots if isinstance(item, Number) else round(item.size * leading)


def _cell_height(cell: Cell) -> int:
    return sum(map(height, cell.lines))


def _draw_lines(pen: ImageDraw, lines: Iterable[Line], *, left: int, width: int, top: int) -> None:
    for line in lines:
        _draw_line(pen, line, left=left, width=width, top=top)
        top += height(line)


def _draw_line(pen: ImageDraw, line: Line, *, left: int, width: int, top: int) -> None:
    match line:
        case Row():
            _draw_row(pen, line, left=left, width=width, top=top)
        case Rule(dots):
            pen.rectangle((left, top, left + width - 1, top + dots - 1), fill=BLACK)
        case Cut(dots):
            _draw_cut(pen, top, dots)
        case QR():
            _draw_code(pen, line, left, top)
        case Columns():
            _draw_columns(pen, line, left=left, top=top)
        case Space():
            pass


def _draw_row(pen: ImageDraw, row: Row, *, left: int, width: int, top: int) -> None:
    base = top + max(_ascent(item, row.leading) for item in row.items)
    for item, x in zip(row.items, _places(row, left, width), strict=True):
        _draw_item(pen, item, x, base)


def _places(row: Row, left: int, width: int) -> Iterator[int]:
    """Where each item of a row begins."""
    widths = [item_width(item) for item in row.items]
    free = width - sum(widths)
    gap = free // max(1, len(widths) - 1) if row.spread else row.gap
    x = left + (0 if row.spread else _indent(row.align, free - gap * (len(widths) - 1)))
    for taken in widths:
        yield x
        x += taken + gap


def _indent(align: Align, free: int) -> int:
    return free if align == "right" else 0


def _ascent(item: Text | Number, leading: float) -> int:
    if isinstance(item, Number):
        return item.cap_dots
    return round(item.size * (BASE_LINE + (leading - 1.4) / 2))


def _draw_item(pen: ImageDraw, item: Text | Number, x: int, base: int) -> None:
    if isinstance(item, Number):
        _draw_number(pen, item, x, base)
        return
    at = float(x)
    for run in faces.runs(item.text):
        font = run.face.font(item.size, bold=item.bold)
        way = faces.writing_direction(run.text)
        pen.text((round(at), base), run.text, fill=BLACK, font=font, anchor="ls", direction=way)
        at += faces.run_width(run, item.size, bold=item.bold)


def _draw_number(pen: ImageDraw, number: Number, x: int, base: int) -> None:
    """The number begins with its ink, so that its edge stands under that of the words."""
    font = faces.NUMBERS.font(number_size(number.cap_dots), bold=True)
    ink = font.getmask(number.text, mode="1").getbbox()
    pen.text((x - (ink[0] if ink else 0), base), number.text, fill=BLACK, font=font, anchor="ls")


def _draw_cut(pen: ImageDraw, top: int, dots: int) -> None:
    for x in range(0, pen.im.size[0], CUT_DASH + CUT_GAP):
        pen.rectangle((x, top, x + CUT_DASH - 1, top + dots - 1), fill=BLACK)


def _draw_code(pen: ImageDraw, code: QR, left: int, top: int) -> None:
    import segno

    symbol = segno.make_qr(code.data, error="m", boost_error=False)
    quiet, dots = QR_QUIET_MODULES * code.module_dots, code.module_dots
    for row, modules in enumerate(symbol.matrix):
        for column, dark in enumerate(modules):
            if dark:
                x, y = left + quiet + column * dots, top + quiet + row * dots
                pen.rectangle((x, y, x + dots - 1, y + dots - 1), fill=BLACK)


def _draw_columns(pen: ImageDraw, columns: Columns, *, left: int, top: int) -> None:
    tallest = height(columns)
    for cell in columns.cells:
        drop = (tallest - _cell_height(cell)) // 2 if columns.middle else 0
        _draw_lines(pen, cell.lines, left=left + cell.left, width=cell.width, top=top + drop)
    if columns.divider is not None:
        x = left + columns.divider
        pen.rectangle((x - 1, top, x + 1, top + tallest - 1), fill=BLACK)


def _pen(picture: Image) -> ImageDraw:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"  # no grey edges: the head knows none, and dithering would fray the letters
    return pen


def _profile(width_dots: int) -> Profile:
    """A head of this width; without one escpos grumbles on stdout for every picture."""
    from escpos.capabilities import Profile

    profile = Profile()
    profile.profile_data = {**profile.profile_data, "media": {"width": {"pixels": width_dots}}}
    return profile


def _strips(picture: Image) -> Iterator[Image]:
    for top in range(0, picture.height, STRIP_ROWS):
        yield picture.crop((0, top, picture.width, min(top + STRIP_ROWS, picture.height)))


def _raster(picture: Image) -> bytes:
    """The dots as the printer gets them: black is 1, eight to a byte."""
    return bytes(~byte & 0xFF for byte in picture.tobytes())
