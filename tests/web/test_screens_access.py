"""Staff screens by axe, and what axe cannot see: every key of the desk has a name and a size that fingers can hit."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.screens_support import Json, Scripted
from tests.web.screens_desk_support import current, desk, waiting
from tests.web.test_screens_manager import floor

TOKEN = "sessionStorage.setItem('hall.token', 'T'); localStorage.setItem('hall.desk.counter.jiangwan', '3')"


@pytest.mark.parametrize(
    ("path", "state", "ready"),
    [
        ("/desk", desk(waiting("B033", minutes=12), now=current("called")), ".desk"),
        ("/desk", desk(state="paused"), ".desk"),
        ("/manager", floor(waiting("B033", minutes=12)), ".manager"),
        ("/display", desk(), ".stage"),
    ],
    ids=["desk with a visitor", "paused desk", "manager", "display"],
)
def test_a_screen_has_no_barrier_that_axe_can_see(scripted: Scripted, path: str, state: Json, ready: str) -> None:
    hall = scripted(state)
    hall.context.add_init_script(TOKEN)
    page = hall.open(path, width=1366, height=768, lang="en", ready=ready, clock=False)
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == []


def test_the_keys_of_the_desk_are_large_enough_for_fingers(scripted: Scripted) -> None:
    hall = scripted(desk(now=current("called")))
    hall.context.add_init_script(TOKEN)
    page = hall.open("/desk", width=1024, height=768, lang="en", ready=".desk")
    sizes = page.locator(".keys button").evaluate_all("nodes => nodes.map(n => n.getBoundingClientRect().height)")
    assert len(sizes) == 9
    assert min(sizes) >= 48
