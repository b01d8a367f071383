"""Checks an exported day of a hall without trusting the program that wrote it.

    python hall/audit.py DAY.jsonl [--json] [--seal HASH]

One file, the standard library, nothing of Hall's own code: the rules are written down here a second time, from their
description, over all who wait and not over the heads of lines. Every call is derived again, with whom it passed over.
Exit code 0: sound; 1: findings, one line each as `seq N: what`; 2: the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import inf
from operator import itemgetter
from typing import Any

Fields = dict[str, Any]
Table = dict[str, Fields]
place_of, line_of = itemgetter("claim_at", "serial"), itemgetter("service", "class", "promise_s", "language", "to")
SEALED = "hall seq at business_date type version command_id actor_kind actor_id door setup_version body"
GENESIS, LONG_AGO, EPSILON = "0" * 64, datetime.min.replace(tzinfo=UTC), 1e-6
PLACE, UNDO, HOUR, REST = timedelta(milliseconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(hours=2)
CAP, SENT, FIRST, NORMAL, LAST = range(5)
HELD = ("called", "serving")
CALLING = {"rule": "head_start", "promise_s": 1800, "pick": "reason", "walk_in": True}
MISSED = {"calls": 1, "gap_s": 0, "grace_s": 0, "place": "head", "places_back": 3}
MOVES = {  # what may happen to a turn in each state, and the state that comes of it where it is another
    "waiting": "Called:called Returned Transferred Postponed Reprioritised Cancelled:done Expired:done",
    "called": "Recalled CallDelivered Started:serving Missed:missed CallUndone:waiting Transferred:waiting"
    " Cancelled:done Expired:done",
    "serving": "Finished:done Parked:parked StartUndone:called Transferred:waiting",
    "parked": "Unparked:serving Returned:waiting Cancelled:done Expired:done",
    "missed": "Reinstated:waiting Cancelled:done Expired:done",
}
STEPS = {state: dict(move.partition(":")[::2] for move in moves.split()) for state, moves in MOVES.items()}
TOLD = "turn number counter service class promise_s claim_at to call_no deliveries due_at"  # what a move tells
FREE = {"Called": "counter", "Transferred": "service to", "Reprioritised": "class", "Parked": "due_at"}  # and changes
NOT_FOLLOWED = (
    "VisitDiverted DoorCounted HelpRequested HelpTaken HelpSolved TimeCorrected PaperRequested PaperClaimed "
    "PaperPrinted PaperUncertain PaperFailed PrinterReported"
)
NOT_CALLED = {"call_no": 0, "last_call_at": LONG_AGO, "deliveries": 0, "delivered_call": 0, "delivered_at": None}
FRESH: Fields = {"planned": [], "to": "", "counter": None, "due_at": None, "returned_by": "", "seq": 0, **NOT_CALLED}
OUTSIDE = "Only a seal kept elsewhere shows that the end was cut off or all was written anew: give it as --seal HASH."


class Unreadable(Exception):
    """The file is not an exported day."""


@dataclass
class Report:
    """What was found: (seq, what), and figures by class. `unchecked` events came before any opening in the file."""

    hall: str
    day: str | None
    events: int
    unchecked: int = 0
    seq: int = 0
    seal: str = ""
    findings: list[tuple[int, str]] = field(default_factory=list)
    classes: Table = field(default_factory=dict)

    def figures(self, ticket: Fields) -> Fields:
        return self.classes.setdefault(ticket["class"], {"calls": 0, "overtaken": Tally(), "longest_wait_s": 0.0})


class Setup:
    """What the checks need of a set-up document; what it leaves out has its default."""

    def __init__(self, text: str) -> None:
        data, self.digest = json.loads(text), sha256(text.encode()).hexdigest()
        ids = {"services": "id", "classes": "id", "counters": "id", "series": "id", "staff": "login"}
        self.parts: dict[str, Table] = {part: {one[id]: one for one in data.get(part, [])} for part, id in ids.items()}
        self.calling, self.missed = CALLING | data.get("calling", {}), MISSED | data.get("missed", {})
        shows = any(device["kind"] == "display" for device in data.get("devices", []))
        self.is_voice = (self.missed.get("delivered_by") or ("displays" if shows else "voice")) == "voice"
        self.rule, self.cap_s = self.calling["rule"], self.calling.get("cap_s")
        self.ranks = {id: one.get("rank", 0) for id, one in self.parts["classes"].items()}

    def get(self, part: str, id: str | None, name: str, default: Any = None) -> Any:
        return self.parts[part].get(id or "", {}).get(name, default)

    def promise(self, service: str, class_: str) -> Any:
        """The promise of the class, else of the service; a class that is gone promises what the first one does."""
        known = class_ if class_ in self.parts["classes"] else next(iter(self.parts["classes"]), None)
        own = self.get("classes", known, "promise_s")
        return self.get("services", service, "promise_s") if own is None else own

    def tiers(self, counter: Fields) -> tuple[dict[str, int], list[str]]:
        """The tier of each service a counter and its clerk can do, and of who is sent to them; their languages."""
        id, clerk = counter["counter"], counter["staff"]
        skills = {*self.get("counters", id, "skills", ()), *self.get("staff", clerk, "skills", ())}
        own = dict.fromkeys(self.get("counters", id, "last", ()), LAST)
        own |= dict.fromkeys(self.get("counters", id, "first", ()), FIRST)
        able = [one for one in counter["services"] if skills >= {*self.get("services", one, "skills", ())}]
        languages = self.get("staff", clerk, "languages") or self.get("counters", id, "languages", ())
        return {one: own.get(one, NORMAL) for one in able} | dict.fromkeys(own_names(counter), SENT), sorted(languages)

    def served(self, counter: Fields, tickets: Iterable[Fields], at: datetime) -> dict[str, int]:
        """Whom of those who wait a counter may call, and in which tier; notes what the rules compare."""
        found, (tiers, languages) = {}, self.tiers(counter)
        for one in (ticket for ticket in tickets if ticket["state"] == "waiting"):
            one["waited_s"] = (at - one["claim_at"]).total_seconds()
            one["promised_s"] = float(one["promise_s"] or self.calling["promise_s"])
            one["rank"] = self.ranks.get(one["class"], max(self.ranks.values(), default=0))
            one["head_start_s"] = self.get("classes", one["class"], "head_start_s", 0)
            tier = tiers.get(one["to"] or one["service"])
            if tier is not None and (one["to"] or not languages or one["language"] in languages):
                found[one["ticket"]] = tier if self.cap_s is None or one["waited_s"] < self.cap_s else CAP
        return found

    def urgency(self, ticket: Fields) -> tuple[float, tuple[Any, ...]]:
        """The score that a call records, and what the rule compares, least first (`ratio`: inside a class)."""
        if self.rule == "share_of_promise":
            share = ticket["waited_s"] / ticket["promised_s"]
            return share, (-share, ticket["serial"])
        rank = ticket["rank"] if self.rule == "strict" else 0
        credit_s = ticket["head_start_s"] if self.rule == "head_start" else 0
        return ticket["waited_s"] + credit_s, (rank, ticket["claim_at"] - timedelta(seconds=credit_s), ticket["serial"])

    def is_beyond(self, over: Fields, called: Fields) -> bool:
        """True when the rule lets `called` go before `over`, who has the earlier claim, against its own bound."""
        share_s = over["waited_s"] / over["promised_s"] * (over["promised_s"] - called["promised_s"])
        allowed_s = {
            "head_start": called["head_start_s"] - over["head_start_s"],
            "share_of_promise": share_s + EPSILON,
            "strict": inf if called["rank"] < over["rank"] else -1,
            "ratio": inf if called["class"] != over["class"] else -1,
        }
        return bool((called["claim_at"] - over["claim_at"]).total_seconds() > allowed_s.get(self.rule, 0))


def own_names(counter: Fields) -> tuple[str, str]:
    return f"counter/{counter['counter']}", f"staff/{counter['staff']}"


def read_body(entry: Fields) -> Fields:
    """The fields of an event with their instants read."""
    for name, value in entry.items():
        if isinstance(value, str) and (name.endswith("_at") or name == "until"):
            entry[name] = datetime.fromisoformat(value)
    return entry


class Replay:
    """Folds the events of a hall by their meaning, and complains where one should not have happened."""

    def __init__(self, report: Report, setups: dict[int, Setup], anchor: str) -> None:
        self.report, self.setups, self.is_known, self.is_open = report, setups, anchor == GENESIS, False
        self.setup, self.version, self.envelope, self.at = Setup("{}"), 0, Fields(), LONG_AGO
        self.tickets, self.counters, self.comebacks, self.next_serial = Table(), Table(), Table(), 1
        self.hashes = {0: anchor}  # of every event so far, and what the first one follows
        self.steps = Table()  # counter -> its last step, which an undo takes back
        self.resting: dict[tuple[str, int], datetime] = {}  # series and position -> when that number was closed
        self.prioritised: list[datetime] = []  # when visitors were moved to another class in the last hour
        self.rounds: dict[str, dict[str, int]] = {}
        self.runs: dict[str, Tally[str]] = {}  # round -> class -> calls of others since one of its own

    def need(self, is_so: object, what: str) -> None:
        if not is_so:
            self.report.findings.append((self.envelope["seq"], what))

    def same(self, said: Fields, due: Fields) -> None:
        """Complains of each value that an event has to say and does not."""
        for name, value in due.items():
            found: Any = said.get(name, value)
            is_same = abs(found - value) < EPSILON if isinstance(value, float) else found == value
            self.need(is_same, f"{name} is {found}, has to be {value}")

    def step(self, row: Fields) -> None:
        """Check that an event follows the one before it, and carry it in."""
        last, before = next(reversed(self.hashes.items()))
        self.envelope = row | {"seq": last + 1}
        self.need(row["seq"] == last + 1 or not (last or self.is_known), f"missing: {row['seq']} follows {last}")
        self.envelope, self.hashes[row["seq"]] = row, row["hash"]
        covered = [before, *(row[name] for name in SEALED.split())]
        sealed = json.dumps(covered, ensure_ascii=False, separators=(",", ":")).encode()
        self.need(sha256(sealed).hexdigest() == row["hash"], "the chain is broken: the hash does not fit")
        is_here = row["hall"] == self.report.hall and self.report.day in (None, row["business_date"])
        self.need(is_here, "belongs to another hall or day")
        before_at, self.at = self.at, datetime.fromisoformat(row["at"]).astimezone(UTC)
        self.need(self.at >= before_at, "earlier than the event before it")
        kind, begins = row["type"], row["type"] in ("DayOpened", "SetupPublished")
        if not (begins or self.is_known):
            self.report.unchecked += 1
            return
        is_in_force = self.is_open and row["setup_version"] == self.version
        self.need(begins or is_in_force, f"{kind} while no day is open, or under a set-up not in force")
        try:
            self.carry(kind, json.loads(row["body"], object_hook=read_body))
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
            self.need(False, f"{kind} cannot be carried out: {type(problem).__name__} {problem}")

    def carry(self, kind: str, event: Fields) -> None:
        move, counter = kind.removeprefix("Ticket"), event.get("counter", "")
        match kind:
            case "SetupPublished":
                self.use(event["version"], event["digest"])
            case "DayOpened":
                self.open_day(event)
            case "DayClosed":
                self.need(all(one["state"] == "serving" for one in self.tickets.values()), "closes on who still waits")
                self.is_open = False
            case "DaySealed":  # a single day's file does not hold the day before
                self.same(event, {"seal": self.hashes.get(event["seq"], event["seal"])})
            case "CounterOpened":
                self.need(counter not in self.counters, f"counter {counter} is open already")
                self.counters[counter] = event | {"state": "open"}
            case "CounterPaused" | "CounterResumed":
                self.counters[counter]["state"] = "paused" if kind == "CounterPaused" else "open"
            case "CounterClosed":
                own = own_names(self.counters.pop(counter))
                self.steps.pop(counter, None)
                for one in self.tickets.values():
                    if one["counter"] == counter or one["to"] in own:
                        self.need(one["state"] == "missed", f"counter {counter} closes on {one['number']}")
                        one["to"] = ""
            case "TicketIssued":
                number, place = event["number"], (event["series"], event["position"])
                credit_s = self.comebacks.pop(event.get("comeback") or "", {"credit_s": 0})["credit_s"]
                due = {"serial": self.next_serial, "claim_at": self.at - timedelta(seconds=credit_s)}
                due["number"] = f"{self.setup.get('series', place[0], 'prefix', '?')}{place[1]:03d}"
                self.same(event, due | {"promise_s": self.setup.promise(event["service"], event["class"])})
                is_open = any(one["number"] == number for one in self.tickets.values())
                self.need(not is_open, f"number {number} is open twice")
                self.need(self.at >= self.resting.get(place, LONG_AGO) + REST, f"number {number} was closed too lately")
                self.next_serial = event["serial"] + 1
                self.tickets[event["ticket"]] = FRESH | event | {"state": "waiting", "issued_at": self.at}
            case "ServiceAdded":
                ticket = self.tickets[event["ticket"]]
                ticket["planned"] = [*ticket["planned"], event["planned"]]
            case "ServiceReplaced":
                ticket, new = self.tickets[event["ticket"]], event["planned"]
                old = next(one for one in ticket["planned"] if one["turn"] == new["turn"])
                self.need(old["service"] not in self.setup.parts["services"], f"{old['service']} stays")
                self.same(new, {"to": old["to"], "promise_s": self.setup.promise(new["service"], ticket["class"])})
                ticket["planned"] = [new if one is old else one for one in ticket["planned"]]
            case "TicketFinishUndone" | "TicketMissUndone":
                self.undo(event, self.steps.pop(counter), self.tickets.get(event["ticket"]))
            case _ if any(move in moves for moves in STEPS.values()):
                self.carry_move(move, event, self.tickets[event["ticket"]])
            case _:
                self.need(kind in NOT_FOLLOWED.split(), f"{kind} is not known to this check")

    def use(self, version: int, digest: str | None = None) -> None:
        self.need(version in self.setups, f"set-up {version} is not in the file, an older one is used to check")
        self.version, self.setup, self.rounds, self.runs = version, self.setups.get(version, self.setup), {}, {}
        self.need(digest in (None, self.setup.digest), f"set-up {version} in the file is not the one published here")

    def open_day(self, event: Fields) -> None:
        """A day begins; where the day before is known, with all that goes on from it and nothing else."""
        names = {"counters": "counter", "tickets": "ticket", "comebacks": "ticket"}
        said = {part: {one[name]: one for one in event.get(part, [])} for part, name in names.items()}
        resting = {(one["series"], one["position"]): one["closed_at"] for one in event["numbers"]}
        if self.is_known:
            self.need(not self.is_open, "a day opens that is open")
            lately = {one for one, closed_at in self.resting.items() if self.at - closed_at < REST}
            self.need(lately <= resting.keys(), "a number that was closed lately does not rest any more")
            self.same(event, {"next_serial": self.next_serial, "setup_version": self.version})
            credits = {ticket: one for ticket, one in self.comebacks.items() if one["until"] > self.at}
            for part, known in {"counters": self.counters, "tickets": self.tickets, "comebacks": credits}.items():
                self.need(said[part].keys() == known.keys(), f"other {part} go on than there were")
                for id in said[part].keys() & known.keys():
                    self.same(said[part][id], known[id])
        self.is_known = self.is_open = True
        self.use(event["setup_version"])
        self.next_serial, self.resting, self.comebacks = event["next_serial"], resting, said["comebacks"]
        self.counters, self.tickets, self.steps, self.prioritised = said["counters"], {}, {}, []
        for id, one in said["tickets"].items():  # before the third version a night forgot the calls
            begun = {"state": "serving", "last_call_at": one["called_at"], "round_of": one["why"].get("round_of", "")}
            self.tickets[id] = FRESH | begun | one

    def carry_move(self, move: str, event: Fields, ticket: Fields) -> None:
        """One move of a turn: whether it may be, what it has to say, what comes of it."""
        after, counter, said = STEPS[ticket["state"]].get(move), event.get("counter"), event.get("next") or event
        self.need(after is not None, f"{move}, but {ticket['number']} is {ticket['state']}")
        due, changes = self.meaning(move, event, ticket)
        kept = {name: ticket[name] for name in TOLD.split() if name not in FREE.get(move, "").split()}
        self.same(event, kept | due | ({"staff": self.counters[counter]["staff"]} if counter else {}))
        changes = {name: said[name] for name in TOLD.split() if name in said} | changes
        state = "waiting" if said is not event else after or ticket["state"]
        if counter and move in ("Finished", "Transferred", "Missed", "Parked"):
            following = None if state == "done" else (changes["turn"], state)
            self.steps[counter] = {"at": self.at, "was": dict(ticket), "next": following}
        changes |= NOT_CALLED if state == "waiting" else {}
        self.move(ticket, state, counter or ticket["counter"], changes)

    def meaning(self, move: str, event: Fields, ticket: Fields) -> tuple[Fields, Fields]:
        """What the event has to say, and what else it changes; complains of what the set-up does not allow."""
        setup, at, policy, planned = self.setup, self.at, self.setup.missed, ticket["planned"]
        match move:
            case "Called":
                return {"call_no": 1}, self.call(event, ticket, self.counters[event["counter"]])
            case "Recalled":
                self.need(at >= ticket["last_call_at"] + timedelta(seconds=policy["gap_s"]), "called again too soon")
                return {"call_no": ticket["call_no"] + 1}, {"last_call_at": at}
            case "CallDelivered":
                self.need(ticket["delivered_call"] < event["call_no"], "this call was delivered before")
                changes = {"delivered_call": event["call_no"], "delivered_at": at}
                return {"deliveries": ticket["deliveries"] + 1}, changes
            case "Missed":
                return self.check_miss(event, ticket), {}
            case "Expired":
                return {"outcome": "no_show" if ticket["state"] == "missed" else "expired"}, {}
            case "CallUndone" if (
                ticket["round_of"] in self.rounds
            ):  # its class gets the call back, nobody waited for it
                left, runs = self.rounds[ticket["round_of"]], self.runs[ticket["round_of"]]
                runs.subtract([one for one in runs if one != ticket["class"]])
                self.rounds[ticket["round_of"]] = {**left, ticket["class"]: left.get(ticket["class"], 0) + 1}
            case "Finished":
                self.comebacks |= {ticket["ticket"]: event["comeback"]} if event.get("comeback") else {}
                there = [name for one in self.counters.values() for name in own_names(one)]
                to = planned[0]["to"] if planned and planned[0]["to"] in there else ""
                due = {"claim_at": ticket["claim_at"], "class": ticket["class"], "to": to}
                due |= {"turn": event["next"]["turn"]} if event.get("next") else {}  # its id is new each time
                return {"next": planned[0] | due if planned else None}, {"planned": planned[1:]}
            case "Transferred":
                kept = event["service"] == ticket["service"]
                promise_s = ticket["promise_s"] if kept else setup.promise(event["service"], ticket["class"])
                planned = [event["returning"], *planned] if event["returning"] else planned
                return {"promise_s": promise_s}, {"turn": event["next_turn"], "planned": planned}
            case "Reinstated":
                place = policy["place"] if self.envelope["actor_kind"] == "visitor" else event["place"]
                return {"place": place, "claim_at": self.claim_for(ticket, place, policy["places_back"])}, {}
            case "Postponed":
                return {"claim_at": self.claim_for(ticket, "behind", event["places"])}, {}
            case "Returned" if event["cause"] == "timer":
                self.need(ticket["state"] == "parked" and at >= ticket["due_at"], "returned before its time")
                return {"to": f"counter/{ticket['counter']}"}, {}
            case "Returned":
                due = {"to": "", "claim_at": self.claim_for(ticket | {"to": ""}, "head")}
                return due, {"returned_by": self.envelope["command_id"]}
            case "Reprioritised":
                most = setup.calling.get("priority_per_hour")
                self.prioritised = [*(one for one in self.prioritised if at - one < HOUR), at]
                self.need(most is None or len(self.prioritised) <= most, "too many moves to another class in an hour")
                return {"promise_s": setup.promise(ticket["service"], event["class"])}, {}
        return {}, {}

    def check_miss(self, event: Fields, ticket: Fields) -> Fields:
        """Missed only after enough delivered calls and the time to come, unless staff went on with a reason."""
        policy, (reached, last) = self.setup.missed, (ticket["deliveries"], ticket["delivered_at"])
        if self.setup.is_voice:
            reached, last = ticket["call_no"], ticket["last_call_at"]
        if event.get("override") is not None:
            self.need(policy.get("override", True), "this hall allows no override")
        elif "deliveries" in event:  # the first version did not count them
            grace_s = policy["grace_s"] + self.setup.get("classes", ticket["class"], "grace_s", 0)
            self.need(reached >= max(1, policy["calls"]), f"missed after {reached} delivered calls")
            is_over = not reached or self.at >= last + timedelta(seconds=grace_s)
            self.need(is_over, "missed before the time to come was over")
        return {"deliveries": reached}

    def claim_for(self, ticket: Fields, place: str, places: int = 0) -> datetime:
        """The claim before the `head` of a line, at its `tail`, `back` from its head, or `behind` those who follow."""
        line = [one for one in self.tickets.values() if one["state"] == "waiting" and line_of(one) == line_of(ticket)]
        now = self.envelope["command_id"]  # those whom one command puts back do not see each other
        line = [one for one in line if one["ticket"] != ticket["ticket"] and one["returned_by"] != now]
        claims: list[datetime] = sorted(one["claim_at"] for one in line)
        own: datetime = self.at if place == "tail" else ticket["claim_at"]
        if place == "head":
            return min([own, *(one - PLACE for one in claims[:1])])
        ahead = sum(place_of(one) < place_of(ticket) for one in line)
        before = claims[: {"back": places, "behind": ahead + places}.get(place)]
        return max([own, *(one + PLACE for one in before[-1:])])

    def move(self, ticket: Fields, state: str, counter: str | None, changes: Fields) -> None:
        """The ticket leaves where it was, for another state."""
        ticket.update(changes, state=state, counter=counter if state in ("called", "serving", "parked") else None)
        here = [one for one in self.tickets.values() if one["counter"] == counter and one["state"] in HELD]
        self.need(state not in HELD or len(here) == 1, f"counter {counter} has a visitor already")
        if state == "done":
            del self.tickets[ticket["ticket"]]
            self.resting[ticket["series"], ticket["position"]] = self.at

    def call(self, event: Fields, ticket: Fields, counter: Fields) -> Fields:
        """Who had to be called, and why; who is passed over, and what the rule promises to those."""
        setup, calling, figures = self.setup, self.setup.calling, self.report.figures(ticket)
        why = {"chosen_by": "rule", "reason": None, "round_of": "", **event["why"]}  # as the first version meant it
        why["round"], by = dict(why.get("round", [])), why["chosen_by"]
        tiers = setup.served(counter, self.tickets.values(), self.at)
        best = min(tiers.values(), default=LAST)
        served = sorted((self.tickets[one] for one in tiers), key=place_of)
        heads = [one for one in served if tiers[one["ticket"]] == best]
        due: Fields = {"chosen_by": by, "score": ticket["waited_s"], "round": {}, "round_of": "", "reason": None}
        self.same(counter, {"state": "open"})
        if by == "walk_in":
            self.need(calling["walk_in"] and ticket["issued_at"] == self.at, "not somebody who just walked in")
        elif by == "picked":
            due["reason"], pick = why["reason"], calling["pick"]
            may_pick = pick == "free" or (pick == "reason" and why["reason"])
            self.need(may_pick and ticket["ticket"] in tiers, "this hall does not allow this pick")
        else:
            chosen = self.choose(heads, best, counter, due) if heads else {"number": "nobody"}
            self.need(chosen is ticket, f"{ticket['number']} was called, {chosen['number']} had to be")
        passed = Table()
        for over in (one for one in served if place_of(one) < place_of(ticket)):
            line = f"{over['service']}/{over['class']}"
            passed.setdefault(line, {"line": line, "number": over["number"], "count": 0})["count"] += 1
            is_ruled = by == "rule" and tiers[over["ticket"]] == best
            self.report.figures(over)["overtaken"]["order" if by == "rule" and not is_ruled else by] += 1
            beyond = is_ruled and setup.is_beyond(over, ticket)
            self.need(not beyond, f"{ticket['number']} overtakes {over['number']} against the bound of the rule")
        self.same(why, due | {"passed_over": list(passed.values()), "rule": setup.rule})
        figures["calls"] += 1
        figures["longest_wait_s"] = max(figures["longest_wait_s"], ticket["waited_s"])
        if why["round"]:
            self.rounds[why["round_of"]] = why["round"]
        return {"last_call_at": self.at, "round_of": why["round_of"], "seq": self.envelope["seq"]}

    def choose(self, heads: list[Fields], tier: int, counter: Fields, due: Fields) -> Fields:
        """Whom to call of the best tier; `due` gets what the record has to say."""
        if self.setup.rule == "ratio" and tier > SENT:
            tiers, languages = self.setup.tiers(counter)
            # Counters that call the same services in the same languages share a round.
            services = "+".join(sorted(one for one, its in tiers.items() if its == tier))
            heads = self.of_next_class(heads, "/".join((services, *languages)), due)
        chosen = min(heads, key=lambda one: self.setup.urgency(one)[1] if tier > SENT else place_of(one))
        due["chosen_by"] = {CAP: "cap", SENT: "sent"}.get(tier, "rule")
        due["score"] = self.setup.urgency(chosen)[0] if tier > SENT else chosen["waited_s"]
        return chosen

    def of_next_class(self, heads: list[Fields], name: str, due: Fields) -> list[Fields]:
        """Those of the class with the largest part of its calls left; where all are spent, in a new round."""
        present, runs = {one["class"] for one in heads}, self.runs.setdefault(name, Tally())
        weights = {one: known.get("weight", 1) for one, known in self.setup.parts["classes"].items()}
        weights |= dict.fromkeys(sorted(present - weights.keys()), 1)
        spent = all(self.rounds.get(name, {}).get(one, 0) <= 0 for one in present)
        left = weights if spent else self.rounds[name]
        following = max((one for one in weights if one in present), key=lambda one: left.get(one, 0) / weights[one])
        due |= {"round": {**left, following: left.get(following, 0) - 1}, "round_of": name}
        for one in {*runs, *present}:
            runs[one] = runs[one] + 1 if one in present and one != following else 0
            most = 2 * sum(weight for other, weight in weights.items() if other != one)
            self.need(runs[one] <= most, f"{runs[one]} calls of others since the last of {one}, {most} allowed")
        return [one for one in heads if one["class"] == following]

    def undo(self, event: Fields, step: Fields, now: Fields | None) -> None:
        """The turn is at the counter again as it was before its last step; one that followed it is gone."""
        was, following = step["was"], step["next"]
        is_last, is_missed = following == (now and (now["turn"], now["state"])), following and following[1] == "missed"
        if is_missed and now and now["state"] == "waiting":  # put back in line since, and called by nobody
            is_last = (now["turn"], now["seq"]) == (was["turn"], was["seq"])
            self.same(
                event["call"], {name: was[name] for name in ("claim_at", "call_no", "deliveries", "delivered_at")}
            )
        self.need(is_last and self.at - step["at"] <= UNDO, "no longer the last step here")
        self.same(event, {"turn": was["turn"], "next_turn": following and following[0], "state": was["state"]})
        planned = now["planned"] if now else was["planned"]
        if following and now and now["state"] == "waiting":  # what was added or replaced meanwhile stays
            newest = {one["turn"]: one for one in planned}
            before = [newest.get(one["turn"], one) for one in was["planned"]]
            planned = before + [one for one in planned if one not in before and not one["to"]]
        self.tickets[event["ticket"]] = was | {"planned": planned}
        self.resting.pop((was["series"], was["position"]), None)
        self.comebacks.pop(event["ticket"], None)
        self.move(self.tickets[event["ticket"]], was["state"], event["counter"], {})


def audit(lines: Iterable[str], seal: str | None = None) -> Report:
    """The report on an exported day, line by line; raises `Unreadable`."""
    try:
        head, *events = (dict(json.loads(line)) for line in lines if line.strip())
        setups = {int(version): Setup(text) for version, text in head["setups"].items()}
        report = Report(head["hall"], head["day"], len(events))
        if (head["kind"], head["format"]) != ("hall-day", 1):
            raise Unreadable("not an exported day of format 1")
        replay = Replay(report, setups, head["anchor"])
        for row in events:
            replay.step(row)
            report.seq, report.seal = row["seq"], row["hash"]
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        raise Unreadable(f"not an exported day: {problem}") from problem
    if seal is not None and all(row["hash"] != seal for row in events):
        report.findings.append((report.seq, f"the seal {seal} is not in this file: it was cut off or written anew"))
    return report


def rendered(report: Report) -> str:
    lines = [f"{report.hall}, {report.day or 'all days'}: {report.events} events, {report.unchecked} not checked"]
    for class_, one in sorted(report.classes.items()):
        over = ", ".join(f"{by} {count}" for by, count in sorted(one["overtaken"].items())) or "never"
        lines.append(f"{class_}: {one['calls']} calls; overtaken: {over}; longest wait {one['longest_wait_s']:.0f} s")
    lines += [f"seq {seq}: {what}" for seq, what in report.findings] or ["no findings"]
    return "\n".join([*lines, f"seal: seq {report.seq} {report.seal}", OUTSIDE])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="an exported day, JSON lines")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--seal", help="the hash that was written down")
    asked = parser.parse_args(arguments)
    try:
        with open(asked.file, encoding="utf-8") as file:
            report = audit(file, asked.seal)
    except (OSError, Unreadable, UnicodeDecodeError) as problem:
        print(f"{asked.file}: {problem}", file=sys.stderr)
        return 2
    print(json.dumps(vars(report), ensure_ascii=False) if asked.json else rendered(report))
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
