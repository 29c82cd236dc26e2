"""The gate's report, and the problems of every benchmark that are here."""

import gzip
import json
from pathlib import Path

import pytest

from crosstune import corpus
from crosstune.benchmarks import BENCHMARKS
from crosstune.corpus import Dropped, Gate
from crosstune.errors import DataError, UnknownName, UsageError
from crosstune.records import Example, Problem
from tests.corpus.test_mix import PROBLEM, some
from tests.shared import shared_data

TWIN = Problem(**{**{name: getattr(PROBLEM, name) for name in PROBLEM.__slots__}, "task": "fix", "id": "P/2"})


def example(text: str, number: int = 0) -> Example:
    return Example(f"e{number}", "Do it.", text, "python", "synthesize", "t")


def test_every_problem_that_has_the_text_is_flagged() -> None:
    gate = Gate([PROBLEM, TWIN])
    assert isinstance(gate(example(PROBLEM.canonical)), Dropped)
    assert isinstance(gate(example(PROBLEM.tests, 1)), Dropped)
    clean = example("print('nothing of the kind')")
    assert gate(clean) is clean
    assert gate.flagged == (("b", "python", "P/1"), ("b", "python", "P/2"))
    assert gate.report() == [corpus.Guarded("b", "python", 2, ("P/1", "P/2"), 2)]


def test_an_example_with_several_problems_flags_them_all() -> None:
    other = Problem(
        "Q", "c", "fix", "go", "", "", "f", "", canonical="for i := 0; i < n; i++ { sum += i * i }"
    )
    gate = Gate([PROBLEM, other])
    found = gate(example(PROBLEM.canonical + other.canonical))
    assert found == Dropped("e0", "canonical, whole", "b P/1 (python)")
    assert gate.flagged == (("b", "python", "P/1"), ("c", "go", "Q"))
    assert [(row.benchmark, row.examples) for row in gate.report()] == [("b", 1), ("c", 1)]


def test_an_assembly_says_what_was_flagged_or_that_it_did_not_look() -> None:
    part = corpus.Part(name="a", share=1, examples=[*some("python", 3), example(PROBLEM.canonical)])
    made = corpus.assemble([part], size=None, seed=0, problems=[PROBLEM])
    assert made.report.flagged == (("b", "python", "P/1"),)
    assert corpus.assemble([part], size=None, seed=0).report.flagged is None


def test_what_has_no_data_is_named() -> None:
    known = corpus.known_problems({})
    assert {problem.benchmark for problem in known.problems} == {"exercises"}
    assert set(known.lacking) == set(BENCHMARKS.names()) - {"exercises"}
    assert known.lacking["humanevalpack"] == "its data were not given (data)"


def test_faults_of_what_was_given(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'humanevalpack'"):
        corpus.known_problems({"humanevalpak": {}})
    with pytest.raises(UsageError, match="benchmark exercises: data: Extra inputs"):
        corpus.known_problems({"exercises": {"data": "x"}})
    with pytest.raises(DataError, match="benchmark humanevalpack: .*no file for python"):
        corpus.known_problems({"humanevalpack": {"data": str(tmp_path)}})


def test_a_language_without_data_is_named(tmp_path: Path) -> None:
    fields = "task_id prompt declaration canonical_solution test"
    row = dict.fromkeys(fields.split(), "def close(a, b): return a + b")
    (tmp_path / "python.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    known = corpus.known_problems({"humaneval-x": {"data": "."}}, base=tmp_path)
    assert sum(problem.benchmark == "humaneval-x" for problem in known.problems) == 1
    assert "no file for rust" not in " ".join(known.lacking.values())
    assert [name for name in known.lacking if name.startswith("humaneval-x")] == [
        f"humaneval-x ({name})" for name in ("javascript", "typescript", "c", "cpp", "java", "go")
    ]


def test_every_problem_of_humanevalpack_is_found_in_any_part() -> None:
    data = shared_data("humanevalpack")
    problems = corpus.known_problems({"humanevalpack": {"data": str(data)}}).problems
    rows = [each for each in problems if each.benchmark == "humanevalpack" and each.task == "synthesize"]
    assert len(rows) == 6 * 164
    rows = rows[::8]
    for part in ("instruction", "declaration", "canonical", "tests"):
        gate = Gate(rows)
        long = [each for each in rows if len(getattr(each, part)) > 120]
        for number, each in enumerate(long):
            assert isinstance(gate(example(f"# see\n{getattr(each, part)}\n# end", number)), Dropped)
        flagged = set(gate.flagged)
        assert all((each.benchmark, each.language, each.id) in flagged for each in long)
        assert len(long) > 80
