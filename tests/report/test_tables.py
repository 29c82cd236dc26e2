"""The tables of a study: each finding has one, and every format renders the same numbers."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.analysis import Findings, analyse
from crosstune.report import TABLE_FORMATS, results, write_tables
from crosstune.report._tables import TABLES, all_tables
from tests.analysis import synthetic

RUN = synthetic.run()
FINDINGS = analyse(RUN)


def files(findings: Findings) -> list[str]:
    return [table.name for table in all_tables(findings) if table.name and table]


def test_every_finding_has_its_table() -> None:
    expected = ["transfer", "rates", "gains", "control", "tasks", "abilities", "exchanges", "balances"]
    expected += ["mixed", "problems", "verdicts", "published"]
    expected += [
        f"correlations-{side}-{kind}" for side in ("cells", "models") for kind in ("raw", "gains", "centred")
    ]
    assert files(FINDINGS) == expected


def test_every_row_has_a_value_for_each_column() -> None:
    for table in all_tables(FINDINGS):
        assert {len(row) for row in table.flat_rows()} <= {len(table.flat_titles())}
        for row in table.rows:
            assert all(
                cell is None or isinstance(cell.main, str)
                for cell in (column.cell(row) for column in table.shown)
            )


def test_gains_are_those_of_the_findings() -> None:
    table = TABLES["gains"](FINDINGS)
    rows = {(row[0], row[1]): dict(zip(table.flat_titles(), row, strict=True)) for row in table.flat_rows()}
    for (model, _), gain in FINDINGS.gains.items():
        name = {"python": "Python", "javascript": "JavaScript"}[gain.task_key.language]
        row = rows[model, f"{name} {gain.task_key.task}"]
        assert (row["gain"], row["low"], row["high"]) == (gain.value, gain.low, gain.high)
        assert (row["p (Holm)"], row["mark"]) == (gain.p_holm, gain.stars)


def test_files_of_every_format_are_written(tmp_path: Path) -> None:
    written = write_tables(FINDINGS, tmp_path)
    assert {path.name for path in written} == {
        f"{name}.{ending}" for name in files(FINDINGS) for ending, _ in TABLE_FORMATS.values()
    }
    first = {path: path.read_bytes() for path in written}
    write_tables(analyse(replace(RUN, judged=tuple(reversed(RUN.judged)))), tmp_path)
    assert first == {path: path.read_bytes() for path in written}
    (only,) = {path.suffix for path in write_tables(FINDINGS, tmp_path / "some", ["csv"])}
    assert only == ".csv"


def test_a_csv_file_has_every_digit(tmp_path: Path) -> None:
    write_tables(FINDINGS, tmp_path, ["csv"])
    with (tmp_path / "transfer.csv").open() as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    for (model, task_key), rate in FINDINGS.rates.items():
        title = f"{'Python' if task_key.language == 'python' else 'JavaScript'} {task_key.task}"
        assert float(rows[model][title]) == 100 * rate.value


def test_csv_and_json_have_the_same_rates(tmp_path: Path) -> None:
    write_tables(FINDINGS, tmp_path, ["csv"])
    with (tmp_path / "rates.csv").open() as file:
        rows = list(csv.DictReader(file))
    rates = results(FINDINGS)["rates"]
    assert [float(row["pass@1"]) for row in rows] == [100 * rate["pass_at_1"] for rate in rates]
    assert [row["model"] for row in rows] == [rate["model"] for rate in rates]


def test_flagged_problems_get_a_table_once_they_are_measured() -> None:
    corpora = [
        replace(corpus, flagged=((synthetic.BENCHMARK, "python", "scale-03"),)) for corpus in RUN.corpora
    ]
    table = TABLES["flagged"](analyse(replace(RUN, corpora=tuple(corpora))))
    counts = {(row[0], row[1]): row[2] for row in table.flat_rows()}
    assert counts["python", "Python fix"] == 1
    assert counts["python", "JavaScript fix"] == 0


def test_nothing_judged_gives_no_table(tmp_path: Path) -> None:
    assert write_tables(analyse(replace(RUN, judged=[])), tmp_path) == []


@pytest.mark.parametrize("ending", ["md", "tex"])
def test_published_numbers_are_compared_with_those_of_the_study(tmp_path: Path, ending: str) -> None:
    write_tables(FINDINGS, tmp_path)
    text = (tmp_path / f"published.{ending}").read_text()
    assert "CodeM-Python" in text
    assert "38.4" in text
