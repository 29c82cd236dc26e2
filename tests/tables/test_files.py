"""JSON, CSV, Markdown and LaTeX: the same columns, and nothing in them is read as markup."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crosstune.tables import (
    COUNT,
    FLAG,
    PERCENT,
    RATE,
    TEST,
    TEXT,
    TITLED,
    Column,
    Table,
    Titled,
    comma_separated,
    json_rows,
    latex,
    listed,
    markdown,
    number,
)

HOSTILE = listed(
    [("a_b|c", TEXT), ("x", number(1))], [("<b>\\x|y*\n$#{}~^&%_", -0.04), ("z", None)], "50 % & more"
)


@dataclass(frozen=True)
class Rate:
    value: float = 0.5
    low: float = 0.25
    high: float = 0.75


@dataclass(frozen=True)
class Difference:
    value: float = -1.25
    low: float = -3.0
    high: float = 0.5
    p: float = 0.00001
    p_holm: float = 0.25
    stars: str = ""
    beyond: bool = False
    significant: bool = False
    problems: int = 60
    seeds: int = 3


COLUMNS: Sequence[Column[Any]] = (
    Column("task", lambda _: Titled("Python fix", ("python", "fix")), TITLED, key=("language", "task")),
    Column(("pass@1", "", "high"), lambda _: Rate(), RATE, key=("pass_at_1", "low")),
    Column("n", lambda _: 1234, COUNT, key="n"),
    Column("tuned", lambda _: True, FLAG, key="tuned"),
    Column("", lambda _: 0.125, PERCENT, key="only_json"),
    Column("share", lambda _: None, PERCENT, key="share"),
    Column(("gain", "low", "", "p"), lambda _: Difference(), TEST, key="gain"),
)
KINDS = Table("Kinds", COLUMNS, [None])


def test_json_has_unscaled_values_by_key() -> None:
    (row,) = json_rows(KINDS)
    gain = row.pop("gain")
    assert row == {
        "language": "python",
        "task": "fix",
        "pass_at_1": 0.5,
        "low": 0.25,
        "n": 1234,
        "tuned": True,
        "only_json": 0.125,
        "share": None,
    }
    assert (gain["points"], gain["p_holm"], gain["significant"]) == (-1.25, 0.25, False)


def test_csv_has_the_parts_that_have_a_title() -> None:
    head, row = csv.reader(comma_separated(KINDS).splitlines())
    assert head == ["task", "pass@1", "high", "n", "tuned", "share", "gain", "low", "p"]
    assert row == ["Python fix", "50.0", "75.0", "1234", "yes", "", "-1.25", "-3.0", "1e-05"]


def test_markdown_rounds_and_signs_numbers() -> None:
    row = markdown(KINDS).splitlines()[-1]
    assert row == ("| Python fix | 50.0 | 75.0 | 1,234 | yes | \u2013 | \u22121.2 | \u22123.0 | \\< 0.0001 |")


def test_markdown_escapes_its_own_signs() -> None:
    lines = markdown(HOSTILE).splitlines()
    assert lines[2:4] == [r"| a\_b\|c | x |", "| --- | ---: |"]
    assert lines[4] == r"| \<b\>\\x\|y\* $\#{}~^&%\_ | 0.0 |"
    assert lines[5] == "| z | \u2013 |"
    cells = [re.split(r"(?<!\\)\|", line) for line in lines[2:]]
    assert {len(row) for row in cells} == {4}


def test_latex_escapes_its_own_signs() -> None:
    lines = latex(HOSTILE).splitlines()
    assert lines[1] == r"\begin{tabular}{lr}"
    assert lines[3] == r"a\_b|c & x \\"
    assert lines[5] == (
        r"$<$b$>$\textbackslash{}x|y* \$\#\{\}\textasciitilde{}\textasciicircum{}\&\%\_ & 0.0 \\"
    )
    assert lines[6] == r"z & -- \\"
    signs = latex(KINDS)
    assert "$-$" in signs
    assert "\u2212" not in signs


def test_a_csv_cell_may_contain_anything() -> None:
    rows = list(csv.reader(comma_separated(HOSTILE).splitlines(keepends=True)))
    assert rows == [["a_b|c", "x"], [HOSTILE.rows[0][0], "-0.04"], ["z", ""]]


def test_a_column_without_heading_is_not_shown() -> None:
    table = Table("", (Column("a", str), Column("b", str, heading=""), Column("", str, key="c")), ["x"])
    assert [column.head for column in table.shown] == ["a"]
    assert table.flat_titles() == ["a", "b"]
