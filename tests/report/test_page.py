from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune.analysis import Corpus, CorpusPart, Model, Run, StepSummary, TaskKey, analyse
from crosstune.errors import MissingExtra
from crosstune.records import EvaluatedSample, Example
from crosstune.report import render, write
from crosstune.report._figures import POINTS, thinned
from tests.analysis import synthetic

RUN = synthetic.run()
FINDINGS = analyse(RUN)
PAGE = render(FINDINGS)
DASH = "\u2013"
EVIL = "<script>window.owned=1</script>\"'&\u202e"


def test_equal_findings_give_equal_bytes() -> None:
    assert render(analyse(replace(RUN, judged=tuple(reversed(RUN.judged))))) == PAGE


def test_steps_show_tokens_and_cost_where_they_were_counted() -> None:
    steps = [
        StepSummary(name="tune/a/s0", kind="tune", state="done", seconds=60, tokens=1200, key="a"),
        StepSummary(name="tune/b/s0", kind="tune", state="done", seconds=2, tokens=34, key="b"),
        StepSummary(
            name="generate/a/s0", kind="generate", state="done", seconds=1, tokens=500, cost=0.25, key="c"
        ),
        StepSummary(name="judge/a/s0", kind="judge", state="cached", seconds=4, key="d"),
        StepSummary(name="judge/b/s0", kind="judge", state="to run", key="e"),
    ]
    page = render(analyse(replace(RUN, steps=tuple(steps))))
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>.*?</tr>", page)]
    assert ["tune", "2", "1 min 02 s", "1 min 00 s", "1,234", DASH] in rows
    assert ["generate", "1", "1.0 s", "1.0 s", "500", "0.2500"] in rows
    assert ["judge", "1", "4.0 s", "4.0 s", DASH, DASH] in rows
    assert ["all", "4", "1 min 07 s", "1 min 00 s", "1,734", "0.2500"] in rows
    assert ["judge/b/s0", "judge", "to run", DASH, DASH, DASH, "e"] in rows


def test_the_page_is_written_with_its_figures(tmp_path: Path) -> None:
    path = write(FINDINGS, tmp_path / "report")
    assert path == tmp_path / "report" / "index.html"
    assert path.read_text("utf-8") == PAGE
    assert sorted(result.name for result in path.parent.iterdir()) == ["figures", "index.html"]


def test_figures_of_earlier_findings_are_removed(tmp_path: Path) -> None:
    rows = [row for row in RUN.judged if row.model in ("base", "python") and row.seed == 0]
    figures = tmp_path / "figures"
    figures.mkdir()
    for name in ("control.svg", "control.png", "own.png"):
        (figures / name).touch()
    write(analyse(replace(RUN, judged=rows, control="")), tmp_path)
    result = {path.name for path in figures.iterdir()}
    assert {"transfer.svg", "transfer.png", "own.png"} <= result
    assert not {"control.svg", "control.png"} & result


def test_the_page_has_no_network_addresses() -> None:
    addresses = re.findall(r'\s(?:src|href|srcset|action|data|xlink:href)="([^"]*)"', PAGE)
    assert len(addresses) > 24
    assert [address for address in addresses if not address.startswith("#")] == []
    assert not re.search(r"url\(|@import|<link|<base|<iframe", PAGE)


def test_every_internal_link_has_a_target() -> None:
    places = {link.split("?")[0] for link in re.findall(r'href="#([^"]*)"', PAGE)}
    assert len(places) > 12
    assert places <= set(re.findall(r'\sid="([^"]+)"', PAGE))


def test_the_table_has_the_numbers_of_the_findings() -> None:
    gain = FINDINGS.gains["python", TaskKey("exercises", "javascript", "synthesize")]
    assert f"+{gain.value:.1f}**</b>" in PAGE
    assert f"[{gain.low:.1f}, {gain.high:.1f}]" in PAGE
    assert PAGE.count('class="whisker') == len(FINDINGS.gains)
    assert PAGE.count("<svg ") == 4 + 6 + 5


def _hostile() -> Run:
    row = Example(id=EVIL, prompt=EVIL, completion=EVIL, language="python", task=EVIL, source=EVIL)
    corpus = Corpus(
        name=EVIL,
        composition=(CorpusPart(language=EVIL, task=EVIL, source=EVIL, rows=3),),
        funnel=((EVIL, 3),),
        samples=(row,),
        note=EVIL,
    )
    model = Model(
        name=EVIL, corpus=EVIL, recipe={EVIL: [EVIL, {EVIL: EVIL}]}, trained=((EVIL, EVIL),), note=EVIL
    )
    judged = [
        replace(one, model=EVIL, language=EVIL, task=EVIL, problem=EVIL, text=EVIL, stage=EVIL)
        for one in RUN.judged[:1]
    ]
    return Run(
        name=EVIL,
        title=EVIL,
        baseline=EVIL,
        models=(model,),
        judged=judged,
        corpora=(corpus,),
        losses={(EVIL, 0): [(1, 2.0), (2, float("nan"))]},
        manifest={EVIL: {EVIL: [EVIL, None, 3]}},
    )


def test_names_and_rows_never_become_markup() -> None:
    page = render(analyse(_hostile()))
    assert "<script>window.owned" not in page
    assert len(re.findall("<script", page)) == 3
    assert "&lt;script&gt;window.owned=1&lt;/script&gt;&#34;&#39;&amp;[U+202E]" in page


def test_a_run_without_verdicts_still_gives_a_page() -> None:
    page = render(analyse(replace(RUN, judged=[], corpora=(), losses={}, steps=(), manifest={})))
    assert "Nothing has been judged yet." in page
    assert "Corpora" not in page


def test_cells_without_verdicts_have_a_dash() -> None:
    def unfinished(row: EvaluatedSample) -> bool:
        return row.model == "ability" and row.task == "fix"

    page = render(analyse(replace(RUN, judged=[row for row in RUN.judged if not unfinished(row)])))
    left_open = [text.split('id="rates"')[0].count('class="none">') for text in (page, PAGE)]
    assert left_open == [4, 0]


@pytest.mark.parametrize("package", ["jinja2", "altair", "vl_convert"])
def test_a_missing_package_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"'{package}' is not installed.*crosstune\[report\]"):
        render(FINDINGS)


def test_long_curves_are_averaged() -> None:
    curve = [(step, float(step % 2)) for step in range(10 * POINTS)]
    short = thinned([*curve, (10 * POINTS, float("inf"))])
    assert len(short) == POINTS
    assert short[-1] == (10 * POINTS - 1, 0.5)
    assert thinned(curve[:7]) == curve[:7]
