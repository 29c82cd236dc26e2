"""How Go programs are judged.

The package clauses and imports of setup, candidate and tests are merged: duplicate and unused ones are
removed, and standard packages that are used but not imported are added. Candidate, tests and crosstune's
``main`` are files of one package; they are compiled and linked directly, against precompiled packages.

Tests are what ``go test`` would run: functions ``TestName``, also from a ``TestMain``, and examples that say
what they print; benchmarks and fuzz functions are compiled and not run. Or they are a program: a ``main``
that ends by itself or by ``os.Exit(0)`` when the candidate is right, and panics or ends otherwise when it is
not. A candidate's own ``main`` and tests are not run.

testify's ``assert`` and ``require`` are replaced by small packages that follow its rules. So is ``testing``,
unless a program uses more of it than ``T``: then Go's own ``testing`` is used, and crosstune's ``main`` is a
separate package.

Defended: exiting before the tests have ended (``os.Exit`` in ``init``, ``TestMain``, ``runtime.Goexit``,
panics); printed success; calling a test, whose name the candidate cannot know, or ``main``, to try out
answers; predeclared names that the tests use (``len``, ``string``, ``nil``) redefined by the candidate; names
of other packages, by ``go:linkname`` or by a package with another one's name; reading the nonce from its
descriptor; tests skipped by flags of Go's own ``testing``; variables that the tests declare outside
functions, errors of the standard library that they use, constants and variables that the benchmark gives
(`_originals`); a forked process that reports, or shows how the tests end in it.

Not defended: reading the program's own memory, through ``unsafe``, ``/proc`` or a heap dump, with knowledge
of how the nonce is masked; with ``unsafe``, calling crosstune's functions that have no reachable name, and
rewriting machine code; what a forked process can see of its tests other than how it ends, where Go's own
``testing`` is used; variables of the standard library that the tests use, other than errors; subtests skipped
by flags where Go's own ``testing`` is used. ``go vet`` is not run.

Where tests and candidate run apart (`_separate`), none of this is needed: the candidate's process has
nothing of the tests.

A goroutine's stack is part of the heap: it may grow to 1 GB, so the memory limit decides, unless the program
has a stack limit.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from crosstune.languages._language import (
    BrokenTests,
    BuildPlan,
    JudgeTask,
    Judging,
    UndefinedNames,
)
from crosstune.languages.go import _compilation, _packages
from crosstune.languages.go._assembly import assemble
from crosstune.languages.go._checks import check_tests
from crosstune.languages.go._separate import SEPARATE


def _build_plan(task: JudgeTask) -> BuildPlan:
    assembly = assemble(task.program, task.limits.stack_bytes)
    files = _packages.archives(assembly.small, assembly.more)
    own = "program" if assembly.apart else ""
    return BuildPlan(
        files={**assembly.files, "importcfg": _compilation.table(files, task.sandbox_path, own)},
        # The tests' expected values must not be in the working folder while the program runs.
        build=_compilation.build(assembly.packages, task.sandbox_path, emptied=True),
        run=_compilation.run(task.limits, task.nonce),
    )


@functools.cache
def _mounts() -> tuple[Path, ...]:
    root = _packages.root()
    return (_packages.folder(), *(() if root.is_relative_to("/usr") else (root,)))


JUDGING = Judging(
    version=8,
    smoke_test=(
        "package main\n\nfunc add(a, b int) int { return a + b }\n",
        'import "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif add(1, 2) != 3 {\n\t\tt.Fail()\n\t}\n}\n',
    ),
    limits=_compilation.LIMITS,
    plan=_build_plan,
    toolchain=_packages.version,
    mounts=_mounts,
    out_of_memory_messages=("runtime: out of memory", "cannot allocate memory", "runtime: cannot map pages"),
    crash_statuses=(2,),  # a panic, or all goroutines asleep
    check_tests=check_tests,
    broken_tests=BrokenTests(undefined=UndefinedNames(message=re.compile(r"undefined: (\w+)"))),
    separate=SEPARATE,
)
