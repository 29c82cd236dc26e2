"""Tables on a terminal and in a pipe: lines fit, and every name is whole."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from crosstune.tables import (
    ABSENT,
    CELL,
    COUNT,
    PROSE,
    TEXT,
    Cell,
    Column,
    Group,
    Table,
    listed,
    number,
    print_table,
)

LANGUAGES = ("javascript", "typescript", "a-language-with-a-rather-long-name")
STATUSES = ("passed", "wrong_answer", "compile_error", "runtime_error", "timeout", "harness_error")
WIDE = listed(
    [("language", TEXT), *((status, COUNT) for status in STATUSES)],
    [(name, *range(1000, 1006)) for name in LANGUAGES],
    "Programs by verdict",
)
TOOLS = listed(
    [("language", TEXT), ("seconds", number(2)), ("tools", PROSE)],
    [("Python", 0.5, "CPython 3.11.7, " + "with libraries and more of them, " * 4), ("Go", None, "go1.24")],
)


def printed(table: Table[Any], width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    print_table(table, Console(file=file, width=width, force_terminal=False))
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("table", [WIDE, TOOLS], ids=["wide", "prose"])
def test_no_line_is_longer_than_the_width_and_no_name_is_cut(table: Table[Any], width: int) -> None:
    text = printed(table, width)
    assert max(map(cell_len, text.splitlines())) <= width
    for name, *values in table.rows:
        assert name in text
        assert all(word in text for value in values if isinstance(value, str) for word in value.split())
    assert all(column.head in text for column in table.columns)
    assert "…" not in text


@pytest.mark.parametrize("width", [1, 5, 12, 30])
def test_a_pipe_gets_whole_words_at_any_width(width: int) -> None:
    path = "/a/path/without/any/space/in/it/that/is/longer/than/eighty/columns/and/is/copied/from/the/output"
    prose = listed([("language", TEXT), ("tools", PROSE)], [("javascript", f"found in {path}")])
    for table in (WIDE, TOOLS, prose):
        words = printed(table, width).split()
        for name, *values in table.rows:
            assert {
                name,
                *(word for each in values if isinstance(each, str) for word in each.split()),
            } <= set(words)


def test_a_wide_table_is_split_into_blocks_that_repeat_the_names() -> None:
    assert printed(WIDE, 200).count("javascript") == 1
    assert printed(WIDE, 80).count("javascript") == 2


def test_names_that_leave_no_space_have_lines_of_their_own() -> None:
    lines = printed(WIDE, 40).splitlines()
    at = lines.index("a-language-with-a-rather-long-name")
    assert lines[at + 1].startswith("  ")


def test_numbers_are_aligned_right_and_missing_values_are_dashes() -> None:
    lines = printed(TOOLS, 60).splitlines()
    assert lines[0].startswith("language  seconds  tools")
    assert lines[1].startswith("Python       0.50  CPython")
    assert any(line.startswith(f"Go              {ABSENT}  go1.24") for line in lines)


def test_groups_and_bounds_have_lines_of_their_own() -> None:
    columns: list[Column[str]] = [Column("model", str, heading="")]
    cell = Cell("97.8", sub="+92.8**", bounds="[78.4, 100.0]", tuned=True)
    columns += [Column(task, lambda _: cell, CELL) for task in ("fix", "synthesize")]
    table = Table("", columns, ["base"], groups=(Group("Python", 2),), stacked=True)
    assert printed(table).splitlines() == [
        "      Python           Python",
        "      fix              synthesize",
        "base  97.8 ▪  +92.8**  97.8 ▪  +92.8**",
        "      [78.4, 100.0]    [78.4, 100.0]",
    ]
    assert "97.8 #" in printed(table, encoding="ascii")


def test_markup_and_control_characters_are_shown_as_they_are() -> None:
    text = printed(listed([("name", TEXT)], [("[bold]x[/bold]",), ("a\x1b[31mb",)]))
    assert "[bold]x[/bold]" in text
    assert "a\u241b[31mb" in text


def test_a_table_without_rows_prints_nothing() -> None:
    assert printed(listed([("name", TEXT)], [])) == ""
