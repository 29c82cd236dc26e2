"""How JavaScript programs are judged.

The candidate is a script in the global scope of a new Node.js process, as a module that is imported: it is
never ``require.main``. ECMAScript modules are rewritten as such scripts (`modules`). The tests are a function
that sees what the candidate declared or exported, has a scope of its own, and may require the candidate from
a file of any name. No text of the candidate can absorb them.

A failed ``console.assert`` counts as a failed assertion, although Node.js itself continues and exits with
status 0. The tests have ended when nothing is left to do, or when they call ``process.exit`` themselves. Then
the exit status and handlers of ``exit`` decide, so tests of ``node:test`` count. Asynchronous functions of
the tests that wait for ever are found (`waits`); callbacks that the candidate never calls are not.

Defended: exiting before the tests have ended (``process.exit``, handlers, signals); printed success;
``console.assert`` and the functions of ``JSON``, ``Math``, ``Object``, ``node:assert`` … replaced or
hidden; names of the language and timers that the tests use (`meanings`); the modules that they load; built-in
objects and their prototypes changed before the tests, and prototypes other than that of ``RegExp`` while a
test runs; ``toJSON`` and ``Symbol.toPrimitive`` added to them; the text of the tests' functions, and
snapshots of the heap. The nonce exists only in a closure, masked.

Not defended: iterators and ``RegExp`` changed while a test calls the candidate; a function of the tests
that the candidate calls (``caller``, where they are not strict), whose failed assertion shows what it
expected; an answer whose own ``valueOf``, ``toString`` or ``toJSON`` satisfies a test that compares with
``==`` or through text; the text of the tests' functions as functions of another realm (``node:vm``) show
it; the debugger's view of closures and texts (``node:inspector``); texts of the tests in the process's own
memory, and the nonce there with knowledge of this file.

The runner starts from a snapshot of itself (`snapshot`), if this version of node can make one.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from crosstune.languages._language import BrokenTests, BuildPlan, JudgeTask, Judging, UndefinedNames
from crosstune.languages._shared.node import checks, meanings, modules, parsers, runtime, separate, snapshot
from crosstune.records import Command, Program, Requirement

_KEPT = 1024
"""Tests whose preparation is kept: samples of one problem follow each other."""
_EXPORTED = re.compile(r"\bexports\b")


def run_command(task: JudgeTask, program: Mapping[str, object]) -> Command:
    """The command that runs a program: the texts ``candidate`` and ``tests``, or the ``files`` that have
    them."""
    limits = runtime.with_stack(task.limits)
    return Command(
        limits=limits,
        argv=(
            runtime.executable(task.sandbox_path),
            *snapshot.runner(task.sandbox_path, limits),
        ),
        payload=task.nonce + json.dumps(program),
        environment={
            "PATH": "/usr/bin:/bin",
            "HOME": "/box",
            "LANG": "C.UTF-8",
            "NODE_PATH": task.sandbox_path(runtime.modules()),
        },
    )


def _build_plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    candidate = modules.of_candidate(program.setup, program.candidate)
    tests = prepared_tests(program.tests)
    payload = {
        "candidate": candidate.text,
        "candidateAwaits": candidate.awaited,
        "tests": tests.text,
        "testsAwait": tests.awaited,
        "wanted": wanted_names(program.tests) if _EXPORTED.search(candidate.text) else [],
        **meanings.of_tests("javascript", without_candidate(program)),
    }
    return BuildPlan(run=run_command(task, payload))


def without_candidate(program: Program) -> Program:
    """All that decides what its tests mean."""
    return replace(program, id="", candidate="", limits=None)


@functools.lru_cache(maxsize=_KEPT)
def prepared_tests(tests: str) -> modules.Script:
    """The body of the function that runs the tests."""
    return modules.as_tests(modules.plain(tests))


@functools.lru_cache(maxsize=_KEPT)
def wanted_names(tests: str) -> list[str]:
    """The functions that the tests call and do not declare."""
    return modules.called_names(modules.plain(tests))


def _check_tests(program: Program) -> str:
    return checks.check_tests("javascript", program.setup, program.tests, parsers.javascript_error)


def mounts() -> tuple[Path, ...]:
    return (*snapshot.mounts(), *separate.mounts(), *runtime.mounts())


OUT_OF_MEMORY_MESSAGES = ("JavaScript heap out of memory", "Array buffer allocation failed")


def _libraries() -> tuple[Requirement, ...]:
    return (runtime.module_requirement("js-md5"),)


UNDEFINED = UndefinedNames(
    message=re.compile(r"ReferenceError: (\w+) is not defined"),
    stub="function NAME() { process.kill(process.pid, 'SIGKILL'); }",
)
JUDGING = Judging(
    version=8,
    smoke_test=("const add = (a, b) => a + b\n", "console.assert(add(1, 2) === 3)\n"),
    limits=runtime.LIMITS,
    plan=_build_plan,
    toolchain=runtime.toolchain,
    mounts=mounts,
    out_of_memory_messages=OUT_OF_MEMORY_MESSAGES,
    libraries=_libraries,
    check_tests=_check_tests,
    broken_tests=BrokenTests(undefined=UNDEFINED),
    separate=separate.JAVASCRIPT,
)
