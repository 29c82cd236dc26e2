"""JavaScript's candidates are forked from one process, and none of them has any effect on the next."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages._shared.node import runtime, snapshot, template
from crosstune.records import Program, Status, Verdict
from crosstune.sandbox import probe

pytestmark = pytest.mark.skipif(
    not all(each.met for each in requirements("javascript")),
    reason="JavaScript cannot be run here",
)

_TESTS = "console.assert(add(1, 2) === 3); console.assert(add(5, 7) === 12)"
_RIGHT = "const add = (a, b) => a + b;"
_WRONG = "const add = (a, b) => a - b;"
_SHOWS_PARENT = "console.log(process.ppid);\n"
_ALL_FILES = "const fs = require('fs'); for (let n = 7; n < 200; n++) { try { %s } catch {} }\n"
_SHELL = "require('child_process').execSync(`%s`, { stdio: 'ignore' });\n"

ENDS_TEMPLATE = {
    "kills its parent": "process.kill(process.ppid, 'SIGKILL');",
    "kills everything": "process.kill(-1, 'SIGKILL');",
    "makes its parent slow": "require('os').setPriority(process.ppid, 19);",
    "limits its parent's files": _SHELL % "prlimit --pid ${process.ppid} --nofile=9:9",
    "limits its parent's memory": _SHELL % "prlimit --pid ${process.ppid} --data=1000:1000",
    "limits its parent's time": _SHELL % "prlimit --pid ${process.ppid} --cpu=1:1",
    "moves its parent": _SHELL % "taskset -p 1 ${process.ppid} || ionice -c3 -p ${process.ppid}",
    "leaves a process": "require('child_process').spawn('sleep', ['9'], { detached: true }).unref();",
    "leaves a process that forks": _SHELL % "(while :; do (sleep 0.01 &) ; sleep 0.01; done) &",
    "leaves a process that kills": _SHELL % "(sleep 0.2; kill -9 -1) &",
    "leaves a thread": "new (require('worker_threads').Worker)('setInterval(() => {}, 9)', { eval: true });",
    "opens a debugger": (
        "process.kill(process.ppid, 'SIGUSR1'); const inspector = require('inspector');\n"
        "inspector.open(0); inspector.close();"
    ),
    "forks again": (
        "const loaded = { exports: {} }; process.dlopen(loaded, 'LIBRARY');\n"
        "if (loaded.exports.attempt() === -1) for (;;);"
    ),
}
"""What ends the process from which the next candidate would have been forked."""

LEAVES_TEMPLATE = {
    "stops its parent": "process.kill(process.ppid, 'SIGSTOP'); process.kill(process.pid, 'SIGKILL');",
    "signals its parent": (
        "for (const name of Object.keys(require('os').constants.signals)) "
        "if (!['SIGKILL', 'SIGSTOP'].includes(name)) process.kill(process.ppid, name);"
    ),
    "debugs its parent": (
        "process.kill(process.ppid, 'SIGUSR1'); const end = Date.now() + 300; while (Date.now() < end);"
    ),
    "writes its parent's memory": (
        "for (const name of ['mem', 'environ', 'maps', 'fd', 'oom_score_adj', 'comm']) "
        "try { require('fs').writeFileSync(`/proc/${process.ppid}/${name}`, 'x') } catch {}"
    ),
    "writes to its descriptors": _ALL_FILES % "fs.writeSync(n, Buffer.alloc(8, 1))",
    "reads its descriptors": _ALL_FILES % "fs.readSync(n, Buffer.alloc(9))",
    "closes its descriptors": _ALL_FILES % "fs.closeSync(n)",
    "changes built-in objects": (
        "Array.prototype.push = () => 7; JSON.parse = () => ({}); Object.defineProperty = () => {};\n"
        "Buffer.concat = () => Buffer.alloc(0); globalThis.add = () => 3;\n"
        "require('fs').readFileSync = () => '';"
    ),
    "changes the engine": "require('v8').setFlagsFromString('--stack-size=1'); process.umask(0o777);",
    "leaves files": (
        "const fs = require('fs');\nfor (const at of ['/box', '/tmp']) fs.writeFileSync(`${at}/add.js`, 'x');"
    ),
    "changes the environment": (
        "process.env.NODE_OPTIONS = '--no-such'; process.chdir('/tmp'); process.title = 'x';"
    ),
    "exits": "process.exit(0);",
    "aborts": "process.abort();",
    "throws": "throw new Error('x');",
    "keeps a lock": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);",
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.fixture
def is_forked() -> None:
    if not template.command(str, (snapshot.BLOB,)) or probe("bubblewrap").namespaces != "fresh":
        pytest.skip("processes of node cannot be forked here")


def _judge(judge: Judge, *candidates: str, tests: str = _TESTS) -> list[Verdict]:
    programs = (Program("", "javascript", each, tests, entry_points=("add",)) for each in candidates)
    return list(judge.run(programs))


def _parents(judge: Judge, *candidates: str) -> list[str]:
    return [each.stdout.strip() for each in _judge(judge, *(_SHOWS_PARENT + each for each in candidates))]


@pytest.mark.skipif(not shutil.which("cc"), reason="there is no C compiler")
def test_node_can_be_forked() -> None:
    assert template.command(str, (snapshot.BLOB,))
    assert not template.command(str, ("--no-snapshot",))


@pytest.mark.usefixtures("is_forked")
def test_candidates_have_one_parent_after_each_other(judge: Judge) -> None:
    parents = _parents(judge, _RIGHT, _WRONG, f"{_RIGHT} // another", "const add = () => { throw 1 }")
    assert len(set(parents)) == 1
    assert parents[0] not in ("", "1")


@pytest.mark.usefixtures("is_forked")
@pytest.mark.parametrize("kind", [*ENDS_TEMPLATE, *LEAVES_TEMPLATE])
def test_no_candidate_influences_the_next(judge: Judge, kind: str) -> None:
    library = f"/crosstune/outside{template.command(str, (snapshot.BLOB,))[-1]}"
    attack = {**ENDS_TEMPLATE, **LEAVES_TEMPLATE}[kind].replace("LIBRARY", library)
    mark = f" // after {kind}"
    (before,) = _parents(judge, _RIGHT + mark)
    first, wrong, right = _judge(
        judge, f"{attack}\n{_RIGHT}", f"{_SHOWS_PARENT}{_WRONG}{mark}", f"{_SHOWS_PARENT}{_RIGHT}{mark} again"
    )
    assert first.status not in (Status.HARNESS_ERROR, Status.TIMEOUT)
    assert (wrong.status, right.status) == (Status.WRONG_ANSWER, Status.PASSED)
    assert (wrong.stdout.strip() == before) == (kind in LEAVES_TEMPLATE), (before, wrong.stdout, first)


@pytest.mark.usefixtures("is_forked")
def test_a_forked_process_looks_like_a_new_one(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = """
    const { fstatSync, readFileSync } = require('fs');
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const kinds = [0, 1, 2, 4, 5, 6].map((each) => fstatSync(each).mode);
    let depth = 0; const deeper = () => { depth++; deeper(); }; try { deeper(); } catch {}
    const { argv, env, execArgv, title } = process;
    const status = readFileSync('/proc/self/status', 'utf8').split('\\n').filter((line) =>
      /^(Sig(Pnd|Blk|Ign|Cgt)|ShdPnd|NoNewPrivs|Seccomp|Cap)/.test(line));
    const names = Object.getOwnPropertyNames(globalThis).sort();
    const folder = process.cwd();
    console.log(JSON.stringify([limits, kinds, Math.round(depth / 5000), argv, folder, env, execArgv]));
    console.log(JSON.stringify([title, process.umask(), names, typeof process.pid, status]));
    """
    (forked,) = _judge(judge, shown + _RIGHT)
    monkeypatch.setattr(template, "command", lambda *_: ())
    with Judge() as another:
        (new,) = _judge(another, shown + _RIGHT)
    assert (forked.status, new.status) == (Status.PASSED, Status.PASSED)
    assert forked.stdout == new.stdout


@pytest.mark.usefixtures("is_forked")
def test_forked_processes_draw_different_random_numbers(judge: Judge) -> None:
    drawn = [
        verdict.stdout
        for verdict in _judge(judge, *(f"console.log(Math.random());\n{_RIGHT} // {n}" for n in range(3)))
    ]
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        ("const add = () => { for (;;); };", Status.TIMEOUT),
        (
            "const add = () => { const all = []; for (;;) all.push(new Array(1e6).fill(1)); };",
            Status.MEMORY_LIMIT,
        ),
        (
            "const add = () => { const all = []; for (;;) all.push(Buffer.alloc(1e7, 1)); };",
            Status.MEMORY_LIMIT,
        ),
        ("const add = (a, b) => add(a, b);", Status.RUNTIME_ERROR),
        ("const add = () => process.abort();", Status.RUNTIME_ERROR),
        ("const add = () => new Promise(() => {});", Status.INCOMPLETE),
        ("const add = () => { for (;;) require('fs').writeSync(1, 'x'.repeat(1e6)); };", Status.OUTPUT_LIMIT),
    ],
)
def test_limits_hold_in_forked_processes(judge: Judge, candidate: str, status: Status) -> None:
    program = Program("", "javascript", candidate, _TESTS, entry_points=("add",))
    limits = replace(runtime.LIMITS, cpu_seconds=1.5)
    wrong, right = judge.run(
        [replace(program, limits=limits), replace(program, candidate=_RIGHT, limits=limits)]
    )
    assert (wrong.status, right.status) == (status, Status.PASSED)
