"""How the tests of Python programs run in a process of their own: one that is kept for many programs."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from crosstune.languages._language import MIB, BuildPlan, JudgeTask, SandboxPath, TestsProcess, TestsReport
from crosstune.languages.python import _objects as objects
from crosstune.languages.python import _packages as packages
from crosstune.languages.python._callees import aliases
from crosstune.languages.python._files import PARTS, paths
from crosstune.languages.python._flow import passes_results
from crosstune.languages.python._given import runnable
from crosstune.languages.python._members import returning_objects
from crosstune.records import Command, Program

_SERVER = Path(__file__).with_name("_resident.py")
_FILES = paths("values stub suite assembly runner")
_FLAGS = (*packages.FLAGS, "-X", "utf8")
_MODULES = (
    "array bisect cmath collections copy datetime decimal enum fractions functools hashlib heapq itertools "
    "json math numpy operator random re statistics string typing uuid"
)


@functools.lru_cache(maxsize=256)
def candidate_names(setup: str, declaration: str, entry_points: tuple[str, ...]) -> str:
    """The names of the classes whose objects stay in the candidate's process and, after ``|``, of those whose
    objects are records. The tests are not known there: an entry point may be a class unless it is declared as
    a function."""
    known = objects.given(setup, runnable(declaration))
    may_be = set(entry_points) - known.functions
    return "|".join(" ".join(sorted(names)) for names in (may_be, known.records))


def plan_tests(task: JudgeTask) -> BuildPlan:
    """Nothing is built, and `TESTS_PROCESS` runs the tests."""
    return BuildPlan(run=Command(argv=("/bin/false",), limits=task.limits))


@functools.lru_cache(maxsize=256)
def _request(program: Program) -> bytes:
    declaration = runnable(program.declaration)
    classes, records = (
        objects.classes(program, declaration),
        objects.given(program.setup, declaration).records,
    )
    asked = {
        "more": program.standard == packages.EXTENDED,
        "entry_points": program.entry_points,
        "classes": sorted(classes),
        "records": sorted(records),
        "passes_results": _passes_results(program),
        "operations": sorted(objects.operations(program.tests, classes)),
        "members": sorted(returning_objects(program.tests, (program.setup, declaration), classes)),
        "setup": program.setup,
        "given": runnable(program.declaration, program.entry_points),
        "tests": program.tests,
    }
    return json.dumps(asked).encode()


def _passes_results(program: Program) -> bool:
    tree = objects.parsed(program.tests.removeprefix("\ufeff"))
    return tree is not None and passes_results(tree, aliases(tree, set(program.entry_points)))


def _asked(task: JudgeTask, _files: Mapping[str, bytes]) -> bytes:
    return _request(task.program)


def _reply(data: bytes) -> TestsReport | None:
    try:
        report, stdout, stderr = json.loads(data.removeprefix(b"!"))
    except ValueError:
        return None
    return TestsReport(report=report, stdout=stdout, stderr=stderr)


def _argv(sandbox_path: SandboxPath) -> tuple[str, ...]:
    more = packages.extended_folder()
    settings = {
        "paths": packages.core_paths(sandbox_path),
        "more_paths": [sandbox_path(more)] if more else [],
        "modules": _MODULES.split(),
        "files": {name: sandbox_path(file) for name, file in _FILES.items()},
    }
    return str(Path(sys.executable).resolve()), *_FLAGS, sandbox_path(_SERVER), json.dumps(settings)


TESTS_PROCESS = TestsProcess(
    argv=_argv,
    environment=packages.ENVIRONMENT,
    mounts=lambda: (_SERVER, *_FILES.values(), *PARTS),
    cpu_seconds=12.0,
    wall_seconds=600.0,
    memory_bytes=2048 * MIB,
    requests=5000,
    takes_pipes=True,
    request=_asked,
    reply=_reply,
)
