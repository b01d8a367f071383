"""Which font draws which text on paper, and how wide it gets.

Chinese, Latin and numbers come from the fonts we ship, so a ticket is right on a machine that has none. Other scripts
and rare characters come from the first installed font that has them. Pillow is imported on first use. Nothing here
knows tickets. Not for use by two threads at once: FreeType keeps state in a face.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hall.files import static_folder

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SHIPPED = static_folder() / "fonts"
REFERENCE_SIZE = 100  # widths scale from here, so a search for the right size loads one font and not ten
FONTS_KEPT = 24  # a size takes 40 ms to open and holds some 2.5 MB; a ticket uses about ten
NO_CHARACTER = "\U0010fffe"  # a noncharacter: every font draws its "missing" box for it

# (regular, bold, index in a collection): the first that has the character wins.
INSTALLED = (
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", 2),
    ("wqy-zenhei.ttc", "wqy-zenhei.ttc", 0),
    ("wqy-microhei.ttc", "wqy-microhei.ttc", 0),
    ("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf", 0),
    ("NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Bold.ttf", 0),
    ("NotoSansThai-Regular.ttf", "NotoSansThai-Bold.ttf", 0),
    ("NotoSansDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf", 0),
    ("NotoSansBengali-Regular.ttf", "NotoSansBengali-Bold.ttf", 0),
    ("NotoSansTamil-Regular.ttf", "NotoSansTamil-Bold.ttf", 0),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", 0),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", 0),
    ("msyh.ttc", "msyhbd.ttc", 0),
    ("malgun.ttf", "malgunbd.ttf", 0),
    ("segoeui.ttf", "segoeuib.ttf", 0),
    ("leelawui.ttf", "leelauib.ttf", 0),
    ("PingFang.ttc", "PingFang.ttc", 0),
    ("unifont.otf", "unifont.otf", 0),
)
RIGHT_TO_LEFT = ("R", "AL")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file at both weights; `index` is the font's place in a collection."""

    regular: Path
    bold: Path
    index: int = 0

    def font(self, size: int, *, bold: bool) -> FreeTypeFont:
        return _font(self.bold if bold else self.regular, size, self.index)

    def has(self, character: str) -> bool:
        return _has_glyph(self.regular, self.index, character)

    def has_all(self, text: str) -> bool:
        return all(self.has(character) for character in text)


TEXT = Face(SHIPPED / "noto-sans-sc-400.woff2", SHIPPED / "noto-sans-sc-700.woff2")
NUMBERS = Face(SHIPPED / "hall-numbers.woff2", SHIPPED / "hall-numbers.woff2")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text drawn with one face."""

    face: Face
    text: str


def text_width(text: str, size: int, *, bold: bool = False) -> float:
    """Dots that `text` takes when drawn at `size`."""
    return sum(run_width(run, size, bold=bold) for run in runs(text))


def run_width(run: Run, size: int, *, bold: bool) -> float:
    """Letters keep their proportions at every size (a test holds this to half a dot in a hundred)."""
    return _reference_width(run, bold=bold) * size / REFERENCE_SIZE


@lru_cache(maxsize=4096)
def _reference_width(run: Run, *, bold: bool) -> float:
    return run.face.font(REFERENCE_SIZE, bold=bold).getlength(run.text, direction=writing_direction(run.text))


def can_print(text: str) -> bool:
    """True when every character has a glyph, and text written from right to left can be shaped."""
    if is_right_to_left(text) and not _can_shape():
        return False
    return all(run.face.has_all(run.text) for run in runs(text))


def is_right_to_left(text: str) -> bool:
    """The direction of the first character that has one."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L" or direction in RIGHT_TO_LEFT:
            return direction in RIGHT_TO_LEFT
    return False


def writing_direction(text: str) -> str | None:
    """What Pillow needs to order and join the letters of `text`."""
    return "rtl" if is_right_to_left(text) and _can_shape() else None


@lru_cache(maxsize=512)
def runs(text: str) -> tuple[Run, ...]:
    """`text` cut where the font must change. Text from right to left stays whole: cut pieces would lose their order."""
    for face in _faces():
        if face.has_all(text):
            return (Run(face, text),)
    if is_right_to_left(text):
        return (Run(max(_faces(), key=lambda face: sum(map(face.has, text))), text),)
    return tuple(_split(text))


def _split(text: str) -> Iterator[Run]:
    current, start = _face_for(text[0]), 0
    for place, character in enumerate(text):
        if current.has(character):
            continue
        found = _face_for(character)
        if found != current:
            if place > start:
                yield Run(current, text[start:place])
            current, start = found, place
    yield Run(current, text[start:])


def _face_for(character: str) -> Face:
    return next((face for face in _faces() if face.has(character)), TEXT)


@cache
def _faces() -> tuple[Face, ...]:
    """Ours first, then those of the list that are installed, in its order."""
    installed = _installed_files()
    found = (
        Face(installed[regular], installed.get(bold, installed[regular]), index)
        for regular, bold, index in INSTALLED
        if regular in installed
    )
    return (TEXT, *found)


def _installed_files() -> dict[str, Path]:
    wanted = {name for regular, bold, _ in INSTALLED for name in (regular, bold)}
    return {
        name: Path(folder) / name
        for root in _font_folders()
        for folder, _, names in os.walk(root)
        for name in names
        if name in wanted
    }


def _font_folders() -> tuple[Path, ...]:
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",)
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


@lru_cache(maxsize=FONTS_KEPT)
def _font(path: Path, size: int, index: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(path), size, index=index)


def close_fonts() -> None:
    """Let go of all open sizes, some 25 MB; the next text opens what it needs again."""
    _font.cache_clear()


@lru_cache(maxsize=8192)
def _has_glyph(path: Path, index: int, character: str) -> bool:
    """Pillow does not tell which characters a font has; one that is missing looks like the missing box."""
    if character.isspace() or unicodedata.category(character) in ("Cf", "Mn"):
        return True
    return _picture(path, index, character) != _missing_box(path, index)


@cache
def _missing_box(path: Path, index: int) -> bytes:
    return _picture(path, index, NO_CHARACTER)


def _picture(path: Path, index: int, character: str) -> bytes:
    return bytes(_font(path, REFERENCE_SIZE, index).getmask(character, mode="1"))


@cache
def _can_shape() -> bool:
    from PIL import features

    return bool(features.check("raqm"))
