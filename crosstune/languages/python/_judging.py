"""How Python programs are judged.

They run on the interpreter that runs crosstune, outside any virtual environment: its version is known and
recorded, and a process forked from a prepared one starts in a tenth of the time of a new one. They see the
standard library, NumPy and pytest or, if they ask for the standard ``extended``, also an extended set of
packages, and nothing else of crosstune's environment (`_packages`).

Setup, candidate and tests are compiled apart (`_assembly`); the candidate is not the main program, so its
main guard does not run. The tests are run as their own runner would (`_suite`): as a script, then those test
functions and ``TestCase`` classes that the script has not run; they may end themselves by an exit.

Where the tests need only values, they run apart from the candidate (`_isolation`, `_resident`, `_server`),
and what follows does not matter: a candidate can only choose what it returns. Its objects equal nothing,
except those of a class that is asked for, whose ``==`` is the candidate's own.

In one process, the tests compare values (`_rewriting`, `_guard`): objects of the candidate's own classes
count as what another process would get of them. Objects of a class that the tests name, and two of one class,
compare by their own rules. Built-in functions and modules that tests use are the original ones. All text has
the same hash in each process and each run, so sets have one order.

In one process, defended: exiting before the tests have ended, in any way (``exit``, ``os._exit``, ``atexit``,
signals, threads); printed success; functions of the built-in module, NumPy, unittest and the usual modules,
if they are changed before the tests, and names that hide them; answers that decide comparisons, also inside
of containers, and in any statement of the tests; forked processes that go on with guesses, and an assertion
that fails in a test which the candidate has called (`_watching`); searching frames, the garbage collector or
``ctypes`` for the nonce; reading what the tests expect in their text (``inspect``, ``linecache``) or in the
constants of their code.

Not defended: functions of modules changed while a test runs, or from a thread; comparisons by functions of
other modules, and by looking up a key; results that unittest, pytest or this judge keep in Python objects
while they call a test function; the variables of the caller's frame, and its code if the reader poses as a
module of the standard library or of pytest; the names of the judge's functions among the tests'; threads of a
forked process; handwritten byte code that corrupts the interpreter; the operators of a class that the tests
name, or that are always true between two objects of one class.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path

from crosstune.errors import DataError
from crosstune.languages._language import (
    MIB,
    BrokenTests,
    BuildPlan,
    JudgeTask,
    Judging,
    Part,
    SandboxPath,
    SeparateProcesses,
    UndefinedNames,
)
from crosstune.languages._shared.limits import MAX_STACK_BYTES, RUN_LIMITS
from crosstune.languages.python import _calls
from crosstune.languages.python import _packages as packages
from crosstune.languages.python._files import PARTS, paths
from crosstune.languages.python._isolation import why_shared
from crosstune.languages.python._rewriting import rewritten
from crosstune.languages.python._separate import TESTS_PROCESS, candidate_names, plan_tests
from crosstune.languages.python._tests import tests_error
from crosstune.records import Command

_RUNNER = Path(__file__).with_name("_runner.py")
_FILES = paths("assembly guard watching suite values server")
_NO_NONCE = "0" * 32

# Imported before the fork: what benchmarks import before every program, and other common modules.
_MODULES = """
array bisect cmath collections copy dataclasses datetime decimal enum fractions functools hashlib heapq
inspect itertools json math numbers numpy operator queue random re statistics string struct textwrap
threading typing
"""

# The published harness allows 10 s of wall time; here it is CPU time, so load has no effect.
_LIMITS = dataclasses.replace(RUN_LIMITS, disk_bytes=32 * MIB)


# The import lines of HumanEvalPack's harness; if NumPy is missing, only programs that use it fail.
_PREAMBLE = """\
import math
import re
import sys
import copy
import datetime
import itertools
import collections
import heapq
import statistics
import functools
import hashlib
try:
    import numpy
    import numpy as np
except ImportError:
    pass
import string
from typing import *
from collections import *
"""


_WARM_UP_TESTS = """
def check(trial):
    assert trial([1, 2]) == [2, 4] and not trial([]), "text"
    assert abs(trial([1])[0] - 2) < 1e-6
    try:
        assert tuple(trial([3])) in ((6,), {})
    except ValueError:
        pass
check(trial)
"""


def _mounts() -> tuple[Path, ...]:
    return (*_FILES.values(), *PARTS, *packages.mounts())


def _preload_settings(sandbox_path: SandboxPath) -> str:
    more = packages.extended_folder()
    settings = {
        "paths": packages.core_paths(sandbox_path),
        "more_paths": [sandbox_path(more)] if more else [],
        "modules": _MODULES.split(),
        "preamble": _PREAMBLE,
        "warm_up": (_rewritten(_WARM_UP_TESTS, _PREAMBLE, ()), _WARM_UP_TESTS),
        "stack_bytes": MAX_STACK_BYTES,
        "files": {name: sandbox_path(file) for name, file in _FILES.items()},
        "parts": list(map(sandbox_path, PARTS)),
        "apart": False,
    }
    return json.dumps(settings)


def _toolchain() -> str:
    return f"{sys.implementation.name} {sys.version}; {packages.versions()}"


def _build_plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    try:
        prepared = _rewritten(program.tests, program.setup, program.entry_points)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise DataError(f"{program.id!r}: the tests cannot be compiled: {error}") from None
    return _plan(task, "", program.candidate, prepared, program.tests)


def _rewritten(tests: str, setup: str, entry_points: tuple[str, ...]) -> str:
    """The tests as `_runner` reads them, a character for each byte."""
    return rewritten(tests, setup, frozenset(entry_points), tuple(_MODULES.split())).decode("latin-1")


def _plan(task: JudgeTask, names: str, candidate: str, prepared: str, tests: str) -> BuildPlan:
    more = "1" if task.program.standard == packages.EXTENDED else ""
    parts = (more, names, task.program.setup, candidate, prepared)
    sizes = " ".join(str(len(part)) for part in parts)
    payload = f"{task.nonce or _NO_NONCE}{sizes}\n{''.join(parts)}{tests}"
    return BuildPlan(run=Command(limits=task.limits, payload=payload, environment=packages.ENVIRONMENT))


def _plan_candidate(task: JudgeTask) -> BuildPlan:
    program = task.program
    names = candidate_names(program.setup, program.declaration, program.entry_points)
    return _plan(task, names, program.candidate, "", "")


def _preload_part(_part: Part, sandbox_path: SandboxPath) -> str:
    settings = json.loads(_preload_settings(sandbox_path))
    return json.dumps({**settings, "apart": True})


JUDGING = Judging(
    version=11,
    smoke_test=("def add(a, b):\n    return a + b\n", "assert add(1, 2) == 3\n"),
    limits=_LIMITS,
    plan=_build_plan,
    toolchain=_toolchain,
    mounts=_mounts,
    preload=_RUNNER,
    preload_settings=_preload_settings,
    out_of_memory_messages=("MemoryError",),
    preamble=_PREAMBLE,
    standards=packages.STANDARDS,
    check_tests=tests_error,
    broken_tests=BrokenTests(
        undefined=UndefinedNames(
            message=re.compile(r"NameError: name '(\w+)' is not defined"),
            stub="def NAME(*_, **__): __import__('os')._exit(0)",
        )
    ),
    separate=SeparateProcesses(
        version=8,
        why_shared=why_shared,
        tests=plan_tests,
        candidate=_plan_candidate,
        tests_process=TESTS_PROCESS,
        preload_settings=_preload_part,
        calls=_calls.plan,
    ),
)
