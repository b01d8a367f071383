"""The words of display, desk and manager: every sentence in the code is in the catalogues, and none there is dead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hall.i18n import LOCALE_FOLDER, load_catalogue

ROOT = Path(__file__).parents[2]
AREAS = ("display", "desk", "manager")
SPOKEN = re.compile(r"""(?:\b(?:t|tn)\(|\btIn\(\w+, |\bmsgid: )"([^"]+)\"""")


def source() -> str:
    """All JavaScript of these screens and of what they share."""
    return "\n".join(
        path.read_text("utf-8") for area in (*AREAS, "lib") for path in sorted((ROOT / "static/js" / area).glob("*.js"))
    )


def msgids(area: str) -> set[str]:
    text = (LOCALE_FOLDER / "en" / f"{area}.po").read_text("utf-8")
    return set(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE))


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_every_sentence_spoken_is_in_the_catalogues(lang: str) -> None:
    known = load_catalogue(LOCALE_FOLDER / lang).messages
    assert {spoken for spoken in SPOKEN.findall(source()) if spoken not in known} == set()


@pytest.mark.parametrize("area", AREAS)
def test_no_sentence_in_the_catalogues_is_dead(area: str) -> None:
    text = source()
    assert {msgid for msgid in msgids(area) if f'"{msgid}"' not in text} == set()
