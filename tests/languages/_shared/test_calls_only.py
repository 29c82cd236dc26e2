"""Languages whose tests always share a process, while functions are called."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.languages._arguments import FREE, Likeness
from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared.calls_only import calls_only, has_tests_apart
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.scripts.calls import planner
from crosstune.records import CallCase, Command, Program
from tests.languages.skipping import skip_without_tools


def _served(task: JudgeTask) -> BuildPlan:
    return BuildPlan(run=Command(argv=("/bin/true",), limits=task.limits))


SEPARATE = calls_only(version=3, candidate=_served, calls=planner(lambda *_: "", FREE, Likeness()))


def test_tests_share_a_process_for_a_reason() -> None:
    program = Program("p", "ruby", "", "raise")
    assert SEPARATE.why_shared(program) == "tests of this language always share a process with the candidate"
    assert (SEPARATE.version, SEPARATE.candidate) == (3, _served)


def test_asking_for_the_tests_apart_is_a_fault_of_crosstune() -> None:
    program = Program("p", "ruby", "", "raise")
    task = JudgeTask(program=program, limits=RUN_LIMITS, nonce="0" * 32, sandbox_path=str)
    with pytest.raises(AssertionError, match="ruby: tests of this language always share"):
        SEPARATE.tests(task)


@pytest.mark.parametrize("language", ["ruby", "php", "lua", "perl"])
def test_languages_of_scripts_call_functions_only(language: str) -> None:
    judging = LANGUAGES.load(language).judging
    assert judging is not None
    assert judging.separate is not None
    assert judging.separate.calls is not None
    assert not has_tests_apart(judging.separate)


def test_others_have_tests_apart() -> None:
    python = LANGUAGES.load("python").judging
    assert python is not None
    assert has_tests_apart(python.separate)
    assert not has_tests_apart(None)


def test_verdicts_say_which_way_was_taken(judge: Judge) -> None:
    skip_without_tools("ruby")
    code = "def same(x) = x\n"
    programs = [
        Program("tests", "ruby", code, "raise unless same(1) == 1\n"),
        Program("calls", "ruby", code, "", cases=(CallCase("same", [1], 1),)),
    ]
    found = list(judge.run(programs))
    assert [verdict.passed for verdict in found] == [True, True]
    assert [verdict.isolation for verdict in found] == ["shared", "separate"]
