"""The judge: order, identical programs, the cache, requirements."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from crosstune import sandbox
from crosstune.errors import (
    CorruptArtifact,
    Incomplete,
    MissingTool,
    SandboxUnavailable,
    UnknownName,
    UsageError,
)
from crosstune.execution import Judge, _judge, requirements
from crosstune.execution._cache import Cache, key
from crosstune.languages import LANGUAGES, html
from crosstune.languages._shared.node import runtime, snapshot
from crosstune.records import Command, Limits, Program, Status, Verdict, to_json
from crosstune.sandbox import _control_groups
from tests.shared import ROOT

RIGHT = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"
TESTS = "assert add(1, 2) == 3\n"


def program(name: str, candidate: str = RIGHT) -> Program:
    return Program(name, "python", candidate, TESTS)


def counted(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the programs that the judge runs from now on."""
    ran: list[str] = []
    original = judge._run

    def run(program: Program, margin: float) -> Verdict:
        ran.append(program.id)
        return original(program, margin)

    monkeypatch.setattr(judge, "_run", run)
    return ran


def test_verdicts_come_in_order_with_two_workers() -> None:
    slow = "import time\ntime.sleep(0.3)\n"
    programs = [
        program(str(i), (slow if i % 5 == 0 else "") + (RIGHT if i % 2 else WRONG) + f"#{i}\n")
        for i in range(24)
    ]
    with Judge(workers=2) as judge:
        found = list(judge.run(iter(programs)))
    assert [one.id for one in programs] == [verdict.id for verdict in found]
    expected = [Status.PASSED if i % 2 else Status.WRONG_ANSWER for i in range(24)]
    assert expected == [verdict.status for verdict in found]


def test_it_reads_only_a_little_ahead() -> None:
    taken = 0

    def endless() -> Iterator[Program]:
        nonlocal taken
        while True:
            taken += 1
            yield program(str(taken))

    with Judge() as judge:
        verdicts = judge.run(endless())
        assert [next(verdicts).id for _ in range(3)] == ["1", "2", "3"]
        assert taken < 20
        verdicts.close()  # type: ignore[attr-defined]


def test_identical_programs_are_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with Judge(workers=2) as judge:
        ran = counted(judge, monkeypatch)
        found = list(judge.run([program("a"), program("b"), program("c", WRONG), program("d")]))
        again = list(judge.run([program("e")]))
    assert len(ran) == 2
    assert [verdict.id for verdict in found + again] == ["a", "b", "c", "d", "e"]
    assert [verdict.passed for verdict in found] == [True, True, False, True]


def test_setup_precedes_the_candidate() -> None:
    given = Program(
        "x", "python", "def area(r):\n    return math.pi * r * r\n", "assert area(1) > 3", setup="import math"
    )
    with Judge() as judge:
        assert [verdict.status for verdict in judge.run([given])] == [Status.PASSED]


def test_several_threads_may_use_one_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[int, list[Verdict]] = {}
    with Judge(workers=2) as judge:
        ran = counted(judge, monkeypatch)

        def ask(number: int) -> None:
            found[number] = list(judge.run([program(f"{number} {i}", f"{RIGHT}#{i}\n") for i in range(10)]))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {number: sum(v.passed for v in found[number]) for number in found} == {0: 10, 1: 10, 2: 10}
    assert len(ran) == 10


def test_a_caller_that_gives_up_cancels_only_its_own_programs() -> None:
    slow = program("slow", f"import time\ntime.sleep(0.5)\n{RIGHT}")
    asked = [slow, program("shared"), program("own", WRONG)]
    with Judge() as judge:
        first = judge.run(iter([*asked, *(program(str(i), f"{RIGHT}#{i}\n") for i in range(20))]))
        second = judge.run(iter(asked))
        assert next(first).id == "slow"
        again = judge.submit(program("shared"))
        first.close()  # type: ignore[attr-defined]
        assert [verdict.status for verdict in second] == [Status.PASSED, Status.PASSED, Status.WRONG_ANSWER]
        assert again.result().passed
        assert [verdict.passed for verdict in judge.run([program("0", f"{RIGHT}#0\n")])] == [True]
        assert not judge._jobs._by_key
        assert not judge._jobs._by_future


