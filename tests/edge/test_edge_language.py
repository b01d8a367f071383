"""The language of an answer is the one the reader wants most among those we have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.edge.language import preferred_language

OURS = ("en", "zh-Hans", "pt-BR")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("*", "en"),
        ("zh-Hans", "zh-Hans"),
        ("zh-hans-cn", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW,en;q=0.5", "zh-Hans"),
        ("en-GB", "en"),
        ("pt", "pt-BR"),
        ("fr, zh;q=0.5, en;q=0.9", "en"),
        ("fr;q=1.0, zh;q=0.5", "zh-Hans"),
        ("en;q=0, zh", "zh-Hans"),
        ("zh ; q=0.2, en ; q=0.1", "zh-Hans"),
        ("zh;q=2, en", "en"),
        ("fr, de", "en"),
    ],
)
def test_the_wanted_language_is_found(header: str | None, language: str) -> None:
    assert preferred_language(header, OURS) == language


def test_traditional_readers_get_traditional_characters_where_we_have_them() -> None:
    assert preferred_language("zh-HK", ("en", "zh-Hans", "zh-Hant")) == "zh-Hant"
    assert preferred_language("zh-SG", ("en", "zh-Hant", "zh-Hans")) == "zh-Hans"


@given(st.text(max_size=1000))
def test_any_header_gets_a_language(header: str) -> None:
    assert preferred_language(header, OURS) in OURS
