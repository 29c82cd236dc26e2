"""Each format, read from logs that its harness wrote, and what is wrong with a log."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crosstune.errors import DataError, UnknownName
from crosstune.logs import LOG_READERS, Log, Outcome, read_logs
from tests.logs.harnesses import toys

PASSED = {
    "a": {"Toy/0", "Toy/1", "Toy/2", "Toy/3", "Toy/4", "Toy/5", "Toy/7"},
    "b": {"Toy/0", "Toy/8"},
}
TOYS = [
    *(("lm-eval", f"lm_eval/{run}", run) for run in "ab"),
    ("inspect-ai", "inspect_ai/a-eval", "a"),
    ("inspect-ai", "inspect_ai/b-eval", "b"),
    ("inspect-ai", "inspect_ai/b-json", "b"),
]


def one(path: Path | str) -> Log:
    (log,) = read_logs(str(path))
    return log


@pytest.mark.parametrize(("kind", "path", "run"), TOYS)
def test_toys(written: Path, kind: str, path: str, run: str) -> None:
    log = one(written / path)
    assert (log.format, log.benchmark) == (kind, "toy_code")
    assert log.model in ("scripted-1", "mockllm/model")
    assert [each.problem for each in log.samples] == [each["task_id"] for each in toys.PROBLEMS]
    metric = log.metric()
    assert {each.problem for each in log.samples if log.value(each, metric) == 1} == PASSED[run]
    for sample, problem in zip(log.samples, toys.PROBLEMS, strict=True):
        assert sample.answer == toys.answer(problem, run)
        assert sample.codes.get(metric, sample.code) == toys.code(str(sample.answer), run)
        assert toys.prompt(problem, run).strip() in str(sample.prompt)
        assert sample.problem_tests is not None
        assert sample.problem_tests.entry_point == problem["entry_point"]
        assert sample.settings.get("temperature", 0.0) == (0.8 if run == "b" else 0.0)


def test_inspect_says_how_an_answer_and_a_program_ended(written: Path) -> None:
    samples = {each.problem: each for each in one(written / "inspect_ai" / "b-eval").samples}
    assert samples["Toy/7"].finish_reason == "max_tokens"
    assert samples["Toy/3"].outcome is Outcome.TIMEOUT
    assert samples["Toy/4"].outcome is Outcome.UNKNOWN


def test_evalplus(written: Path) -> None:
    logs = {run: one(written / "evalplus" / f"run-{run}_eval_results.json.gz") for run in "ab"}
    assert [log.model for log in logs.values()] == ["run-a", "run-b"]
    assert {log.metrics for log in logs.values()} == {("plus", "base")}
    failed = {
        (run, metric): [each.problem for each in log.samples if log.value(each, metric) != 1]
        for run, log in logs.items()
        for metric in log.metrics
    }
    assert failed["a", "plus"] == ["HumanEval/2"]
    assert failed["a", "base"] == []
    assert failed["b", "base"] == [f"HumanEval/{number}" for number in (1, 3, 4)]
    assert failed["b", "plus"] == [f"HumanEval/{number}" for number in (1, 2, 3, 4)]
    assert all("```python" in str(each.answer) for each in logs["a"].samples)
    assert "```" not in str(logs["a"].samples[0].code)


def test_bigcode(written: Path) -> None:
    log = one(written / "bigcode" / "b")
    assert log.name == "scripted/model/humanevalpack/python/synthesize"
    assert [(each.problem, each.sample) for each in log.samples] == [
        (str(number), sample) for number in range(7) for sample in (0, 1)
    ]
    ended = {(each.problem, each.sample): each.outcome for each in log.samples}
    assert ended["5", 0] is Outcome.TIMEOUT
    assert ended["3", 0] is Outcome.FAILED
    assert ended["0", 0] is Outcome.PASSED
    assert str(log.samples[0].answer).startswith("def double(value):")
    assert log.samples[0].settings["temperature"] == 0.2
    assert log.samples[0].problem_tests is not None


def test_multipl_e(written: Path) -> None:
    log = one(written / "multipl_e" / "b")
    assert log.name == "b/multipl-e-humaneval/python"
    samples = {each.problem: each for each in log.samples}
    assert samples["HumanEval_0_double"].outcome is Outcome.TIMEOUT
    assert samples["HumanEval_0_double"].answer == "    while True:\n        value += 1\n"
    assert samples["HumanEval_0_double"].program is not None
    assert {each.problem for each in log.samples if each.values["passed"]} == {"HumanEval_4_shout"}


def test_nemo_gym(written: Path) -> None:
    log = one(written / "nemo_gym" / "b" / "rollouts.jsonl")
    samples = {(each.problem, each.sample): each for each in log.samples}
    assert len(samples) == 8
    assert samples["2", 0].outcome is Outcome.TIMEOUT
    assert samples["3", 0].finish_reason == "max_output_tokens"
    lost = samples["3", 1]
    assert (lost.values, lost.outcome, lost.message) == (
        {"reward": None},
        Outcome.ERROR,
        "model_server_error",
    )
    first = samples["0", 0]
    assert first.problem_tests is not None
    assert len(first.problem_tests.cases) == 2
    assert first.code == "n = int(input())\nprint(n * 2)"


def test_rollouts_without_numbers_are_paired_by_request(written: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (written / "nemo_gym/a/rollouts.jsonl").read_text().splitlines()]
    for row in rows:
        del row["_ng_task_index"], row["_ng_rollout_index"], row["agent_ref"]
    log = one(lines(tmp_path / "old.jsonl", rows))
    assert [each.sample for each in log.samples] == [0, 1] * 4
    assert len({each.problem for each in log.samples}) == 4


def lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def rows_of(written: Path) -> list[dict[str, Any]]:
    (path,) = (written / "lm_eval" / "a").rglob("samples_*.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_lm_eval_of_an_early_version_is_a_list(written: Path, tmp_path: Path) -> None:
    rows = rows_of(written)
    for row in rows:
        row["arguments"] = [list(row["arguments"]["gen_args_0"].values())]
        del row["filter"], row["metrics"]
    path = tmp_path / "samples_toy.jsonl"
    path.write_text(json.dumps(rows, indent=2))
    log = one(path)
    assert log.metrics == ("pass@1",)
    assert log.benchmark == "toy"
    assert log.samples[0].prompt == toys.prompt(toys.PROBLEMS[0], "a")


def test_lm_eval_with_a_chat(written: Path, tmp_path: Path) -> None:
    row = rows_of(written)[0]
    for messages, prompt in (
        ([{"role": "user", "content": "Add."}], "Add."),
        (
            [{"role": "system", "content": "Be."}, {"role": "user", "content": "Add."}],
            "system: Be.\n\nuser: Add.",
        ),
    ):
        row["arguments"]["gen_args_0"]["arg_0"] = [json.dumps(messages)]
        assert one(lines(tmp_path / "samples_x.jsonl", [row])).samples[0].prompt == prompt


def test_lm_eval_with_several_filters_and_answers(written: Path, tmp_path: Path) -> None:
    rows = []
    for row in rows_of(written)[:2]:
        row["resps"] = [["one", "two"]]
        rows.append({**row, "filter": "strict", "filtered_resps": ["1", "2"], "pass@1": 0.5})
        rows.append({**row, "filter": "loose", "filtered_resps": ["3", "4"], "pass@1": 1.0})
    log = one(lines(tmp_path / "samples_x.jsonl", rows))
    assert log.metrics == ("pass@1,strict", "pass@1,loose")
    assert len(log.samples) == 4
    second = log.samples[1]
    assert (second.averaged, second.answer) == (True, "two")
    assert second.codes == {"pass@1,strict": "2", "pass@1,loose": "4"}


def test_gzip_and_a_named_format(written: Path, tmp_path: Path) -> None:
    (path,) = (written / "lm_eval" / "a").rglob("samples_*.jsonl")
    packed = tmp_path / "samples_toy_code_2026-01-02T03-04-05.678.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert one(f"lm-eval:{packed}").benchmark == "toy_code"


def test_the_newest_samples_of_a_folder_are_read(written: Path, tmp_path: Path) -> None:
    rows = rows_of(written)
    lines(tmp_path / "samples_t_2026-01-02T03-04-05.678.jsonl", rows[:2])
    lines(tmp_path / "samples_t_2026-01-03T03-04-05.678.jsonl", rows[:3])
    lines(tmp_path / "samples_u_2026-01-01T03-04-05.678.jsonl", rows)
    assert {log.benchmark: len(log.samples) for log in read_logs(str(tmp_path))} == {"t": 3, "u": 9}


def test_every_format_has_a_row_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "comparing.md").read_text()
    assert [name for name in LOG_READERS.names() if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda row: row.pop("resps"), r":3: missing field 'resps'; it has 'doc_id', 'doc'"),
        (lambda row: row.update(resps="x"), r":3: field 'resps': expected list, found \"x\""),
        (lambda row: row.update({"pass@1": None}), r":3: no metric with a number; expected one of pass@1"),
    ],
)
def test_errors_name_file_line_and_field(written: Path, tmp_path: Path, change: Any, message: str) -> None:
    rows = rows_of(written)
    change(rows[2])
    path = lines(tmp_path / "samples_x.jsonl", rows)
    with pytest.raises(DataError, match=message) as error:
        one(path)
    assert str(error.value).startswith(str(path))


def test_a_cut_line_is_named(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "samples_x.jsonl"
    text = "".join(json.dumps(row) + "\n" for row in rows_of(written)[:2])
    path.write_text(text[:-100])
    with pytest.raises(DataError, match=r"samples_x.jsonl:2: not JSON"):
        one(path)


def test_damaged_archives(written: Path, tmp_path: Path) -> None:
    (path,) = (written / "inspect_ai" / "a-eval").glob("*.eval")
    data = bytearray(path.read_bytes())
    cut = tmp_path / "cut.eval"
    cut.write_bytes(data[: len(data) // 2])
    with pytest.raises(DataError, match="cut.eval: not a complete zip archive"):
        one(cut)
    with zipfile.ZipFile(path) as archive:
        member = next(each for each in archive.infolist() if each.filename.startswith("samples/"))
    at = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
    data[at] ^= 0xFF
    flipped = tmp_path / "flipped.eval"
    flipped.write_bytes(data)
    with pytest.raises(DataError, match=f"{member.filename}: damaged"):
        one(flipped)


def test_an_archive_with_a_missing_field(written: Path, tmp_path: Path) -> None:
    (path,) = (written / "inspect_ai" / "b-json").glob("*.json")
    log = json.loads(path.read_text())
    del log["samples"][1]["id"]
    changed = tmp_path / "log.json"
    changed.write_text(json.dumps(log))
    with pytest.raises(DataError, match=r"log.json: samples\[1\]: missing field 'id'"):
        one(changed)


def test_unknown_files_and_formats(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file or folder"):
        one(tmp_path / "none.jsonl")
    with pytest.raises(DataError, match=r"no run and no known log; .*EvalPlus results \(evalplus\)"):
        one(lines(tmp_path / "x.jsonl", [{"a": 1}]))
    with pytest.raises(UnknownName, match="unknown log format 'lm-evil'.*did you mean 'lm-eval'"):
        one(f"lm-evil:{tmp_path / 'x.jsonl'}")


def test_two_logs_of_one_task_in_a_folder(written: Path, tmp_path: Path) -> None:
    (path,) = (written / "inspect_ai" / "a-eval").glob("*.eval")
    for name in ("one.eval", "two.eval"):
        shutil.copy(path, tmp_path / name)
    with pytest.raises(DataError, match="one.eval and .*two.eval are both of mockllm/model/toy_code"):
        read_logs(str(tmp_path))


def test_nemo_gym_itself(written: Path) -> None:
    """Its rollouts have no tests; those are in the file of inputs."""
    log = one(written / "nemo_gym_real" / "b" / "rollouts.jsonl")
    assert (log.model, log.benchmark) == ("scripted-1", "code_gen_simple_agent")
    assert {(each.problem, each.sample) for each in log.samples} == {
        (str(problem), sample) for problem in range(4) for sample in range(2)
    }
    by_problem = {
        problem: sorted(str(each.outcome) for each in log.samples if each.problem == problem)
        for problem in "0123"
    }
    assert by_problem == {
        "0": ["passed", "passed"],
        "1": ["failed", "passed"],
        "2": ["passed", "time-out"],
        "3": ["failed", "passed"],
    }
    assert all(each.problem_tests and len(each.problem_tests.cases) == 2 for each in log.samples)
    assert all(each.settings == {"temperature": 0.6} and each.prompt for each in log.samples)
    (cut,) = (each for each in log.samples if each.finish_reason)
    assert (cut.problem, cut.finish_reason, cut.code) == ("3", "max_output_tokens", None)
