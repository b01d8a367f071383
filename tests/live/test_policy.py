"""What is said of missed calls is what the hall does then."""

from __future__ import annotations

import pytest

from hall.day import commands as c
from hall.day.setup import Missed
from hall.day.state import Day
from hall.live.picture import Picture
from hall.live.policy import missed_sentence
from hall.live.reasons import why_not_yet, width_of
from tests.day.support import HALL, Walker, small_hall

TO_STAFF = "过号后请找工作人员。"


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Missed(), TO_STAFF),
        (Missed(return_min=15), "15 分钟内回来，优先办理。"),
        (Missed(return_min=15, place="back"), "15 分钟内回来，前面办完 3 位后办理。"),
        (Missed(return_min=15, place="tail"), "15 分钟内回来，排到队尾。"),
        (Missed(return_min=15, returns_most=0), TO_STAFF),
        (Missed(return_min=15, requeue=1, places_back=5), "过号后自动顺延 5 位。"),
    ],
)
def test_the_sentence_of_missed_calls_promises_what_a_visitor_may_do(policy: Missed, said: str) -> None:
    assert missed_sentence(policy, "zh-Hans") == f"叫号 1 次未到即过号。{said}"


def test_who_missed_the_call_is_told_to_come_back_as_long_as_that_is_allowed() -> None:
    walker = Walker(setup=small_hall(missed=Missed(return_min=1440, place="back", places_back=20, returns_most=1)))
    said = []
    walker.do(c.OpenCounter("c1"))
    walker.do(c.IssueTicket("account"))
    for _ in range(2):
        walker.do(c.CallNext("c1"))
        walker.do(c.NoShow("c1", "x"))
        picture = Picture(walker.setup, walker.setups, Day(HALL))
        for one in walker.log:
            picture.apply(one)
        (ticket,) = picture.day.tickets.values()
        said.append(why_not_yet(picture, ticket)["sentence"]["zh-Hans"])
        walker.do(c.ReinstateTicket(ticket.id))
    assert said == ["已过号。1440 分钟内回来，前面办完 20 位后办理。", "已过号，请找工作人员"]
    assert all(width_of(one) < 30 for one in said)
