"""Down to each problem in a real browser: who solves what, two answers line by line."""

from __future__ import annotations

from typing import Any

import pytest

from crosstune.analysis import TaskKey, analyse
from crosstune.records import EvaluatedSample, Status
from crosstune.tables import visible
from tests.analysis import synthetic
from tests.report.browser import choose, complaints, screen, state, wait

RUN = synthetic.run()
FINDINGS = analyse(RUN)
CELL = TaskKey("exercises", "javascript", "synthesize")
TABLE = FINDINGS.problems[CELL]


def problems(page: Any) -> list[str]:
    return [
        str(one.get_attribute("textContent"))
        for one in page.find_elements("css selector", "#problems .solved-by tbody th")
    ]


def listed(page: Any, link: str = "") -> None:
    page.execute_script("location.hash = arguments[0]", link or "#problems?cell=" + "/".join(CELL))
    wait(lambda: "JavaScript synthesize" in state(page, "problems"))


def test_a_problems_row_counts_its_passing_programs(page: Any) -> None:
    listed(page)
    name = problems(page)[0]
    expected = []
    for model in FINDINGS.models:
        rows = [row for row in RUN.judged if (row.model, row.problem) == (model, name) and _in_cell(row)]
        expected.append(f"{sum(row.status is Status.PASSED for row in rows)}/{len(rows)}")
    fields = page.find_elements("css selector", "#problems .solved-by tbody tr:first-child td")
    assert [field.get_attribute("textContent") for field in fields] == expected
    assert complaints(page) == []


def _in_cell(row: EvaluatedSample) -> bool:
    return (row.benchmark, row.language, row.task) == tuple(CELL)


def test_problems_filter_by_who_solves_them(page: Any) -> None:
    listed(page)
    expected = list(TABLE.only("javascript", "python"))
    assert 0 < len(expected) < 50
    choose(page, "solved", "javascript", "problems")
    choose(page, "unsolved", "python", "problems")
    wait(lambda: state(page, "problems").startswith(f"{len(expected)} problem"))
    assert problems(page) == expected


def test_a_problems_tests_are_shown_as_text(page: Any) -> None:
    expected = RUN.tests[(*CELL, "scale-07")]
    assert synthetic.MARKED in expected
    page.execute_script("location.hash = arguments[0]", f"#compare?cell={'/'.join(CELL)}&problem=scale-07")
    drawer = wait(lambda: page.find_elements("css selector", "#compare .drawer"))[0]
    assert not drawer.find_element("css selector", "pre").is_displayed()
    drawer.find_element("css selector", "summary").click()
    shown = drawer.find_element("css selector", "pre")
    assert shown.is_displayed()
    assert shown.get_attribute("textContent") == expected
    assert shown.find_elements("css selector", "b") == []


@pytest.mark.parametrize(
    ("kind", "expected"), [("nobody", TABLE.never_passed), ("everybody", TABLE.always_passed)]
)
def test_problems_filter_by_no_one_and_everyone(page: Any, kind: str, expected: tuple[str, ...]) -> None:
    listed(page)
    choose(page, "kind", kind, "problems")
    wait(lambda: state(page, "problems").startswith(f"{len(expected) or 'No'} problem"))
    assert problems(page) == list(expected)


def test_the_static_list_links_to_the_filters(page: Any) -> None:
    link = page.find_element("css selector", '#unsolved a[href*="fix"]')
    n = int(link.text)
    page.execute_script("arguments[0].click()", link)
    wait(lambda: state(page, "problems").startswith(f"{n} problem"))


def test_problems_sort_by_a_model_and_the_link_keeps_it(page: Any) -> None:
    listed(page)

    def rates() -> list[int]:
        fields = page.find_elements("css selector", "#problems .solved-by tbody tr td:nth-of-type(2)")
        return [int(field.get_attribute("textContent").split("/")[0]) for field in fields]

    assert rates() != sorted(rates(), reverse=True)
    page.find_element("css selector", "#problems .solved-by thead th:nth-child(3) button").click()
    wait(lambda: rates() == sorted(rates(), reverse=True))
    heading = page.find_element("css selector", "#problems .solved-by thead th:nth-child(3)")
    assert heading.get_attribute("aria-sort") == "descending"
    assert page.switch_to.active_element == heading.find_element("tag name", "button")
    names, link = problems(page), page.current_url
    page.get("about:blank")
    page.get(link)
    wait(lambda: problems(page) == names)


def test_long_lists_are_paginated(page: Any) -> None:
    listed(page)
    assert len(problems(page)) == 50
    where = page.find_element("css selector", "#problems .pager .where")
    assert where.text == "1\u201350 of 60"
    page.find_element("css selector", "#problems .pager button:last-child").click()
    wait(lambda: len(problems(page)) == 10)
    assert where.text == "51\u201360 of 60"
    assert "page=2" in page.current_url
    assert not page.find_element("css selector", "#problems .pager button:last-child").is_enabled()


