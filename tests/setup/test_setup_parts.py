"""The parts a set-up file is read with: hours, lines, documents, differences."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given

from hall.day.setup import Setup, Week
from hall.files import examples_folder
from hall.setup.diff import differences
from hall.setup.document import as_document, as_setup, digest_of
from hall.setup.export import render_toml
from hall.setup.findings import Report
from hall.setup.hours import as_hours_table, as_minute, as_week
from hall.setup.lines import find_lines
from hall.setup.moves import as_moves, wrong_moves
from hall.setup.toml import load_file, parse
from tests.setup.setup_values import SMALL, hours, setups


@given(hours)
def test_hours_come_back_from_their_table(week: Week | None) -> None:
    if week is not None:
        report = Report()
        assert as_week(as_hours_table(week), ("hall", "hours"), report) == week
        assert report.found == []


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("mon", [0]),
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("sat,sun", [5, 6]),
        ("Fri-Mon", [0, 4, 5, 6]),
        ("mon, wed-thu", [0, 2, 3]),
    ],
)
def test_days_are_written_as_people_write_them(key: str, days: list[int]) -> None:
    week = as_week({key: "09:00-17:30"}, (), Report())
    assert [day for day in range(7) if week[day]] == days
    assert week[days[0]] == ((540, 1050),)


@pytest.mark.parametrize(
    "span", ["", "9", "09:00", "17:00-09:00", "09:60-10:00", "09:00-24:01", 9, None, ["09:00-12:00", "11:00-13:00"]]
)
def test_hours_that_make_no_sense_are_a_mistake(span: object) -> None:
    report = Report()
    as_week({"mon": span}, ("hall", "hours"), report)
    assert [level for level, _, _ in report.found] == ["mistake"]


def test_the_day_ends_at_midnight() -> None:
    assert as_minute("24:00") == 1440
    assert as_minute("24:01") is None


def test_lines_are_found_for_headers_keys_and_sub_tables() -> None:
    text = (
        '# x\n[hall]\nid = "h"\nname.en = "H"\n[[service]]\nid = "a"\n[service.name]\nen = "A"\n[[service]]\nid = "b"\n'
    )
    lines = find_lines(text)
    assert lines["hall",] == 2
    assert lines["hall", "name"] == lines["hall", "name", "en"] == 4
    assert lines["service", "1", "name", "en"] == 8
    assert lines["service", "2", "id"] == 10


def test_a_key_inside_a_long_text_is_no_key() -> None:
    lines = find_lines('[hall]\nname = """\nid = 1\n"""\nid = "h"\n')
    assert lines["hall", "id"] == 5


@given(setups())
def test_a_set_up_comes_back_from_its_document(setup: Setup) -> None:
    assert as_setup(as_document(setup)) == setup


def test_the_digest_is_of_the_content_alone() -> None:
    setup = load_file(examples_folder() / "telecom-hall.toml").setup
    staff = {login: replace(member, secret="$argon2$") for login, member in setup.staff.items()}
    series = dict(reversed(list(setup.series.items())))
    assert digest_of(replace(setup, version=7, digest="x", staff=staff, series=series)) == setup.digest


def test_the_digest_knows_the_order_of_services_and_classes() -> None:
    setup = load_file(examples_folder() / "telecom-hall.toml").setup
    assert digest_of(replace(setup, services=dict(reversed(list(setup.services.items()))))) != setup.digest
    assert digest_of(replace(setup, classes=dict(reversed(list(setup.classes.items()))))) != setup.digest


STORED = sorted((Path(__file__).parent / "stored").glob("*.json"))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_a_document_of_the_first_version_is_read_and_keeps_its_digest(path: Path) -> None:
    """They were stored when an item was its name alone and there was no policy, no reason and no script."""
    document = path.read_text("utf-8")
    setup = as_setup(document)
    assert as_document(setup) == document
    assert parse(render_toml(setup)).setup.digest == sha256(document.encode()).hexdigest()


def test_items_of_the_first_version_are_known_by_their_place() -> None:
    items = as_setup((Path(__file__).parent / "stored" / "telecom-hall.json").read_text("utf-8")).services["card"].items
    assert [(item.id, item.weight) for item in items] == [("1", 1), ("2", 1), ("3", 1), ("4", 1)]
    assert items[1].name == {"zh-Hans": "补换卡", "en": "SIM replaced"}


def test_the_usual_reasons_and_scripts_are_no_part_of_a_document() -> None:
    setup = parse(SMALL).setup
    assert setup.reasons
    assert not {"reasons", "scripts"} & json.loads(as_document(setup)).keys()
    assert digest_of(replace(setup, reasons={}, scripts={})) == setup.digest


def test_own_reasons_are_stored_for_their_kinds_alone() -> None:
    reason = '[[reason]]\nid = "tea"\nname.en = "Tea"\nfor = ["pause"]\n'
    stored = json.loads(as_document(parse(SMALL + reason).setup))
    assert stored["reasons"] == {"pause": [{"id": "tea", "name": {"en": "Tea"}}]}


def test_differences_of_the_policy_are_said_too() -> None:
    old = parse(SMALL).setup
    script = '[[script]]\nsituation = "missed"\nsteps.en = ["Look."]\n'
    reason = '[[reason]]\nid = "tea"\nname.en = "Tea"\nfor = ["pause"]\n'
    new = parse(
        SMALL.replace('prefix = "A"', 'prefix = "A"\nitems = [{ id = "x", en = "X", weight = 2 }]')
        .replace('name.en = "Ordinary"', 'name.en = "Ordinary"\ngrace_s = 60')
        .replace('name = "1"', 'name = "1"\nfirst = ["b"]')
        + "[calling]\ncap_min = 60\n[missed]\ncalls = 2\ngap_s = 15\n"
        + reason
        + script
    ).setup
    assert differences(old, new) == [
        'service "a".items: nothing -> [{"id": "x", "en": "X", "weight": 2}]',
        'class "ordinary".grace_s: nothing -> 60',
        'counter "1".first: nothing -> ["b"]',
        "calling.cap_min: nothing -> 60",
        "missed.calls: nothing -> 2",
        "missed.gap_s: nothing -> 15",
        'reason "tea" is added',
        'script "missed" is added',
    ]
    changed = parse(render_toml(new).replace("Tea", "Coffee").replace("Look", "Ask")).setup
    assert differences(new, changed) == [
        'reason "tea".name: {"en": "Tea"} -> {"en": "Coffee"}',
        'script "missed".steps: {"en": ["Look."]} -> {"en": ["Ask."]}',
    ]


def test_differences_are_said_in_the_words_of_the_file() -> None:
    old = parse(SMALL).setup
    new = parse(
        SMALL.replace('prefix = "A"', 'prefix = "A"\npromise_min = 2.5')
        .replace('name.en = "Hall"', 'name.en = "Halle"')
        .replace('id = "1"', 'id = "2"')
        + "[missed]\nreturn_min = 5\n"
    ).setup
    assert differences(old, new) == [
        'hall.name: {"en": "Hall"} -> {"en": "Halle"}',
        'service "a".promise_min: nothing -> 2.5',
        'counter "1" is taken out',
        'counter "2" is added',
        "missed.return_min: nothing -> 5",
    ]
    assert differences(old, old) == []


def test_a_change_of_order_is_a_difference() -> None:
    old = parse(SMALL).setup
    assert differences(old, replace(old, services=dict(reversed(list(old.services.items()))))) == [
        "service: the order is changed",
        'counter "1".services: ["*"] -> ["a", "b"]',
    ]


def test_moves_are_pairs_of_services() -> None:
    assert as_moves(["a=b", " c = b ", "a=b"]) == (("a", "b"), ("c", "b"))


@pytest.mark.parametrize("texts", [["a"], ["=a"], ["a="], [""], ["a=b", "a=c"]])
def test_a_text_that_is_no_move_is_refused(texts: list[str]) -> None:
    with pytest.raises(ValueError, match=r"says no move|is moved to"):
        as_moves(texts)


def test_nobody_moves_from_a_service_that_stays_or_to_one_that_takes_nobody() -> None:
    setup = parse(
        SMALL
        + '[[service]]\nid = "aa"\nname.en = "AA"\nprefix = "AA"\nparent = "top"\n'
        + '[[service]]\nid = "top"\nname.en = "Top"\n'
    ).setup
    assert list(wrong_moves(setup, (("gone", "a"), ("top", "a")))) == []
    assert list(wrong_moves(setup, (("a", "b"), ("gone", "top"), ("gone2", "aaa")))) == [
        'service "a" stays, so nobody has to be moved from it',
        'visitors of "gone" cannot go to "top"; the file has "a", "b", "aa"',
        'visitors of "gone2" cannot go to "aaa" (did you mean "aa"?); the file has "a", "b", "aa"',
    ]
