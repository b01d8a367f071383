"""Every reason to refuse is stable, told apart by its code, and tested."""

from __future__ import annotations

import ast
from pathlib import Path

import hall.day.deciding
from hall.day import refusals
from hall.day.refusals import Refusal

TESTS = Path(__file__).parent
CLASSES = {name: cls for name, cls in vars(refusals).items() if isinstance(cls, type) and issubclass(cls, Refusal)}


def attributes_of(tree: ast.AST, base: str) -> set[str]:
    """All `x` in `base.x`."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == base
    }


def raised_by_decide() -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in Path(hall.day.deciding.__path__[0]).glob("*.py")]
    raises = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Raise))
    return set.union(*(attributes_of(node, "r") for node in raises))


def refused_in_tests() -> set[str]:
    """The classes that some test passes to `then_refused`."""
    calls = (
        node
        for path in TESTS.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "then_refused"
    )
    return set.union(*(attributes_of(call, "r") for call in calls))


def test_every_refusal_that_a_decision_can_raise_has_a_test() -> None:
    raised = raised_by_decide()
    assert len(raised) > 20
    assert raised - refused_in_tests() == set()


def test_no_two_refusals_share_a_code() -> None:
    codes = [cls.code for cls in CLASSES.values()]
    assert len(codes) == len(set(codes))
    assert all(code.isidentifier() and code.islower() for code in codes)


def test_a_refusal_carries_the_facts_behind_it() -> None:
    refusal = refusals.CounterIsBusy(counter="c1", number="A001")
    assert (str(refusal), refusal.data) == ("counter_busy", {"counter": "c1", "number": "A001"})