def test_the_cache_outlives_the_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "deep" / "verdicts.sqlite"
    with Judge(cache=file) as judge:
        first = list(judge.run([program("a"), program("b", WRONG)]))
    with Judge(cache=file) as judge:
        ran = counted(judge, monkeypatch)
        second = list(judge.run([program("c"), program("d", WRONG), program("e", f"{RIGHT}#\n")]))
    assert ran == ["e"]
    assert [
        dataclasses.replace(verdict, id=name) for verdict, name in zip(first, "cd", strict=True)
    ] == second[:2]


def test_the_key_depends_on_limits_tools_and_sandbox() -> None:
    limits = Limits(1, 2, 3, 4, 5, 6, 7)
    digests = {
        key(program("a"), limits, 1, "python 3", "bubblewrap"),
        key(program("a"), dataclasses.replace(limits, cpu_seconds=2), 1, "python 3", "bubblewrap"),
        key(program("a"), limits, 2, "python 3", "bubblewrap"),
        key(program("a"), limits, 1, "python 4", "bubblewrap"),
        key(program("a"), limits, 1, "python 3", "none"),
        key(program("a", WRONG), limits, 1, "python 3", "bubblewrap"),
    }
    assert len(digests) == 6
    assert key(program("a"), limits, 1, "p", "none") == key(program("b"), limits, 1, "p", "none")


def test_a_disabled_feature_changes_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    if sandbox.probe().groups == "none":
        pytest.skip("there are no control groups here to leave out")
    whole = Judge().digest(program("whole"))
    monkeypatch.setenv("CROSSTUNE_WITHOUT", "groups")
    for cached in (sandbox.probe, _control_groups.trees):
        cached.cache_clear()
    try:
        weaker = Judge().digest(program("weaker"))
    finally:
        for cached in (sandbox.probe, _control_groups.trees):
            cached.cache_clear()
    assert weaker != whole


@pytest.mark.parametrize(
    ("found", "lacking"),
    [
        ({"namespaces": "single"}, ("nesting",)),
        ({"groups": "none"}, ("groups",)),
        ({"seccomp_filter": False}, ("filter",)),
        ({"groups": "v1", "version": "0.1"}, ()),
    ],
)
def test_a_missing_feature_changes_the_digest(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, Any], lacking: tuple[str, ...]
) -> None:
    whole = sandbox.Enforcement(namespaces="fresh", seccomp_filter=True, groups="v2", version="0.8")
    digests = []
    for held in (whole, dataclasses.replace(whole, **found)):
        monkeypatch.setattr(sandbox, "probe", lambda _, held=held: held)
        digests.append(Judge().digest(program("a")))
    assert held.lacking == lacking
    assert (digests[0] == digests[1]) == (not lacking)


def test_harness_errors_are_not_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_: object) -> None:
        raise sandbox.SandboxDied("gone")

    file = tmp_path / "verdicts.sqlite"
    with Judge(cache=file) as judge:
        with monkeypatch.context() as patch:
            patch.setattr(sandbox.SandboxRunner, "run", lose)
            (found,) = judge.run([program("a")])
        assert Status.HARNESS_ERROR is found.status
        assert "gone" in found.stderr
        (again,) = judge.run([program("a")])
        assert Status.PASSED is again.status


