"""How Rust programs are judged.

Candidate and tests are one crate (`_assembly`), in the edition that the program asks for. crosstune's
``main`` calls the test functions, instead of Rust's test harness, in the main thread and with a large stack.
The functions that it needs are a crate of their own (``judge.rs``), so no attribute of the program applies to
them. The program is linked with the same object file of the judge as C programs (`gcc`), which reads the
nonce before any code of the candidate runs, and reports it when ``main`` has returned.

The candidate's ``main`` is renamed and does not run; its modules for tests are left out (`_candidate`), and
attributes about the kind of the crate do not apply (`_attributes`). Tests may be functions marked with
``#[test]`` in any module, also by a macro, with ``#[should_panic]``, ``#[ignore]`` or a result, or else a
``main`` function, which may also leave by ``std::process::exit`` (`_test_functions`, `_test_macros`). Where
both define a name, or the candidate denies lints, the tests are a module of their own.

Warnings are suppressed, but lints that the compiler denies remain errors, as with cargo. rustc uses a fast
linker and the shared standard library; crates are prebuilt (`_crates`).

Defended: exiting before the tests have ended (``std::process::exit``, ``abort``); printed success; panics
that the candidate catches or silences; functions that run before ``main``; macros that hide ``assert_eq!``
and its like; files included to read the tests; a ``PartialEq`` of the candidate's that decides about other
types, in any comparison of the tests; an equality or an order of its own types that tells no values apart,
or contradicts itself; where there is a declaration, results of types of its own in the place of the standard
library's (`_fairness`); types and functions that stand in for those of the standard library (`_originals`);
methods of its traits that take precedence over those (`_traits`); functions of the C library, defined by
``no_mangle``; a forked process that reports, or shows by its status how the tests end in it.

Not defended: without a declaration, operators of its own types that return numbers, and their methods; an
equality of types with nothing in them, or that takes some values for equal and not others; methods of
hidden traits that macros name; what a forked process prints; unsafe code and assembler that read or rewrite
the machine code of the tests, or read the program's memory with knowledge of how the nonce is masked.
"""

from __future__ import annotations

import re
import secrets
import shlex
from pathlib import Path

from crosstune.languages._language import (
    BrokenTests,
    BuildPlan,
    JudgeTask,
    Judging,
    UndefinedNames,
)
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages.rust import _assembly, _crates, _test_errors, _toolchain, _traits
from crosstune.languages.rust import _compilation as compilation
from crosstune.languages.rust._separate import SEPARATE
from crosstune.records import Requirement


def _build_plan(task: JudgeTask) -> BuildPlan:
    name = f"crosstune_{secrets.token_hex(8)}"
    file = f"{name}.rs"
    files = {file: _assembly.crate(task.program, name)}
    script = shlex.join(compilation.command(task, file, judge=name))
    program = _traits.named(task.program)
    if hidden := _traits.hidden(program):
        first = f"{name}_first.rs"
        files[first] = _assembly.crate(program, name, hidden=hidden)
        script = f"{shlex.join(compilation.command(task, first, judge=name))} 2> /dev/null || {script}"
    emptied = "; ".join(f": > {each}" for each in files)
    return BuildPlan(
        files=files,
        # The tests' expected values must not be in the working folder while the program runs.
        build=compilation.build(task, ("/bin/sh", "-c", f"{{ {script}; }} && {{ {emptied}; }}")),
        run=compilation.run(task, payload=task.nonce),
    )


def _libraries() -> tuple[Requirement, ...]:
    return (_crates.requirement(),)


def _toolchain_version() -> str:
    return "; ".join((_toolchain.version(), _crates.folder().name, *sorted(_crates.built())))


def _mounts() -> tuple[Path, ...]:
    folders = (_toolchain.sysroot(), _toolchain.prepared(), _crates.folder())
    return tuple(path for path in folders if path.is_dir() and path != Path("/usr"))


JUDGING = Judging(
    version=9,
    broken_tests=BrokenTests(
        missing=re.compile(r"unresolved module or unlinked crate `(\w+)`"),
        imports=re.compile(r"^\s*(?:pub\s+)?use\s+(?:::)?(\w+)", re.MULTILINE),
        undefined=UndefinedNames(
            message=re.compile(r"cannot find (?:function|value|macro|type|struct[\w, ]*) `(\w+)`")
        ),
    ),
    smoke_test=(
        "fn add(a: i64, b: i64) -> i64 { a + b }\n",
        "#[test]\nfn adds() { assert_eq!(add(1, 2), 3); }\n",
    ),
    limits=RUN_LIMITS,
    plan=_build_plan,
    toolchain=_toolchain_version,
    mounts=_mounts,
    out_of_memory_messages=("memory allocation of",),
    libraries=_libraries,
    standards=compilation.STANDARDS,
    check_tests=_test_errors.check,
    separate=SEPARATE,
)
