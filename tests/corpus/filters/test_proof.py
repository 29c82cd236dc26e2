"""Examples are kept only if their code was run and passed: real programs, the real sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstune.corpus import Proof, Transformation, read, transform
from crosstune.execution import Judge
from crosstune.records import Example
from tests.corpus.samples import write_corpus
from tests.languages.skipping import skip_without_tools

TWICE = "```python\ndef twice(x):\n    return 2 * x\n```"
THRICE = "def twice(x):\n    return 3 * x\n"
TESTS = "assert twice(3) == 6\nassert twice(0) == 0\n"


def example(name: str, completion: str, language: str = "python", **provenance: str) -> Example:
    return Example(name, "Double a number.", completion, language, "synthesize", "s", provenance)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(2) as judge:
        yield judge


def proven(proof: Proof, *examples: Example) -> dict[str, str]:
    """For each example the reason why it was dropped, or nothing."""
    results = [proof(each) for each in proof.ahead(examples)]
    return {each.id: getattr(each, "reason", "") for each in results}


def test_code_has_to_pass_its_tests(judge: Judge) -> None:
    calls = json.dumps([{"call": "twice", "arguments": [3], "expected": 6}])
    assert proven(
        Proof(judge),
        example("right", TWICE, tests=TESTS),
        example("wrong", THRICE, tests=TESTS),
        example("broken", "def twice(x) return", tests=TESTS),
        example("called", TWICE, cases=calls, entry_point="twice"),
        example("wrongly called", THRICE, cases=calls),
        example("no calls", TWICE, cases="{"),
        example("no tests", TWICE),
        example("tests of nothing", TWICE, tests="print('tested')\n"),
        example("prose", "Twice.", "", tests="x"),
        example("unknown", "x", "no-such-language", tests="x"),
    ) == {
        "right": "",
        "wrong": "fails its tests: wrong_answer",
        "broken": "fails its tests: compile_error",
        "called": "",
        "wrongly called": "fails its tests: wrong_answer",
        "no calls": "tests that cannot be used",
        "no tests": "no tests",
        "tests of nothing": "tests that cannot judge",
        "prose": "no programming language",
        "unknown": "a language that is never run",
    }


def test_calls_in_a_language_with_types_need_the_declaration(judge: Judge) -> None:
    skip_without_tools("rust")
    given = {
        "cases": json.dumps([{"call": "twice", "arguments": [3], "expected": 6}]),
        "entry_point": "twice",
    }
    declared = given | {"declaration": "fn twice(x: i32) -> i32 {\n"}
    right, wrong = (f"fn twice(x: i32) -> i32 {{\n    {factor} * x\n}}\n" for factor in (2, 3))
    assert proven(
        Proof(judge),
        example("right", right, "rust", **declared),
        example("wrong", wrong, "rust", **declared),
        example("undeclared", right, "rust", **given),
    ) == {"right": "", "wrong": "fails its tests: wrong_answer", "undeclared": "tests that cannot be used"}


def test_code_without_tests_has_to_run(judge: Judge) -> None:
    assert proven(
        Proof(judge, "run"),
        example("function", TWICE),
        example("program", "print(2 * 3)\n"),
        example("tested", THRICE, tests=TESTS),
        example("ends with an error", "raise SystemExit(3)\n"),
        example("no code", "I cannot do that.\n"),
    ) == {
        "function": "",
        "program": "",
        "tested": "fails its tests: wrong_answer",
        "ends with an error": "does not run: runtime_error",
        "no code": "does not run: compile_error",
    }


def test_one_proven_answer_is_kept_of_several(judge: Judge) -> None:
    assert proven(
        Proof(judge, one_answer=True),
        example("1", THRICE, tests=TESTS),
        example("2", TWICE, tests=TESTS),
        example("3", TWICE + "\n", tests=TESTS),
    ) == {"1": "fails its tests: wrong_answer", "2": "", "3": "another answer is proven"}


def test_a_stopped_command_runs_nothing_twice(tmp_path: Path) -> None:
    """The second run has the verdicts of the first, which was stopped before its folder was whole."""

    class Stopped(BaseException):
        pass

    def stopping(_example: Example) -> Example:
        raise Stopped

    source = write_corpus(tmp_path / "in", [example("right", TWICE, tests=TESTS)])
    cache, out = tmp_path / "verdicts.sqlite", tmp_path / "out"
    with Judge(1, cache=cache) as judge:
        proof = Proof(judge)
        with pytest.raises(Stopped):
            transform([source], out, Transformation("prove", {}, [proof, stopping], ahead=proof.ahead))
    assert not out.exists()
    with Judge(1, cache=cache) as judge:
        judge._run = None  # type: ignore[assignment]  # running anything would fail
        proof = Proof(judge)
        result = transform([source], out, Transformation("prove", {}, [proof], ahead=proof.ahead))
    assert (result.read, result.rows) == (1, 1)
    assert [each.id for each in read(out)] == ["right"]
