from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_main import CROSSTUNE, _crosstune

RIGHT = {
    "id": "a",
    "language": "python",
    "candidate": "def one():\n    return 1\n",
    "tests": "assert one() == 1",
}


def _write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_verdicts_are_written_and_counted(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", RIGHT, RIGHT | {"id": "b", "tests": "assert one() == 2"})
    done = _crosstune("judge", programs, "-o", tmp_path / "verdicts.jsonl", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "2 judged, 0 kept from before" in done.stdout
    header, counts = [line.split() for line in done.stdout.splitlines()[:2]]
    assert dict(zip(header, counts, strict=True)) == {
        "language": "python",
        "programs": "2",
        "passed": "1",
        "wrong_answer": "1",
    }


def test_bad_lines_are_reported_and_make_the_run_incomplete(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", *[["[bold]"]] * 25, RIGHT)
    done = _crosstune("judge", programs, "-o", tmp_path / "verdicts.jsonl")
    assert done.returncode == 4
    assert f"{programs}, line 20: expected a JSON object, found list" in done.stderr
    assert "line 21:" not in done.stderr
    assert "and 5 more such lines" in done.stderr
    assert "25 bad lines have no verdict" in done.stderr
    assert len((tmp_path / "verdicts.jsonl").read_text().splitlines()) == 1


def test_a_cache_is_used_for_other_files(tmp_path: Path) -> None:
    cache = tmp_path / "cache.sqlite"
    slow = RIGHT | {"candidate": "import time\ntime.sleep(0.2)\ndef one():\n    return 1\n"}
    for name in ("first", "second"):
        programs = _write(tmp_path / f"{name}.jsonl", slow | {"id": name})
        done = _crosstune("judge", programs, "-o", tmp_path / f"{name}.out", "--cache", cache)
        assert done.returncode == 0, done.stderr
    first, second = (json.loads((tmp_path / f"{name}.out").read_text()) for name in ("first", "second"))
    assert first["wall_seconds"] == second["wall_seconds"]  # it was not run again
    assert (first["id"], second["id"]) == ("first", "second")


def test_wrong_options_are_errors(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", RIGHT)
    done = _crosstune("judge", programs, "-o", tmp_path / "v", "--sandbox", "docker")
    assert (done.returncode, "expected bubblewrap or none" in done.stderr) == (2, True)
    done = _crosstune("judge", tmp_path / "none", "-o", tmp_path / "v")
    assert (done.returncode, "none: cannot be read" in done.stderr) == (2, True)
    done = _crosstune("judge", programs, "-o", tmp_path / "v", "--sandbox", "none")
    assert done.returncode == 0
    assert "no sandbox" in done.stderr


def _answer(problem: str, answer: str, **more: object) -> dict[str, object]:
    return {"problem": problem, "language": "python", "answer": answer, **more}


def _judge_answers(tmp_path: Path, *rows: object) -> tuple[subprocess.CompletedProcess[str], Path]:
    answers, out = _write(tmp_path / "answers.jsonl", *rows), tmp_path / "verdicts.jsonl"
    return _crosstune("judge", "--answers", answers, "--benchmark", "exercises", "-o", out), out


def test_answers_are_extracted_and_judged(tmp_path: Path) -> None:
    done, out = _judge_answers(
        tmp_path,
        _answer("plus-4", "    return x + 4\n", model="m"),
        _answer("plus-4", "    return x + 5\n", sample=1),
        _answer("plus-4", "    return x + 4\n", task="fix", id="mine"),
    )
    assert done.returncode == 0, done.stderr
    first, second, third = (json.loads(line) for line in out.read_text().splitlines())
    assert (first["id"], first["verdict"]) == ("plus-4/python/synthesize/0", "passed")
    assert (second["id"], second["verdict"]) == ("plus-4/python/synthesize/1", "wrong_answer")
    assert (third["id"], third["task"], third["sample"]) == ("mine", "fix", 0)
    assert first["candidate"].endswith("    return x + 4\n")
    assert first["how"] == "continuation"
    assert first["extra"] == {"model": "m"}
    keys = [
        "program",
        "toolchain",
        "isolation",
        "unstable",
        "problem",
        "language",
        "task",
        "sample",
        "candidate",
        "how",
    ]
    assert list(second)[10:] == keys


def test_verdicts_on_answers_are_kept(tmp_path: Path) -> None:
    rows = [_answer("plus-4", "    return x + 4\n"), _answer("plus-4", "    return x\n", sample=1)]
    _judge_answers(tmp_path, *rows)
    done, out = _judge_answers(tmp_path, rows[0], _answer("plus-4", "    return 4 + x\n", sample=1))
    assert "1 judged, 1 kept from before" in done.stdout
    assert [json.loads(line)["verdict"] for line in out.read_text().splitlines()] == ["passed", "passed"]


def test_bad_answers_are_reported(tmp_path: Path) -> None:
    right = _answer("plus-4", "    return x + 4\n")
    bad = [
        (right, "an earlier line has the id 'plus-4/python/synthesize/0' too"),
        (
            _answer("plus-44", ""),
            "no problem 'plus-44' in python: it has 60, from 'plus-4' to 'fits-12'; did",
        ),
        (_answer("plus-4", "", task="synthesise"), "no task 'synthesise'; its tasks: synthesize"),
        (right | {"language": "html"}, "no problems in 'html'; its languages: "),
        ({"problem": "plus-4", "language": "python", "answers": ""}, "'answers'; did you mean 'answer'?"),
        ({"problem": "plus-4", "language": "python"}, "missing field 'answer'"),
        (right | {"sample": "1"}, "field 'sample': expected int, found str"),
    ]
    done, out = _judge_answers(tmp_path, right, *(row for row, _ in bad))
    assert done.returncode == 4
    assert len(out.read_text().splitlines()) == 1
    for number, (_, message) in enumerate(bad, 2):
        assert f"line {number}: " in done.stderr
        assert message in done.stderr


def test_options_of_answers_are_checked(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", RIGHT)
    out = ("-o", tmp_path / "v")
    for options, message in [
        ((), "expected either PROGRAMS.jsonl or --answers ANSWERS.jsonl"),
        ((programs, "--answers", programs), "expected either PROGRAMS.jsonl or --answers"),
        ((programs, "--benchmark", "exercises"), "--benchmark belongs to --answers"),
        (("--answers", programs), "--answers needs --benchmark"),
        (("--answers", programs, "--benchmark", "humanevalpack"), "humanevalpack needs --data DIR"),
        (("--answers", programs, "--benchmark", "exercise"), "did you mean 'exercises'?"),
    ]:
        done = _crosstune("judge", *options, *out)
        assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_cpu_seconds_limit_each_answer(tmp_path: Path) -> None:
    answers = _write(tmp_path / "answers.jsonl", _answer("plus-4", "    while True:\n        pass\n"))
    options = ("--benchmark", "exercises", "--cpu-seconds", "0.3", "-o", tmp_path / "v")
    assert _crosstune("judge", "--answers", answers, *options).returncode == 0
    verdict = json.loads((tmp_path / "v").read_text())
    assert verdict["verdict"] == "timeout"
    assert verdict["cpu_seconds"] < 2


def test_errors_of_tests_are_named_once_with_their_count(tmp_path: Path) -> None:
    lacks = "import no_such_package\nassert one() == 1\n"
    rows = [RIGHT | {"id": f"lacks {n}", "tests": lacks} for n in range(30)]
    rows += [RIGHT | {"id": "broken", "tests": "assert ("}, RIGHT]
    programs = _write(tmp_path / "programs.jsonl", *rows, ["no object"])
    for kept in (0, 1):
        done = _crosstune("judge", programs, "-o", tmp_path / "verdicts.jsonl")
        assert done.returncode == 3
        assert f"{kept} kept from before" in done.stdout
        assert "the tests of 31 programs cannot judge any candidate (harness_error):" in done.stderr
        assert "\n  30 x python: the tests need " in done.stderr
        assert "\n  1 x python: the tests do not parse" in done.stderr
        assert done.stderr.count("no_such_package") == 1
        assert "1 bad lines have no verdict" in done.stderr


def test_a_damaged_line_of_verdicts_is_named(tmp_path: Path) -> None:
    programs, out = (
        _write(tmp_path / "programs.jsonl", RIGHT, RIGHT | {"id": "b"}),
        tmp_path / "verdicts.jsonl",
    )
    assert _crosstune("judge", programs, "-o", out).returncode == 0
    first, second = out.read_bytes().splitlines(keepends=True)
    out.write_bytes(b"\0" * 7 + first + second)
    done = _crosstune("judge", programs, "-o", out)
    assert (done.returncode, "1 judged, 1 kept from before" in done.stdout) == (0, True)
    assert f"{out}, line 1: damaged; moved to {out}.damaged" in done.stderr
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["a", "b"]


def test_faults_of_the_output_are_named(tmp_path: Path) -> None:
    programs = _write(tmp_path / "programs.jsonl", RIGHT)
    for out in (tmp_path, programs / "below", tmp_path / ("x" * 300)):
        done = _crosstune("judge", programs, "-o", out)
        assert (done.returncode, str(out) in done.stderr, done.stderr.count("\n")) == (2, True, 1)
    done = _crosstune("gate", "exercises", "--json", tmp_path)
    assert (done.returncode, done.stderr) == (2, f"crosstune: {tmp_path}: Is a directory\n")


@pytest.mark.parametrize("most", [14, 20])
def test_too_many_open_files_give_no_verdict_and_a_remedy(tmp_path: Path, most: int) -> None:
    programs, out = _write(tmp_path / "programs.jsonl", RIGHT), tmp_path / "verdicts.jsonl"
    limit = f"ulimit -n {most}; exec {CROSSTUNE} judge {programs} -o {out} --workers 4"
    done = subprocess.run(["sh", "-c", limit], capture_output=True, text=True, check=False)
    if done.returncode:
        assert "ulimit -n" in done.stderr
        assert "Traceback" not in done.stderr
    assert _crosstune("judge", programs, "-o", out).returncode == 0
    assert json.loads(out.read_text())["verdict"] == "passed"
