"""How Python programs are judged.

They run on the interpreter that runs crosstune, outside any virtual environment: its version is known and
recorded, and a process forked from a prepared one starts in a tenth of the time of a new one. They see the
standard library and NumPy, which the benchmark's import lines name, and nothing else of crosstune's
environment, so verdicts do not depend on other installed packages.

Defended: exiting before the tests have ended, in any way (``exit``, ``os._exit``, ``atexit``, signals,
threads); printed success; built-in functions and those of NumPy and the usual modules, if they are changed
before the tests; an answer that compares equal to everything, or whose difference to everything is zero;
searching frames, the garbage collector or ``ctypes`` for the nonce; reading what the tests expect in their
text (``inspect``, ``linecache``) or in the constants of their code.

Not defended: code that changes a built-in function while a test calls it, or from a thread; functions of
other modules that the tests compare with (``unittest``); the variables of the caller's frame, and its code
if the reader poses as a module of the standard library; handwritten byte code that corrupts the
interpreter; an ``==`` that is always true between two objects of one class that the candidate defines.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import importlib.util
import json
import re
import sys
from pathlib import Path

from crosstune.languages._language import MIB, BuildPlan, JudgeTask, Judging, SandboxPath
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.records import Command

_RUNNER = Path(__file__).with_name("_runner.py")
_GUARD = Path(__file__).with_name("_guard.py")

# Imported before the fork: what benchmarks import before every program, and other common modules.
_MODULES = """
array bisect cmath collections copy dataclasses datetime decimal enum fractions functools hashlib heapq
inspect itertools json math numbers numpy operator queue random re statistics string struct textwrap
threading typing
"""

_FUTURE = re.compile(r"^from __future__ import [^\n(]*$", re.MULTILINE)
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


def numpy_folders() -> tuple[Path, ...]:
    """NumPy's folders; empty where it is not installed."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        return ()
    home = Path(spec.origin).parent
    return tuple(path for path in (home, home.with_name("numpy.libs")) if path.exists())


def _mounts() -> tuple[Path, ...]:
    return (_GUARD, *numpy_folders())


def _preload_settings(sandbox_path: SandboxPath) -> str:
    paths = [str(Path(sandbox_path(path)).parent) for path in numpy_folders()[:1]]
    return json.dumps({"paths": paths, "modules": _MODULES.split(), "guard": sandbox_path(_GUARD)})


def _toolchain() -> str:
    numpy = importlib.metadata.version("numpy") if numpy_folders() else "none"
    return f"{sys.implementation.name} {sys.version}; numpy {numpy}"


def _joined(setup: str, candidate: str) -> str:
    """The candidate after ``setup``; its ``__future__`` imports come first, as Python wants them."""
    if not setup:
        return candidate
    future = _FUTURE.findall(candidate) if "__future__" in candidate else []
    return "\n".join([*future, setup, "", _FUTURE.sub("", candidate) if future else candidate])


def _build_plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    candidate = _joined(program.setup, program.candidate)
    payload = f"{task.nonce}{len(candidate)}\n{candidate}{program.tests}"
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8"}
    return BuildPlan(
        run=Command(limits=task.limits, payload=payload, environment=environment, reserve_bytes=64 * MIB)
    )


JUDGING = Judging(
    version=4,
    smoke_test=("def add(a, b):\n    return a + b\n", "assert add(1, 2) == 3\n"),
    limits=_LIMITS,
    plan=_build_plan,
    toolchain=_toolchain,
    mounts=_mounts,
    preload=_RUNNER,
    preload_settings=_preload_settings,
    out_of_memory_messages=("MemoryError",),
    preamble=_PREAMBLE,
)
