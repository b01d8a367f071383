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
from operator import itemgetter
from typing import Any

Fields = dict[str, Any]
Table = dict[str, Fields]
place_of, line_of = itemgetter("claim_at", "serial"), itemgetter("service", "class", "promise_s", "language", "to")
ENVELOPE = ("hall", "seq", "at", "business_date", "type", "version", "command_id", "actor_kind", "actor_id", "door")
SEALED = (*ENVELOPE, "setup_version", "body")
GENESIS, LONG_AGO, EPSILON = "0" * 64, datetime.min.replace(tzinfo=UTC), 1e-6
PLACE, UNDO, HOUR, REST = timedelta(milliseconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(hours=2)
CAP, SENT, FIRST, NORMAL, LAST = range(5)
CALLING = {"rule": "head_start", "promise_s": 1800, "pick": "reason", "walk_in": True, "postpone_most": 2}
MISSED = {"calls": 1, "gap_s": 0, "grace_s": 0, "place": "head", "places_back": 3, "returns_most": 2, "requeue": 0}
MOVES = {  # what may happen to a turn in each state
    "waiting": "Called Returned Transferred Postponed Reprioritised Cancelled Expired",
    "called": "Recalled CallDelivered Started Missed Transferred Cancelled Expired CallUndone",
    "serving": "Finished Parked Transferred StartUndone",
    "parked": "Unparked Returned Cancelled Expired",
    "missed": "Reinstated Cancelled Expired MissUndone",
}
ENDS = {"Started": "serving", "Parked": "parked", "Unparked": "serving", "Missed": "missed", "Cancelled": "done"}
ENDS |= {"Expired": "done", "StartUndone": "called", "MissUndone": "called"}
NOT_FOLLOWED = {
    "DaySealed",
    "VisitDiverted",
    "DoorCounted",
    "HelpRequested",
    "HelpTaken",
    "HelpSolved",
    "TimeCorrected",
}
NOT_FOLLOWED |= {"PaperRequested", "PaperClaimed", "PaperPrinted", "PaperUncertain", "PaperFailed"}
NOT_CALLED: Fields = {"call_no": 0, "called_seq": 0, "deliveries": 0, "delivered_call": 0, "delivered_at": None}
FRESH: Fields = {"planned": [], "misses": 0, "postponed": 0, "to": "", "counter": None, **NOT_CALLED}
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
    classes: dict[str, Fields] = field(default_factory=dict)


class Setup:
    """What the checks need of a set-up document; what it leaves out has its default."""

    def __init__(self, text: str) -> None:
        data, self.digest = json.loads(text), sha256(text.encode()).hexdigest()
        names = {"services": "id", "classes": "id", "counters": "id", "series": "id", "staff": "login"}
        parts = {part: {one[name]: one for one in data.get(part, [])} for part, name in names.items()}
        self.parts: dict[str, dict[str, Fields]] = parts
        self.calling, self.missed = CALLING | data.get("calling", {}), MISSED | data.get("missed", {})
        shows = any(device["kind"] == "display" for device in data.get("devices", []))
        self.is_voice = (self.missed.get("delivered_by") or ("displays" if shows else "voice")) == "voice"
        self.rule, self.cap_s = self.calling["rule"], self.calling.get("cap_s")

    def part(self, part: str, name: str | None) -> Fields:
        return self.parts[part].get(name or "", {})

    def of_class(self, ticket: Fields, what: str) -> int:
        return int(self.part("classes", ticket["class"]).get(what, 0))

    def printed(self, place: Fields) -> str:
        return f"{self.part('series', place['series']).get('prefix', '?')}{place['position']:03d}"

    def promise(self, service: str, class_: str) -> Any:
        """The promise of the class, else of the service; a class that is gone promises what the first one does."""
        known = self.part("classes", class_) or next(iter(self.parts["classes"].values()), {})
        return self.part("services", service).get("promise_s") if known.get("promise_s") is None else known["promise_s"]

    def tiers(self, counter: Fields) -> tuple[dict[str, int], tuple[str, ...]]:
        """Where a counter's own order puts the services that it and its clerk can do, and the languages they serve."""
        clerk, plan = self.part("staff", counter["staff"]), self.part("counters", counter["counter"])
        skills, own = {*plan.get("skills", ()), *clerk.get("skills", ())}, dict.fromkeys(counter["services"], NORMAL)
        own |= dict.fromkeys(plan.get("last", ()), LAST) | dict.fromkeys(plan.get("first", ()), FIRST)
        able = [one for one in counter["services"] if skills >= {*self.part("services", one).get("skills", ())}]
        return {one: own[one] for one in able}, tuple(sorted(clerk.get("languages") or plan.get("languages") or ()))

    def tier(self, offer: tuple[Any, ...], ticket: Fields, at: datetime) -> int | None:
        """How near a waiting visitor is to being called at a counter; None when it may not call this one."""
        tiers, languages, own = offer
        serves = ticket["to"] in own if ticket["to"] else not languages or ticket["language"] in languages
        tier = SENT if ticket["to"] else tiers.get(ticket["service"])
        is_over = self.cap_s is not None and waited_s(ticket, at) >= self.cap_s
        return None if not serves or tier is None else CAP if is_over else tier

    def promised_s(self, ticket: Fields) -> float:
        return float(ticket["promise_s"] or self.calling["promise_s"])

    def urgency(self, ticket: Fields, at: datetime) -> tuple[float, tuple[Any, ...]]:
        """The score that a call records, and what the rule compares, least first (`ratio`: inside a class)."""
        if self.rule == "share_of_promise":
            share = waited_s(ticket, at) / self.promised_s(ticket)
            return share, (-share, ticket["serial"])
        rank = self.of_class(ticket, "rank") if self.rule == "strict" else 0
        credit = timedelta(seconds=self.of_class(ticket, "head_start_s") if self.rule == "head_start" else 0)
        since: datetime = ticket["claim_at"] - credit
        return (at - since).total_seconds(), (rank, since, ticket["serial"])

    def is_beyond(self, over: Fields, called: Fields, at: datetime) -> bool:
        """True when the rule lets `called` go before `over`, who has the earlier claim, against its own bound."""
        if self.rule in ("strict", "ratio"):
            is_better = self.of_class(called, "rank") < self.of_class(over, "rank")
            return not (is_better if self.rule == "strict" else called["class"] != over["class"])
        credit_s = self.of_class(called, "head_start_s") - self.of_class(over, "head_start_s")
        share_s = waited_s(over, at) / self.promised_s(over) * (self.promised_s(over) - self.promised_s(called))
        allowed_s = {"head_start": credit_s, "share_of_promise": share_s + EPSILON}.get(self.rule, 0)
        return bool((called["claim_at"] - over["claim_at"]).total_seconds() > allowed_s)


def waited_s(ticket: Fields, at: datetime) -> float:
    return float((at - ticket["claim_at"]).total_seconds())


def own_names(counter: Fields) -> tuple[str, str]:
    return f"counter/{counter['counter']}", f"staff/{counter['staff']}"


def passed_over(earlier: list[Fields]) -> list[Fields]:
    """Those with an earlier claim by service and class, each with its first number and how many they are."""
    found: dict[str, Fields] = {}
    for ticket in sorted(earlier, key=place_of):
        line = f"{ticket['service']}/{ticket['class']}"
        found.setdefault(line, {"line": line, "number": ticket["number"], "count": 0})["count"] += 1
    return list(found.values())


def read_body(entry: Fields) -> Fields:
    """The fields of an event with their instants read; what an old call did not record is what it meant."""
    for name, value in entry.items():
        if isinstance(value, str) and (name.endswith("_at") or name in ("since", "until")):
            entry[name] = datetime.fromisoformat(value)
    if "passed_over" in entry:
        return {"chosen_by": "rule", "reason": None, "round_of": "", **entry, "round": dict(entry.get("round", []))}
    return entry


class Replay:
    """Folds the events of a hall by their meaning, and complains where one should not have happened."""

    def __init__(self, report: Report, setups: dict[int, Setup], *, is_known: bool) -> None:
        self.report, self.setups, self.is_known, self.is_open = report, setups, is_known, False
        self.setup, self.version, self.envelope, self.at = Setup("{}"), 0, Fields(), LONG_AGO
        self.next_serial, self.owed, self.is_requeued = 1, "", False  # owed: whom a policy puts back in line next
        self.tickets, self.counters, self.resting = Table(), Table(), Table()  # resting: numbers that were closed
        self.comebacks, self.printers, self.prioritised = Table(), Fields(), list[datetime]()
        self.steps, self.returned = Table(), set[str]()  # what an undo restores; whom the command that runs returned
        self.rounds: dict[str, dict[str, int]] = {}
        self.runs: dict[str, Tally[str]] = {}  # round -> class -> calls of others since one of its own

    def need(self, is_so: object, what: str) -> None:
        if not is_so:
            self.report.findings.append((self.envelope["seq"], what))

    def same(self, said: Fields, due: Fields) -> None:
        """Complains of each value that an event has to say and does not."""
        for name, value in due.items():
            found = said.get(name, value)
            is_near = isinstance(value, float) and isinstance(found, float | int) and abs(found - value) < EPSILON
            self.need(is_near or found == value, f"{name} is {found}, has to be {value}")

    def step(self, envelope: Fields, at: datetime) -> None:
        """Check and carry in one event."""
        self.returned = self.returned if envelope["command_id"] == self.envelope.get("command_id") else set()
        self.envelope, self.at, kind = envelope, at, envelope["type"]
        begins = kind in ("DayOpened", "SetupPublished")
        if not (begins or self.is_known):
            self.report.unchecked += 1
            return
        try:
            event = json.loads(envelope["body"], object_hook=read_body)
            self.need(self.owed in ("", event.get("ticket")), "whom the policy puts back in line at once was not")
            self.is_requeued, self.owed = bool(self.owed), ""
            is_in_force = self.is_open and envelope["setup_version"] == self.version
            self.need(begins or is_in_force, f"{kind} while no day is open, or under a set-up not in force")
            move = kind.removeprefix("Ticket")
            if move == "ServiceAdded" or any(move in moves.split() for moves in MOVES.values()):
                self.carry_move(move, event, self.ticket_of(move, event))
            else:
                self.carry(kind, event, event.get("counter"))
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
            self.need(False, f"{kind} cannot be carried out: {type(problem).__name__} {problem}")

    def carry(self, kind: str, event: Fields, counter: Any) -> None:
        match kind:
            case "SetupPublished":
                self.use(event["version"], event["digest"])
            case "DayOpened":
                self.open_day(event)
            case "DayClosed":
                left = [one["number"] for one in self.tickets.values() if one["state"] != "serving"]
                self.need(not left, f"the day closes on {', '.join(left)}")
                self.is_open = False
            case "PrinterReported":
                self.printers[event["printer"]] = event["state"]
            case "CounterOpened":
                at_work = [one["staff"] for one in self.counters.values() if one["staff"]]
                self.need(counter not in self.counters, f"counter {counter} is open already")
                self.need(event["staff"] not in at_work, f"{event['staff']} works at another counter")
                self.counters[counter] = event | {"state": "open", "reason": None, "since": self.at, "ticket": None}
            case "CounterPaused" | "CounterResumed":
                states = ("open", "paused") if kind == "CounterPaused" else ("paused", "open")
                self.same(self.counters[counter], {"state": states[0]})
                self.counters[counter].update(state=states[1], reason=event.get("reason"), since=self.at)
            case "CounterClosed":
                own = own_names(self.counters.pop(counter))
                meant = [one for one in self.tickets.values() if one["counter"] == counter or one["to"] in own]
                left = [one["number"] for one in meant if one["state"] != "missed"]
                self.need(not left, f"counter {counter} closes on {', '.join(left)}")
                for one in meant:  # missed, and of the open line from now on
                    one["to"] = ""
                self.steps.pop(counter, None)
            case "TicketIssued":
                self.issue(event)
            case "TicketFinishUndone":
                self.undo_finish(event, self.steps.pop(counter), self.tickets.get(event["ticket"]))
            case _:
                self.need(kind in NOT_FOLLOWED, f"{kind} is not known to this check")

    def use(self, version: int, digest: str | None = None) -> None:
        self.need(version in self.setups, f"set-up {version} is not in the file, an older one is used to check")
        self.version, self.setup, self.rounds, self.runs = version, self.setups.get(version, self.setup), {}, {}
        self.need(digest in (None, self.setup.digest), f"set-up {version} in the file is not the one published here")

    def ticket_of(self, move: str, event: Fields) -> Fields:
        """The ticket of an event, which must be where the event says it is."""
        ticket, counter = self.tickets[event["ticket"]], event.get("counter")
        at = {} if move in ("Called", "MissUndone") else {"counter": ticket["counter"]}
        self.same(event, {"turn": ticket["turn"], "number": ticket["number"], **at})
        self.same(event, {"staff": self.counters[counter]["staff"]} if counter else {})
        may = move == "ServiceAdded" or move in MOVES[ticket["state"]].split()
        self.need(may, f"{move}, but {ticket['number']} is {ticket['state']}")
        return ticket

    def carry_move(self, move: str, event: Fields, ticket: Fields) -> None:
        """One move of a turn: what it has to say, what it may not, what comes of it."""
        self.same(event, self.due(move, event, ticket))
        counter, number = event.get("counter") or "", event.get("call_no")
        if counter and move in ("Finished", "Transferred", "Missed", "Parked"):
            following = event.get("next_turn") or (event.get("next") or {}).get("turn")
            self.steps[counter] = {"move": move, "at": self.at, "was": dict(ticket), "next": following}
        match move:
            case "Called":
                self.call(event, ticket, self.counters[counter])
            case "Recalled":
                ticket.update(call_no=number, last_call_at=self.at)
            case "CallDelivered":
                ticket.update(deliveries=ticket["deliveries"] + 1, delivered_call=number, delivered_at=self.at)
            case "ServiceAdded":
                ticket["planned"] = [*ticket["planned"], event["planned"]]
            case "Finished" if event.get("comeback"):
                self.comebacks[ticket["ticket"]] = event["comeback"]
            case "MissUndone":
                step = self.steps.pop(counter)
                is_last = (step["move"], step["was"]["called_seq"]) == ("Missed", ticket["called_seq"])
                self.need(is_last and self.at - step["at"] <= UNDO, "this miss is no longer the last step here")
            case "CallUndone":
                name, class_ = ticket["why"]["round_of"], ticket["class"]
                self.figures(ticket)["undone"] += 1
                if name in self.rounds:  # the class gets its call back, and what the others waited does not count
                    self.rounds[name] = {**self.rounds[name], class_: self.rounds[name].get(class_, 0) + 1}
                    self.runs[name].subtract(one for one in list(self.runs[name]) if one != class_)
        if move in ENDS:
            changes = {"started_at": self.at} if move == "Started" else {"due_at": event.get("due_at")}
            misses = ticket["misses"] + {"Missed": 1, "MissUndone": -1}.get(move, 0)
            self.move(ticket, ENDS[move], "" if ENDS[move] in ("missed", "done") else counter, misses=misses, **changes)
        elif move == "Finished" and not event.get("next"):
            self.move(ticket, "done")
        elif move not in ("Called", "Recalled", "CallDelivered", "ServiceAdded"):
            self.wait(move, event, ticket)

    def due(self, move: str, event: Fields, ticket: Fields) -> Fields:
        """What the event has to say; complains of what the set-up does not allow."""
        own, setup, at, policy = ticket["claim_at"], self.setup, self.at, self.setup.missed
        is_own = self.envelope["actor_kind"] == "visitor"
        match move:
            case "Recalled":
                self.need(at >= ticket["last_call_at"] + timedelta(seconds=policy["gap_s"]), "called again too soon")
                return {"call_no": ticket["call_no"] + 1}
            case "CallDelivered":
                self.need(ticket["delivered_call"] < event["call_no"], "this call was delivered before")
                return {"call_no": ticket["call_no"], "deliveries": ticket["deliveries"] + 1}
            case "Missed":
                return self.check_miss(event, ticket)
            case "Finished":
                return {"next": self.next_turn(ticket, event.get("next") or {})}
            case "Expired":
                return {"outcome": "no_show" if ticket["state"] == "missed" else "expired"}
            case "Reinstated":
                place = policy["place"] if is_own else "back" if self.is_requeued else event["place"]
                is_policy = ticket["missed_by"] == self.envelope["command_id"]
                self.need(is_policy == self.is_requeued, "put back in line at once against the policy")
                self.need(not is_own or ticket["misses"] <= policy["returns_most"], "a visitor returned too often")
                return {"place": place, "claim_at": self.claim_for(ticket, place)}
            case "Returned" if event["cause"] == "timer":
                self.need(ticket["state"] == "parked" and at >= ticket["due_at"], "returned before its time")
                return {"claim_at": own, "to": f"counter/{ticket['counter']}"}
            case "Returned":
                return {"claim_at": self.claim_for({**ticket, "to": ""}, "head"), "to": ""}
            case "Postponed":
                behind = sorted(place_of(one) for one in self.line(ticket) if place_of(one) > place_of(ticket))
                self.need(not is_own or ticket["postponed"] < setup.calling["postpone_most"], "postponed too often")
                return {"claim_at": behind[event["places"] - 1][0] + PLACE}
            case "Transferred":
                kept = event["service"] == ticket["service"]
                promise_s = ticket["promise_s"] if kept else setup.promise(event["service"], ticket["class"])
                return {"claim_at": own, "promise_s": promise_s, "class": ticket["class"]}
            case "Reprioritised":
                most, lately = setup.calling.get("priority_per_hour"), [n for n in self.prioritised if at - n < HOUR]
                self.need(most is None or len(lately) < most, f"over the {most} moves to another class in an hour")
                self.prioritised = [*lately, at]
                return {"promise_s": setup.promise(ticket["service"], event["class"])}
        return {}

    def check_miss(self, event: Fields, ticket: Fields) -> Fields:
        """Missed only after enough delivered calls and the time to come, unless staff went on with a reason."""
        policy, (reached, last) = self.setup.missed, (ticket["deliveries"], ticket["delivered_at"])
        if self.setup.is_voice:
            reached, last = ticket["call_no"], ticket["last_call_at"]
        if event.get("override") is not None:
            self.need(policy.get("override", True), "this hall allows no override")
        elif "deliveries" in event:  # the first version did not count them
            grace = timedelta(seconds=policy["grace_s"] + self.setup.of_class(ticket, "grace_s"))
            self.need(reached >= max(1, policy["calls"]), f"missed after {reached} delivered calls")
            self.need(self.at >= (last or LONG_AGO) + grace, "missed before the time to come was over")
        self.owed = ticket["ticket"] if ticket["misses"] < policy["requeue"] else ""
        ticket["missed_by"] = self.envelope["command_id"]
        back_min = policy.get("return_min")
        return {"deliveries": reached, "expires_at": self.at + timedelta(minutes=back_min) if back_min else None}

    def line(self, ticket: Fields) -> list[Fields]:
        return [one for one in self.waiting() if line_of(one) == line_of(ticket) and one["ticket"] != ticket["ticket"]]

    def claim_for(self, ticket: Fields, place: str) -> datetime:
        """The claim just before the head of a line, just behind some of it, or at its end."""
        line: list[datetime] = sorted(i["claim_at"] for i in self.line(ticket) if i["ticket"] not in self.returned)
        own: datetime = self.at if place == "tail" else ticket["claim_at"]
        if place == "head":
            return min([own, *(one - PLACE for one in line[:1])])
        before = line if place == "tail" else line[: self.setup.missed["places_back"]]
        return max([own, *(one + PLACE for one in before[-1:])])

    def next_turn(self, ticket: Fields, said: Fields) -> Fields | None:
        """The turn that a visit goes on with, in the open line where its counter or clerk is gone."""
        if not ticket["planned"]:
            return None
        due: Fields = ticket["planned"][0] | {"claim_at": ticket["claim_at"]}
        there = [name for one in self.counters.values() for name in own_names(one)]
        due |= {"class": ticket["class"]} if "class" in said else {}
        return due | {"to": due["to"] if due["to"] in there else ""}

    def move(self, ticket: Fields, state: str, counter: str = "", **changes: Any) -> None:
        """The ticket leaves where it was, for another state."""
        held = self.counters.get(ticket["counter"] or "", {})
        if held.get("ticket") == ticket["ticket"]:
            held["ticket"] = None
        ticket.update(changes, state=state, counter=counter or None)
        if state in ("called", "serving"):
            taken = self.counters[counter]
            self.need(taken["ticket"] is None, f"counter {counter} has a visitor already")
            taken["ticket"] = ticket["ticket"]
        if state == "done":
            del self.tickets[ticket["ticket"]]
            self.resting[ticket["number"]] = ticket | {"closed_at": self.at}

    def wait(self, by: str, event: Fields, ticket: Fields) -> None:
        """The ticket stands in line, by one of the moves."""
        said = event.get("next") or event
        changes = {name: said[name] for name in ("claim_at", "class", "service", "promise_s", "to") if name in said}
        if by in ("Reinstated", "Finished", "Transferred") or ticket["state"] == "parked":
            changes["since"] = self.at
        if by == "Finished":
            changes |= {"turn": said["turn"], "planned": ticket["planned"][1:]}
        elif by == "Transferred":
            planned = [*filter(None, [event["returning"]]), *ticket["planned"]]
            changes |= {"turn": event["next_turn"], "planned": planned}
        elif by == "Returned" and event["cause"] == "counter_closed":
            self.returned.add(ticket["ticket"])
        changes["postponed"] = ticket["postponed"] + (by == "Postponed")
        self.move(ticket, "waiting", placed_by=by, **NOT_CALLED, **changes)

    def waiting(self) -> list[Fields]:
        return [ticket for ticket in self.tickets.values() if ticket["state"] == "waiting"]

    def open_day(self, event: Fields) -> None:
        """A day begins; where the day before is known, with all that goes on from it and nothing else."""
        said = {name: {one["ticket"]: one for one in event.get(name, [])} for name in ("tickets", "comebacks")}
        said |= {"counters": {one["counter"]: one for one in event["counters"]}, "printers": dict(event["printers"])}
        numbers = {self.setup.printed(one): one for one in event["numbers"]}
        if self.is_known:
            self.need(not self.is_open, "a day opens that is open")
            lately = [(a, one) for a, one in self.resting.items() if self.at - one["closed_at"] < REST]
            lost = [a for a, one in lately if self.setup.printed(one) == a and a not in numbers]
            self.need(not lost, f"{', '.join(lost)} was closed lately and does not rest any more")
            credits = {ticket: one for ticket, one in self.comebacks.items() if one["until"] > self.at}
            due = {"counters": self.counters, "printers": self.printers, "comebacks": credits}
            self.same(event | said, due | {"next_serial": self.next_serial, "setup_version": self.version})
            bare = {id: {a: one[a] for a in one.keys() - {"why", "copies"}} for id, one in said["tickets"].items()}
            known = {id: {name: one.get(name) for name in bare.get(id, one)} for id, one in self.tickets.items()}
            self.same({"tickets": bare}, {"tickets": known})
        self.is_known = self.is_open = True
        self.use(event["setup_version"])
        self.next_serial, self.resting, self.comebacks = event["next_serial"], numbers, said["comebacks"]
        self.counters, self.printers, self.steps = said["counters"], said["printers"], {}
        self.prioritised = []
        self.tickets = {id: FRESH | {"state": "serving"} | one for id, one in said["tickets"].items()}
        for one in self.tickets.values():
            one.update(since=one["claim_at"], last_call_at=one["called_at"])

    def issue(self, event: Fields) -> None:
        number = event["number"]
        credit = timedelta(seconds=self.comebacks.pop(event.get("comeback") or "", {"credit_s": 0})["credit_s"])
        due = {"promise_s": self.setup.promise(event["service"], event["class"]), "claim_at": self.at - credit}
        self.same(event, due | {"serial": self.next_serial, "number": self.setup.printed(event)})
        self.need(all(one["number"] != number for one in self.tickets.values()), f"number {number} is open twice")
        rests_until = self.resting.get(number, {"closed_at": LONG_AGO})["closed_at"] + REST
        self.need(self.at >= rests_until, f"number {number} was closed too lately")
        self.next_serial = event["serial"] + 1
        begun = {"state": "waiting", "placed_by": "Issued", "issued_at": self.at, "since": self.at}
        self.tickets[event["ticket"]] = FRESH | event | begun

    def call(self, event: Fields, ticket: Fields, counter: Fields) -> None:
        why, figures = event["why"], self.figures(ticket)
        self.same(counter | event, {"state": "open", "call_no": 1})
        if ticket["state"] == "waiting":
            self.check_call(ticket, counter, why)
        figures["calls"] += 1
        figures["placed_by"][ticket["placed_by"]] += 1
        figures["longest_wait_s"] = max(figures["longest_wait_s"], (self.at - ticket["since"]).total_seconds())
        if why["round"]:
            self.rounds[why["round_of"]] = why["round"]
        changes = NOT_CALLED | {"call_no": 1, "called_seq": self.envelope["seq"], "why": why, "staff": event["staff"]}
        self.move(ticket, "called", event["counter"], called_at=self.at, last_call_at=self.at, **changes)

    def check_call(self, ticket: Fields, counter: Fields, why: Fields) -> None:
        """Who had to be called, and why; who is passed over, and what the rule promises to those."""
        by, setup, calling = why["chosen_by"], self.setup, self.setup.calling
        offer = (*setup.tiers(counter), own_names(counter))
        tiers = {one["ticket"]: setup.tier(offer, one, self.at) for one in self.waiting()}
        served = [one for one in self.waiting() if tiers[one["ticket"]] is not None]
        best = min((tier for tier in tiers.values() if tier is not None), default=LAST)
        heads = [one for one in served if tiers[one["ticket"]] == best]
        earlier = [one for one in served if place_of(one) < place_of(ticket)]
        due: Fields = {"chosen_by": by, "score": waited_s(ticket, self.at), "round": {}, "round_of": ""}
        due["reason"] = why["reason"] if by == "picked" else None
        if by == "walk_in":
            self.need(calling["walk_in"] and ticket["issued_at"] == self.at, "not somebody who just walked in")
        elif by == "picked":
            may_pick = calling["pick"] == "free" or (calling["pick"] == "reason" and why["reason"])
            self.need(may_pick and ticket in served, "this hall does not allow this pick")
        else:
            chosen = self.choose(heads, best, counter, due) if heads else {"number": "nobody"}
            if chosen is not ticket:
                self.need(False, f"{ticket['number']} was called, {chosen['number']} had to be")
                return
        self.same(why, due | {"passed_over": passed_over(earlier), "rule": setup.rule})
        for over in earlier:
            is_ruled = by == "rule" and tiers[over["ticket"]] == best
            self.figures(over)["overtaken"]["order" if by == "rule" and not is_ruled else by] += 1
            beyond = is_ruled and setup.is_beyond(over, ticket, self.at)
            self.need(not beyond, f"{ticket['number']} overtakes {over['number']} against the bound of the rule")

    def choose(self, heads: list[Fields], tier: int, counter: Fields, due: Fields) -> Fields:
        """Whom to call of the best tier; `due` gets what the record has to say."""
        if tier <= SENT:
            due |= {"chosen_by": "cap" if tier == CAP else "sent", "score": waited_s(min(heads, key=place_of), self.at)}
            return min(heads, key=place_of)
        if self.setup.rule == "ratio":
            tiers, languages = self.setup.tiers(counter)
            # Counters that call the same services in the same languages share a round.
            services = "+".join(sorted(one for one, its in tiers.items() if its == tier))
            heads = self.of_next_class(heads, "/".join((services, *languages)), due)
        chosen = min(heads, key=lambda one: self.setup.urgency(one, self.at)[1])
        due |= {"chosen_by": "rule", "score": self.setup.urgency(chosen, self.at)[0]}
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

    def undo_finish(self, event: Fields, step: Fields, now: Fields | None) -> None:
        """The turn is at the counter again, the one that followed it is gone."""
        is_last = step["move"] in ("Finished", "Transferred") and self.at - step["at"] <= UNDO
        follows = now is None if step["next"] is None else now is not None and now["turn"] == step["next"]
        self.need(is_last and follows and (not now or now["state"] == "waiting"), "no longer the last step here")
        self.same(event, {"turn": step["was"]["turn"], "next_turn": step["next"], "state": step["was"]["state"]})
        kept = {name: now[name] for name in ("misses", "postponed")} if now else {}
        ticket = self.tickets[event["ticket"]] = {**step["was"], **kept, "counter": None}
        self.resting.pop(ticket["number"], None)
        self.comebacks.pop(event["ticket"], None)
        self.move(ticket, step["was"]["state"], event["counter"])

    def figures(self, ticket: Fields) -> Fields:
        empty: Fields = {"calls": 0, "undone": 0, "overtaken": Tally(), "placed_by": Tally(), "longest_wait_s": 0.0}
        return self.report.classes.setdefault(ticket["class"], empty)


def audit(lines: Iterable[str], seal: str | None = None) -> Report:
    """The report on an exported day, line by line; raises `Unreadable`."""
    try:
        head, *events = (dict(json.loads(line)) for line in lines if line.strip())
        setups = {int(version): Setup(text) for version, text in head["setups"].items()}
        report, before = Report(head["hall"], head["day"], len(events)), head["anchor"]
        is_whole = all({*SEALED, "hash"} == row.keys() and isinstance(row["seq"], int) for row in events)
        if (head["kind"], head["format"]) != ("hall-day", 1) or not is_whole:
            raise Unreadable("not an exported day of format 1")
        stamps = [datetime.fromisoformat(row["at"]).astimezone(UTC) for row in events]
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        raise Unreadable(f"not an exported day: {problem}") from problem
    hashes: dict[int, str] = {}
    replay, seq, last = Replay(report, setups, is_known=before == GENESIS), 0, LONG_AGO
    for row, at in zip(events, stamps, strict=True):
        check_link(report, row, seq, before)
        report.findings += [(row["seq"], "earlier than the event before it")] if at < last else []
        seq, last, before = row["seq"], max(at, last), row["hash"]
        replay.step(row, at)
        if row["type"] == "DaySealed":
            told = json.loads(row["body"])
            kept = hashes.get(told["seq"], told["seal"])  # a single day's file does not hold the day before
            report.findings += [] if told["seal"] == kept else [(row["seq"], "the seal is not the hash that it names")]
        hashes[row["seq"]] = before
    report.seq, report.seal = seq, before
    if seal is not None and all(row["hash"] != seal for row in events):
        report.findings.append((seq, f"the seal {seal} is not in this file: it was cut off or written anew"))
    return report


def check_link(report: Report, row: Fields, last: int, before: str) -> None:
    """The event follows the one before it, and its hash covers both."""
    if row["seq"] != last + 1 and (last or before == GENESIS):
        report.findings.append((last + 1, f"missing or out of order: {row['seq']} follows {last}"))
    sealed = json.dumps([before, *(row[name] for name in SEALED)], ensure_ascii=False, separators=(",", ":"))
    if sha256(sealed.encode()).hexdigest() != row["hash"]:
        report.findings.append((row["seq"], "the chain is broken: the hash does not fit this event and the one before"))
    if row["hall"] != report.hall or report.day not in (None, row["business_date"]):
        report.findings.append((row["seq"], "belongs to another hall or day"))


def rendered(report: Report) -> str:
    lines = [f"{report.hall}, {report.day or 'all days'}: {report.events} events, {report.unchecked} not checked"]
    for class_, one in sorted(report.classes.items()):
        by, over = (", ".join(f"{a} {n}" for a, n in sorted(one[of].items())) for of in ("placed_by", "overtaken"))
        lines.append(f"{class_}: {one['calls']} calls ({by}), {one['undone']} undone; overtaken: {over or 'never'};")
        lines[-1] += f" longest wait {one['longest_wait_s']:.0f} s"
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
