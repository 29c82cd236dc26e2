"""How Go programs are judged.

The package clauses and imports of setup, candidate and tests are merged: duplicate and unused ones are
removed, and standard packages that are used but not imported are added. Candidate, tests and crosstune's
``main`` are files of one package; they are compiled and linked directly, against precompiled packages.
testify's ``assert`` is replaced by a small package that follows its rules. So is ``testing``, unless a
program uses more of it than ``T`` or has a ``main``: then Go's own ``testing`` is used, and crosstune's
``main`` is a separate package.

Defended: exiting before the tests have ended (``os.Exit`` in ``init``, ``TestMain``, ``runtime.Goexit``,
panics); printed success; predeclared names that the tests use (``len``, ``string``, ``nil``) redefined by
the candidate; names of other packages, by ``go:linkname`` or by a package with another one's name; reading
the nonce from its descriptor; tests skipped by flags of Go's own ``testing``.

Not defended: reading the program's own memory, through ``unsafe``, ``/proc`` or a heap dump, with knowledge
of how the nonce is masked; with ``unsafe``, calling crosstune's functions that have no reachable name, and
rewriting machine code; variables that the tests declare outside functions; subtests skipped by flags where
Go's own ``testing`` is used. ``go vet`` is not run.
"""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from crosstune.errors import DataError
from crosstune.languages._language import MIB, BuildPlan, JudgeTask, Judging, SandboxPath
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages.go import _imports, _packages
from crosstune.records import Command, Program

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
RESERVE_BYTES = 256 * MIB  # the garbage collector's tables

_TEST = re.compile(r"^func[ \t]+(Test\w*)[ \t]*\(\s*\w+\s+\*testing\.T\s*\)", re.MULTILINE)
_MARK = re.compile(r"^func[ \t]+Test[A-Z_0-9]", re.MULTILINE)
# What crosstune's package testing lacks; programs that may use it get Go's own.
_MORE = re.compile(r"\btesting\s*\.(?!\s*T\b)|\.\s*(?:TempDir|Setenv|Deadline)\b|\bfunc\s+main\b")
_ASSERTION = re.compile(r"(?<![\w.])assert\s*\.\s*([A-Z]\w*)")
_WORDS = re.compile(r"\.(?:Log|Error|Fatal|Skip)f?\(")
# Precedes the code: after it, an import that was overlooked is a syntax error.
_CLOSED = "const _ = 0\n"
# What a candidate must not define if the tests use it. Names that a task may ask for, such as ``delete`` or
# ``max``, and names that older programs define themselves, such as ``any``, are not included.
_NAMES = """
append bool byte cap complex64 complex128 copy error false float32 float64 int int8 int16 int32 int64 iota
len make new nil panic recover rune string true uint uint8 uint16 uint32 uint64 uintptr
"""
_PREDECLARED = frozenset(_NAMES.split())

# It shares a package with the candidate, so it uses no name that the candidate could define.
_MAIN = """\
package main

import (
	NAME_evidence "crosstune/evidence"
	NAME_testing "testing"WORDS
)

func main() {
	NAME_evidence.End(NAME_testing.Judge(func(NAME *NAME_testing.T) {
CALLS
	}))
}
"""
_WORDS_IMPORT = '\n\t_ "crosstune/words"'
# In a separate package. Tests run inside an outer test, because a parallel test continues after its function
# has first returned.
_MAIN_APART = """\
package main

import (
	evidence "crosstune/evidence"
	"program"
	"testing"
)

func main() {
	begun := 0
	counted := func(test func(*testing.T)) func(*testing.T) {
		return func(t *testing.T) { begun++; test(t) }
	}
	all := func(NAME *testing.T) {
CALLS
	}
	match := func(string, string) (bool, error) { return true, nil }
	// Skipped tests count as passed there.
	judged := func(t *testing.T) { evidence.Report(t.Run("all", all) && begun == COUNT) }
	testing.Main(match, []testing.InternalTest{{Name: "tests", F: judged}}, nil, nil)
}
"""
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
_EMPTIED = ": > candidate.go && : > tests.go"
COMPILE_FLAGS = "-complete -pack -c=1 -dwarf=false -importcfg importcfg"


def _build_plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    parts = [split_part(text) for text in (program.setup, program.candidate, program.tests)]
    small = _small(parts)
    table = _table(small, task.sandbox_path) + ("" if small else "packagefile program=program.a\n")
    return BuildPlan(
        files={**_sources(program, parts, small), "importcfg": table},
        build=Command(
            limits=BUILD_LIMITS,
            argv=("/bin/sh", "-c", _script(task.sandbox_path, small)),
            # Collect less garbage: these tools end before memory matters.
            environment={**ENVIRONMENT, "GOMAXPROCS": "1", "GOGC": "400"},
            reserve_bytes=RESERVE_BYTES,
        ),
        run=Command(
            limits=task.limits,
            argv=("/proc/self/cwd/program",),
            payload=task.nonce,
            environment=ENVIRONMENT,
            reserve_bytes=RESERVE_BYTES,
        ),
    )


