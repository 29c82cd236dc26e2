"""How Go programs are judged.

The package clauses and imports of setup, candidate and tests are merged: doubles and unused ones go, and
standard packages that are used and were forgotten come. Candidate and tests are two files of one package,
which a ``main`` of ours imports; they are compiled and linked directly, against packages that were compiled
beforehand. ``testing`` is Go's own; testify's ``assert`` is a small one of ours that follows its rules.

Defended: leaving before the tests have ended (``os.Exit`` in ``init``, ``TestMain``, ``runtime.Goexit``,
panics); printed success; ``true`` and ``false`` defined anew; reading the secret from its descriptor.

Not defended: reading the program's own memory through ``unsafe``; other predeclared names that the
candidate hides in its own package (``len``, ``append``). What ``go vet`` would find is not looked for.
"""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from crosstune.errors import DataError
from crosstune.languages import _go_imports, _go_packages
from crosstune.languages._language import MIB, Assembly, Job, Judging, Place, Step
from crosstune.records import Limits

INSTALL = _go_packages.INSTALL

# The published harness gives 20 s of wall time for compiling and running; here it is CPU time.
_LIMITS = Limits(
    cpu_seconds=20,
    wall_seconds=60,
    memory_bytes=512 * MIB,
    processes=64,  # the run time makes threads as it likes
    file_bytes=16 * MIB,
    output_bytes=1 * MIB,
    disk_bytes=64 * MIB,
)
_BUILD_LIMITS = replace(
    _LIMITS,
    cpu_seconds=60,
    wall_seconds=180,
    memory_bytes=1024 * MIB,
    file_bytes=64 * MIB,
    disk_bytes=128 * MIB,
)
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8", "TMPDIR": "/box"}
_RESERVE_BYTES = 256 * MIB  # the garbage collector's tables

_TEST = re.compile(r"^func[ \t]+(Test\w*)[ \t]*\(\s*\w+\s+\*testing\.T\s*\)", re.MULTILINE)
_MARK = re.compile(r"^func[ \t]+Test[A-Z_0-9]", re.MULTILINE)
# A candidate that defines them, too, does not compile.
_TRUTH = "const true = 0 == 0\nconst false = 0 != 0\n"

# Tests run inside one of ours, because a parallel one goes on after its function's first return.
_MAIN = """\
package main

import (
	evidence "NAME"
	"program"
	"testing"
)

func main() {
	all := func(t *testing.T) {
CALLS
	}
	match := func(string, string) (bool, error) { return true, nil }
	judged := func(t *testing.T) { evidence.Tell(t.Run("all", all)) }
	testing.Main(match, []testing.InternalTest{{Name: "tests", F: judged}}, nil, nil)
}
"""
_CALL = '\t\tt.Run("TEST", program.TEST)'
_BUILD = """\
"COMPILE" -p NAME -complete -pack -c=1 -importcfg importcfg -o evidence.a evidence.go &&
"COMPILE" -p program -complete -pack -c=1 -importcfg importcfg -o program.a candidate.go tests.go &&
"COMPILE" -p main -complete -pack -c=1 -importcfg importcfg -o main.a main.go &&
exec "LINK" -s -w -importcfg importcfg -o program main.a
"""


def _assemble(job: Job) -> Assembly:
    name = f"e{secrets.token_hex(8)}"
    return Assembly(
        files={
            **_sources(job, name),
            "evidence.go": _go_packages.EVIDENCE.read_text("utf-8"),
            "importcfg": f"{_table(job.place)}packagefile program=program.a\npackagefile {name}=evidence.a\n",
        },
        steps=(
            Step(
                name="build",
                limits=_BUILD_LIMITS,
                argv=("/bin/sh", "-c", _script(job.place, name)),
                environment={**_ENVIRONMENT, "GOMAXPROCS": "1"},
                reserve_bytes=_RESERVE_BYTES,
            ),
            Step(
                name="run",
                limits=job.limits,
                argv=("/proc/self/cwd/program",),
                brief=job.secret,
                environment=_ENVIRONMENT,
                reserve_bytes=_RESERVE_BYTES,
            ),
        ),
    )


def _sources(job: Job, name: str) -> dict[str, str]:
    program = job.program
    setup, candidate, tests = map(_go_imports.split, (program.setup, program.candidate, program.tests))
    known = (*setup.imports, *candidate.imports, *tests.imports)
    code = f"{setup.code.strip()}\n\n{candidate.code}" if setup.code.strip() else candidate.code
    first = _go_imports.Part(code, candidate.imports)
    standard = _go_packages.standard()
    calls = [_CALL.replace("TEST", test) for test in _TEST.findall(tests.code)]
    # With a test left out, a wrong candidate would pass.
    if not calls or len(calls) != len(_MARK.findall(tests.code)):
        raise DataError(f"{program.id}: expected functions TestName(t *testing.T), found {len(calls)}")
    return {
        "candidate.go": _file(first, _go_imports.header(first, known, standard)),
        "tests.go": _file(
            tests, [_go_imports.Import(name, "_"), *_go_imports.header(tests, known, standard)], _TRUTH
        ),
        "main.go": _MAIN.replace("NAME", name).replace("CALLS", "\n".join(calls)),
    }


def _file(part: _go_imports.Part, imports: Iterable[_go_imports.Import], more: str = "") -> str:
    lines = "\n".join(map(str, imports))
    return f"package program\n{lines}\n{more}\n{part.code}\n"


def _script(place: Place, name: str) -> str:
    tools = {"COMPILE": _go_packages.tool("compile"), "LINK": _go_packages.tool("link")}
    script = _BUILD.replace("NAME", name)
    for word, path in tools.items():
        script = script.replace(word, place(path))
    return script


def _table(place: Place) -> str:
    """Where the compiler finds every package, in its own format."""
    return "".join(f"packagefile {path}={place(file)}\n" for path, file in _go_packages.archives().items())


@functools.cache
def _mounts() -> tuple[Path, ...]:
    root = _go_packages.root()
    return (_go_packages.folder(), *(() if root.is_relative_to("/usr") else (root,)))


JUDGING = Judging(
    version=1,
    trial=(
        "package main\n\nfunc add(a, b int) int { return a + b }\n",
        'import "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif add(1, 2) != 3 {\n\t\tt.Fail()\n\t}\n}\n',
    ),
    limits=_LIMITS,
    assemble=_assemble,
    toolchain=_go_packages.version,
    mounts=_mounts,
    memory_signs=("runtime: out of memory", "cannot allocate memory", "runtime: cannot map pages"),
    crash_statuses=(2,),  # a panic, or all goroutines asleep
)
