"""The browser's pure modules: fold, clock, hours, format, words, keys, choices; run where they will run."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from hall.day.explain import Cause
from hall.i18n import translate_n
from hall.live.reasons import CAUSE_WORDS, causes_said
from tests.day.support import small_hall

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def run(browser) -> Run:
    """Runs a function body in which `m` is the module; returns what it returns."""
    from tests.kiosk.visitor_hall import VisitorHall

    page = VisitorHall(browser.new_context(), {}).open("/", width=800, height=600, ready=".start", clock=False)

    def run_it(module: str, body: str, *given: Any) -> Any:
        source = f"async (given) => {{ const m = await import('/static/js/{module}.js'); {body} }}"
        return page.evaluate(source, list(given))

    return run_it


FOLDED = {"epoch": "e", "seq": 5, "version": "1", "rate": 1, "records": {"a:1": {"n": 1}, "b": {"n": 2}}}


def test_an_event_puts_and_drops_whole_records(run) -> None:
    event = {"kind": "event", "prev": 5, "seq": 9, "put": {"a:1": {"k": 3}, "a:2": {}}, "drop": ["b"]}
    folded = run("lib/fold", "return m.foldEvent(given[0], given[1])", FOLDED, event)
    assert (folded["seq"], folded["records"]) == (9, {"a:1": {"k": 3}, "a:2": {}})


def test_an_event_after_a_gap_is_refused(run) -> None:
    event = {"kind": "event", "prev": 4, "seq": 9, "put": {}, "drop": []}
    assert run("lib/fold", "return m.foldEvent(given[0], given[1])", FOLDED, event) is None


def test_old_snapshot_and_events_equal_a_fresh_snapshot(run) -> None:
    body = """
      const first = {kind: "snapshot", epoch: "e", seq: 1, version: "1", rate: 2, state: {x: 1}};
      const events = [{prev: 1, seq: 2, put: {y: 2}, drop: []}, {prev: 2, seq: 7, put: {x: 5}, drop: ["y"]}];
      const folded = events.reduce(m.foldEvent, m.foldSnapshot(first));
      return [folded, m.foldSnapshot({...first, seq: 7, state: {x: 5}})];"""
    folded, fresh = run("lib/fold", body)
    assert folded == fresh


def test_the_halls_clock_runs_at_its_rate_from_the_servers_instant(run) -> None:
    body = """
      let at_ms = 1000; const clock = new m.HallClock(() => at_ms);
      const unknown = clock.now_ms();
      clock.hear("2026-11-24T02:00:00Z", 10); at_ms += 6000;
      return [unknown, new Date(clock.now_ms()).toISOString(), clock.since_s("2026-11-24T02:00:30Z")];"""
    assert run("lib/clock", body) == [None, "2026-11-24T02:01:00.000Z", 30]


def test_the_ping_with_the_shortest_way_sets_the_clock(run) -> None:
    body = """
      let at_ms = 0; const clock = new m.HallClock(() => at_ms); clock.hear("2026-11-24T02:00:00Z");
      at_ms = 1000; clock.pong("2026-11-24T02:00:00.990Z", 980);
      at_ms = 3000; clock.pong("2026-11-24T02:00:01Z", 1500);
      return new Date(clock.now_ms()).toISOString();"""
    assert run("lib/clock", body) == "2026-11-24T02:00:03.000Z"


WEEK = [[[540, 720], [810, 1020]]] * 5 + [[], []]


@pytest.mark.parametrize(
    ("weekday", "minute", "is_open"),
    [(0, 540, True), (0, 720, False), (0, 810, True), (4, 1020, False), (5, 600, False)],
)
def test_hours_open_at_their_first_minute_and_close_before_their_last(run, weekday, minute, is_open) -> None:
    now = {"weekday": weekday, "minute": minute}
    assert run("lib/hours", "return m.isOpen(given[0], given[1])", WEEK, now) is is_open


@pytest.mark.parametrize(
    ("weekday", "minute", "opening"),
    [
        (0, 730, {"days": 0, "weekday": 0, "minute": 810}),
        (4, 1100, {"days": 3, "weekday": 0, "minute": 540}),
        (0, 500, {"days": 0, "weekday": 0, "minute": 540}),
    ],
)
def test_the_next_opening_skips_closed_days(run, weekday, minute, opening) -> None:
    now = {"weekday": weekday, "minute": minute}
    assert run("lib/hours", "return m.nextOpening(given[0], given[1])", WEEK, now) == opening


def test_local_time_is_the_halls_and_not_the_browsers(run) -> None:
    body = "return m.localTime(Date.parse('2026-11-24T02:42:07Z'), given[0])"
    assert run("lib/hours", body, "Asia/Shanghai") == {"weekday": 1, "minute": 642}
    assert run("lib/hours", body, "America/New_York") == {"weekday": 0, "minute": 1302}


def test_times_and_durations_are_written_plainly(run) -> None:
    body = """return [
      m.clockTime("2026-11-24T16:05:09Z", "Asia/Shanghai"), m.clockTime("2026-11-24T16:05:09Z", "UTC", {seconds: true}),
      m.minuteSecond(65), m.minuteSecond(3729), m.minutes(61), m.wallTime(810),
      m.minuteRange({p10_s: 240, p50_s: 300, p90_s: 480}), m.minuteRange({p10_s: 5, p50_s: 9, p90_s: 20}),
      m.minuteRange(null)]"""
    assert run("lib/format", body) == ["00:05", "16:05:09", "1:05", "1:02:09", 2, "13:30", "4–8", "0–1", None]


def test_words_fall_back_to_the_msgid_and_count_by_the_table(run) -> None:
    body = """
      m.addCatalogue({lang: "xx", dir: "ltr", plural: Array.from({length: 200}, (_, n) => (n === 1 ? 0 : 1)),
        messages: {"Hello %(name)s": "Hola %(name)s", "%(n)s dog": ["%(n)s perro", "%(n)s perros"]}});
      return [m.tIn("xx", "Hello %(name)s", {name: "A"}), m.tIn("xx", "Unknown %(x)s", {x: 1}),
        m.tnIn("xx", "%(n)s dog", "%(n)s dogs", 1), m.tnIn("xx", "%(n)s dog", "%(n)s dogs", 301),
        m.tnIn("none", "%(n)s cat", "%(n)s cats", 2)];"""
    assert run("lib/i18n", body) == ["Hola A", "Unknown 1", "1 perro", "301 perros", "2 cats"]


def test_a_name_comes_in_the_wanted_language_or_the_next_best(run) -> None:
    body = "return given.map((names) => m.nameOf(names, 'fr'))"
    assert run("lib/i18n", body, {"fr": "Un", "en": "One"}, {"zh-Hans": "一", "en": "One"}, {"zh-Hans": "一"}) == [
        {"text": "Un", "lang": "fr"},
        {"text": "One", "lang": "en"},
        {"text": "一", "lang": "zh-Hans"},
    ]


def test_back_off_doubles_up_to_fifteen_seconds_and_is_half_random(run) -> None:
    body = "return [0, 1, 5, 9].map((attempt) => [m.backoff_ms(attempt, 0), m.backoff_ms(attempt, 1)])"
    assert run("lib/feed", body) == [[250, 500], [500, 1000], [7500, 15000], [7500, 15000]]


def test_keys_are_128_bits_and_never_the_same(run) -> None:
    first, second = run("lib/api", "return [m.pressKey(), m.pressKey()]")
    assert first != second
    assert len(first) == 32


def test_a_path_part_cannot_break_out_of_its_place(run) -> None:
    assert (
        run("lib/api", "return new m.Api({hall: 'a/b'}).hallPath('counters', '../x')") == "/halls/a%2Fb/counters/..%2Fx"
    )


@pytest.mark.parametrize(
    ("first", "ahead", "steps"),
    [
        (8, 3, {"gone": 5, "left": 3}),
        (0, 0, {"gone": 0, "left": 0}),
        (90, 89, {"gone": 0, "left": 9}),
        (90, 1, {"gone": 8, "left": 1}),
    ],
)
def test_the_steps_to_the_front_never_run_ahead_of_the_truth(run, first, ahead, steps) -> None:
    assert run("phone/steps", "return m.stepsOf(given[0], given[1])", first, ahead) == steps


@pytest.mark.parametrize(
    ("told", "age_s", "view"),
    [
        (None, 0, "printing"),
        (None, 3, "late"),
        ("claimed", 2, "printing"),
        ("printed", 9, "printed"),
        ("uncertain", 1, "failed"),
    ],
)
def test_the_paper_is_printing_until_the_printer_or_patience_says_otherwise(run, told, age_s, view) -> None:
    records = {"paper:p9": {"state": told}} if told else {}
    paper = {"id": "p9", "state": "requested"}
    assert run("kiosk/model", "return m.paperView(given[0], given[1], given[2])", paper, records, age_s) == view


@pytest.mark.parametrize(
    ("count", "is_below", "pages", "on_first"),
    [(6, False, 1, 6), (7, False, 2, 5), (5, True, 1, 5), (6, True, 2, 5), (0, False, 1, 0)],
)
def test_pages_leave_a_row_for_the_bar_when_they_need_it(run, count, is_below, pages, on_first) -> None:
    body = """
      const page = m.pageOf(Array(given[0]).fill({}), 0, {columns: 1, rows: 6}, given[1]);
      return [page.pages, page.choices.length];"""
    assert run("kiosk/model", body, count, is_below) == [pages, on_first]


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_phone_says_who_got_ahead_in_the_servers_words(run, lang) -> None:
    setup = small_hall()
    body = """
      const words = await import("/static/js/lib/i18n.js");
      await words.loadLanguage(given[0]);
      words.language.value = given[0];
      return given[1].map((causes) => m.gainedWords({ahead: 9, overtaken_by: causes}));"""
    tallies = [Counter({Cause("class", "elder"): 2, Cause("reprioritise"): 1})]
    tallies += [Counter({Cause(kind): 1}) for kind in (*CAUSE_WORDS, "something_new")]  # type: ignore[arg-type]
    tallies.append(Counter({Cause("cap"): 4, Cause("undo"): 3, Cause("next"): 1, Cause("postpone"): 1}))
    records = [
        [
            {"cause": cause.kind, "count": n, "name": dict(setup.classes[cause.id].name) if cause.id else None}
            for cause, n in tally.most_common()
        ]
        for tally in tallies
    ]
    more = "%(n)s more ahead: %(causes)s"
    said = [
        translate_n(lang, more, more, tally.total(), causes=causes_said(setup, tally, lang, said_most=2))
        for tally in tallies
    ]
    assert run("phone/reasons", body, lang, records) == said