def test_a_sandbox_that_died_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    original, tries = sandbox.SandboxRunner.run, []

    def lose_once(self: sandbox.SandboxRunner, *arguments: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise sandbox.SandboxDied("gone")
        return original(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox.SandboxRunner, "run", lose_once)
    with Judge() as judge:
        assert [verdict.status for verdict in judge.run([program("a")])] == [Status.PASSED]
    assert len(tries) == 2


@pytest.mark.parametrize(("faulty", "status"), [(1, Status.PASSED), (2, Status.HARNESS_ERROR)])
def test_a_sandbox_that_fails_is_tried_once_more(
    monkeypatch: pytest.MonkeyPatch, faulty: int, status: Status
) -> None:
    original, tries = sandbox.SandboxRunner.run, []

    def fail(self: sandbox.SandboxRunner, commands: Sequence[Command], *rest: Any) -> list[sandbox.Outcome]:
        tries.append(1)
        if len(tries) <= faulty:
            commands = [
                dataclasses.replace(command, argv=("/usr/bin/no-such-command",)) for command in commands
            ]
        return original(self, commands, *rest)

    monkeypatch.setattr(sandbox.SandboxRunner, "run", fail)
    with Judge() as judge:
        (found,) = judge.run([program("a")])
    assert (found.status, len(tries)) == (status, 2)
    assert ("no-such-command" in found.stderr) == (status is Status.HARNESS_ERROR)


WRITER = """
import sys, threading
from pathlib import Path
from crosstune.execution._cache import Cache
from crosstune.records import Status, Verdict
cache, first = Cache(Path(sys.argv[1])), int(sys.argv[2])
for n in range(first, first + int(sys.argv[3])):
    cache.put(b"%032d" % n, Verdict("", Status.PASSED, "run", 0, 0, 0.1, 0.1, n, "x" * 500, ""))
    print(n, flush=True)
"""


def test_several_processes_may_write_one_cache_and_be_killed(tmp_path: Path) -> None:
    file = tmp_path / "verdicts.sqlite"
    command = [sys.executable, "-c", WRITER, str(file)]
    steady = [
        subprocess.Popen([*command, str(start), "200"], stdout=subprocess.DEVNULL, cwd=ROOT)
        for start in (0, 100)
    ]
    with subprocess.Popen([*command, "1000", "1000000"], stdout=subprocess.PIPE, cwd=ROOT) as doomed:
        assert doomed.stdout is not None
        printed = [int(doomed.stdout.readline()) for _ in range(50)]
        os.kill(doomed.pid, signal.SIGKILL)
    assert [process.wait(60) for process in steady] == [0, 0]
    cache = Cache(file)
    kept = [number for number in (*range(300), *printed) if cache.get(b"%032d" % number, "n")]
    cache.close()
    assert [*range(300), *printed] == kept
    with sqlite3.connect(file) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()


def test_another_file_is_not_a_cache(tmp_path: Path) -> None:
    file = tmp_path / "verdicts.sqlite"
    file.write_text("not a database, but long enough to be looked at\n" * 50, "utf-8")
    with pytest.raises(CorruptArtifact, match="not a verdict cache"), Judge(cache=file):
        pass


def kept(text: str) -> Verdict:
    return Verdict("", Status.PASSED, "run", 0, 0, 0.1, 0.1, 1, text, "")


def test_a_cache_of_version_0_1_is_read(tmp_path: Path) -> None:
    with contextlib.closing(Cache(tmp_path / "verdicts.sqlite")) as cache:
        text = to_json(kept("one")).replace('"status"', '"label"').replace(', "cases": []', "")
        cache._connection.execute("INSERT INTO verdicts VALUES (?, ?)", (b"1", text))
        assert cache.get(b"1", "a") == dataclasses.replace(kept("one"), id="a")


def test_a_changed_verdict_in_the_cache_is_not_used(tmp_path: Path) -> None:
    """Whatever byte it is in; the new verdict takes its place."""
    with contextlib.closing(Cache(tmp_path / "verdicts.sqlite")) as cache:
        cache.put(b"1", kept("one"))
        ((stored,),) = cache._connection.execute("SELECT verdict FROM verdicts").fetchall()
        for position in range(len(stored)):
            changed = bytearray(stored)
            changed[position] ^= 1 << position % 8
            cache._connection.execute("UPDATE verdicts SET verdict = CAST(? AS TEXT)", (bytes(changed),))
            assert cache.get(b"1", "a") is None, bytes(changed)
            cache.put(b"1", kept("one"))
            assert cache.get(b"1", "a") == dataclasses.replace(kept("one"), id="a")


@pytest.mark.parametrize("temporary", [False, True])
def test_a_full_disk_is_an_error_and_keeps_what_was_cached(tmp_path: Path, temporary: bool) -> None:
    file = None if temporary else tmp_path / "verdicts.sqlite"
    with contextlib.closing(Cache(file)) as cache:
        cache.put(b"1", kept("one"))
        cache._connection.execute("PRAGMA max_page_count = 4")  # SQLite then does as on a full disk
        with pytest.raises(Incomplete, match=r"database or disk is full\); run again") as error:
            cache.put(b"2", kept("x" * 50_000))
        assert str(file or "SQLITE_TMPDIR") in str(error.value)
        assert cache.get(b"1", "a") == dataclasses.replace(kept("one"), id="a")
        assert cache.get(b"2", "a") is None


def test_a_judge_ends_when_its_cache_is_full(tmp_path: Path) -> None:
    with Judge(cache=tmp_path / "verdicts.sqlite") as judge:
        judge._cache._connection.execute("PRAGMA max_page_count = 2")
        long = program("a", f"print('x' * 20_000)\n{RIGHT}")
        with pytest.raises(Incomplete, match="disk is full"):
            list(judge.run([long]))


def test_a_locked_cache_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "verdicts.sqlite"
    with contextlib.closing(Cache(file)) as cache, contextlib.closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        cache._connection.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(Incomplete, match="database is locked"):
            cache.put(b"1", kept("one"))
        other.rollback()
        cache.put(b"1", kept("one"))
        assert cache.get(b"1", "a") is not None


def test_a_path_where_a_cache_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be used as verdict cache .* name another file"):
        Cache(tmp_path)
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="folder of the verdict cache cannot be created"):
        Cache(tmp_path / "file" / "verdicts.sqlite")


