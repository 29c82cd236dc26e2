"""Rows that make no problem are named with file, line and reason, in every adapter."""

from __future__ import annotations

import base64
import gzip
import json
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.errors import DataError
from tests.benchmarks.rows import problems_of, write_rows

PACK = {
    "task_id": "Python/0",
    "prompt": "def double(n):\n",
    "declaration": "def double(n):\n",
    "canonical_solution": "    return n + n\n",
    "buggy_solution": "    return n\n",
    "test": "assert double(2) == 4\n",
    "entry_point": "double",
    "docstring": "Twice n.",
    "instruction": "Twice n.",
}
HUMANEVAL = {**PACK, "test": "def check(candidate):\n    assert candidate(2) == 4\n"}
REPLAY = {**HUMANEVAL, "prompt": 'def double(n):\n    """Twice n."""\n'}
MULTIPL_E = {
    "name": "HumanEval_0_f",
    "prompt": "function f() {\n",
    "tests": "}\nf();\n",
    "stop_tokens": ["\n}"],
}
CRUXEVAL = {"id": "sample_0", "code": "def f(n):\n    return n + 1", "input": "1", "output": "2"}
CONTEST = {"id": 1, "content": "Double.", "test": [{"input": {"stdin": "1"}, "output": {"stdout": "2"}}]}


def packed(tests: Any) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(json.dumps(tests)))).decode()


LIVE = {"id": 1, "content": "Double.", "test": packed({"inputs": ["1"], "outputs": ["2"]})}
ROWS: dict[str, tuple[str, dict[str, Any], str]] = {
    "humanevalpack": ("python.jsonl", PACK, "python"),
    "humaneval-x": ("python.jsonl", PACK, "python"),
    "humaneval": ("HumanEval.jsonl", HUMANEVAL, "python"),
    "humaneval-replay": ("HumanEval.jsonl", REPLAY, "python"),
    "multipl-e-humaneval": ("humaneval-js.jsonl", MULTIPL_E, "javascript"),
    "cruxeval": ("cruxeval.jsonl", CRUXEVAL, "python"),
    "code-contests": ("code_contests.jsonl", CONTEST, "python"),
    "livecodebench": ("livecodebench.jsonl", LIVE, "python"),
}
"""Of each kind of adapter: its file, a row, its language."""


def message(benchmark: str, folder: Path, *rows: dict[str, Any] | str) -> str:
    """What is wrong with the rows, without the path of their folder."""
    name, _, language = ROWS[benchmark]
    write_rows(folder / name, *rows)
    with pytest.raises(DataError) as caught:
        problems_of(BENCHMARKS.load(benchmark), folder, language)
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize("benchmark", ROWS)
def test_row_that_is_none_is_named(benchmark: str, tmp_path: Path) -> None:
    name, row, _ = ROWS[benchmark]
    identifier = next(iter(row))
    assert message(benchmark, tmp_path, row, "{").startswith(f"{name}:2: not JSON: ")
    assert message(benchmark, tmp_path, row, "", "[1]").startswith(
        f"{name}:3: expected an object, found list"
    )
    assert f"{name}:2: an earlier row has the id " in message(benchmark, tmp_path, row, row)
    assert message(benchmark, tmp_path) == f"{name}: no rows"
    assert message(benchmark, tmp_path, {**row, identifier: ""}).startswith(f"{name}:1: ")
    values: tuple[Any, ...] = (None, [1], {})
    for value in values:
        assert message(benchmark, tmp_path, {**row, identifier: value}).startswith(f"{name}:1: ")


@pytest.mark.parametrize("benchmark", ROWS)
def test_bad_rows_are_left_out_on_request_alone(benchmark: str, tmp_path: Path) -> None:
    name, row, language = ROWS[benchmark]
    assert "--allow-partial (allow_partial: true) leaves out such rows" in message(
        benchmark, tmp_path, row, *["{"] * 7
    )
    chosen = BENCHMARKS.load(benchmark)
    assert len(problems_of(chosen, tmp_path, language, allow_partial=True)) == 1
    settings = chosen.settings.model_validate({"data": str(tmp_path), "allow_partial": True})
    assert chosen.left_out is not None
    bad = chosen.left_out(settings, language)
    assert len(bad) == 7 * len(chosen.tasks if benchmark == "cruxeval" else [""])
    assert bad[0].startswith(f"{tmp_path / name}:2: not JSON: ")


