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
descriptor; tests skipped by flags of Go's own ``testing``.

Not defended: reading the program's own memory, through ``unsafe``, ``/proc`` or a heap dump, with knowledge
of how the nonce is masked; with ``unsafe``, calling crosstune's functions that have no reachable name, and
rewriting machine code; a bare ``fork``, whose child writes the report to a pipe of its own; variables of the
standard library that the tests use; variables that the tests declare outside functions; subtests skipped by
flags where Go's own ``testing`` is used. ``go vet`` is not run.

A goroutine's stack is part of the heap: it may grow to 1 GB, so the memory limit decides, unless the program
has a stack limit.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

from crosstune.languages._language import MIB, BuildPlan, JudgeTask, Judging, SandboxPath
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages.go import _packages
from crosstune.languages.go._assembly import Assembly, assemble
from crosstune.languages.go._checks import check_tests
from crosstune.records import Command

# The published harness allows 20 s of wall time to compile and run; here it is CPU time.
# The run time starts threads as it needs them.
_LIMITS = replace(RUN_LIMITS, cpu_seconds=20, processes=64)
BUILD_LIMITS = replace(
    _LIMITS,
    cpu_seconds=60,
    wall_seconds=180,
    memory_bytes=1024 * MIB,
    file_bytes=64 * MIB,
    disk_bytes=128 * MIB,
)
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8", "TMPDIR": "/box"}

_BUILD = """\
"COMPILE" -p main FLAGS -o main.a candidate.go tests.go names.go main.go && EMPTIED &&
"LINK" -s -w -importcfg importcfg -o program main.a && : > main.a
"""
_BUILD_APART = """\
"COMPILE" -p program FLAGS -o program.a candidate.go tests.go names.go &&
"COMPILE" -p main FLAGS -o main.a main.go && EMPTIED &&
"LINK" -s -w -importcfg importcfg -o program main.a && : > main.a && : > program.a
"""
# The tests' expected values must not be in the working folder while the program runs.
_EMPTIED = ": > candidate.go && : > tests.go && : > main.go"
COMPILE_FLAGS = "-complete -pack -c=1 -dwarf=false -importcfg importcfg"


def _build_plan(task: JudgeTask) -> BuildPlan:
    assembly = assemble(task.program, task.limits.stack_bytes)
    return BuildPlan(
        files={**assembly.files, "importcfg": _table(assembly, task.sandbox_path)},
        build=Command(
            limits=BUILD_LIMITS,
            argv=("/bin/sh", "-c", _script(task.sandbox_path, assembly.apart)),
            # Collect less garbage: these tools end before memory matters.
            environment={**ENVIRONMENT, "GOMAXPROCS": "1", "GOGC": "400"},
        ),
        run=Command(
            limits=task.limits,
            argv=("/proc/self/cwd/program",),
            payload=task.nonce,
            environment=ENVIRONMENT,
        ),
    )


def _script(sandbox_path: SandboxPath, apart: bool) -> str:
    script = _BUILD_APART if apart else _BUILD
    script = script.replace("FLAGS", COMPILE_FLAGS).replace("EMPTIED", _EMPTIED)
    for word, tool in (("COMPILE", "compile"), ("LINK", "link")):
        script = script.replace(word, sandbox_path(_packages.tool(tool)))
    return script


def _table(assembly: Assembly, sandbox_path: SandboxPath) -> str:
    """The path of every package, in the format of the compiler."""
    files = _packages.archives(assembly.small, assembly.more)
    own = "packagefile program=program.a\n" if assembly.apart else ""
    return own + "".join(f"packagefile {path}={sandbox_path(file)}\n" for path, file in files.items())


@functools.cache
def _mounts() -> tuple[Path, ...]:
    root = _packages.root()
    return (_packages.folder(), *(() if root.is_relative_to("/usr") else (root,)))


JUDGING = Judging(
    version=5,
    smoke_test=(
        "package main\n\nfunc add(a, b int) int { return a + b }\n",
        'import "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif add(1, 2) != 3 {\n\t\tt.Fail()\n\t}\n}\n',
    ),
    limits=_LIMITS,
    plan=_build_plan,
    toolchain=_packages.version,
    mounts=_mounts,
    out_of_memory_messages=("runtime: out of memory", "cannot allocate memory", "runtime: cannot map pages"),
    crash_statuses=(2,),  # a panic, or all goroutines asleep
    check_tests=check_tests,
)
