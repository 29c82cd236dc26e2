"""Every judged language has a complete file of test cases; the error for a missing one says what to write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.languages import LANGUAGES
from crosstune.records import Limits, Status
from tests.languages import cases as module
from tests.languages.cases import FOLDER, CasesError, cases, file_of, judged, kinds_of
from tests.languages.kinds import ANSWERS, EVERYDAY, HOSTILE, KINDS

COMPLETE = file_of("python").read_text("utf-8")


@pytest.mark.parametrize("language", judged())
def test_language_has_every_kind(language: str) -> None:
    found = cases(language)
    assert set(kinds_of(language)) <= {*found.by_name, *found.absent}


def test_there_are_enough_cases() -> None:
    assert len(HOSTILE) >= 40
    assert len(EVERYDAY) >= 10
    assert len(ANSWERS) >= 7
    eight = ("c", "cpp", "go", "java", "javascript", "python", "rust", "typescript")
    assert sum(len(cases(language).hostile) for language in eight) >= 631


def test_every_file_belongs_to_a_judged_language() -> None:
    assert {file_of(language) for language in judged()} == set(FOLDER.glob("*/cases.txt"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    cases.cache_clear()
    (tmp_path / "ruby").mkdir()
    yield tmp_path
    cases.cache_clear()


def test_missing_file_is_named_with_what_it_must_contain(folder: Path) -> None:
    with pytest.raises(CasesError) as caught:
        cases("ruby")
    message = str(caught.value)
    assert message.startswith(f"{folder}/ruby/cases.txt is missing: ruby is judged, so it needs test cases")
    for name in ("DECLARATION", "TESTS", "PRELUDE", "CANDIDATE", "RIGHT", "WRONG", *KINDS):
        assert name in message


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("=== answer_is_wrong\n", "", "lacks the sections answer_is_wrong. Write each"),
        ("=== DECLARATION\n", "", "lacks the sections DECLARATION"),
        ("=== RIGHT\n", "=== RIGHT = a\n", "begins with === but opens no section"),
        ("=== wrong_answer\n", "=== right_answer\n", "the section right_answer occurs twice"),
        ("=== heap\n", "=== heap: timeout\n", "heap needs both a verdict and a reason"),
        ("=== heap\n", "=== heaps\n", "heaps needs both a verdict and a reason"),
        (
            "=== crash\n",
            "=== crash: - because REASON\n",
            "crash: only hostile kinds and broken tests may be absent",
        ),
    ],
)
def test_incomplete_or_malformed_file_is_an_error(
    folder: Path, before: str, after: str, message: str
) -> None:
    text = COMPLETE.replace(before, after, 1)
    if "heaps" in after:
        text += "\n=== heap\npass\n"
    (folder / "ruby/cases.txt").write_text(text, "utf-8")
    with pytest.raises(CasesError, match=message):
        cases("ruby")


def test_sections_of_a_like_language_are_taken_over(folder: Path) -> None:
    (folder / "python").mkdir()
    (folder / "python/cases.txt").write_text(COMPLETE, "utf-8")
    (folder / "ruby/cases.txt").write_text("=== LIKE\npython\n\n=== RIGHT\n3\n\n=== heap\npass\n", "utf-8")
    ruby, python = cases("ruby"), cases("python")
    assert ruby.by_name.keys() == python.by_name.keys()
    assert "return 3\n" in ruby.by_name["heap"].candidate
    assert ruby.by_name["wrong_answer"] == python.by_name["wrong_answer"]


@pytest.mark.parametrize("language", judged())
def test_only_one_limit_can_end_a_compile_bomb(language: str) -> None:
    """A bomb against the compiler's time has ample memory; one against its memory has the usual time."""
    bomb = cases(language).by_name["compile_bomb"].kind
    assert (bomb.status is Status.TIMEOUT) == (bomb.build_seconds > 0)


def test_limits_leave_only_one_that_can_be_reached() -> None:
    judging = LANGUAGES.load("c").judging
    assert judging
    usual: Limits = judging.limits
    for name, kind in {**HOSTILE, **EVERYDAY}.items():
        limits = kind.limits(usual)
        slow = min(limits.cpu_seconds, limits.wall_seconds)
        assert (slow <= 2.0) == (kind.status is Status.TIMEOUT and not kind.build_seconds), name
        assert (limits.memory_bytes < usual.memory_bytes) <= (kind.family in ("memory", "everyday")), name
