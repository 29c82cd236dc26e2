"""`crosstune published`: what it prints and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crosstune.cli._main import app
from crosstune.errors import UnknownName
from tests.analysis.test_published import SURPRISES


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["published", *words], env={"COLUMNS": "120"})
    if result.exception:
        raise result.exception
    return result.stdout


@pytest.fixture(scope="module")
def codem(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("published") / "new" / "codem.json"
    run("codem", "--json", str(path))
    return json.loads(path.read_text("utf-8"))


def test_figure_4_is_written_by_language(codem: Any) -> None:
    assert len(codem["figure4a"]) == 7
    assert len(codem["figure4b"]) == 8
    assert round(codem["figure4a"]["JavaScript"]["Java"], 2) == -0.50
    assert round(codem["figure4b"]["Python"]["TypeScript"], 2) == 0.42
    assert codem["figure4b_centred"]["Python"]["TypeScript"] == pytest.approx(-0.6, abs=0.1)


def test_claims_are_written_with_their_tests(codem: Any) -> None:
    for claim in codem["claims"]:
        assert {"claim", "statistic", "p", "supported"} <= claim.keys()
        assert 0 <= claim["p"] <= 1
        assert isinstance(claim["supported"], bool)
    result = {claim["claim"]: claim for claim in codem["claims"]}
    assert [result[name]["supported"] for name in SURPRISES] == [False, False, False]
    assert all(result[name]["p"] > 0.05 for name in SURPRISES)


def test_it_prints_tables_figures_and_claims() -> None:
    text = run("codem")
    assert "Table 1" in text
    assert "38.41" in text
    assert "20 cells of the printed figure can be read; all agree to two decimals" in text
    assert "0.42" in text
    assert "\u22120.61" in text
    assert "HTML instructions beat Java's own on Java" in text
    assert "34.76 was probably meant" in " ".join(text.split())


def test_octopack_prints_its_three_tasks(tmp_path: Path) -> None:
    text = run("octopack", "--json", str(tmp_path / "o.json"))
    for word in ("HumanEvalFix", "HumanEvalExplain", "HumanEvalSynthesize", "27.0 [20.8, 34.3]"):
        assert word in text
    assert "figure4a" not in json.loads((tmp_path / "o.json").read_text("utf-8"))


def test_another_paper_is_unknown() -> None:
    with pytest.raises(UnknownName, match="unknown paper 'octopak'; .* did you mean 'octopack'"):
        run("octopak")
