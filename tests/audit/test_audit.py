"""The checker agrees with the heart on every call of random days, and finds what was falsified where it was."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hall import audit as checker
from hall.audit import audit, main
from hall.day import commands as c
from hall.day.setup import Calling, CounterPlan, Missed, RuleName
from hall.setup.document import digest_of
from tests.audit.days import RULES, SERVICES, Player, a_setup, random_day
from tests.audit.mutations import BROKEN, PERHAPS, SEALED, WAYS, falsified, sealed_again
from tests.audit.trial import Result, check_day

DAYS = 6
FILE = Path(checker.__file__)


@pytest.fixture(scope="module")
def sound() -> Result:
    """A few days of every rule, all sound."""
    total = Result()
    for rule in RULES:
        for seed in range(DAYS):
            total.add(check_day(seed, rule, 0))
    return total


@pytest.fixture(scope="module")
def day() -> list[str]:
    return random_day(3, "head_start").exported()


def plain_day(rule: RuleName = "head_start", visitors: int = 12) -> Player:
    """A day of numbers, calls and finishes, without cap, orders of service, skills or moves."""
    setup = a_setup(Random(1), rule, 1)
    services = {id: replace(one, skills=()) for id, one in setup.services.items()}
    counters = {"c1": CounterPlan("c1", "1", SERVICES)}
    setup = replace(setup, services=services, counters=counters, staff={}, calling=Calling(rule), missed=Missed())
    player = Player(replace(setup, digest=digest_of(setup)))
    player.do(c.OpenCounter("c1"))
    for n in range(visitors):
        player.at += timedelta(seconds=100)
        player.do(c.IssueTicket(SERVICES[n % 3], ("ordinary", "elder", "vip")[n % 2]))
    for _ in range(visitors):
        player.at += timedelta(seconds=30)
        player.do(c.CallNext("c1", finish=True))
    return player


def test_the_checker_agrees_on_every_call(sound: Result) -> None:
    assert sound.wrong == []
    assert min(sound.calls[rule] for rule in RULES) > 50


def test_the_days_hold_every_verb_and_every_way_to_be_called(sound: Result) -> None:
    assert sound.chosen_by.keys() == {"rule", "cap", "sent", "picked", "walk_in"}
    rare = ("send_to_clerk", "unpark", "postpone", "reprioritise", "transfer", "reinstate", "undo", "close", "publish")
    assert [verb for verb in rare if not sound.verbs[verb]] == []


@pytest.mark.parametrize("rule", RULES)
def test_what_is_falsified_is_found_where_it_is(rule: RuleName) -> None:
    assert check_day(1, rule, 40).wrong == []


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_falsify_is_tried_and_the_plain_ones_are_found(way: str) -> None:
    total = Result()
    for n in range(3):
        lines = random_day(n, "head_start", steps=80).exported()
        found = falsified(lines, way, Random(n))
        if found is None:
            continue
        findings = audit(found[0])["findings"] if way != "field changed" else []
        total.tried[way] += 1
        if way in (*BROKEN, *SEALED) and way != "field changed":
            assert min(seq for seq, _ in findings) == found[1]
    assert total.tried[way] > 0
    assert {*BROKEN, *SEALED, *PERHAPS} == {*WAYS}


def test_a_day_may_begin_at_its_opening() -> None:
    player = random_day(0, "arrival")
    opening = max(one.seq for one in player.log if one.event.TYPE == "DayOpened")
    report = audit(player.exported(opening))
    assert (report["findings"], report["unchecked"]) == ([], 0)


def test_what_comes_before_any_opening_is_counted_and_not_checked(day: list[str]) -> None:
    player = random_day(3, "head_start")
    report = audit(player.exported(10))
    assert report["unchecked"] > 0
    assert report["findings"] == []


def test_calls_of_the_first_version_are_derived_too() -> None:
    head, *rows = [json.loads(line) for line in plain_day().exported()]
    for row in rows:
        if row["type"] == "TicketCalled":
            body: dict[str, Any] = json.loads(row["body"])
            for name in ("chosen_by", "reason", "round", "round_of"):
                del body["why"][name]
            body["why"]["rule_version"] = 1
            row["version"], row["body"] = 1, json.dumps(body, separators=(",", ":"))
    lines = [json.dumps(one) for one in (head, *sealed_again(rows, head["anchor"]))]
    assert audit(lines)["findings"] == []
    changed, seq = falsified(lines, "another ticket called", Random(1)) or ([], 0)
    assert audit(changed)["findings"][0][0] == seq


def test_a_changed_setup_is_found_where_it_was_published(day: list[str]) -> None:
    head = json.loads(day[0])
    head["setups"]["1"] = head["setups"]["1"].replace('"account"', '"other"', 1)
    assert audit([json.dumps(head), *day[1:]])["findings"][0][0] == 1


@pytest.mark.parametrize("forged", [{"to": "counter/c9"}, {"promise_s": 7}, {"claim_at": "2026-11-24T00:00:00+00:00"}])
def test_a_visit_that_goes_on_otherwise_than_planned_is_found(forged: dict[str, Any]) -> None:
    head, *rows = [json.loads(line) for line in random_day(0, "head_start").exported()]
    bodies = [json.loads(row["body"]) for row in rows]
    n = next(n for n, body in enumerate(bodies) if body.get("next"))
    rows[n]["body"] = json.dumps({**bodies[n], "next": bodies[n]["next"] | forged}, separators=(",", ":"))
    lines = [json.dumps(one) for one in (head, *sealed_again(rows, head["anchor"]))]
    assert audit(lines)["findings"][0][0] == rows[n]["seq"]


def test_a_cut_tail_is_found_by_a_seal_only(day: list[str]) -> None:
    seal = audit(day)["seal"]
    assert audit(day[:-3])["findings"] == []
    assert [seq for seq, _ in audit(day[:-3], seal)["findings"]] == [len(day) - 4]
    assert audit(day, seal)["findings"] == []


def test_the_figures_tell_who_was_overtaken_and_how_long_somebody_waited() -> None:
    figures = audit(plain_day().exported())["classes"]
    assert figures["ordinary"]["calls"] == figures["elder"]["calls"] == 6
    assert figures["ordinary"]["overtaken"]["rule"] > 0
    assert figures["elder"]["overtaken"].total() == 0
    assert figures["ordinary"]["longest_wait_s"] > 1000


def test_the_exit_code_tells_sound_from_findings_from_unreadable(
    day: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.jsonl"
    file.write_text("\n".join(day), encoding="utf-8")
    assert main([str(file)]) == 0
    assert "no findings\nseal: seq " in capsys.readouterr().out
    assert main([str(file), "--seal", "0" * 64]) == 1
    assert "is not in this file" in capsys.readouterr().out
    file.write_text("\n".join([day[0], *day[2:]]), encoding="utf-8")
    assert main([str(file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0][0] == 1
    file.write_text("nothing", encoding="utf-8")
    for unreadable in (file, tmp_path / "missing.jsonl"):
        with pytest.raises(SystemExit, match="2"):
            main([str(unreadable)])


def test_the_one_file_runs_alone(day: list[str], tmp_path: Path) -> None:
    copy, file = tmp_path / "audit.py", tmp_path / "day.jsonl"
    copy.write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    file.write_text("\n".join(day), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(copy), str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cut off" in done.stdout


@pytest.mark.parametrize("line", ["{}", "[]", '{"kind":"hall-day","format":2}', "x"])
def test_another_file_is_unreadable(line: str) -> None:
    with pytest.raises(ValueError, match="not an exported day"):
        audit([line])
