"""A set-up file is read as its author meant it, or all its mistakes are named at once."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hall.day.setup import Setup
from hall.files import examples_folder
from hall.setup.document import as_document
from hall.setup.export import render_toml
from hall.setup.findings import SetupMistakes
from hall.setup.toml import check_file, load_file, parse
from tests.setup.setup_values import SMALL, setups

TELECOM = examples_folder() / "telecom-hall.toml"
EXAMPLES = [TELECOM, *sorted((examples_folder() / "two-halls").glob("*.toml"))]


def mistakes(text: str, file: str = "") -> list[str]:
    with pytest.raises(SetupMistakes) as caught:
        parse(text, file)
    return [str(finding) for finding in caught.value.findings if finding.is_mistake]


def warnings(text: str) -> list[str]:
    return [str(finding) for finding in parse(text).warnings]


def changed(old: str, new: str, text: str = SMALL) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_have_neither_mistakes_nor_warnings(path: Path) -> None:
    assert check_file(path) == []


def test_the_telecom_hall_is_what_its_file_says() -> None:
    setup = load_file(TELECOM).setup
    assert setup.hall == "jiangwan"
    assert setup.name == {"zh-Hans": "江湾路营业厅", "en": "Jiangwan Road Hall"}
    assert list(setup.services) == ["general", "payment", "broadband", "card", "business", "complaints"]
    assert setup.default_class() == "ordinary"
    assert [one.head_start_s for one in setup.classes.values()] == [0, 600, 300]
    assert setup.series_of("payment", "ordinary").number(7) == "B007"
    assert setup.series_of("payment", "vip").number(7) == "V007"
    assert setup.services["payment"].expected_service_s == 150
    assert setup.counters["8"].services == tuple(setup.services)
    assert setup.areas["2"].arrow == "right"
    assert setup.hours is not None
    assert setup.hours[0] == ((510, 1080),)
    assert setup.missed.return_min is None
    assert setup.devices["kiosk-1"].printer == "printer-1"


def test_a_heading_needs_no_numbers() -> None:
    setup = load_file(examples_folder() / "two-halls" / "clinic.toml").setup
    assert setup.is_heading("tests")
    assert setup.services["tests"].series == ""


@given(setups())
def test_an_exported_set_up_loads_back_equal(setup: Setup) -> None:
    back = parse(render_toml(setup)).setup
    assert as_document(back) == as_document(setup)
    assert back == Setup(
        **{field: getattr(setup, field) for field in Setup.__slots__ if field != "digest"}, digest=back.digest
    )


def test_secrets_come_beside_the_set_up_and_nowhere_else() -> None:
    parsed = load_file(TELECOM)
    assert parsed.secrets.staff["chen"] == "1001"
    assert parsed.secrets.devices["kiosk-1"] == "demo-kiosk-1-not-a-secret"
    assert all(member.secret is None for member in parsed.setup.staff.values())
    for text in (repr(parsed), as_document(parsed.setup), render_toml(parsed.setup)):
        assert "demo-admin" not in text
        assert "not-a-secret" not in text


def test_a_wrong_secret_is_not_shown_in_its_message() -> None:
    staff = '\n[[staff]]\nlogin = "x"\nname = "X"\nrole = "clerk"\npin = "s3cret"\n'
    assert mistakes(SMALL + staff) == [
        'line 30: staff[1] "x".pin: cannot be used; allowed is 1 to 20 digits, in quotes'
    ]


WRONG = {
    "an unknown key": (
        'prefix = "A"',
        'prefx = "A"',
        'service[1] "a".prefx: is not a known key (did you mean "prefix"?)',
    ),
    "an unknown section": ("[[class]]", '[colling]\nrule = "arrival"\n[[class]]', "colling: is not a known key"),
    "a wrong kind": ('name = "1"', "name = 1", 'counter[1] "1".name: found number 1; allowed is one line'),
    "a wrong time zone": (
        "Europe/Dublin",
        "Europe/Dubln",
        "hall.timezone: found text 'Europe/Dubln' (did you mean \"Europe/D",
    ),
    "a folder of time zones": ("Europe/Dublin", "Europe", "hall.timezone: found text 'Europe'"),
    "a path as time zone": ("Europe/Dublin", "../etc/passwd", "hall.timezone: found text '../etc/passwd'"),
    "a wrong language": ('["en"]', '["en", "x!"]', "hall.languages: found text 'x!'; allowed are BCP 47"),
    "no language": ('["en"]', "[]", "hall.languages: is empty"),
    "a language twice": ('["en"]', '["en", "en"]', 'hall.languages: names "en" twice'),
    "no name in the first language": ('["en"]', '["zh-Hans", "en"]', "hall.name: has no text in zh-Hans"),
    "a long name": ('"Alpha"', f'"{"x" * 61}"', 'service[1] "a".name.en: found text'),
    "a control character": ('"Alpha"', '"Al\\u0007pha"', 'service[1] "a".name.en: found text'),
    "an empty name": ('"Alpha"', '" "', 'service[1] "a".name.en: found text'),
    "a wrong id": ('id = "a"', 'id = "a b"', "service[1].id: found text 'a b'; allowed is 1 to 40 letters"),
    "an id twice": ('id = "b"', 'id = "a"', 'service[2].id: "a" is taken by service[1]'),
    "a missing id": ('id = "1"\n', "", "counter[1].id: is missing"),
    "a lower case prefix": (
        'prefix = "A"',
        'prefix = "a"',
        "service[1] \"a\".prefix: found text 'a'; allowed is 0 to 3 letters A to Z",
    ),
    "no numbers": ('prefix = "A"\n', "", 'service[1] "a": has no numbers'),
    "series beside prefix": (
        'prefix = "A"',
        'prefix = "A"\nseries = "s"',
        'service[1] "a".prefix: stands beside series',
    ),
    "an unknown series": ('prefix = "A"', 'series = "s"', 'service[1] "a".series: "s" is no series'),
    "overlapping numbers": (
        'prefix = "C"',
        'prefix = "A"',
        'service[2] "b".prefix: numbers A001 to A9999 are in series "a" too',
    ),
    "a promise in words": (
        'prefix = "A"',
        'prefix = "A"\npromise_min = "ten"',
        "found text 'ten'; allowed is a number of minutes",
    ),
    "a promise of nothing": (
        'prefix = "A"',
        'prefix = "A"\npromise_min = 0',
        "found number 0; allowed is a number of minutes, more",
    ),
    "a promise that is no number": ('prefix = "A"', 'prefix = "A"\npromise_min = nan', "found number nan"),
    "an endless promise": ('prefix = "A"', 'prefix = "A"\npromise_min = inf', "found number inf"),
    "a true promise": ('prefix = "A"', 'prefix = "A"\npromise_min = true', "found true"),
    "an unknown parent": ('prefix = "A"', 'prefix = "A"\nparent = "c"', 'service[1] "a".parent: "c" is no service'),
    "a parent in a circle": (
        'prefix = "A"',
        'prefix = "A"\nparent = "a"',
        'service[1] "a".parent: leads back to the service itself',
    ),
    "a served heading": ('prefix = "C"', 'prefix = "C"\nparent = "a"', 'counter[1] "1".services: "a" is a heading'),
    "an unknown service": (
        '["a", "b"]',
        '["a", "B"]',
        'counter[1] "1".services: "B" is no service (did you mean "b"?)',
    ),
    "all beside one": ('["a", "b"]', '["*", "b"]', 'counter[1] "1".services: names "*" beside others'),
    "no counter": (SMALL[SMALL.index("[[counter]]") :], "", "counter: is missing; needed is at least one [[counter]]"),
    "an undeclared area": (
        'name = "1"',
        'name = "1"\narea = "x"\n[[area]]\nid = "y"',
        'counter[1] "1".area: "x" is no area',
    ),
    "a wrong rule": (
        "[[class]]",
        '[calling]\nrule = "arival"\n[[class]]',
        "calling.rule: found text 'arival' (did you mean \"arrival\"?)",
    ),
    "a list as table": (
        "[[class]]",
        "[[missed]]\nreturn_min = 1\n[[class]]",
        "missed: found a list of 1; allowed is a table [missed]",
    ),
    "a table as list": ("[[class]]", "[class]", "class: found a table; allowed are tables [[class]]"),
    "no hall": (SMALL[: SMALL.index("[[service]]")], "", "hall: is missing; needed is a table [hall]"),
    "a wrong day start": ('id = "h"', 'id = "h"\nday_starts = "24:00"', "hall.day_starts: found text '24:00'"),
    "a wrong address": ('id = "h"', 'id = "h"\npublic_url = "hall"', "hall.public_url: found text 'hall'"),
    "a wrong hour": ('id = "h"', 'id = "h"\nhours = { mon = "9-17" }', "hall.hours.mon: found text '9-17'"),
    "hours over midnight": (
        'id = "h"',
        'id = "h"\nhours = { mon = "22:00-02:00" }',
        "hall.hours.mon: found text '22:00-02:00'",
    ),
    "a wrong day": ('id = "h"', 'id = "h"\nhours = { monday = "09:00-17:00" }', "hall.hours.monday: is not a day"),
    "a day twice": (
        'id = "h"',
        'id = "h"\nhours = { mon-fri = "09:00-17:00", fri = "09:00-12:00" }',
        "hall.hours.fri: names fri a second",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_says_where_what_and_what_is_allowed(old: str, new: str, said: str) -> None:
    found = mistakes(changed(old, new))
    assert any(said in text for text in found), found


DEVICES = {
    "an address of a display": ('kind = "display"\nurl = "tcp://a:1"', "url: is for a device of kind printer only"),
    "a wrong address": ('kind = "printer"\nurl = "lpt1"', "url: found text 'lpt1'; allowed is tcp://host:9100"),
    "a printer that is none": ('kind = "kiosk"\nprinter = "x"', 'printer: "x" is no device of kind printer'),
    "a wrong kind": ('kind = "phone"', 'kind: found text \'phone\'; allowed are "kiosk", "display", "printer"'),
    "a token with a space": ('kind = "kiosk"\ntoken = "a b c d"', "token: found text 'a b c d'"),
    "a wide printer": (
        'kind = "printer"\nwidth_dots = 9999',
        "width_dots: found number 9999; allowed is a whole number",
    ),
}


@pytest.mark.parametrize(("lines", "said"), DEVICES.values(), ids=DEVICES.keys())
def test_a_device_says_what_it_is(lines: str, said: str) -> None:
    assert any(f'device[1] "d".{said}' in text for text in mistakes(f'{SMALL}\n[[device]]\nid = "d"\n{lines}\n'))


def test_two_devices_may_not_share_a_token() -> None:
    device = '[[device]]\nid = "{}"\nkind = "kiosk"\ntoken = "the-same-token-for-both"\n'
    text = SMALL + device.format("d") + device.format("e")
    assert any('device[2] "e".token: is the token of another device' in said for said in mistakes(text))


def test_all_mistakes_are_named_at_once_with_file_and_line() -> None:
    text = changed('prefix = "C"', 'prefix = "C"\npromise_min = "ten"', changed("Europe/Dublin", "Dublin"))
    text = changed('["a", "b"]', '["a", "z"]', text)
    found = mistakes(text, "shop.toml")
    assert [re.match(r"shop\.toml:(\d+)", said)[1] for said in found] == ["4", "16", "25"]  # type: ignore[index]
    assert found[1] == (
        "shop.toml:16: service[2] \"b\".promise_min: found text 'ten'; "
        "allowed is a number of minutes, more than 0 and at most 1440"
    )


def test_text_that_is_no_toml_is_a_mistake_with_its_line() -> None:
    assert mistakes('[hall]\nid = "h\n', "x.toml")[0].startswith("x.toml:2: column 8: is not TOML: Illegal character")
    assert mistakes("[hall", "x.toml")[0].startswith("x.toml")


def test_deep_nesting_is_a_mistake() -> None:
    assert mistakes("a = " + "[" * 100_000) == ["is nested too deeply"]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = " + b"[" * 2_000_000])
def test_a_file_that_is_no_text_is_a_mistake(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    assert [finding.is_mistake for finding in check_file(path)] == [True]


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    assert [str(finding) for finding in check_file(tmp_path / "x.toml")] == [
        "x.toml: cannot be read: No such file or directory"
    ]


def test_too_many_services_are_a_mistake() -> None:
    services = "".join(f'[[service]]\nid = "s{n}"\nname.en = "S{n}"\nseries = "s"\n' for n in range(200))
    text = f'{SMALL}[[series]]\nid = "s"\nprefix = "S"\n{services}'
    assert "service: found 202 entries; allowed are at most 200" in "\n".join(mistakes(text))


DOUBTFUL = {
    "a service without a counter": ('["a", "b"]', '["a"]', 'service[2] "b": is served by no counter'),
    "a counter without services": ('["a", "b"]', "[]", 'counter[1] "1".services: is empty'),
    "a missing language": ('["en"]', '["en", "zh-Hans"]', "hall.name: has no text in zh-Hans; en is shown instead"),
    "letters that sound alike": (
        'prefix = "C"',
        'prefix = "P"\n[[series]]\nid = "x"\nprefix = "B"',
        '"P" sounds like "B"',
    ),
    "a letter like a digit": ('prefix = "C"', 'prefix = "O"', 'service[2] "b".prefix: "O" looks like 0 from far away'),
    "an unused series": (
        "[[class]]",
        '[[series]]\nid = "x"\nprefix = "X"\n[[class]]',
        'series[1] "x": is used by no service',
    ),
    "a slow promise": (
        'name.en = "Ordinary"\n',
        'name.en = "Ordinary"\nhead_start_min = 1\npromise_min = 9\n'
        '[[service]]\nid = "z"\nname.en = "Z"\nprefix = "Z"\npromise_min = 5\n',
        'class[1] "ordinary".promise_min: is longer than a service\'s own promise (5 min)',
    ),
    "a hall that never opens": ('id = "h"', 'id = "h"\nhours = {}', "hall.hours: has no day"),
    "two services of one name": ('"Beta"', '"Alpha"', 'service[2] "b".name.en: is the name of service "a" as well'),
    "a cap": ("[[class]]", "[calling]\ncap_min = 60\n[[class]]", "calling.cap_min: is not applied"),
    "a weak token": (
        "[[class]]",
        '[[device]]\nid = "d"\nkind = "kiosk"\ntoken = "demo"\n[[class]]',
        'device[1] "d".token: can be guessed',
    ),
    "staff without a secret": (
        "[[class]]",
        '[[staff]]\nlogin = "x"\nname = "X"\nrole = "clerk"\n[[class]]',
        'staff[1] "x": has no pin',
    ),
    "a manager's pin": (
        "[[class]]",
        '[[staff]]\nlogin = "x"\nname = "X"\nrole = "manager"\npin = "1234"\n[[class]]',
        "is weak for a manager",
    ),
    "an area without counters": ("[[class]]", '[[area]]\nid = "x"\n[[class]]', 'area[1] "x": has no counter'),
    "an unused printer": (
        "[[class]]",
        '[[device]]\nid = "d"\nkind = "printer"\n[[class]]',
        'device[1] "d": is used by no kiosk',
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_what_is_doubtful_is_a_warning(old: str, new: str, said: str) -> None:
    found = warnings(changed(old, new))
    assert any(said in text for text in found), found


def test_an_unknown_language_is_said_once() -> None:
    """Whether the hall's list of languages has one too many, another one than the names, or one too few."""
    silent = warnings(changed('["en"]', '["en", "zh-Hans"]'))
    assert [text for text in silent if "zh-Hans" in text] == [
        "line 3: hall.name: has no text in zh-Hans; en is shown instead"
    ]
    wrong = [text for text in mistakes(changed('["en"]', '["fr"]')) if " fr" in text]
    assert wrong == ["line 3: hall.name: has no text in fr, the hall's first language"]
    named = SMALL.replace("name.en =", 'name.de = "Etwas"\nname.en =')
    assert len([text for text in warnings(named) if "is in no language of the hall" in text]) == 1


