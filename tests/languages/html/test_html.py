"""Pages are parsed, never run; the tests decide on the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status, Verdict

TESTS = "link = one('nav > a')\nassert link['href'] == 'x' and text(link) == 'Hi'\n"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as opened:
        yield opened


def verdict(judge: Judge, page: str, tests: str = TESTS) -> Verdict:
    return next(judge.run([Program("page", "html", page, tests)]))


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><nav><a href=x> Hi </a></nav>",
        "\ufeff<NAV><A HREF='x'>H<b>i</b></A></NAV>",
        "<nav><a href=x>Hi</nav><p>unclosed <div>",
        "<script>document.body.innerHTML = ''; while (true);</script><nav><a href=x>Hi</a></nav>",
    ],
)
def test_right_page_passes(judge: Judge, page: str) -> None:
    found = verdict(judge, page)
    assert (found.status, found.isolation) == (Status.PASSED, "separate"), found


@pytest.mark.parametrize(
    "page",
    [
        "",
        "plain text",
        "<nav><a>Hi</a></nav>",
        "<nav><a href=x>Hi</a><a href=x>Hi</a></nav>",
        "<!-- <nav><a href=x>Hi</a></nav> -->",
        "<script>document.write('<nav><a href=x>Hi</a></nav>')</script>",
        "passed 0123456789abcdef",
        "<textarea><nav><a href=x>Hi</a></nav>",
        "\0\ud800",
    ],
)
def test_wrong_page_fails(judge: Judge, page: str) -> None:
    assert verdict(judge, page).status is Status.WRONG_ANSWER


def test_message_names_the_line_and_what_was_expected(judge: Judge) -> None:
    assert (
        "line 1 of the tests: AssertionError: 0 elements match 'nav > a'; expected 1"
        in verdict(judge, "").stderr
    )
    assert "line 2 of the tests: KeyError: 'href'" in verdict(judge, "<nav><a>Hi</a></nav>").stderr


def test_huge_page_meets_a_limit(judge: Judge) -> None:
    judging = LANGUAGES.load("html").judging
    assert judging is not None
    limits = replace(judging.limits, cpu_seconds=1.0, memory_bytes=128 << 20)
    pages = {"deep": "<div>" * 50_000, "long": "<p class=x>" * 300_000}
    programs = [Program(name, "html", page, TESTS, limits=limits) for name, page in pages.items()]
    statuses = {each.status for each in judge.run(programs)}
    assert statuses <= {Status.TIMEOUT, Status.MEMORY_LIMIT}


@pytest.mark.parametrize(
    ("tests", "reason"), [("assert (", "do not parse"), ("count('p')", "there is no assertion")]
)
def test_tests_that_judge_nobody_are_an_error_of_the_tests(judge: Judge, tests: str, reason: str) -> None:
    found = verdict(judge, "<p>", tests)
    assert found.status is Status.HARNESS_ERROR
    assert reason in found.stderr


@pytest.mark.parametrize("isolation", ["separate", "shared", "auto"])
def test_pages_are_apart_from_their_tests_by_nature(isolation: str) -> None:
    program = Program("page", "html", "<nav><a href=x>Hi</a></nav>", TESTS)
    with Judge(isolation=isolation) as judge:  # type: ignore[arg-type]
        assert judge.why_shared(program) == ""
        assert next(judge.run([program])).isolation == "separate"
