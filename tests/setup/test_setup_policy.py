"""What a hall decides about calling, about visitors who do not come, and what its staff chooses from."""

from pathlib import Path
from typing import get_args

import pytest

from hall.day.setup import Calling, Item, Missed, Reason, ReasonKind, RuleName, Script, Situation
from hall.setup.policy import CALLING_KEYS, MISSED_KEYS
from hall.setup.reasons import REASONS
from hall.setup.scripts import SCRIPTS
from hall.setup.toml import parse
from tests.setup.setup_values import SMALL
from tests.setup.test_setup_file import changed, mistakes

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guide.md"
EVERY_POLICY = """
[calling]
rule = "ratio"
cap_min = 45
promise_min = 20
pick = "free"
walk_in = false
postpone_most = 1
priority_per_hour = 6
park_min = 5
infer_start_s = 40
comeback_credit_min = 15
comeback_days = 3
line_shown = "next"

[missed]
return_min = 15
calls = 2
gap_s = 15
grace_s = 20
place = "back"
places_back = 4
returns_most = 1
requeue = 1
override = false
delivered_by = "voice"
"""


def test_every_policy_is_read() -> None:
    setup = parse(SMALL + EVERY_POLICY).setup
    assert setup.calling == Calling("ratio", 2700, 1200, "free", False, 1, 6, 300, 40, 900, 3, "next")
    assert setup.missed == Missed(15, 2, 15, 20, "back", 4, 1, 1, False, "voice")


def test_the_guide_names_every_key_kind_and_situation() -> None:
    text = GUIDE.read_text("utf-8")
    words = (*CALLING_KEYS, *MISSED_KEYS, *get_args(ReasonKind), *get_args(Situation), *get_args(RuleName))
    assert [word for word in words if f"`{word}`" not in text] == []


def test_what_is_not_said_is_as_usual() -> None:
    setup = parse(f"{SMALL}[calling]\n[missed]\n").setup
    assert (setup.calling, setup.missed) == (Calling(), Missed())


def test_items_are_names_or_have_ids_and_weights() -> None:
    items = (
        '["Advice", { en = "Bill", weight = 2 }, { id = "plan", en = "Plan", weight = 0.5 }, { id = "x", name = "X" }]'
    )
    setup = parse(changed('prefix = "A"', f'prefix = "A"\nitems = {items}')).setup
    assert setup.services["a"].items == (
        Item("1", {"en": "Advice"}),
        Item("2", {"en": "Bill"}, 2.0),
        Item("plan", {"en": "Plan"}, 0.5),
        Item("x", {"en": "X"}),
    )


def test_where_indonesian_is_spoken_id_is_a_language() -> None:
    items = '[{ id = "Bayar", en = "Pay" }, { id = "plan", name = { id = "Paket", en = "Plan" } }]'
    text = changed('prefix = "A"', f'prefix = "A"\nitems = {items}', changed('["en"]', '["en", "id"]'))
    assert parse(text).setup.services["a"].items == (
        Item("1", {"id": "Bayar", "en": "Pay"}),
        Item("plan", {"id": "Paket", "en": "Plan"}),
    )


def test_classes_counters_staff_and_areas_say_what_they_can() -> None:
    text = changed('name.en = "Ordinary"', 'name.en = "Ordinary"\nrank = 2\nweight = 3\ngrace_s = 60')
    text = changed('prefix = "A"', 'prefix = "A"\nskills = ["loans"]', text)
    desk = 'first = ["b"]\nlast = ["a"]\nlanguages = ["en"]\nskills = ["loans"]\nprinter = "p"\narea = "x"'
    text = changed('name = "1"', f'name = "1"\n{desk}', text)
    text += '[[device]]\nid = "p"\nkind = "printer"\n[[area]]\nid = "x"\nspeaks = true\n'
    text += '[[staff]]\nlogin = "m"\nname = "M"\nrole = "clerk"\nlanguages = ["en"]\nskills = ["loans"]\n'
    setup = parse(text).setup
    ordinary, desk_1, clerk = setup.classes["ordinary"], setup.counters["1"], setup.staff["m"]
    assert (ordinary.rank, ordinary.weight, ordinary.grace_s) == (2, 3, 60)
    assert setup.services["a"].skills == ("loans",)
    assert (desk_1.first, desk_1.last) == (("b",), ("a",))
    assert (desk_1.languages, desk_1.skills, desk_1.printer) == (("en",), ("loans",), "p")
    assert (clerk.languages, clerk.skills) == (("en",), ("loans",))
    assert setup.areas["x"].speaks


