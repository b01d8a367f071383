"""A set-up file is read as its author meant it, or all its mistakes are named at once."""

import re
from pathlib import Path

import pytest
from hypothesis import given

from hall.day.setup import Missed, Setup
from hall.files import examples_folder
from hall.setup.document import as_document
from hall.setup.export import render_toml
from hall.setup.findings import SetupMistakes
from hall.setup.toml import check_file, load_file, parse
from tests.setup.setup_values import SMALL, setups

TELECOM = examples_folder() / "telecom-hall.toml"
EXAMPLES = [TELECOM, examples_folder() / "demo-hall.toml", *sorted((examples_folder() / "two-halls").glob("*.toml"))]


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
    assert setup.missed == Missed(return_min=15, calls=2, gap_s=15, grace_s=20, place="back", places_back=3)
    assert setup.classes["priority"].grace_s == 60
    assert setup.calling.cap_s == 2700
    assert [reason.id for reason in setup.reasons["park"]] == ["form", "photo", "activation", "approval"]
    assert len(setup.scripts["no_papers"].steps["zh-Hans"]) == 4
    assert [item.weight for item in setup.services["card"].items] == [2, 1, 0.5, 2.5]
    assert (setup.counters["7"].first, setup.counters["7"].last) == (("business",), ("broadband",))
    assert not any(area.speaks for area in setup.areas.values())
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
    "numbers that overlap in part": (
        'prefix = "C"',
        'series = "x"\n[[series]]\nid = "x"\nprefix = "A"\nfirst = 9000\nlast = 9500',
        "numbers A9000 to A9500 are in series",
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
    "an item's weight in words": (
        'prefix = "A"',
        'prefix = "A"\nitems = ["x", { en = "y", weight = "two" }]',
        "service[1] \"a\".items.2.weight: found text 'two'; allowed is a number from 0 to 1000",
    ),
    "an item's id with a space": (
        'prefix = "A"',
        'prefix = "A"\nitems = [{ id = "a b", en = "x" }]',
        'service[1] "a".items.1.id: found text',
    ),
    "an item without a name": (
        'prefix = "A"',
        'prefix = "A"\nitems = [{ id = "x" }]',
        'service[1] "a".items.1: has no text in en',
    ),
    "an item's unknown key": (
        'prefix = "A"',
        'prefix = "A"\nitems = [{ name = "x", wieght = 2 }]',
        'service[1] "a".items.1.wieght: is not a known key (did you mean "weight"?)',
    ),
    "items of one id": (
        'prefix = "A"',
        'prefix = "A"\nitems = [{ id = "2", en = "x" }, "y"]',
        'service[1] "a".items.2.id: "2" is the id of item 1 already',
    ),
    "items that are none": (
        'prefix = "A"',
        'prefix = "A"\nitems = 3',
        'service[1] "a".items: found number 3; allowed is',
    ),
    "a wrong skill": ('prefix = "A"', 'prefix = "A"\nskills = ["a b"]', "service[1] \"a\".skills: found text 'a b'"),
    "a rank below none": (
        'name.en = "Ordinary"',
        'name.en = "Ordinary"\nrank = -1',
        'class[1] "ordinary".rank: found number -1; allowed is a whole number from 0 to 99',
    ),
    "a weight of nothing": (
        'name.en = "Ordinary"',
        'name.en = "Ordinary"\nweight = 0',
        'class[1] "ordinary".weight: found number 0; allowed is a whole number from 1 to 100',
    ),
    "a long grace": (
        'name.en = "Ordinary"',
        'name.en = "Ordinary"\ngrace_s = 601',
        'class[1] "ordinary".grace_s: found number 601; allowed is a whole number from 0 to 600',
    ),
    "a first service of elsewhere": (
        'services = ["a", "b"]',
        'services = ["a"]\nfirst = ["b"]',
        'counter[1] "1".first: "b" is no service of this counter; they are "a"',
    ),
    "a last service of nowhere": (
        'name = "1"',
        'name = "1"\nlast = ["B"]',
        'counter[1] "1".last: "B" is no service of this counter (did you mean "b"?)',
    ),
    "a service first and last": (
        'name = "1"',
        'name = "1"\nfirst = ["a"]\nlast = ["a"]',
        'counter[1] "1".last: names "a", which first names too',
    ),
    "a language the hall does not speak": (
        'name = "1"',
        'name = "1"\nlanguages = ["fr"]',
        'counter[1] "1".languages: "fr" is no language of the hall; there are "en"',
    ),
    "a clerk's unknown language": (
        "[[class]]",
        '[[staff]]\nlogin = "x"\nname = "X"\nrole = "clerk"\npin = "1234"\nlanguages = ["fr"]\n[[class]]',
        'staff[1] "x".languages: "fr" is no language of the hall',
    ),
    "a desk printer that is none": (
        'name = "1"',
        'name = "1"\nprinter = "d"\n[[device]]\nid = "d"\nkind = "kiosk"',
        'counter[1] "1".printer: "d" is no device of kind printer; there are none',
    ),
    "an area that may speak": (
        "[[class]]",
        '[[area]]\nid = "x"\nspeaks = "yes"\n[[class]]',
        "area[1] \"x\".speaks: found text 'yes'; allowed is true or false",
    ),
    "a reason for nothing": (
        "[[class]]",
        '[[reason]]\nid = "x"\nname.en = "X"\nfor = []\n[[class]]',
        'reason[1] "x".for: is empty; allowed are "pick", "park"',
    ),
    "a reason for something else": (
        "[[class]]",
        '[[reason]]\nid = "x"\nname.en = "X"\nfor = ["prk"]\n[[class]]',
        'reason[1] "x".for: found text \'prk\' (did you mean "park"?); allowed are',
    ),
    "a reason without a kind": ("[[class]]", '[[reason]]\nid = "x"\nname.en = "X"\n[[class]]', '"x".for: is missing'),
    "a reason without a name": ("[[class]]", '[[reason]]\nid = "x"\nfor = ["park"]\n[[class]]', '"x".name: is missing'),
    "a reason twice": (
        "[[class]]",
        '[[reason]]\nid = "x"\nname.en = "X"\nfor = ["park"]\n' * 2 + "[[class]]",
        'reason[2].id: "x" is taken by reason[1]',
    ),
    "a script for something else": (
        "[[class]]",
        '[[script]]\nsituation = "mised"\nsteps.en = ["X"]\n[[class]]',
        'script[1] "mised".situation: found text \'mised\' (did you mean "missed"?); allowed are "no_papers"',
    ),
    "a script without steps": (
        "[[class]]",
        '[[script]]\nsituation = "missed"\n[[class]]',
        '"missed".steps: is missing',
    ),
    "a script with no step": (
        "[[class]]",
        '[[script]]\nsituation = "missed"\nsteps.en = []\n[[class]]',
        'script[1] "missed".steps.en: found a list of 0; allowed is a list of 1 to 12 texts',
    ),
    "a script with a wrong step": (
        "[[class]]",
        '[[script]]\nsituation = "missed"\nsteps.en = ["X", ""]\n[[class]]',
        'script[1] "missed".steps.en.2: found text',
    ),
    "a script in another language": (
        "[[class]]",
        '[[script]]\nsituation = "missed"\nsteps.fr = ["X"]\n[[class]]',
        'script[1] "missed".steps: has no text in en',
    ),
    "strict without a cap": (
        "[[class]]",
        '[calling]\nrule = "strict"\n[[class]]',
        "calling.rule: strict needs cap_min",
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


ELSEWHERE = (
    '\n[[counter]]\nid = "2"\nname = "2"\narea = "y"\nservices = ["a"]\n[[area]]\nid = "x"\n[[area]]\nid = "y"\n'
)
SERVED = 'services = ["a", "b"]'
DISPLAY = '[[device]]\nid = "d"\nkind = "display"\n'

DOUBTFUL = {
    "a service without a counter": ('["a", "b"]', '["a"]', 'service[2] "b": is served by no counter'),
    "a counter without services": ('["a", "b"]', "[]", 'counter[1] "1".services: is empty'),
    "a missing language": ('["en"]', '["en", "zh-Hans"]', "hall.name: has no text in zh-Hans; en is shown instead"),
    "letters that sound alike": (
        'prefix = "C"',
        'prefix = "P"\n[[series]]\nid = "x"\nprefix = "B"',
        '"P" sounds like "B"',
    ),
    "longer prefixes that sound alike": (
        'prefix = "C"',
        'prefix = "AP"\n[[series]]\nid = "x"\nprefix = "AB"',
        '"AP" sounds like "AB"',
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
        'device[1] "d": is used by no kiosk and no counter',
    ),
    "a service that is last everywhere": (
        'name = "1"',
        'name = "1"\nlast = ["b"]',
        'service[2] "b": goes after other services at every counter that offers it, so it may wait',
    ),
    "a service that is first nowhere": ('name = "1"', 'name = "1"\nfirst = ["a"]', 'service[2] "b": goes after other'),
    "a head start of a day": (
        'name.en = "Ordinary"\n',
        'name.en = "Ordinary"\n[[class]]\nid = "vip"\nname.en = "VIP"\nhead_start_min = 300\n',
        'class[2] "vip".head_start_min: is 5 h more than another class has',
    ),
    "a skill that nobody has": (
        'prefix = "A"',
        'prefix = "A"\nskills = ["loans"]',
        'service[1] "a".skills: needs "loans", and neither a counter that offers it nor anybody at it has that',
    ),
    "a skill that no service needs": (
        'name = "1"',
        'name = "1"\nskills = ["loan"]',
        'counter[1] "1".skills: no service needs "loan"; the skill has no effect',
    ),
    "letters that sound alike in a hall that is called by voice": (
        'prefix = "A"',
        'prefix = "E"',
        'service[2] "b".prefix: "C" sounds like "E" when it is called out; choose another letter',
    ),
    "an area without a display": (
        SERVED,
        f'{SERVED}\narea = "x"{ELSEWHERE}{DISPLAY}area = "y"',
        'area[1] "x": has counters and no display, so no call there is ever delivered; add a [[device]]',
    ),
    "displays that are not there": (
        "[[class]]",
        '[missed]\ndelivered_by = "displays"\n[[class]]',
        'missed.delivered_by: is "displays", and the hall has none',
    ),
    "calls without time between": (
        "[[class]]",
        "[missed]\ncalls = 2\n[[class]]",
        "missed.calls: is more than 1 with no gap_s",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_what_is_doubtful_is_a_warning(old: str, new: str, said: str) -> None:
    found = warnings(changed(old, new))
    assert any(said in text for text in found), found


def test_a_language_that_no_counter_speaks_is_a_warning() -> None:
    text = changed('["en"]', '["en", "zh-Hans"]', changed(SERVED, f'{SERVED}\nlanguages = ["zh-Hans"]'))
    said = 'service[1] "a": has no counter for visitors who speak en, so nobody can call them; add the language'
    assert any(said in found for found in warnings(text))
    clerk = '[[staff]]\nlogin = "x"\nname = "X"\nrole = "clerk"\npin = "1234"\nlanguages = ["en"]\n'
    assert not any("has no counter for" in found for found in warnings(text + clerk))


FINE = {
    "a service that is last everywhere, with a cap": (SERVED, f'{SERVED}\nlast = ["b"]\n[calling]\ncap_min = 60'),
    "strict with a cap": (SERVED, f'{SERVED}\n[calling]\nrule = "strict"\ncap_min = 60'),
    "a counter that takes everything last": (SERVED, f'{SERVED}\nlast = ["a", "b"]'),
    "a service that another counter takes like the others": (
        SERVED,
        f'{SERVED}\nlast = ["b"]\n[[counter]]\nid = "2"\nname = "2"\nservices = ["b"]',
    ),
    "a skill of a clerk": (
        'prefix = "A"',
        'prefix = "A"\nskills = ["loans"]\n'
        '[[staff]]\nlogin = "x"\nname = "X"\nrole = "clerk"\npin = "1234"\nskills = ["loans"]',
    ),
    "a head start of a day with a cap": (
        SERVED,
        f'{SERVED}\n[calling]\ncap_min = 60\n[[class]]\nid = "vip"\nname.en = "VIP"\nhead_start_min = 300',
    ),
    "letters that sound alike, read from displays": ('prefix = "A"', f'prefix = "E"\n{DISPLAY}'),
    "an area without a display, called by voice": (
        SERVED,
        f'{SERVED}\narea = "x"{ELSEWHERE}[missed]\ndelivered_by = "voice"\n{DISPLAY}area = "y"',
    ),
    "a display of the whole hall": (SERVED, f'{SERVED}\narea = "x"{ELSEWHERE}{DISPLAY}'),
    "displays in a hall that is called by voice": (
        SERVED,
        f'{SERVED}\n[missed]\ndelivered_by = "voice"\n{DISPLAY}',
    ),
    "a printer at a desk": (SERVED, f'{SERVED}\nprinter = "p"\n[[device]]\nid = "p"\nkind = "printer"'),
    "calls with time between": (SERVED, f"{SERVED}\n[missed]\ncalls = 2\ngap_s = 15"),
}


@pytest.mark.parametrize(("old", "new"), FINE.values(), ids=FINE.keys())
def test_what_is_meant_is_no_warning(old: str, new: str) -> None:
    assert warnings(changed(old, new)) == []


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