def test_another_database_is_not_a_cache(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE verdicts (name TEXT)")
    with (
        contextlib.closing(Cache(file)) as cache,
        pytest.raises(CorruptArtifact, match="not a verdict cache"),
    ):
        cache.get(b"1", "a")


def test_an_unknown_language_is_an_error() -> None:
    with Judge() as judge, pytest.raises(UnknownName, match="did you mean 'python'"):
        list(judge.run([Program("a", "pyton", "", "")]))


def test_a_language_that_is_never_run_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "LANGUAGE", dataclasses.replace(html.LANGUAGE, judging=None))
    with Judge() as judge, pytest.raises(UsageError, match="HTML is used for training only"):
        list(judge.run([Program("a", "html", "<p>", "")]))
    assert [each.met for each in requirements("html")] == [False]


def test_a_missing_tool_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Judge() as judge:
        for cached in (runtime.program, runtime.version, snapshot.snapshot, _judge.toolchain_of):
            cached.cache_clear()
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(MissingTool, match="apt-get install nodejs"):
            list(judge.run([Program("a", "javascript", "", "")]))
    assert [each.met for each in requirements("javascript") if each.what == "node"] == [False]
    runtime.program.cache_clear()
    _judge.toolchain_of.cache_clear()


def test_nothing_runs_without_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(kind: str) -> None:
        raise SandboxUnavailable(f"{kind} does not work here")

    monkeypatch.setattr(sandbox, "probe", refuse)
    with pytest.raises(SandboxUnavailable, match="bubblewrap does not work here"), Judge():
        pass
    assert requirements("python")[0].what == "the sandbox (bubblewrap)"


def test_verdicts_are_the_same_without_a_sandbox() -> None:
    with Judge(sandbox="none") as judge:
        found = list(judge.run([program("a"), program("b", WRONG), program("c", "import os\nos._exit(0)\n")]))
    assert [verdict.status for verdict in found] == [Status.PASSED, Status.WRONG_ANSWER, Status.INCOMPLETE]


def test_requirements_of_python_are_met() -> None:
    assert all(each.met for each in requirements("python"))
    assert {"python3"} <= {each.what for each in requirements("python")}


def test_a_killed_judge_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom crosstune.execution import Judge\nfrom crosstune.records import Program\n"
        "with Judge() as judge:\n"
        "    sleeps = 'import time\\ntime.sleep(30)'\n"
        "    programs = (Program(str(i), 'python', sleeps if i else 'x = 1', 'assert x') for i in range(2))\n"
        "    for verdict in judge.run([next(programs)]): print(verdict.status, flush=True)\n"
        "    list(judge.run(programs))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as judge:
        assert judge.stdout is not None
        assert judge.stdout.readline() == b"passed\n"
        below = _below(judge.pid)
        assert below
        os.kill(judge.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while (left := [pid for pid in below if _lives(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []
    assert tmp_path.exists()


def _below(root: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents[int(entry.name)] = int(fields[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found and pid not in found}:
        found |= more
    return found - {root}


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _lives(pid: int) -> bool:
    return bool(fields := _stat(pid)) and fields[0] != "Z"


def test_every_language_that_is_run_has_limits_and_tools() -> None:
    for name, language in LANGUAGES.all().items():
        if language.judging:
            assert language.judging.limits.cpu_seconds > 0, name
            assert language.tools or language.judging.inert, name


def test_tests_that_cannot_be_called_do_not_stop_other_programs() -> None:
    uncalled = Program("uncalled", "go", "package main\n", "package main\n")
    with Judge() as judge:
        found = list(judge.run([uncalled, program("after")]))
    assert [verdict.status for verdict in found] == [Status.HARNESS_ERROR, Status.PASSED]
    assert "they have no function TestName" in found[0].stderr
