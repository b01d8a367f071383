"""Words that people see, in their language, for Python, templates and the browser.

One gettext file per area and language, `locale/<lang>/<area>.po`; the areas of a language are merged when it is first
used and only plain dicts are kept (Babel is imported to read the files, not before). A msgid is the English sentence;
problem codes are their own msgid. A missing word is never an error: the visitor gets the English text, and
`tests/test_i18n.py` tells us. No markup and no HTML in here.
"""

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LOCALE_FOLDER = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"
PLURAL_TABLE_SIZE = 200  # the browser looks up n < 200 ? n : 100 + n % 100, which needs no eval
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "ug", "ur", "yi"})
CHINESE = "zh-Hans"
PLACEHOLDER = re.compile(r"%\((?P<name>\w+)\)[sd]|%%")

Messages = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All words of one language: text by msgid, or the plural forms by the singular msgid."""

    messages: Messages
    plural: tuple[int, ...]

    def form(self, n: int) -> int:
        """The index of the plural form for `n` things."""
        n = abs(n)
        return self.plural[n if n < PLURAL_TABLE_SIZE else 100 + n % 100]


def translate(lang: str, msgid: str, /, **values: object) -> str:
    """The text of `msgid` in `lang`, with `%(name)s` replaced by `values`."""
    return _filled(_text(language_for(lang), msgid), values)


def translate_n(lang: str, one: str, many: str, n: int, **values: object) -> str:
    """The text for `n` things in `lang`; `n` is one of the values."""
    values = {"n": n, **values}
    for language in (language_for(lang), SOURCE_LANGUAGE):
        catalogue = _catalogue(language)
        forms = catalogue.messages.get(one)
        if isinstance(forms, tuple):
            return _filled(forms[catalogue.form(n)], values)
    return _filled(one if n == 1 else many, values)


@cache
def languages_available() -> tuple[str, ...]:
    """The languages (BCP 47) that have a folder of words, the source language first."""
    found = sorted(folder.name for folder in LOCALE_FOLDER.iterdir() if any(folder.glob("*.po")))
    return (SOURCE_LANGUAGE, *(lang for lang in found if lang != SOURCE_LANGUAGE))


@cache
def language_for(wanted: str) -> str:
    """The language we have that is nearest to `wanted`: itself, a shorter tag, Chinese for any zh-*, else English."""
    known = {lang.lower(): lang for lang in languages_available()}
    parts = wanted.lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        found = known.get("-".join(parts[:length]))
        if found:
            return found
    return CHINESE if parts[0] == "zh" else SOURCE_LANGUAGE


def direction(lang: str) -> str:
    """`rtl` for a language written from right to left, else `ltr`."""
    return "rtl" if lang.lower().replace("_", "-").split("-")[0] in RIGHT_TO_LEFT else "ltr"


def catalogue_json(lang: str) -> dict[str, object]:
    """What `GET /i18n/<lang>.json` sends: every word of the language, and the table that picks a plural form."""
    language = language_for(lang)
    catalogue = _catalogue(language)
    return {
        "lang": language,
        "dir": direction(language),
        "messages": dict(catalogue.messages),
        "plural": list(catalogue.plural),
    }


def _text(language: str, msgid: str) -> str:
    for candidate in (language, SOURCE_LANGUAGE):
        found = _catalogue(candidate).messages.get(msgid)
        if found:
            return found if isinstance(found, str) else found[0]
    return msgid


def _filled(text: str, values: Mapping[str, object]) -> str:
    """As `fill` in static/js/lib/i18n.js: a value that was not given leaves its placeholder to be seen."""
    return PLACEHOLDER.sub(lambda hit: str(values.get(hit["name"], hit[0])) if hit["name"] else "%", text)


@cache
def _catalogue(language: str) -> Catalogue:
    return load_catalogue(LOCALE_FOLDER / language)


def load_catalogue(folder: Path) -> Catalogue:
    """Reads and merges the areas of one language; untranslated entries are left out."""
    from babel.messages.pofile import read_po

    messages: Messages = {}
    rule = "0"
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalog = read_po(file)
        rule = catalog.plural_expr
        for message in catalog:
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            text = message.string if isinstance(message.string, str) else tuple(message.string or ())
            if msgid and text and all(text):
                messages[str(msgid)] = text
    return Catalogue(messages, _plural_table(rule))


def _plural_table(rule: str) -> tuple[int, ...]:
    """The plural rule of a catalogue (C syntax) worked out for the first 200 numbers."""
    choose = gettext.c2py(rule)
    return tuple(choose(n) for n in range(PLURAL_TABLE_SIZE))
