"""HumanEvalPack: rows, the instructions of its tasks, programs, and invalid data."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from crosstune.benchmarks import BENCHMARKS, _rows
from crosstune.benchmarks._humanevalpack_defects import DEFECTS
from crosstune.errors import DataError
from crosstune.records import Problem
from tests.shared import shared_data

BENCHMARK = BENCHMARKS.load("humanevalpack")
ROW = {
    "task_id": "Python/0",
    "prompt": 'def double(n: int) -> int:\n    """Twice n."""\n',
    "declaration": "def double(n: int) -> int:\n",
    "canonical_solution": "    doubled = n + n  # written out\n    return doubled\n",
    "buggy_solution": "    return n\n",
    "test": "def check(double):\n    assert double(2) == 4\n\ncheck(double)\n",
    "entry_point": "double",
    "docstring": "Twice n, no more.",
    "instruction": "Write a Python function `double(n: int) -> int`:\nTwice n.",
}


def folder(path: Path, rows: Sequence[object], name: str = "python.jsonl.gz") -> Path:
    text = "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)
    content = text.encode()
    (path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def problem(path: Path, task: str) -> Problem:
    settings = BENCHMARK.settings(data=folder(path, [ROW]))  # type: ignore[call-arg]
    (found,) = BENCHMARK.problems(settings, "python", task)
    return found


def test_synthesize_asks_for_the_function(tmp_path: Path) -> None:
    found = problem(tmp_path, "synthesize")
    assert (
        found.id,
        found.benchmark,
        found.task,
        found.language,
        found.entry_point,
    ) == ("Python/0", "humanevalpack", "synthesize", "python", "double")
    assert ROW["instruction"] == found.instruction
    assert ROW["prompt"] == found.declaration
    assert ROW["declaration"] + ROW["canonical_solution"] == found.canonical
    assert ROW["declaration"] + ROW["buggy_solution"] == found.buggy
    assert "import math\n" in found.setup


def test_fix_shows_the_buggy_code_and_the_tests(tmp_path: Path) -> None:
    found = problem(tmp_path, "fix")
    code = ROW["declaration"] + ROW["buggy_solution"]
    assert f"Fix bugs in double.\n{code}\n{ROW['test']}" == found.instruction
    assert ROW["declaration"] == found.declaration
    assert ("Fix bugs in double.", f"{code}\n{ROW['test']}") == (found.extra["ask"], found.extra["context"])


def test_fixdocs_shows_the_description_instead(tmp_path: Path) -> None:
    found = problem(tmp_path, "fixdocs")
    assert f"Fix bugs in double.\n{ROW['prompt']}{ROW['buggy_solution']}" == found.instruction
    assert ROW["prompt"] == found.declaration
    assert "assert" not in found.instruction


def test_explain_asks_for_a_short_description(tmp_path: Path) -> None:
    found = problem(tmp_path, "explain")
    ask = "Provide a concise natural language description of the code using at most 17 characters."
    assert f"{ask}\n{found.canonical}" == found.instruction
    assert found.declaration == ""


def test_description_is_cut_and_quotes_are_deleted(tmp_path: Path) -> None:
    asked = problem(tmp_path, "explain")
    assert BENCHMARK.follow_up
    second = BENCHMARK.follow_up(asked, "  Adds n to itself, once and for all.  ")
    assert second
    assert (
        second.instruction
        == "Write functional code in Python according to the description.\nAdds n to itself,"
    )
    assert (ROW["declaration"], asked.tests, asked.id) == (second.declaration, second.tests, second.id)
    assert BENCHMARK.follow_up(second, "anything") is None

    row = {**ROW, "docstring": "x" * 200}
    settings = BENCHMARK.settings(data=folder(tmp_path / "..", [row], "py.jsonl"))  # type: ignore[call-arg]
    (longer,) = BENCHMARK.problems(settings, "python", "explain")
    answer = "It does: doubled = n + n  # written out\nthen return doubled."
    quoting = BENCHMARK.follow_up(longer, answer)
    assert quoting
    # The second line has at most twenty characters and may be quoted.
    assert quoting.instruction.endswith("description.\nIt does: \nthen return doubled.")


def test_only_explain_has_a_second_question(tmp_path: Path) -> None:
    assert BENCHMARK.follow_up
    assert BENCHMARK.follow_up(problem(tmp_path, "fix"), "answer") is None


def test_program_has_the_candidate_and_the_tests(tmp_path: Path) -> None:
    found = problem(tmp_path, "fix")
    program = BENCHMARK.program(found, found.canonical)
    assert (found.id, "python", found.canonical, found.tests, found.setup) == (
        program.id,
        program.language,
        program.candidate,
        program.tests,
        program.setup,
    )


def test_helpers_defined_only_in_the_prompt_are_added(tmp_path: Path) -> None:
    helper = "func Twice(n int) int {\n    return n + n\n}"
    prompt = f"import (\n)\n\n// Twice n.\n{helper}\n// Four times n.\nfunc Four(n int) int {{\n"
    row = {**ROW, "task_id": "Go/0", "prompt": prompt, "declaration": "\nfunc Four(n int) int {\n"}
    settings = BENCHMARK.settings(data=folder(tmp_path, [row], "go.jsonl"))  # type: ignore[call-arg]
    (found,) = BENCHMARK.problems(settings, "go", "fix")
    body = "func Four(n int) int {\n    return Twice(Twice(n))\n}\n"
    assert f"{body}\n\n{helper}" == BENCHMARK.program(found, body).candidate
    own = f"func Twice(n int) int {{ return 2 * n }}\n{body}"
    assert own == BENCHMARK.program(found, own).candidate


def test_declaration_that_extends_into_the_body_is_cut(tmp_path: Path) -> None:
    body = "    for (;;)\n    {\n        return n + n;\n    }\n}\n"
    start = "#include<math.h>\nint twice(int n){ \n"
    row = {**ROW, "declaration": f"{start}    for (;;)\n    {{\n", "entry_point": "twice"}
    row |= {"canonical_solution": body, "buggy_solution": body.replace("+", "-")}
    settings = BENCHMARK.settings(data=folder(tmp_path, [row], "cpp.jsonl"))  # type: ignore[call-arg]
    (found,) = BENCHMARK.problems(settings, "cpp", "fix")
    assert (start, start + body) == (found.declaration, found.canonical)


def test_cpu_seconds_can_be_set(tmp_path: Path) -> None:
    data = folder(tmp_path, [ROW])
    unset, given = (
        BENCHMARK.problems(BENCHMARK.settings.model_validate(values), "python", "fix")[0]
        for values in ({"data": data}, {"data": data, "cpu_seconds": 3})
    )
    assert BENCHMARK.program(unset, "").limits is None
    limits = BENCHMARK.program(given, "").limits
    assert limits
    assert limits.cpu_seconds == 3


def fails(data: Path, language: str = "python", task: str = "fix") -> str:
    settings = BENCHMARK.settings(data=data)  # type: ignore[call-arg]
    with pytest.raises(DataError) as raised:
        BENCHMARK.problems(settings, language, task)
    return str(raised.value)


def test_invalid_data_is_reported(tmp_path: Path) -> None:
    assert f"{tmp_path}/none: no such folder" in fails(tmp_path / "none")
    assert "no file for python; looked for python.jsonl.gz, python.jsonl, py.jsonl.gz" in fails(tmp_path)
    missing = {key: value for key, value in ROW.items() if key != "test"}
    wrong = {**ROW, "test": 3}
    cases: list[tuple[list[object], str]] = [
        ([ROW, "{broken\n"], ":2: not JSON"),
        ([ROW, "\n", "[1]\n"], ":3: expected an object, found list"),
        ([missing], ":1: field 'test': expected text, found nothing"),
        ([ROW, wrong], ":2: field 'test': expected text, found int"),
    ]
    for number, (rows, message) in enumerate(cases):
        data = tmp_path / str(number)
        data.mkdir()
        assert f"{data}/python.jsonl.gz{message}" in fails(folder(data, rows))
    (tmp_path / "python.jsonl.gz").write_bytes(b"not gzip")
    assert "python.jsonl.gz: cannot be read" in fails(tmp_path)


def test_truncated_file_is_reported(tmp_path: Path) -> None:
    folder(tmp_path, [ROW] * 50)
    whole = (tmp_path / "python.jsonl.gz").read_bytes()
    (tmp_path / "python.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    assert "python.jsonl.gz: cannot be read" in fails(tmp_path)


def test_unknown_task_is_reported(tmp_path: Path) -> None:
    assert "no task 'translate'; its tasks: synthesize, fix, fixdocs, explain" in fails(
        folder(tmp_path, [ROW]), task="translate"
    )


def test_data_is_required(tmp_path: Path) -> None:
    settings = BENCHMARK.settings(data=tmp_path)  # type: ignore[call-arg]
    (requirement,) = BENCHMARK.requirements(settings, "python")
    assert not requirement.met
    assert "bigcode/humanevalpack" in requirement.how
    assert BENCHMARK.libraries
    assert any("js-md5" in each.what for each in BENCHMARK.libraries("javascript"))
    folder(tmp_path, [ROW], "py.jsonl")
    assert [each.met for each in BENCHMARK.requirements(settings, "python")] == [True]


def test_published_rows_are_read() -> None:
    settings = BENCHMARK.settings(data=shared_data("humanevalpack"))  # type: ignore[call-arg]
    known = set()
    for language in BENCHMARK.languages:
        for task in BENCHMARK.tasks:
            found = BENCHMARK.problems(settings, language, task)
            assert len({one.id for one in found}) == 164
            assert all(one.canonical and one.buggy and one.tests for one in found)
        known |= {one.id for one in found if one.defect}
    assert set(DEFECTS) == known


def test_files_are_found_as_they_are_on_the_hub(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "python" / "data"
    folder.mkdir(parents=True)
    (folder / "humanevalpack.jsonl").write_text(json.dumps(ROW) + "\n")
    settings = BENCHMARK.settings(data=tmp_path)  # type: ignore[call-arg]
    assert [each.id for each in BENCHMARK.problems(settings, "python", "fix")] == [ROW["task_id"]]
    (folder / "more.jsonl").write_text(json.dumps(ROW) + "\n")
    assert "several files: humanevalpack.jsonl, more.jsonl" in fails(tmp_path)


def test_a_downloaded_dataset_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached = tmp_path / "datasets--bigcode--humanevalpack"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text("abc")
    (cached / "snapshots" / "abc").mkdir(parents=True)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert _rows.downloaded("bigcode/humanevalpack") == {"data": str(cached / "snapshots" / "abc")}
    assert _rows.downloaded("bigcode/others") == {}
