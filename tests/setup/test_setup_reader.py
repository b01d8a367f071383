"""Whatever stands where a value belongs, the reader reads it or says what is wrong."""

from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from hall.files import examples_folder
from hall.setup.export import render_toml
from hall.setup.findings import SetupMistakes
from hall.setup.toml import parse

TELECOM = examples_folder() / "telecom-hall.toml"
VALUES = [
    "1",
    "-1",
    "1.5",
    "true",
    '""',
    '"x"',
    '"\\u0000"',
    "[]",
    "[1]",
    '["*", "*"]',
    "{}",
    "{ en = 1 }",
    "nan",
    "inf",
]
VALUES += [
    "1979-05-27",
    "07:32:00",
    "[[[]]]",
    '{ "" = {} }',
    "123456789012345678901234567890",
    '"#2"',
    '"' + "x" * 300 + '"',
]
SETTABLE = [number for number, line in enumerate(TELECOM.read_text("utf-8").splitlines()) if " = " in line]


@given(st.lists(st.tuples(st.sampled_from(SETTABLE), st.sampled_from(VALUES)), min_size=1, max_size=4))
@example([(number, "[]") for number in SETTABLE])
@example([(number, "{}") for number in SETTABLE])
def test_no_value_breaks_the_reader(changes: list[tuple[int, str]]) -> None:
    lines = TELECOM.read_text("utf-8").splitlines()
    for number, value in changes:
        lines[number] = f"{lines[number].partition(' = ')[0]} = {value}"
    with suppress(SetupMistakes):
        setup = parse("\n".join(lines), "x.toml").setup
        assert parse(render_toml(setup)).setup == setup
