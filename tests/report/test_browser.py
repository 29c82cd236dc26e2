"""The page in a real browser, with answers that try to break out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crosstune.analysis import analyse
from crosstune.records import EvaluatedSample, Status
from crosstune.report import write
from crosstune.tables import visible
from tests.analysis import synthetic
from tests.report.browser import choose, complaints, requests, screen, state, unpacked, wait

RUN = synthetic.run()


def count(keep: Callable[[EvaluatedSample], bool]) -> str:
    return f"{sum(map(keep, RUN.judged)):,} of 4,320 answers"


def overflow(page: Any, width: int) -> int:
    """CSS pixels past the screen. (Not past innerWidth: on a phone that grows with what is too wide.)"""
    return int(page.execute_script("return document.documentElement.scrollWidth")) - width


def test_the_page_opens_from_disk_and_requests_nothing_else(page: Any, address: str) -> None:
    requests(page)
    page.refresh()
    unpacked(page)
    assert page.title == RUN.title
    assert {url for url in requests(page) if not url.startswith("data:")} == {address}
    assert complaints(page) == []


def test_answers_are_unpacked_only_when_scrolled_into_view(page: Any) -> None:
    assert "scrolls into view" in state(page)
    assert page.find_elements("css selector", ".answers li") == []
    unpacked(page)
    assert len(page.find_elements("css selector", ".answers li")) == 50


def test_filters_narrow_the_list(page: Any) -> None:
    unpacked(page)
    choose(page, "model", "python")
    choose(page, "language", "javascript")
    wait(lambda: state(page) == count(lambda row: row.model == "python" and row.language == "javascript"))
    choose(page, "status", "passed")
    wait(
        lambda: (
            state(page)
            == count(
                lambda row: (
                    row.model == "python" and row.language == "javascript" and row.status is Status.PASSED
                )
            )
        )
    )
    choose(page, "task", "fix")
    choose(page, "text", "nowhere to be found")
    wait(lambda: state(page) == "No answer fits these filters.")
    page.find_element("css selector", "#completions .filters button[type=reset]").click()
    wait(lambda: state(page) == "4,320 of 4,320 answers")


def test_a_link_keeps_the_filters(page: Any, address: str) -> None:
    unpacked(page)
    choose(page, "model", "mixed")
    choose(page, "text", "value * 9")
    expected = count(lambda row: row.model == "mixed" and "value * 9" in row.text)
    wait(lambda: state(page) == expected)
    link = page.current_url
    assert link.startswith(address + "#completions?")
    page.get("about:blank")
    page.get(link)
    wait(lambda: state(page) == expected)


def test_a_cell_of_the_heatmap_leads_to_its_answers(page: Any) -> None:
    page.find_element("css selector", ".heat tbody tr:nth-child(2) td:nth-of-type(3) a").click()
    wait(lambda: state(page) == "180 of 4,320 answers")
    assert (
        page.execute_script("return document.querySelector('#completions .filters').elements.model.value")
        == "python"
    )
    chosen = page.execute_script(
        "return document.querySelector('#completions .filters').elements.language.value"
    )
    assert chosen == "javascript"


@pytest.mark.parametrize("text", [text for text in synthetic.HOSTILE if text], ids=lambda text: text[:12])
def test_what_a_model_wrote_is_shown_and_never_run(page: Any, text: str) -> None:
    unpacked(page)
    needle = max("".join(c if c.isprintable() else "\n" for c in text[:80]).splitlines(), key=len)
    choose(page, "text", needle)
    expected = count(lambda row: needle.lower() in row.text.lower())
    assert not expected.startswith("0 ")
    wait(lambda: state(page) == expected)
    page.find_element("css selector", ".answers li button").click()
    raw = page.find_element("css selector", "#completions .answer div:nth-of-type(2)")
    for button in raw.find_elements("tag name", "button"):
        button.click()
    assert raw.find_element("tag name", "pre").get_attribute("textContent") == visible(text)
    assert page.execute_script("return window.owned === undefined && document.title") == RUN.title
    assert page.find_elements("css selector", ".answers img, .answers svg, .answers script, .answers b") == []
    assert complaints(page) == []


def test_hidden_characters_are_marked(page: Any) -> None:
    unpacked(page)
    choose(page, "text", "access")
    wait(lambda: state(page) == count(lambda row: "access" in row.text))
    page.find_element("css selector", ".answers li button").click()
    marked = [
        mark.text for mark in page.find_elements("css selector", "#completions .answer .hidden-character")
    ]
    assert marked[:2] == ["[U+202E]", "[U+2066]"]


def test_lines_of_the_program_are_marked_in_the_answer(session: Any, tmp_path: Path) -> None:
    answer, program = "Here:\n```\ndef one():\n    return 1\n```\n", "import os\ndef one():\n    return 1\n"
    judged = [replace(row, text=answer, candidate=program) for row in RUN.judged if row.seed == 0]
    screen(session, 1400)
    session.get(write(analyse(replace(RUN, judged=judged)), tmp_path).as_uri())
    session.execute_script("document.getElementById('completions').scrollIntoView()")
    wait(lambda: session.find_elements("css selector", ".answers li button"))[0].click()
    box = wait(lambda: session.find_elements("css selector", "#completions .answer pre:has(mark)"))[0]
    assert box.get_attribute("textContent") == answer
    (mark,) = box.find_elements("tag name", "mark")
    assert mark.get_attribute("textContent") == "def one():\n    return 1\n"


def test_many_columns_scroll_in_their_own_box(session: Any, tmp_path: Path) -> None:
    judged = [
        replace(row, benchmark=f"{row.benchmark} {number}", seed=0)
        for row in RUN.judged
        if row.seed == 0
        for number in range(3)
    ]
    screen(session, 390)
    session.get(write(analyse(replace(RUN, judged=judged, task_keys=())), tmp_path).as_uri())
    assert overflow(session, 390) <= 0
    wide = "return [...document.querySelectorAll('.scroll')].some((box) => box.scrollWidth > box.clientWidth)"
    assert session.execute_script(wide)


def test_eight_columns_fit_on_a_wide_screen(session: Any, tmp_path: Path) -> None:
    judged = [
        replace(row, benchmark=f"{row.benchmark} {number}") for row in RUN.judged for number in range(2)
    ]
    screen(session, 1400)
    session.get(write(analyse(replace(RUN, judged=judged, task_keys=())), tmp_path).as_uri())
    beyond = session.execute_script(
        "return [...document.querySelectorAll('.heat:not(.small)')]"
        ".filter((table) => table.rows[table.rows.length - 1].cells.length === 9)"
        ".map((table) => table.parentNode.scrollWidth - table.parentNode.clientWidth)"
    )
    assert len(beyond) >= 2  # against the baseline and against the control
    assert not any(beyond)


@pytest.mark.parametrize("width", [390, 768, 1400])
def test_the_page_never_scrolls_sideways(page: Any, width: int) -> None:
    screen(page, width)
    page.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    unpacked(page)
    choose(page, "text", "AAAAAAAA")
    wait(lambda: state(page) == count(lambda row: "AAAAAAAA" in row.text))
    page.find_element("css selector", ".answers li button").click()
    assert overflow(page, width) <= 0


def test_tables_sort_by_number(page: Any) -> None:
    def gains() -> list[float]:
        return [
            float(cell.get_attribute("data-value"))
            for cell in page.find_elements("css selector", "#gains tbody td:nth-of-type(2)")
        ]

    heading = page.find_element("css selector", "#gains thead th:nth-child(3) button")
    heading.click()
    assert gains() == sorted(gains())
    heading.click()
    assert gains() == sorted(gains(), reverse=True)
    aria = page.find_element("css selector", "#gains thead th:nth-child(3)").get_attribute("aria-sort")
    assert aria == "descending"


def test_answers_are_reached_by_keyboard(page: Any) -> None:
    unpacked(page)
    page.execute_script(
        "const first = document.querySelector('.answers button'); first.focus();"
        "first.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true}))"
    )
    second = page.find_elements("css selector", ".answers > li > button")[1]
    assert page.switch_to.active_element == second
    second.send_keys("\n")
    assert second.get_attribute("aria-expanded") == "true"
    assert page.find_elements("css selector", ".answers > li:nth-child(2) pre")


def test_dark_screens_and_paper_have_their_own_colours(page: Any) -> None:
    def background() -> str:
        return str(page.execute_script("return getComputedStyle(document.body).backgroundColor"))

    light = background()
    stroke = "return getComputedStyle(document.querySelector('#rates svg text')).fill"
    ink = page.execute_script(stroke)
    screen(page, 1400, dark=True)
    assert background() != light
    assert page.execute_script(stroke) != ink
    screen(page, 1400, dark=True, media="print")
    assert background() == "rgb(255, 255, 255)"