def reason(id: str, *kinds: str) -> str:
    named = ", ".join(f'"{kind}"' for kind in kinds)
    return f'[[reason]]\nid = "{id}"\nname.en = "{id.title()}"\nfor = [{named}]\n'


def test_a_hall_without_reasons_and_scripts_has_the_usual_ones() -> None:
    setup = parse(SMALL).setup
    assert setup.reasons == REASONS
    assert setup.scripts == SCRIPTS


def test_reasons_of_a_kind_replace_the_usual_ones_of_that_kind_alone() -> None:
    setup = parse(SMALL + reason("tea", "pause") + reason("fire", "pause", "override")).setup
    tea, fire = Reason("tea", {"en": "Tea"}), Reason("fire", {"en": "Fire"})
    assert setup.reasons == {**REASONS, "pause": (tea, fire), "override": (fire,)}


def test_a_script_replaces_the_usual_one_of_its_situation() -> None:
    own = '[[script]]\nsituation = "missed"\nsteps = ["Look.", "Ask."]\nminutes = 4\n'
    assert parse(SMALL + own).setup.scripts == {**SCRIPTS, "missed": Script("missed", {"en": ("Look.", "Ask.")}, 4)}


def test_the_usual_reasons_and_scripts_are_in_chinese_and_english() -> None:
    assert set(REASONS) == set(get_args(ReasonKind))
    assert set(SCRIPTS) == set(get_args(Situation))
    named = [one.name for reasons in REASONS.values() for one in reasons]
    assert all(set(name) == {"zh-Hans", "en"} for name in named)
    for script in SCRIPTS.values():
        assert set(script.steps) == {"zh-Hans", "en"}
        assert len(script.steps["zh-Hans"]) == len(script.steps["en"])
        assert 3 <= len(script.steps["en"]) <= 5


CALLING = {
    'rule = "fair"': 'found text \'fair\'; allowed are "head_start", "arrival", "share_of_promise", "strict", "ratio"',
    "cap_min = 0": "found number 0; allowed is a number of minutes, more than 0",
    "promise_min = -1": "found number -1; allowed is a number of minutes, more than 0",
    'pick = "always"': 'found text \'always\'; allowed are "never", "reason", "free"',
    'walk_in = "no"': "found text 'no'; allowed is true or false",
    "postpone_most = 21": "found number 21; allowed is a whole number from 0 to 20",
    "priority_per_hour = -1": "found number -1; allowed is a whole number from 0 to 1000",
    "park_min = 0": "found number 0; allowed is a number of minutes, more than 0",
    "infer_start_s = 3601": "found number 3601; allowed is a whole number from 0 to 3600",
    'comeback_credit_min = "x"': "found text 'x'; allowed is a number of minutes, 0 and at most",
    "comeback_days = 367": "found number 367; allowed is a whole number from 0 to 366",
    'line_shown = "some"': 'found text \'some\'; allowed are "all", "next", "none"',
    "cap = 5": 'is not a known key (did you mean "cap_min"?); allowed are "rule"',
}
MISSED = {
    "return_min = 1441": "found number 1441; allowed is a whole number from 0 to 1440",
    "calls = 0": "found number 0; allowed is a whole number from 1 to 10",
    "gap_s = 601": "found number 601; allowed is a whole number from 0 to 600",
    "grace_s = 1.5": "found number 1.5; allowed is a whole number from 0 to 600",
    'place = "front"': 'found text \'front\'; allowed are "head", "back", "tail"',
    "places_back = 0": "found number 0; allowed is a whole number from 1 to 100",
    "returns_most = true": "found true; allowed is a whole number from 0 to 20",
    "requeue = 21": "found number 21; allowed is a whole number from 0 to 20",
    "override = 1": "found number 1; allowed is true or false",
    'delivered_by = "radio"': 'found text \'radio\'; allowed are "displays", "voice"',
    "call = 2": 'is not a known key (did you mean "calls"?)',
}


@pytest.mark.parametrize(
    ("section", "line", "said"),
    [
        *(("calling", line, said) for line, said in CALLING.items()),
        *(("missed", line, said) for line, said in MISSED.items()),
    ],
)
def test_every_key_of_a_policy_says_what_is_allowed(section: str, line: str, said: str) -> None:
    key = line.partition(" = ")[0]
    [found] = mistakes(f"{SMALL}[{section}]\n{line}\n", "x.toml")
    assert found.startswith(f"x.toml:26: {section}.{key}: {said}")