def split_part(text: str) -> _imports.Part:
    """A part of a program whose imports cannot name crosstune's own packages."""
    part = _imports.split(text)
    imports = [
        replace(each, path=f"no/{each.path}") if each.path.startswith(_packages.OWN_PACKAGES) else each
        for each in part.imports
    ]
    return replace(part, imports=tuple(imports))


def _small(parts: Sequence[_imports.Part]) -> bool:
    """Whether crosstune's small package testing is enough."""
    imports = [each for part in parts for each in part.imports]
    renamed = any(each.path == "testing" and each.alias for each in imports)
    subpackages = any(each.path.startswith("testing/") for each in imports)
    more = any(_MORE.search(_imports.blanked(part.code)) for part in parts)
    return not renamed and not subpackages and not more


def _sources(program: Program, parts: Sequence[_imports.Part], small: bool) -> dict[str, str]:
    setup, candidate, tests = parts
    code = f"{setup.code.strip()}\n\n{candidate.code}" if setup.code.strip() else candidate.code
    first = _imports.Part(code, (*_imports.used(setup), *candidate.imports))
    known = (*setup.imports, *candidate.imports, *tests.imports)
    standard = _packages.standard()
    test_names = _TEST.findall(tests.code)
    # If a test were skipped, a wrong candidate could pass.
    if not test_names or len(test_names) != len(_MARK.findall(tests.code)):
        raise DataError(f"{program.id}: expected functions TestName(t *testing.T), found {len(test_names)}")
    if missing := _missing(setup, tests):
        raise DataError(f"{program.id}: the tests use {', '.join(missing)}, which are not available here")
    evidence = _imports.Import(_packages.EVIDENCE, "_")
    # The candidate's alias for a package is not what the tests mean by that name.
    meant = (*setup.imports, *(each for each in candidate.imports if not each.alias))
    package = "main" if small else "program"
    return {
        "candidate.go": source_file(package, first, _imports.header(first, known, standard), _CLOSED),
        "tests.go": source_file(
            package, tests, [evidence, *_imports.header(tests, meant, standard)], _CLOSED
        ),
        "names.go": _names(package, f"{setup.code}\n{tests.code}"),
        "main.go": _main(test_names, small, any(_WORDS.search(part.code) for part in parts)),
    }


def _missing(*parts: _imports.Part) -> list[str]:
    """Packages and assertions that tests or setup use, but that are missing here."""
    paths = {each.path for part in parts for each in part.imports}
    packages = sorted(paths - _packages.archives(False).keys() - {"unsafe"})
    if _packages.ASSERT not in paths:
        return packages
    used = {name for part in parts for name in _ASSERTION.findall(_imports.blanked(part.code))}
    return packages + [f"assert.{name}" for name in sorted(used - _packages.assertions())]


def _names(package: str, code: str) -> str:
    """A file that imports something under every predeclared name that ``code`` uses. This does not hide the
    name in other files, but the package can no longer define it."""
    names = sorted(_PREDECLARED & _imports.words(code))
    lines = (f"import {name} `unsafe`\n" for name in names)
    uses = (f"const _ = {name}.Sizeof(0)\n" for name in names)
    return "".join([f"package {package}\n", *lines, *uses])


def _main(tests: Sequence[str], small: bool, words: bool) -> str:
    name = f"crosstune_{secrets.token_hex(8)}"
    call = "%s" if small else "counted(program.%s)"
    calls = "\n".join(f'\t\t{name}.Run("{test}", {call % test})' for test in tests)
    main = _MAIN.replace("WORDS", _WORDS_IMPORT if words else "") if small else _MAIN_APART
    return main.replace("NAME", name).replace("CALLS", calls).replace("COUNT", str(len(tests)))


def source_file(package: str, part: _imports.Part, imports: Iterable[_imports.Import], more: str) -> str:
    lines = "\n".join(map(str, imports))
    return f"package {package}\n{lines}\n{more}\n{part.code}\n"


def _script(sandbox_path: SandboxPath, small: bool) -> str:
    script = (_BUILD if small else _BUILD_APART).replace("FLAGS", COMPILE_FLAGS).replace("EMPTIED", _EMPTIED)
    for word, tool in (("COMPILE", "compile"), ("LINK", "link")):
        script = script.replace(word, sandbox_path(_packages.tool(tool)))
    return script


def _table(small: bool, sandbox_path: SandboxPath) -> str:
    """The path of every package, in the format of the compiler."""
    files = _packages.archives(small)
    return "".join(f"packagefile {path}={sandbox_path(file)}\n" for path, file in files.items())


@functools.cache
def _mounts() -> tuple[Path, ...]:
    root = _packages.root()
    return (_packages.folder(), *(() if root.is_relative_to("/usr") else (root,)))


JUDGING = Judging(
    version=4,
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
)
