"""`crosstune generate` and `crosstune eval` with a scripted server: real HTTP, real judging."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from crosstune.benchmarks import BENCHMARKS
from crosstune.files import locked
from tests.cli.test_main import _crosstune
from tests.scripted_server import Action, RequestBody, ScriptedServer, http_error, reply_with, scripted

ASKED = ("--benchmark", "exercises", "--languages", "python", "--limit", "4")
EXERCISES = BENCHMARKS.load("exercises")
PROBLEMS = EXERCISES.problems(EXERCISES.settings(), "python", "synthesize")[:4]


def solve(body: RequestBody, _: int = 0) -> Action:
    """Answers each problem with its own solution."""
    message = body["messages"][-1]["content"]
    (problem,) = (each for each in PROBLEMS if each.instruction in message)
    return reply_with(f"```python\n{problem.canonical}\n```")


def generate(
    server: ScriptedServer, out: Path, *more: Any, command: str = "generate"
) -> CompletedProcess[str]:
    retries = ("--set", "server.first_wait_seconds=0.01", "--set", "server.attempts=2")
    return _crosstune(command, "-m", "m", "--server", server.url, *ASKED, "-o", out, *retries, *more)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def unless(bad: Callable[[str], bool], action: Action) -> Callable[[RequestBody, int], Action]:
    return lambda body, _: action if bad(body["messages"][-1]["content"]) else solve(body)


def test_answers_are_written_and_judged_by_the_judge(tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    with scripted(solve) as server:
        done = generate(server, out)
        assert done.returncode == 0, done.stderr
        assert "4 answers: " in done.stdout
        assert "m: 4 problems of exercises, prompt template chat" in done.stderr
        again = generate(server, out)
        assert (again.returncode, len(server.bodies)) == (0, 4)
        more = generate(server, out, "--limit", "3", "--samples", "2")
        assert (more.returncode, len(server.bodies)) == (0, 7)
    answers = rows(out)
    assert [(row["problem"], row["sample"]) for row in answers[:2]] == [
        (PROBLEMS[0].id, 0),
        (PROBLEMS[0].id, 1),
    ]
    verdicts = tmp_path / "verdicts.jsonl"
    judged = _crosstune("judge", "--answers", out, "--benchmark", "exercises", "-o", verdicts)
    assert judged.returncode == 0, judged.stderr
    assert {row["verdict"] for row in rows(verdicts)} == {"passed"}


def test_other_settings_do_not_replace_answers(tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    with scripted(solve) as server:
        generate(server, out)
        other = generate(server, out, "--max-new-tokens", "7")
        assert other.returncode == 2
        assert "decoding.max_new_tokens: 1024, now 7" in other.stderr
        assert len(server.bodies) == 4
        assert generate(server, out, "--max-new-tokens", "7", "--replace").returncode == 0
        assert len(server.bodies) == 8
    foreign = tmp_path / "foreign.jsonl"
    foreign.write_text("precious\n")
    with scripted(solve) as server:
        refused = generate(server, foreign)
    assert (refused.returncode, foreign.read_text()) == (2, "precious\n")


def test_missing_answers_are_asked_for_again_and_never_judged(tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    broken = [PROBLEMS[1].instruction]
    act = unless(lambda message: bool(broken) and broken[0] in message, http_error(500, "boom"))
    with scripted(act) as server:
        done = generate(server, out)
        assert done.returncode == 4
        assert "1 of 4 answers are missing: HTTP 500 (1)" in done.stderr
        assert [row["answer"] is None for row in rows(out)] == [False, True, False, False]
        judged = _crosstune("judge", "--answers", out, "--benchmark", "exercises", "-o", tmp_path / "v.jsonl")
        assert judged.returncode == 4
        assert "there is no answer to" in judged.stderr
        broken.clear()
        before = len(server.bodies)
        assert generate(server, out).returncode == 0
        assert len(server.bodies) == before + 1
    assert all(row["answer"] for row in rows(out))


def test_a_second_process_does_not_write_the_same_file(tmp_path: Path) -> None:
    with scripted(solve) as server, locked(tmp_path / ".answers.jsonl.work" / "lock"):
        done = generate(server, tmp_path / "answers.jsonl")
    assert (done.returncode, "another process is writing it" in done.stderr) == (4, True)
    assert server.bodies == []


def test_cut_and_empty_answers_are_counted(tmp_path: Path) -> None:
    act = unless(lambda message: PROBLEMS[0].instruction in message, reply_with(None, "length"))
    with scripted(act) as server:
        done = generate(server, tmp_path / "a.jsonl", "--reasoning-tokens", "76")
        assert {body["max_tokens"] for body in server.bodies} == {1100}
    assert done.returncode == 0
    assert "Warning: 1 of 4 answers were cut at 1100 tokens" in done.stderr
    assert "1 of 4 answers are empty" in done.stderr
    assert rows(tmp_path / "a.jsonl")[0]["finish_reason"] == "length"


def test_evaluation_judges_every_answer(tmp_path: Path) -> None:
    """One answer has no text because all tokens went into reasoning: three of four are right."""
    act = unless(lambda message: PROBLEMS[0].instruction in message, reply_with(None, "length"))
    with scripted(act) as server:
        done = generate(server, tmp_path / "run", "--system", "Be brief.", command="eval")
        assert done.returncode == 0, done.stderr
        assert server.bodies[0]["messages"][0] == {"role": "system", "content": "Be brief."}
        again = generate(server, tmp_path / "run", "--system", "Be brief.", command="eval")
        assert (again.returncode, len(server.bodies)) == (0, 4)
    header, line = [re.split(r"\s{2,}", each.strip()) for each in done.stdout.splitlines()[:2]]
    shown = dict(zip(header, line, strict=True))
    assert (shown["pass@1"], shown["problems"], shown["cut"]) == ("75.0", "4", "1")
    (score,) = json.loads((tmp_path / "run" / "results.json").read_text())["scores"]
    assert (score["pass_at_1"], score["n"], score["cut"]) == (0.75, 4, 1)
    with gzip.open(tmp_path / "run" / "judged.jsonl.gz", "rt") as file:
        judged = [json.loads(each) for each in file]
    assert [each["finish_reason"] for each in judged] == ["length", "stop", "stop", "stop"]
    assert [each["status"] == "passed" for each in judged] == [False, True, True, True]


def test_evaluation_without_an_answer_is_incomplete(tmp_path: Path) -> None:
    act = unless(lambda message: PROBLEMS[0].instruction in message, http_error(500, "boom"))
    with scripted(act) as server:
        done = generate(server, tmp_path / "run", command="eval")
        assert done.returncode == 4
        assert "1 of 4 answers are missing" in done.stderr
        partial = generate(server, tmp_path / "run", "--allow-partial", command="eval")
    assert partial.returncode == 0
    (score,) = json.loads((tmp_path / "run" / "results.json").read_text())["scores"]
    assert (score["pass_at_1"], score["n"], score["asked"], score["judged"]) == (1.0, 3, 4, 3)


def test_samples_give_pass_at_k(tmp_path: Path) -> None:
    """Of two samples of each problem, the second is wrong."""

    def act(body: RequestBody, _: int) -> Action:
        message = body["messages"][-1]["content"]
        with lock:
            seen[message] = seen.get(message, 0) + 1
            second = seen[message] == 2
        return reply_with("```python\nx = 1\n```") if second else solve(body)

    lock, seen = threading.Lock(), dict[str, int]()
    with scripted(act) as server:
        done = generate(
            server, tmp_path / "run", "--samples", "2", "--temperature", "0.5", "--limit", "2", command="eval"
        )
        assert done.returncode == 0, done.stderr
        assert len({body["seed"] for body in server.bodies}) == 4
    results = json.loads((tmp_path / "run" / "results.json").read_text())
    assert [(row["k"], row["pass_at_k"]) for row in results["pass_at_k"]] == [(1, 0.5), (2, 1.0)]


def test_answers_of_a_file_are_evaluated(tmp_path: Path) -> None:
    file = tmp_path / "samples.jsonl"
    solutions = [{"task_id": each.id, "solution": each.canonical} for each in PROBLEMS]
    file.write_text("".join(json.dumps(each) + "\n" for each in solutions))
    done = _crosstune("eval", "--replay", file, *ASKED, "-o", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    (score,) = json.loads((tmp_path / "run" / "results.json").read_text())["scores"]
    assert (score["pass_at_1"], score["n"]) == (1.0, 4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("-m", "x", "-b", "exercises"), "choose with --languages"),
        (("-m", "x", "-b", "exercises", "--languages", "pyhton"), "did you mean 'python'"),
        (("-b", "exercises", "--languages", "python"), "--model is missing"),
        (("-m", "x", *ASKED, "--server", "localhost"), "not a server's URL"),
        (("-m", "x", *ASKED, "--server", "http://a/v1", "--replay", "f"), "different back ends"),
        (("-m", "x", *ASKED, "--server", "http://a/v1", "--set", "conccurency=3"), "unknown"),
        (("-m", "x", *ASKED, "--set", "dtype"), "expected KEY=VALUE"),
        (("-m", "x", *ASKED, "--key-variable", "K"), "belongs to --server"),
        (("-m", "x", *ASKED, "--back-end", "openai-compatible"), "--server URL"),
    ],
)
def test_wrong_options_are_named(tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    done = _crosstune("generate", *options, "-o", tmp_path / "a.jsonl")
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = _crosstune("eval", "-m", "x", "--server", "http://127.0.0.1:9/v1", *ASKED, "-o", tmp_path / "run")
    assert done.returncode == 3
    assert "nothing answers at http://127.0.0.1:9/v1" in done.stderr
