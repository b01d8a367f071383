"""The words that people see are complete: the same in every language, none missing, none unused."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from hall import i18n

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "hall/locale"
SOURCES = ("hall", "kiosk", "display", "printer", "static/js")
CODES = "problems"  # its msgids are problem codes, which no source need spell out
Findings = list[str]


# --- The catalogues --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One sentence of one area in one language; a plural one has two ids and a text for each form."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    forms: int
    fuzzy: bool


def entries(path: Path) -> dict[str, Entry]:
    with path.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    found = {}
    for message in catalog:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            texts = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            found[ids[0]] = Entry(ids, texts, catalog.num_plurals if len(ids) > 1 else 1, message.fuzzy)
    return found


def areas(locale: Path) -> dict[str, dict[str, dict[str, Entry]]]:
    """Entries by area, language and msgid; every language has a place in every area."""
    languages = sorted(folder.name for folder in locale.iterdir() if folder.is_dir())
    names = sorted({path.stem for path in locale.glob("*/*.po")})
    return {
        area: {lang: entries(path) if (path := locale / lang / f"{area}.po").exists() else {} for lang in languages}
        for area in names
    }


def placeholders(text: str) -> set[str]:
    return {hit["name"] for hit in i18n.PLACEHOLDER.finditer(text) if hit["name"]}


def uneven_languages(locale: Path) -> Findings:
    """Sentences that one language has and another has not."""
    found = []
    for area, languages in areas(locale).items():
        every = {msgid for known in languages.values() for msgid in known}
        for lang, known in languages.items():
            found += [f"{lang}/{area}.po lacks {msgid!r}" for msgid in sorted(every - known.keys())]
    return found


def faulty_entries(locale: Path) -> Findings:
    """Empty, fuzzy or with other placeholders than the sentence; problem codes are compared with their English text."""
    found = []
    for area, languages in areas(locale).items():
        for lang, known in languages.items():
            for msgid, entry in known.items():
                where = f"{lang}/{area}.po {msgid!r}"
                source = languages.get("en", {}).get(msgid, entry).texts if area == CODES else entry.ids
                wanted = set().union(*map(placeholders, source))
                given = [placeholders(text) for text in entry.texts]
                found += [f"{where} is fuzzy"] if entry.fuzzy else []
                found += [f"{where} is empty"] if len(entry.texts) != entry.forms or not all(entry.texts) else []
                found += (
                    [f"{where} has other placeholders"]
                    if any(not names <= wanted or wanted - names - {"n"} for names in given)
                    or wanted - set().union(*given[-1:])
                    else []
                )
                found += [f"{where} has a stray %"] if any(map(has_stray_percent, (*entry.ids, *entry.texts))) else []
    return found


def has_stray_percent(text: str) -> bool:
    return "%" in i18n.PLACEHOLDER.sub("", text)


def repeats(locale: Path) -> Findings:
    """A sentence stands in one area, in `common` when several screens say it: all are merged when loaded."""
    seen: dict[str, list[str]] = defaultdict(list)
    for area, languages in areas(locale).items():
        for msgid in {msgid for known in languages.values() for msgid in known}:
            seen[msgid].append(area)
    return [f"{msgid!r} stands in {', '.join(found)}" for msgid, found in sorted(seen.items()) if len(found) > 1]


# --- What the sources say --------------------------------------------------------------------------------------------

KEYWORDS = {
    ".py": {"_": (1,), "gettext": (1,), "ngettext": (1, 2), "t": (1,), "translate": (2,), "translate_n": (2, 3)},
    ".html": {"_": (1,), "gettext": (1,), "ngettext": (1, 2), "t": (1,), "tn": (1, 2), "translate": (2,)},
    ".js": {"t": (1,), "tn": (1, 2), "tIn": (2,), "tnIn": (2, 3)},
}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".js": "javascript"}
OPTIONS = {".js": {"template_string": True, "parse_template_string": True}, ".html": {"silent": "false"}, ".py": {}}
JS_FUNCTION = r"(?<![\w$.])(?:tn?\(|tn?In\([^,\"'`]+,)\s*"
JS_CALL = re.compile(JS_FUNCTION + r"""(?P<q>["'`])(?P<text>(?:(?!(?P=q))[^\\]|\\.)*)(?P=q)""")
JS_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


def sources(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        yield from (path for path in sorted((root / folder).rglob("*")) if path.suffix in METHODS)


def msgids_in(path: Path) -> set[str]:
    """The first argument (the singular) of every call of a translating function that is a plain string."""
    kind = path.suffix
    found = set()
    for _, messages, _, _ in extract(METHODS[kind], io.BytesIO(path.read_bytes()), KEYWORDS[kind], (), OPTIONS[kind]):
        found.add(messages if isinstance(messages, str) else messages[0])
    if kind == ".js":  # Babel loses its way in a template string with an apostrophe in its text
        found |= {as_js_text(hit["text"]) for hit in JS_CALL.finditer(path.read_text("utf-8"))}
    return {msgid for msgid in found if msgid and "${" not in msgid}


def as_js_text(literal: str) -> str:
    named = {"n": "\n", "t": "\t"}
    return JS_ESCAPE.sub(
        lambda hit: chr(int(hit[1][1:], 16)) if len(hit[1]) > 1 else named.get(hit[1], hit[1]), literal
    )


def missing_words(root: Path, locale: Path) -> Findings:
    """Sentences that a source asks for and no catalogue has."""
    known = {msgid for languages in areas(locale).values() for words in languages.values() for msgid in words}
    return [
        f"{path.relative_to(root)}: {msgid!r} is in no catalogue"
        for path in sources(root)
        for msgid in sorted(msgids_in(path) - known)
    ]


def unused_words(root: Path, locale: Path) -> Findings:
    """Sentences that no source holds, neither in a call nor as a text of its own (tables of words are used too)."""
    called = {msgid for path in sources(root) for msgid in msgids_in(path)}
    everything = "\n".join(path.read_text("utf-8") for path in sources(root))
    return [
        f"{area}.po: {msgid!r} is used nowhere"
        for area, languages in areas(locale).items()
        if area != CODES
        for msgid in sorted({msgid for words in languages.values() for msgid in words} - called)
        if not any(
            spelling in everything for spelling in (msgid, msgid.replace('"', '\\"'), msgid.replace("\n", "\\n"))
        )
    ]


# --- Our words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [uneven_languages, faulty_entries, repeats])
def test_the_catalogues_are_complete(check) -> None:
    findings = check(LOCALE)
    assert not findings, "\n".join(["", *findings])


@pytest.mark.parametrize("check", [missing_words, unused_words])
def test_sources_and_catalogues_agree(check) -> None:
    findings = check(ROOT, LOCALE)
    assert not findings, "\n".join(["", *findings])


def test_our_languages_are_chinese_and_english() -> None:
    assert {"en", "zh-Hans"} <= set(i18n.languages_available())


# --- The checks can fail ---------------------------------------------------------------------------------------------

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals={}; plural={};\\n"\n\n'
)
ENGLISH = HEADER.format(2, "(n != 1)")
CHINESE = HEADER.format(1, "0")
PEOPLE_EN = 'msgid "%(n)s person"\nmsgid_plural "%(n)s people"\nmsgstr[0] "%(n)s person"\nmsgstr[1] "%(n)s people"\n'
PEOPLE_ZH = 'msgid "%(n)s person"\nmsgid_plural "%(n)s people"\nmsgstr[0] "%(n)s 人"\n'


def word(msgid: str, text: str, flag: str = "") -> str:
    return f'{flag}msgid "{msgid}"\nmsgstr "{text}"\n\n'


def write_locale(folder: Path, *, en: str, zh: str, area: str = "desk") -> Path:
    for lang, text in (("en", ENGLISH + en), ("zh-Hans", CHINESE + zh)):
        (folder / lang).mkdir(parents=True, exist_ok=True)
        (folder / lang / f"{area}.po").write_text(text, "utf-8")
    return folder


def test_complete_catalogues_have_no_findings(tmp_path: Path) -> None:
    locale = write_locale(tmp_path, en=word("Call", "Call") + PEOPLE_EN, zh=word("Call", "叫号") + PEOPLE_ZH)
    assert uneven_languages(locale) + faulty_entries(locale) + repeats(locale) == []


@pytest.mark.parametrize(
    ("check", "zh"),
    [
        (uneven_languages, ""),
        (faulty_entries, word("Call %(n)s", "")),
        (faulty_entries, word("Call %(n)s", "叫号")),
        (faulty_entries, word("Call %(n)s", "叫号 %(m)s")),
        (faulty_entries, word("Call %(n)s", "叫号 %(n)s %")),
        (faulty_entries, word("Call %(n)s", "叫号 %(n)s", "#, fuzzy\n")),
        (faulty_entries, 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\n'),
    ],
)
def test_a_faulty_translation_is_found(check, zh: str, tmp_path: Path) -> None:
    assert check(write_locale(tmp_path, en=word("Call %(n)s", "Call %(n)s"), zh=zh))


def test_a_sentence_that_stands_twice_is_found(tmp_path: Path) -> None:
    write_locale(tmp_path, en=word("Call", "Call"), zh=word("Call", "叫号"))
    write_locale(tmp_path, en=word("Call", "Call"), zh=word("Call", "呼叫"), area="manager")
    assert repeats(tmp_path) == ["'Call' stands in desk, manager"]


SPOKEN = {
    "hall/a.py": 'translate(lang, "One")\ntranslate_n(lang, "Two", "Twos", 2)\ntranslate(lang, code)',
    "hall/web/templates/a.html": "{{ _('Three') }}{% trans %}Four{% endtrans %}",
    "static/js/a.js": "html`<p>don't ${t(\"Five\")} ${x ? html`<b>it's ${tn('Six', \"Sixes\", n)}</b>` : ''}</p>`;\n"
    'tIn(lang, "Seven");\ntnIn(lang, "Eight", "Eights", 2);\nt("It\\u2019s nine");\nt(`Ten`);\nat("no")',
}


def test_every_spoken_sentence_is_found(tmp_path: Path) -> None:
    for path, text in SPOKEN.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    found = set().union(*map(msgids_in, sources(tmp_path)))
    assert found == {"One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "It’s nine", "Ten"}


def test_missing_and_unused_words_are_found(tmp_path: Path) -> None:
    (tmp_path / "hall").mkdir()
    (tmp_path / "hall/a.py").write_text('translate(lang, "Call")\nREASONS = ["Lunch"]', "utf-8")
    words = word("Lunch", "x") + word("Recall", "x")
    locale = write_locale(tmp_path / "locale", en=words, zh=words)
    assert missing_words(tmp_path, locale) == ["hall/a.py: 'Call' is in no catalogue"]
    assert unused_words(tmp_path, locale) == ["desk.po: 'Recall' is used nowhere"]


# --- hall.i18n -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("zh-Hans", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("en-GB", "en"),
        ("EN", "en"),
        ("tlh", "en"),
        ("", "en"),
    ],
)
def test_the_nearest_language_is_chosen(wanted: str, given: str) -> None:
    assert i18n.language_for(wanted) == given


def test_an_unknown_sentence_is_said_in_english_with_its_values() -> None:
    assert i18n.translate("zh-Hans", "100%% of %(name)s %(missing)s", name="A017") == "100% of A017 %(missing)s"
    assert i18n.translate_n("zh-Hans", "%(n)s zebra", "%(n)s zebras", 1) == "1 zebra"
    assert i18n.translate_n("zh-Hans", "%(n)s zebra", "%(n)s zebras", 3) == "3 zebras"


def test_a_catalogue_is_merged_from_its_areas(tmp_path: Path) -> None:
    write_locale(tmp_path, en=word("Call", "Call"), zh=word("Call", "叫号") + word("Recall", ""))
    write_locale(tmp_path, en=PEOPLE_EN, zh=PEOPLE_ZH, area="common")
    catalogue = i18n.load_catalogue(tmp_path / "zh-Hans")
    assert catalogue.messages == {"Call": "叫号", "%(n)s person": ("%(n)s 人",)}
    assert set(catalogue.plural) == {0}


@pytest.mark.parametrize("n", [0, 1, 2, 11, 101, 199, 200, 201, 1001])
def test_the_plural_table_follows_the_rule(n: int, tmp_path: Path) -> None:
    catalogue = i18n.load_catalogue(write_locale(tmp_path, en=PEOPLE_EN, zh=PEOPLE_ZH) / "en")
    assert catalogue.form(n) == (n != 1)


def test_the_browser_gets_every_word() -> None:
    sent = i18n.catalogue_json("zh-CN")
    assert (sent["lang"], sent["dir"]) == ("zh-Hans", "ltr")
    assert len(sent["plural"]) == i18n.PLURAL_TABLE_SIZE
    assert i18n.direction("ar-EG") == "rtl"
