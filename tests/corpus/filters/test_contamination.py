"""Decontamination, and the problems of the benchmarks on this machine."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crosstune import corpus
from crosstune.benchmarks import BENCHMARKS
from crosstune.corpus import ContaminationIndex, Decontamination, Dropped
from crosstune.errors import DataError, UnknownName, UsageError
from crosstune.records import Example, Problem
from tests.corpus.samples import PROBLEM, additions
from tests.shared import shared_data

TWIN = replace(PROBLEM, task="fix", id="P/2")


def example(text: str, number: int = 0) -> Example:
    return Example(f"e{number}", "Do it.", text, "python", "synthesize", "t")


def reasons(completion: str, settings: Decontamination | None = None) -> list[str]:
    result = corpus.apply_filters([example(completion)], ContaminationIndex([PROBLEM], settings))
    assert len(result.kept) + len(result.dropped) == 1
    return [each.reason for each in result.dropped]


def test_problems_are_found_whole_reflowed_and_in_part() -> None:
    assert reasons("x = 1\n" + PROBLEM.canonical + "y = 2") == ["canonical, whole"]
    assert reasons(PROBLEM.canonical.replace("    ", "\t").replace("(", " ( ")) == ["canonical, whole"]
    assert reasons(PROBLEM.canonical.splitlines()[2]) == ["canonical, in part"]
    assert reasons("# " + PROBLEM.instruction.upper()) == ["instruction, whole"]
    assert reasons(PROBLEM.tests) == ["tests, whole"]
    assert reasons("def close(numbers, threshold):\n    raise NotImplementedError") == []


@pytest.mark.parametrize(
    "change",
    [
        lambda code: "".join(f"# {line}\n" for line in code.splitlines()),
        lambda code: "".join(f"    // {line}\n" for line in code.splitlines()),
        lambda code: "@@ -1,2 +1,3 @@\n" + "".join(f"+{line}\n" for line in code.splitlines()),
        lambda code: "".join(f"> {line}\n" for line in code.splitlines()),
        lambda code: "".join(f"{number:3} {line}\n" for number, line in enumerate(code.splitlines(), 1)),
        lambda code: "".join(f"{number} | {line}\n" for number, line in enumerate(code.splitlines(), 1)),
        lambda code: json.dumps({"code": code}),
        lambda code: code.replace(" ", "\u200b "),
    ],
)
def test_problems_are_found_behind_marks_of_lines_and_escapes(change: Callable[[str], str]) -> None:
    """In short lines no 13 words are between two marks."""
    lines = (
        "def least(xs):",
        "    best = xs[0]",
        "    for x in xs:",
        "        if x < best:",
        "            best = x",
    )
    code = "".join(f"{line}\n" for line in (*lines, '    print("done", best)', "    return best"))
    index = ContaminationIndex([replace(PROBLEM, canonical=code)])
    assert index(example(change(code))) == Dropped("e0", "canonical, whole", "b P/1 (python)")
    assert isinstance(index(example(change("x = 1\ny = 2\nz = 3\n"))), Example)


def test_tests_in_the_provenance_say_which_problem_is_solved() -> None:
    row = replace(example("x = 1"), provenance={"tests": PROBLEM.tests})
    index = ContaminationIndex([PROBLEM])
    assert index(row) == Dropped("e0", "tests, whole", "b P/1 (python)")
    assert isinstance(index(replace(row, provenance={"tests": "assert other(1) == 2"})), Example)


def test_settings_limit_the_search_and_short_texts_are_noted() -> None:
    line = PROBLEM.canonical.splitlines()[2]
    assert reasons(line, Decontamination(ngram=0)) == []
    assert reasons(PROBLEM.tests, Decontamination(parts=("canonical",))) == []
    short = Problem("P/2", "b", "fix", "go", "Add.", "", "add", "", canonical="return a + b")
    index = ContaminationIndex([short])
    assert corpus.apply_filters(additions("python", 1), index).dropped == []
    assert index.notes == ("2 texts of problems are shorter than 10 tokens and were not searched for",)


def test_every_problem_with_the_text_is_flagged() -> None:
    index = ContaminationIndex([PROBLEM, TWIN])
    assert isinstance(index(example(PROBLEM.canonical)), Dropped)
    assert isinstance(index(example(PROBLEM.tests, 1)), Dropped)
    clean = example("print('something else')")
    assert index(clean) is clean
    assert index.flagged == (("b", "python", "P/1"), ("b", "python", "P/2"))
    assert index.report() == [corpus.BenchmarkContamination("b", "python", 2, ("P/1", "P/2"), 2)]


def test_an_example_with_several_problems_flags_them_all() -> None:
    other = Problem(
        "Q", "c", "fix", "go", "", "", "f", "", canonical="for i := 0; i < n; i++ { sum += i * i }"
    )
    index = ContaminationIndex([PROBLEM, other])
    result = index(example(PROBLEM.canonical + other.canonical))
    assert result == Dropped("e0", "canonical, whole", "b P/1 (python)")
    assert index.flagged == (("b", "python", "P/1"), ("c", "go", "Q"))
    assert [(row.benchmark, row.examples) for row in index.report()] == [("b", 1), ("c", 1)]


def test_benchmarks_without_data_are_listed() -> None:
    known = corpus.known_problems({})
    built_in = {"exercises", "html-pages"}
    assert {problem.benchmark for problem in known.problems} == built_in
    assert set(known.missing) == set(BENCHMARKS.names()) - built_in
    assert known.missing["humanevalpack"] == "its data were not given (data)"


def test_unusable_benchmark_settings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'humanevalpack'"):
        corpus.known_problems({"humanevalpak": {}})
    with pytest.raises(UsageError, match="benchmark exercises: data: Extra inputs"):
        corpus.known_problems({"exercises": {"data": "x"}})
    with pytest.raises(DataError, match="benchmark humanevalpack: .*no file for python"):
        corpus.known_problems({"humanevalpack": {"data": str(tmp_path)}})


def test_languages_without_data_are_listed(tmp_path: Path) -> None:
    fields = "task_id prompt declaration canonical_solution test"
    row = dict.fromkeys(fields.split(), "def close(a, b): return a + b")
    (tmp_path / "python.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    known = corpus.known_problems({"humaneval-x": {"data": "."}}, base=tmp_path)
    assert sum(problem.benchmark == "humaneval-x" for problem in known.problems) == 1
    assert [name for name in known.missing if name.startswith("humaneval-x")] == [
        f"humaneval-x ({name})" for name in ("javascript", "typescript", "c", "cpp", "java", "go", "rust")
    ]


def test_every_part_of_humanevalpack_problems_is_found() -> None:
    data = shared_data("humanevalpack")
    problems = corpus.known_problems({"humanevalpack": {"data": str(data)}}).problems
    rows = [each for each in problems if each.benchmark == "humanevalpack" and each.task == "synthesize"]
    assert len(rows) == 6 * 164
    rows = rows[::8]
    for part in ("instruction", "declaration", "canonical", "tests"):
        index = ContaminationIndex(rows)
        long = [each for each in rows if len(getattr(each, part)) > 120]
        for number, each in enumerate(long):
            assert isinstance(index(example(f"# see\n{getattr(each, part)}\n# end", number)), Dropped)
        flagged = set(index.flagged)
        assert all((each.benchmark, each.language, each.id) in flagged for each in long)
        assert len(long) > 80
