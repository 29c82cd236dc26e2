"""Tables as files: the same numbers in every form, nothing in them is markup."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.analysis import Corpus, analyse
from crosstune.report import TABLE_FORMS, write_tables
from crosstune.report._tables import Column, DataTable, data_tables
from crosstune.report._tables_write import comma_separated, latex, markdown
from tests.analysis import synthetic

RUN = synthetic.run()
FOUND = analyse(RUN)
TABLES = {table.name: table for table in data_tables(FOUND)}
HOSTILE = DataTable(
    "hostile", "50 % & more", (Column("a_b|c"), Column("x")), (("<b>\\x|y*\n$#{}~^&%_", -0.04), ("z", None))
)


def test_every_finding_has_its_table() -> None:
    expected = ["transfer", "gains", "control", "tasks", "abilities", "exchanges", "balances", "mixed"]
    expected += [
        f"correlations-{side}-{kind}" for side in ("cells", "models") for kind in ("raw", "gains", "centred")
    ]
    assert list(TABLES) == [*expected, "problems", "verdicts", "published"]
    for table in TABLES.values():
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_gains_are_those_of_the_findings() -> None:
    table = TABLES["gains"]
    titles = [column.title for column in table.columns]
    rows = {(row[0], row[1]): dict(zip(titles, row, strict=True)) for row in table.rows}
    for (model, _), gain in FOUND.gains.items():
        name = {"python": "Python", "javascript": "JavaScript"}[gain.task_key.language]
        row = rows[model, f"{name} {gain.task_key.task}"]
        assert (row["gain"], row["low"], row["high"]) == (gain.value, gain.low, gain.high)
        assert (row["p (Holm)"], row["mark"]) == (gain.p_holm, gain.stars)


def test_files_of_every_form_are_written(tmp_path: Path) -> None:
    written = write_tables(FOUND, tmp_path)
    assert {path.name for path in written} == {
        f"{name}.{ending}" for name in TABLES for ending, _ in TABLE_FORMS.values()
    }
    first = {path: path.read_bytes() for path in written}
    write_tables(analyse(replace(RUN, judged=tuple(reversed(RUN.judged)))), tmp_path)
    assert first == {path: path.read_bytes() for path in written}
    (only,) = {path.suffix for path in write_tables(FOUND, tmp_path / "some", ["csv"])}
    assert only == ".csv"


def test_a_csv_file_has_every_digit(tmp_path: Path) -> None:
    write_tables(FOUND, tmp_path, ["csv"])
    with (tmp_path / "transfer.csv").open() as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    for (model, task_key), rate in FOUND.rates.items():
        title = f"{'Python' if task_key.language == 'python' else 'JavaScript'} {task_key.task}"
        assert float(rows[model][title]) == 100 * rate.value


def test_markdown_is_a_table_whatever_is_in_it() -> None:
    lines = markdown(HOSTILE).splitlines()
    assert lines[2:4] == [r"| a\_b\|c | x |", "| --- | ---: |"]
    assert lines[4] == r"| \<b\>\\x\|y\* $\#{}~^&%\_ | 0.0 |"
    assert lines[5] == "| z | \u2013 |"
    task_keys = [re.split(r"(?<!\\)\|", line) for line in lines[2:]]
    assert {len(row) for row in task_keys} == {4}


def test_latex_escapes_what_it_would_obey() -> None:
    lines = latex(HOSTILE).splitlines()
    assert lines[1] == r"\begin{tabular}{lr}"
    assert lines[3] == r"a\_b|c & x \\"
    assert lines[5] == (
        r"$<$b$>$\textbackslash{}x|y* \$\#\{\}\textasciitilde{}\textasciicircum{}\&\%\_ & 0.0 \\"
    )
    assert lines[6] == r"z & -- \\"
    signs = latex(TABLES["gains"])
    assert "$-$" in signs
    assert "\u2212" not in signs


def test_a_csv_cell_may_hold_anything() -> None:
    rows = list(csv.reader(comma_separated(HOSTILE).splitlines(keepends=True)))
    assert rows == [["a_b|c", "x"], [HOSTILE.rows[0][0], "-0.04"], ["z", ""]]


def test_flagged_problems_get_a_table_once_they_are_measured() -> None:
    corpora = [
        replace(corpus, flagged=((synthetic.BENCHMARK, "python", "scale-03"),)) for corpus in RUN.corpora
    ]
    assert all(isinstance(corpus, Corpus) for corpus in corpora)
    tables = {table.name: table for table in data_tables(analyse(replace(RUN, corpora=tuple(corpora))))}
    counts = {(row[0], row[1]): row[2] for row in tables["flagged"].rows}
    assert counts["python", "Python fix"] == 1
    assert counts["python", "JavaScript fix"] == 0


def test_nothing_judged_gives_no_table(tmp_path: Path) -> None:
    assert write_tables(analyse(replace(RUN, judged=[])), tmp_path) == []


@pytest.mark.parametrize("ending", ["md", "tex"])
def test_published_numbers_stand_beside_ours(tmp_path: Path, ending: str) -> None:
    write_tables(FOUND, tmp_path)
    text = (tmp_path / f"published.{ending}").read_text()
    assert "CodeM-Python" in text
    assert "38.4" in text