@pytest.mark.parametrize("benchmark", ROWS)
def test_file_that_is_cut_off_is_named(benchmark: str, tmp_path: Path) -> None:
    name, row, language = ROWS[benchmark]
    rows = "".join(f"{json.dumps({**row, 'unused': number})}\n" for number in range(1000))
    whole = gzip.compress(rows.encode())
    (tmp_path / f"{name}.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=rf"{name}.gz: cannot be read: Compressed file ended"):
        problems_of(
            BENCHMARKS.load(benchmark),
            tmp_path / (f"{name}.gz" if _takes_a_file(benchmark) else ""),
            language,
        )


def _takes_a_file(benchmark: str) -> bool:
    return benchmark in ("humaneval-replay", "cruxeval", "code-contests", "livecodebench")


@pytest.mark.parametrize("benchmark", ROWS)
def test_file_that_is_not_utf_8_is_named_with_the_line(benchmark: str, tmp_path: Path) -> None:
    name, row, language = ROWS[benchmark]
    (tmp_path / name).write_bytes(json.dumps(row).encode() + b"\n\xff\n")
    with pytest.raises(DataError, match=rf"{name}:2: not UTF-8"):
        problems_of(BENCHMARKS.load(benchmark), tmp_path, language)


@pytest.mark.parametrize("benchmark", ROWS)
def test_byte_order_mark_blank_lines_and_line_separators_are_no_fault(benchmark: str, tmp_path: Path) -> None:
    name, row, language = ROWS[benchmark]
    text = json.dumps({**row, "unused": "a\u2028b\x85c"}, ensure_ascii=False)
    (tmp_path / name).write_text(f"\ufeff\n{text}\r\n\n", "utf-8")
    assert len(problems_of(BENCHMARKS.load(benchmark), tmp_path, language)) == 1


@pytest.mark.parametrize(
    ("benchmark", "changed", "reason"),
    [
        ("humanevalpack", {"declaration": None}, "field 'declaration': expected text, found nothing"),
        ("humanevalpack", {"test": " \n"}, "field 'test' is empty"),
        ("humaneval-x", {"task_id": 7}, "field 'task_id': expected text, found int"),
        ("humanevalpack", {"import": ["math"]}, "field 'import': expected text, found list"),
        ("humaneval-x", {"test_setup": 1}, "field 'test_setup': expected text, found int"),
        ("humaneval", {"entry_point": ""}, "its entry point is empty"),
        ("humaneval", {"test": None}, "tests: column 'test': expected text, found nothing"),
        ("humaneval", {"prompt": ["a", 1]}, "declaration: column 'prompt': expected text, found list"),
        ("multipl-e-humaneval", {"tests": "}\n"}, "it has neither tests nor cases"),
        ("multipl-e-humaneval", {"stop_tokens": "a"}, "'stop_tokens': expected a list of texts, found str"),
        (
            "multipl-e-humaneval",
            {"stop_tokens": None},
            "'stop_tokens': expected a list of texts, found nothing",
        ),
        ("cruxeval", {"code": ""}, "column 'code' is empty"),
        ("cruxeval", {"output": "1 +"}, "column 'output': not Python"),
        ("cruxeval", {"input": "1, *"}, "column 'input': not Python"),
        ("code-contests", {"content": " "}, "expected texts in the columns name and description"),
        ("code-contests", {"test": []}, "expected a list of cases, found []"),
        ("code-contests", {"test": [{"input": {"stdin": 1}}]}, "case 1: expected texts 'input.stdin'"),
        ("livecodebench", {"content": ""}, "its question is empty"),
        ("livecodebench", {"test": packed({"inputs": ["1"]})}, "expected as many outputs as inputs"),
        ("livecodebench", {"test": packed({"inputs": ["1"], "outputs": []})}, "as many outputs as inputs"),
    ],
)
def test_malformed_column_is_named(
    benchmark: str, changed: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    name, row, _ = ROWS[benchmark]
    identifier = next(iter(row))
    said = message(benchmark, tmp_path, {**row, identifier: "other"}, {**row, **changed})
    assert said.startswith(f"{name}:2: ")
    assert reason in said


def test_rows_that_have_changed_are_read_again(tmp_path: Path) -> None:
    write_rows(tmp_path / "python.jsonl", PACK)
    benchmark = BENCHMARKS.load("humanevalpack")
    assert len(problems_of(benchmark, tmp_path)) == 1
    write_rows(tmp_path / "python.jsonl", PACK, {**PACK, "task_id": "Python/1"})
    assert len(problems_of(benchmark, tmp_path)) == 2


@pytest.mark.parametrize("name", BENCHMARKS.names())
def test_unknown_language_and_task_are_named(name: str, tmp_path: Path) -> None:
    benchmark = BENCHMARKS.load(name)
    given = {"data": str(tmp_path)} if "data" in benchmark.settings.model_fields else {}
    settings = benchmark.settings.model_validate({**benchmark.defaults, **given})
    with pytest.raises(DataError, match=f"^{name} has no language 'cobol'; its languages: "):
        benchmark.problems(settings, "cobol", benchmark.tasks[0])
    with pytest.raises(DataError, match=f"^{name} has no task 'guess'; its tasks: {benchmark.tasks[0]}"):
        benchmark.problems(settings, benchmark.languages[0], "guess")
