"""Compile servers give the same verdicts as the build command, whatever happens to the server."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import threading
from collections.abc import Callable, Iterator

import pytest

from crosstune import sandbox
from crosstune.execution import Judge, _judge, requirements
from crosstune.execution._compile_servers import CompileServers
from crosstune.languages import LANGUAGES, CompileResult, CompileServer, JudgeTask, Judging
from crosstune.records import Program, Status, Verdict

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("java")), reason="Java cannot be run here"
)
TESTS = """\
public class Main {
    public static void main(String[] args) {
        if (new Solution().add(1, 2) != 3) throw new AssertionError();
    }
}
"""
RIGHT = "class Solution { int add(int a, int b) { return a + b; } }\n"
WRONG = RIGHT.replace("+", "-")
BROKEN = RIGHT.replace("+ b", "+ c")


def program(name: str, candidate: str = RIGHT) -> Program:
    return Program(name, "java", f"{candidate}// {name}\n", TESTS)


def judging() -> Judging:
    return _judge.judging_of("java")


def compile_server() -> CompileServer:
    found = judging().compile_server
    assert found is not None
    return found


Change = Callable[..., None]


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Change:
    """Judge Java with another compile server."""
    real = _judge.judging_of

    def change(**fields: object) -> None:
        other = dataclasses.replace(compile_server(), **fields)  # type: ignore[arg-type]
        found = dataclasses.replace(judging(), compile_server=other)
        monkeypatch.setattr(
            _judge, "judging_of", lambda language: found if language == "java" else real(language)
        )

    return change


@pytest.fixture
def judge() -> Iterator[Judge]:
    with Judge() as found:
        yield found


def statuses(judge: Judge, *candidates: str) -> list[Status]:
    asked = [program(str(number), candidate) for number, candidate in enumerate(candidates)]
    return [verdict.status for verdict in judge.run(asked)]


EXPECTED = [Status.PASSED, Status.WRONG_ANSWER, Status.COMPILE_ERROR, Status.PASSED]


def test_one_server_serves_all(judge: Judge) -> None:
    assert statuses(judge, RIGHT, WRONG, BROKEN, RIGHT) == EXPECTED
    assert judge._compile_servers.started == {"java": 1}


def test_the_messages_of_a_refused_program_are_returned(judge: Judge) -> None:
    (verdict,) = judge.run([program("x", BROKEN)])
    assert (verdict.status, verdict.stage, verdict.exit_status) == (Status.COMPILE_ERROR, "build", 1)
    assert "Candidate.java:1: error: cannot find symbol" in verdict.stderr
    assert verdict.cpu_seconds > 0
    assert verdict.peak_bytes > 1 << 20


def test_a_server_is_replaced_after_some_requests(judge: Judge, changed: Change) -> None:
    changed(requests=2)
    assert statuses(judge, RIGHT, WRONG, BROKEN, RIGHT) == EXPECTED
    assert judge._compile_servers.started["java"] == 2


def test_a_server_that_grows_is_replaced(judge: Judge, changed: Change) -> None:
    changed(memory_bytes=60 << 20)
    assert statuses(judge, RIGHT, WRONG, BROKEN, RIGHT) == EXPECTED
    assert judge._compile_servers.started["java"] == 4


def test_a_server_that_is_killed_is_replaced(judge: Judge) -> None:
    assert statuses(judge, RIGHT) == [Status.PASSED]
    ((service,),) = judge._compile_servers._idle.values()
    for pid in service._members:
        with contextlib.suppress(ProcessLookupError):  # a process of the last program may just have ended
            os.kill(pid, 9)
    assert statuses(judge, WRONG, BROKEN) == [Status.WRONG_ANSWER, Status.COMPILE_ERROR]
    assert judge._compile_servers.started["java"] == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"cpu_seconds": -1.0},
        {"wall_seconds": 0.0},
        {"memory_bytes": 1 << 20},
        {"request": lambda _: None},
        {"reply": lambda _: None},
        {"reply": lambda _: CompileResult(files={"../Main.class": b""})},
        {"reply": lambda _: CompileResult(files={"x" * 256: b""})},
        {"reply": lambda _: CompileResult(files={"Main.class": bytes(64 << 20)})},
        {"argv": lambda _: ("/bin/false",)},
        {"argv": lambda _: ("/usr/bin/yes",)},
    ],
)
def test_without_a_reply_the_build_command_decides(
    judge: Judge, changed: Change, fields: dict[str, object]
) -> None:
    changed(**fields)
    assert statuses(judge, RIGHT, BROKEN) == [Status.PASSED, Status.COMPILE_ERROR]


def test_a_server_that_never_starts_is_reported_once(
    judge: Judge, changed: Change, caplog: pytest.LogCaptureFixture
) -> None:
    changed(argv=lambda _: ("/bin/sh", "-c", "echo it is broken >&2"))
    with caplog.at_level(logging.WARNING):
        assert statuses(judge, RIGHT, WRONG, BROKEN, RIGHT) == EXPECTED
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "it is broken" in caplog.text
    assert judge._compile_servers.started["java"] == 3


def test_a_closed_judge_leaves_no_server() -> None:
    with Judge() as judge:
        assert statuses(judge, RIGHT) == [Status.PASSED]
        ((service,),) = judge._compile_servers._idle.values()
    with pytest.raises(sandbox.ServiceFailed):
        service.request(b"")


def test_four_threads_use_one_judge() -> None:
    found: dict[int, list[Verdict]] = {}
    with Judge(workers=2) as judge:

        def ask(number: int) -> None:
            candidates = (RIGHT, WRONG, BROKEN)
            asked = [program(f"{number} {i}", f"// {i}\n{candidates[i % 3]}") for i in range(6)]
            found[number] = list(judge.run(asked))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 1 <= judge._compile_servers.started["java"] <= 2
    for number in range(4):
        assert [verdict.id for verdict in found[number]] == [f"{number} {i}" for i in range(6)]
        assert [verdict.status for verdict in found[number]] == EXPECTED[:3] * 2


def test_the_same_without_a_sandbox() -> None:
    with Judge(sandbox="none") as judge:
        assert statuses(judge, RIGHT, WRONG, BROKEN, RIGHT) == EXPECTED
        assert judge._compile_servers.started == {"java": 1}


def test_a_language_without_a_server_is_not_built() -> None:
    python = LANGUAGES.load("python").judging
    assert python is not None
    task = JudgeTask(program=program("x"), limits=python.limits, nonce="", sandbox_path=str)
    servers = CompileServers("none")
    assert servers.build(task, python.compile_server) is None
    servers.close()
