"""The papers' tables: equal to their sources, and what they support."""

from __future__ import annotations

import csv

import pytest
from scipy import stats

from crosstune.analysis import (
    PUBLISHED_BASE,
    codem_claims,
    figure4,
    octopack_averages,
    octopack_claims,
    published_tables,
)
from crosstune.scoring import least_p, t_test_of_r, unpaired_p, wilson
from tests.analysis.test_correlations import COLUMNS, ROWS
from tests.shared import shared_data

CODEM, FIFTEEN = published_tables("codem")
SURPRISES = (
    "HTML instructions beat Java's own on Java",
    "C++ instructions beat C's own on C",
    "JavaScript instructions beat TypeScript's own on TypeScript",
)


def test_the_tables_are_those_of_the_reference_data() -> None:
    for table, name in ((CODEM, "codem-table1"), (FIFTEEN, "codem-table2")):
        with (shared_data("published") / f"{name}.csv").open() as file:
            rows = {row.pop("model"): row for row in csv.DictReader(file)}
        assert {m: {c: float(v) for c, v in row.items()} for m, row in rows.items()} == table.rates
    with (shared_data("published") / "octopack.csv").open() as file:
        result = [
            (row.pop("task"), row.pop("model"), {c: float(v) for c, v in row.items()})
            for row in csv.DictReader(file)
        ]
    assert result == [
        (t.name, model, row) for t in published_tables("octopack") for model, row in t.rates.items()
    ]


def test_rates_are_whole_problems_except_noted_ones() -> None:
    odd = [
        (model, column)
        for table in (CODEM, FIFTEEN)
        for model in table.rates
        for column in table.columns
        if abs(table.solved(model, column) - round(table.solved(model, column))) > 0.02
    ]
    assert odd == [("CodeM-C++", "Python"), ("CodeM-Python 15B", "C++")]
    for table, (model, column) in zip((CODEM, FIFTEEN), odd, strict=True):
        assert any(note.startswith(f"{model} on {column}:") for note in table.notes)


def test_every_legible_cell_of_figure_4_is_reproduced() -> None:
    result = figure4()
    assert result.agrees
    printed = {(part, one, two): r for part, one, two, r, _ in result.legible}
    expected = {("a", *pair): r for pair, r in COLUMNS.items()} | {
        ("b", *pair): r for pair, r in ROWS.items()
    }
    assert printed == expected
    for (part, one, two), r in expected.items():
        square = {"a": result.a, "b": result.b}[part]
        assert round(square[one][two], 2) == r
        assert square[one][two] == square[two][one]
    assert list(result.b) == ["Python", "JavaScript", "TypeScript", "C", "C++", "Java", "Go", "HTML"]
    assert list(result.a) == list(result.b)[:-1]


def test_the_surprises_are_not_significant() -> None:
    claims = {claim.claim: claim for claim in codem_claims()}
    assert [claims[name].statistic for name in SURPRISES] == [1, 4, 5]
    assert [claims[name].p for name in SURPRISES] == [1.0, 0.125, 0.0625]
    assert {claims[name].verdict for name in SURPRISES} == {"not supported"}


def test_claims_are_supported_only_by_the_figures() -> None:
    claims = {claim.claim: claim for claim in codem_claims()}
    assert claims["HTML lifts Java by 15.24 points"].supported
    assert claims["HTML lifts Java by 15.24 points"].statistic == 25
    assert claims["Mixed beats Python on Python"].verdict == "open"
    assert claims["Mixed beats Java on Java"].verdict == "not supported"
    every = claims["Every corpus lifts every language"]
    assert (every.statistic, every.supported) == (63, False)
    together = claims["Python and TypeScript instructions go together (Figure 4b)"]
    assert together.p == pytest.approx(
        stats.pearsonr(*(list(CODEM.rates[f"CodeM-{n}"].values()) for n in ("Python", "TypeScript"))).pvalue,
        rel=1e-9,
    )


def test_double_centring_separates_python_and_typescript() -> None:
    result = figure4()
    assert result.b["Python"]["TypeScript"] == pytest.approx(0.42, abs=0.005)
    assert result.b_centred["Python"]["TypeScript"] == pytest.approx(-0.6, abs=0.05)


def test_octopacks_averages_have_wilsons_interval() -> None:
    fix, _, _ = published_tables("octopack")
    result = octopack_averages(fix)["OctoCoder 16B"]
    mean = sum(fix.rates["OctoCoder 16B"].values()) / 6 / 100
    assert (result.value, result.low, result.high) == pytest.approx(
        (mean, *wilson(164 * mean, 164)), abs=1e-12
    )


def test_octopacks_claims_have_verdicts() -> None:
    result = {claim.claim: claim for claim in octopack_claims()}
    assert result["Instruction tuning on commits lifts StarCoder in fixing"].supported
    assert result["OctoCoder fixes better than WizardCoder"].verdict == "open"
    assert result["GPT-4 is ahead of the best open model in fix (OctoCoder 16B)"].supported


def test_least_p_is_scipys_binomial_test() -> None:
    for net in range(1, 12):
        assert least_p(50, 50 - net) == pytest.approx(stats.binomtest(net, net).pvalue, rel=1e-12)
    assert least_p(50, 50) == 1


def test_unpaired_p_is_scipys_chi_squared() -> None:
    for first, second, n, m in ((63, 38, 164, 164), (10, 30, 161, 164), (5, 5, 20, 30)):
        table = [[first, n - first], [second, m - second]]
        expected = stats.chi2_contingency(table, correction=False).pvalue
        assert unpaired_p(first, second, n, m) == pytest.approx(expected, rel=1e-9)
    assert unpaired_p(0, 0, 10, 10) == 1
    with pytest.raises(ValueError, match="no rates"):
        unpaired_p(1, 1, 0, 2)


def test_t_test_of_r_is_scipys() -> None:
    first, second = [1.0, 2.0, 4.0, 3.0, 9.0], [2.0, 1.0, 5.0, 3.0, 4.0]
    expected = stats.pearsonr(first, second)
    assert t_test_of_r(float(expected.statistic), 5) == pytest.approx(expected.pvalue, rel=1e-9)
    assert t_test_of_r(1.0, 5) == 0
    with pytest.raises(ValueError, match="3 or more"):
        t_test_of_r(0.5, 2)


def test_gains_are_over_the_base() -> None:
    assert round(CODEM.gain("CodeM-HTML", "Java", PUBLISHED_BASE), 2) == 15.24
