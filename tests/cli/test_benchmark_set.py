"""Commands that take a benchmark also take its settings, as studies do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.rows import write_rows
from tests.cli.in_process import Done, run

CHECKER = """\
import sys

given, printed = (open(name).read().split() for name in sys.argv[1:3])
sys.exit(len(printed) != 2 or sum(map(int, printed)) != int(given[0]))
"""
FORM = """\
name: own-sums
data: rows.jsonl
languages: [python]
id: "{id}"
instruction: "{question}"
cases: {list: "{tests}"}
solution: "{solution}"
"""
HALF = "Print half of the number. An absolute error of 0.01 is allowed."
ROWS: list[dict[str, Any]] = [
    {
        "id": "a/1",
        "question": "Print two numbers with this sum.",
        "tests": [{"input": "5\n", "output": "2 3\n"}],
        "solution": "print(1, int(input()) - 1)",
    },
    {
        "id": "a/2",
        "question": HALF,
        "tests": [{"input": "1\n", "output": "0.5\n"}],
        "solution": "print(int(input()) / 2 + 0.001)",
    },
]
"""Each solution is right, but not by the words of the expected output."""
BOTH = ("--benchmark-set", "compare=statement", "--benchmark-set")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    write_rows(tmp_path / "rows.jsonl", *ROWS)
    (tmp_path / "checkers").mkdir()
    (tmp_path / "checkers" / "a_1.py").write_text(CHECKER, "utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(FORM, "utf-8")
    return path


def gate(own: Path, *options: str | Path) -> Done:
    return run("gate", own, *options)


def gate_all(own: Path, *options: str | Path) -> Done:
    return run("benchmarks", "gate-all", own, "--languages", "python", *options)


@pytest.mark.parametrize("command", [gate, gate_all])
def test_gate_compares_as_told(command: Callable[..., Done], own: Path) -> None:
    plain = command(own)
    assert (plain.status, "0/2" in plain.output) == (5, True)
    stated = command(own, "--benchmark-set", "compare=statement")
    assert (stated.status, "1/2" in stated.output) == (5, True)
    both = command(own, *BOTH, f"checkers={own.parent / 'checkers'}")
    assert (both.status, "2/2" in both.output) == (0, True), both.output


def test_a_form_says_how_outputs_are_compared(own: Path) -> None:
    own.write_text(f"{FORM}compare: statement\ncheckers: checkers\n", "utf-8")
    assert gate(own).status == 0
    assert gate(own, "--benchmark-set", "compare=authors").status == 5


def test_answers_are_compared_as_told(own: Path) -> None:
    answers = own.with_name("answers.jsonl")
    rows = [{"problem": row["id"], "language": "python", "answer": row["solution"]} for row in ROWS]
    write_rows(answers, *rows)
    out = own.with_name("verdicts.jsonl")
    words = ("judge", "--answers", answers, "--benchmark", own, "-o", out)

    def verdicts() -> list[str]:
        return [json.loads(line)["verdict"] for line in out.read_text("utf-8").splitlines()]

    assert run(*words).status == 0
    assert verdicts() == ["wrong_answer", "wrong_answer"]
    assert run(*words, *BOTH, f"checkers={own.parent / 'checkers'}").status == 0
    assert verdicts() == ["passed", "passed"]


def test_generated_answers_are_compared_as_told(own: Path) -> None:
    answers = own.with_name("answers.jsonl")
    rows = [{"problem": row["id"], "language": "python", "answer": row["solution"]} for row in ROWS]
    write_rows(answers, *rows)
    out = own.with_name("results")
    done = run("eval", "--replay", answers, "-b", own, "-o", out, "--benchmark-set", "compare=statement")
    assert done.status == 0, done.output
    results = json.loads((out / "results.json").read_text("utf-8"))
    assert results["benchmark_set"] == ["compare=statement"]
    assert [score["pass_at_1"] for score in results["scores"]] == [0.5]
    assert run("eval", "--replay", answers, "-b", own, "-o", out).status == 0  # only judged anew
    results = json.loads((out / "results.json").read_text("utf-8"))
    assert [score["pass_at_1"] for score in results["scores"]] == [0.0]


def test_a_problem_is_shown_as_it_is_compared(own: Path) -> None:
    assert "compared: tokens" in run("benchmarks", "show", own, "a/2").output
    shown = run("benchmarks", "show", own, "a/2", "--benchmark-set", "compare=statement")
    assert "compared: floats" in shown.output
    assert "settings cpu_seconds, compare, checkers" in " ".join(
        run("benchmarks", "list", own).output.split()
    )


def test_the_problem_of_an_answer_is_found_with_its_settings(own: Path) -> None:
    answer = own.with_name("answer.md")
    answer.write_text("print(1)\n", "utf-8")
    words = ("extract", answer, "--language", "python")
    asked = (*words, "--benchmark", own, "--problem", "a/2", "--benchmark-set")
    assert run(*asked, "compare=statement").output == "print(1)\n"
    assert "own-sums has no such setting" in run(*asked, "comparison=statement").output
    assert "--benchmark-set needs --benchmark" in run(*words, "--benchmark-set", "compare=statement").output


@pytest.mark.parametrize("command", [gate, gate_all])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("compare", "--benchmark-set compare: expected "),
        ("compare=words", "--benchmark-set compare=…: Input should be 'authors' or 'statement'"),
        ("cpu_seconds=-1", "--benchmark-set cpu_seconds=…: Input should be greater than 0"),
        ("checkers=nowhere", "nowhere: no such folder of checkers"),
        ("compare=[", "--benchmark-set compare=[: the value is not YAML"),
    ],
)
def test_wrong_setting_is_named(command: Callable[..., Done], change: str, message: str, own: Path) -> None:
    done = command(own, "--benchmark-set", change)
    assert done.status == 2
    assert message in done.output


def test_unknown_setting_is_named(own: Path) -> None:
    known = "known: checkers, compare, cpu_seconds; did you mean 'compare'?"
    done = gate(own, "--benchmark-set", "compar=statement")
    assert done.output.endswith(f"--benchmark-set compar: own-sums has no such setting; {known}")
    done = gate_all(own, "--benchmark-set", "compar=statement")
    assert done.output.endswith(f"--benchmark-set compar: no benchmark here has this setting; {known}")
    done = gate_all(own, "--benchmark-set", "mbxp.compare=statement")
    assert "--benchmark-set mbxp.compare: mbxp is not judged; known: " in done.output
    assert gate_all(own, "--benchmark-set", "own-sums.compare=statement").status == 5
    done = run("gate", "exercises", "--benchmark-set", "compare=statement")
    assert "exercises has no such setting; it has none" in done.output


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a_9.py", "a_9.py: no problem has the id 'a_9'"),
        ("a_1.txt", "a_1.txt: a_1.py is a checker of the same problem"),
        ("a_2.xyz", "no language whose programs can be checkers has the extension '.xyz'"),
    ],
)
def test_checker_of_no_use_is_named(name: str, message: str, own: Path) -> None:
    (own.parent / "checkers" / name).write_text(CHECKER, "utf-8")
    done = gate(own, "--benchmark-set", f"checkers={own.parent / 'checkers'}")
    assert (done.status, message in done.output) == (2, True), done.output


def test_settings_belong_to_answers(own: Path) -> None:
    programs = write_rows(own.with_name("programs.jsonl"), {})
    done = run("judge", programs, "-o", own.with_name("out"), "--benchmark-set", "compare=statement")
    assert (done.status, "--benchmark-set belongs to --answers" in done.output) == (2, True)