def test_every_pair_of_models_is_counted(page: Any) -> None:
    listed(page)
    page.find_element("css selector", "#problems .pairs summary").click()
    at = [FINDINGS.models.index(name) for name in ("javascript", "python")]
    field = wait(
        lambda: page.find_elements(
            "css selector", f"#problems .pairs tbody tr:nth-child({at[0] + 1}) td:nth-of-type({at[1] + 1}) a"
        )
    )[0]
    assert field.text == str(len(TABLE.only("javascript", "python")))
    field.click()
    wait(lambda: state(page, "problems").startswith(f"{len(TABLE.only('javascript', 'python'))} problem"))


def compared(page: Any, problem: str, first: str, second: str) -> None:
    page.execute_script(
        "location.hash = '#compare?' + new URLSearchParams(arguments[0])",
        {"cell": "/".join(CELL), "problem": problem, "a": f"0.0.{first}", "b": f"0.0.{second}"},
    )
    wait(lambda: state(page, "compare").startswith(f"{problem}: {first} "))


def row_of(model: str, problem: str) -> EvaluatedSample:
    return next(
        row
        for row in RUN.judged
        if (row.model, row.seed, row.problem) == (model, 0, problem) and _in_cell(row)
    )


def test_two_programs_are_compared_line_by_line(page: Any) -> None:
    problem = next(
        name
        for name in TABLE.only("javascript", "python")
        if row_of("python", name).stderr
        and row_of("javascript", name).status is Status.PASSED
        and row_of("python", name).text.startswith("  return")
    )
    compared(page, problem, "python", "javascript")
    words = {"out": "only in A", "in": "only in B", "": "same"}
    lines = []
    for line in page.find_elements("css selector", "#compare .diff tbody tr"):
        kind = line.get_attribute("class")
        assert line.find_element("css selector", ".sign .off").get_attribute("textContent") == words[kind]
        lines.append((kind, line.find_element("css selector", ".code").get_attribute("textContent")))
    first, second = (row_of(model, problem).candidate.split("\n") for model in ("python", "javascript"))
    assert [text for kind, text in lines if kind != "in"] == first
    assert [text for kind, text in lines if kind != "out"] == second
    assert {kind for kind, _ in lines} == {"", "in", "out"}
    texts = [pre.get_attribute("textContent") for pre in page.find_elements("css selector", "#compare pre")]
    assert texts[0] == row_of("python", problem).prompt
    assert row_of("python", problem).stderr in texts
    assert complaints(page) == []


def test_hostile_programs_stay_text_in_the_comparison(page: Any) -> None:
    hostile = [row for row in RUN.judged if _in_cell(row) and row.seed == 0 and row.text in synthetic.HOSTILE]
    kinds = {row.text: row for row in hostile if row.text}
    assert len(kinds) >= 4
    for row in kinds.values():
        other = "base" if row.model != "base" else "python"
        compared(page, row.problem, row.model, other)
        texts = [
            pre.get_attribute("textContent") for pre in page.find_elements("css selector", "#compare pre")
        ]
        assert any(visible(row.text)[:8000] == text[:8000] for text in texts)
    assert page.execute_script("return window.owned === undefined && document.title") == RUN.title
    assert page.find_elements("css selector", ".comparison :is(img, svg, script, b, style)") == []
    assert complaints(page) == []


def test_buttons_lead_to_neighbouring_problems(page: Any) -> None:
    compared(page, "scale-00", "python", "javascript")
    back = page.find_element("css selector", "#compare [name=back]")
    assert not back.is_enabled()
    page.find_element("css selector", "#compare [name=on]").click()
    wait(lambda: state(page, "compare").startswith("scale-01: python "))
    assert "problem=scale-01" in page.current_url
    assert back.is_enabled()


def test_an_answer_links_to_its_comparison(page: Any) -> None:
    page.execute_script("location.hash = '#completions?model=mixed&language=javascript'")
    first = wait(lambda: page.find_elements("css selector", ".answers > li > button"))[0]
    first.click()
    link = wait(lambda: page.find_elements("css selector", ".answers .answer a"))[0]
    link.click()
    wait(lambda: "mixed" in state(page, "compare"))
    # Where a link led, the keyboard continues.
    assert page.switch_to.active_element.get_attribute("id") == "compare-title"


@pytest.mark.parametrize("width", [390, 1440])
def test_no_section_is_wider_than_the_screen(page: Any, width: int) -> None:
    screen(page, width)
    listed(page)
    compared(page, "scale-03", "python", "javascript")
    summary = page.find_element("css selector", "#problems .pairs summary")
    page.execute_script("arguments[0].scrollIntoView()", summary)  # from below the line that stays on top
    summary.click()
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_link_to_unknown_answers_falls_back(page: Any) -> None:
    page.execute_script("location.hash = '#compare?cell=no/such/cell&problem=none&a=9.9.nobody'")
    wait(lambda: state(page, "compare"))
    assert complaints(page) == []