def test_a_text_that_lacks_a_language_of_others_is_said_for_each() -> None:
    some = changed(
        '["en"]', '["en", "zh-Hans"]', changed('name.en = "Hall"', 'name.en = "Hall"\nname.zh-Hans = "大厅"')
    )
    assert len([text for text in warnings(some) if "has no text in zh-Hans" in text]) == 3


def test_plain_text_stands_for_the_first_language() -> None:
    setup = parse(changed('prefix = "A"', 'prefix = "A"\ndocuments = ["Passport"]', changed("name.en", "name"))).setup
    assert setup.name == {"en": "Hall"}
    assert setup.services["a"].documents == ({"en": "Passport"},)


def test_areas_that_are_nowhere_declared_are_those_in_use() -> None:
    setup = parse(changed('name = "1"', 'name = "1"\narea = "left"')).setup
    assert setup.areas["left"].name == {"en": "left"}


def test_a_pin_may_be_written_as_a_number() -> None:
    staff = '[[staff]]\nlogin = "x"\nname = "X"\nrole = "clerk"\npin = 4711\n'
    assert parse(SMALL + staff).secrets.staff == {"x": "4711"}


VALUES = [
    "1",
    "-1",
    "1.5",
    "true",
    '""',
    '"x"',
    '"\\u0000"',
    "[]",
    "[1]",
    '["*", "*"]',
    "{}",
    "{ en = 1 }",
    "nan",
    "inf",
]
VALUES += [
    "1979-05-27",
    "07:32:00",
    "[[[]]]",
    '{ "" = {} }',
    "123456789012345678901234567890",
    '"#2"',
    '"' + "x" * 300 + '"',
]
SETTABLE = [number for number, line in enumerate(TELECOM.read_text("utf-8").splitlines()) if " = " in line]


@given(st.lists(st.tuples(st.sampled_from(SETTABLE), st.sampled_from(VALUES)), min_size=1, max_size=4))
@example([(number, "[]") for number in SETTABLE])
@example([(number, "{}") for number in SETTABLE])
def test_no_value_breaks_the_reader(changes: list[tuple[int, str]]) -> None:
    lines = TELECOM.read_text("utf-8").splitlines()
    for number, value in changes:
        lines[number] = f"{lines[number].partition(' = ')[0]} = {value}"
    with suppress(SetupMistakes):
        setup = parse("\n".join(lines), "x.toml").setup
        assert parse(render_toml(setup)).setup == setup
