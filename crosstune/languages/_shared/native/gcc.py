"""How C and C++ programs are judged.

Candidate and tests are one translation unit, as HumanEval's harnesses build them. An object file of the judge
is linked with it and wraps the tests' ``main`` (``--wrap=main``): it reports the nonce after ``main`` has
returned 0, or when the tests call ``exit(0)``. The nonce is read, and its descriptor closed, before the
candidate's constructors run, and it is kept masked. In the tests, ``assert`` is the judge's, whatever the
candidate defined. The candidate's own ``main`` is compiled, but by another name (`candidate`), and its macros
end before the tests (`macros`).

The includes with which many programs begin are compiled once (precompiled headers, `headers`). The compiler,
the assembler and a fast linker are called without the driver (`driver`); this changes no verdict. Which
standard a program is compiled with: `compilation`.

Defended: exiting before the tests have ended (``exit`` in a constructor, ``_exit``, signals); printed
success; ``NDEBUG``; a macro or function that replaces ``assert``, ``__assert_fail``, ``write``, ``read`` or
``_exit``; macros with the names of keywords or of what the tests call, also in disguised directives; in C++,
comparisons of a type that the candidate defines with a value of another type, in an assertion: its operators
do not decide these.

Not defended: functions of the C library that the tests call and the candidate defines (``strcmp``), because
they may be what the task asks for; symbols renamed by pragmas or assembler; indirect functions (``ifunc``),
which run before anything else; reading or rewriting the machine code of the tests, which calls the candidate;
in C++, operators of its own that return numbers, comparisons in parentheses or behind ``&&``, types that it
adds to ``std``; reading the program's own memory with knowledge of how the nonce is masked.
"""

from __future__ import annotations

import platform
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, with_stack
from crosstune.languages._shared.native import driver, macros, precompiled, test_code
from crosstune.languages._shared.native.candidate import with_main_renamed, without_bom
from crosstune.languages._shared.native.compilation import Compilation, Native, compilation
from crosstune.records import Command, Limits, Program

OUT_OF_MEMORY_MESSAGES = ("virtual memory exhausted", "out of memory allocating")
"""Messages of the compilers when they run out of memory."""

# The candidate can neither redefine nor call a function whose name it does not know.
_ASSERT = """\
#undef assert
#ifdef __cplusplus
extern "C"
#endif
void NAME(const char *) __attribute__((noreturn));
#define assert(...) ((__VA_ARGS__) ? (void)0 : NAME(#__VA_ARGS__))
"""
_FAIR = """#ifdef NAME_tests
#ifndef NAME_known
#define NAME_known
DECLARED
#endif
#undef assert
#define NAME_compared(...) NAME_fair::Of_<decltype(NAME_fair::Expression_() <= __VA_ARGS__)>
#define assert(...) ((__VA_ARGS__) ? NAME_compared(__VA_ARGS__)::fair_() ? (void)0 \\
  : NAME(#__VA_ARGS__) : NAME(#__VA_ARGS__))
#endif
"""
# The word can be pasted together from pieces. Lambda expressions are not allowed in types.
_OPERATOR, _NAMELESS = re.compile(r"\boperator\b|##|%:%:|\?\?="), re.compile(r"\[[\w\s,=&*]*\]\s*[({]")
# Its own header is included first, because that declares the function by its usual name.
_EXIT = """\
#ifdef __cplusplus
#include <cstdlib>
extern "C" void NAME_exit(int) __attribute__((noreturn));
namespace std { using ::NAME_exit; }
#else
#include <stdlib.h>
void NAME_exit(int) __attribute__((noreturn));
#endif
"""
_BEFORE_TESTS = "#undef main\n#undef NDEBUG\n#include <stdio.h>\n#include <assert.h>"


def plan(task: JudgeTask, native: Native, libraries: Sequence[str]) -> BuildPlan:
    """Compile the program's parts as one file, link it (with ``libraries`` if it needs them) and run it."""
    name = f"crosstune_{secrets.token_hex(8)}"
    build, source, assertions = _candidate(task, native, without_bom(task.program.tests), name)
    return BuildPlan(
        files={
            f"program{native.suffix}": f"{source}\n\n{tests_part(task.program, native, name)}\n",
            "judge/assert.h": assertions,
        },
        build=build_command(judged_script(task, build, libraries, name)),
        run=run_command(task),
    )


def build_command(script: str) -> Command:
    return Command(
        limits=BUILD_LIMITS,
        argv=("/bin/sh", "-c", script),
        environment=ENVIRONMENT,
    )


def run_command(task: JudgeTask) -> Command:
    limits = _with_stack(task.limits)
    return Command(
        limits=limits,
        argv=(f"/proc/self/cwd/{driver.OUTPUT}",),
        payload=task.nonce,
        environment=ENVIRONMENT,
    )


def assertions(name: str) -> str:
    """The header that defines the tests' ``assert``."""
    return _ASSERT.replace("NAME", name)


def tests_part(program: Program, native: Native, name: str) -> str:
    """The tests, and what they need right in front of them."""
    tests = without_bom(program.tests)
    return f"{_BEFORE_TESTS}\n\n{_exits(test_code.exits(tests, native.grammar), name)}\n\n{tests}"


def _with_stack(limits: Limits) -> Limits:
    """The stack is a little smaller than the memory, so that endless recursion is a crash."""
    stack = with_stack(limits).stack_bytes
    return replace(limits, stack_bytes=limits.stack_bytes or min(stack, limits.memory_bytes * 7 // 8))


def _candidate(task: JudgeTask, native: Native, tests: str, name: str) -> tuple[Compilation, str, str]:
    """How to compile the program, its text up to the tests, and the header that defines their ``assert``."""
    setup, candidate = without_bom(task.program.setup), without_bom(task.program.candidate)
    assertions = _assertions(candidate, tests, native).replace("NAME", name)
    ended = macros.directives(setup, candidate, tests, assertions, native.grammar)
    build, code = compilation(task, native, f"{setup}\n\n{candidate}")
    code = with_main_renamed(code, name, native.grammar)
    return build, f"{code}\n\n{ended}#define {name}_tests", assertions


def _exits(names: Iterable[str], name: str) -> str:
    """The tests' own ``exit`` is their end, like a return from ``main``."""
    if not names:
        return ""
    return _EXIT.replace("NAME", name) + "".join(f"#define {each} {name}_exit\n" for each in names)


def judged_script(
    task: JudgeTask, build: Compilation, libraries: Sequence[str], name: str, options: Sequence[str] = ()
) -> str:
    """The shell command that builds a program whose ``main`` is the judge's business."""
    wrapped = (
        "--wrap=main",
        f"--defsym={name}={precompiled.FAILED}",
        f"--defsym={name}_exit={precompiled.EXIT}",
        task.sandbox_path(build.native.prepared() / precompiled.JUDGE),
    )
    # The tests' expected values must not be in the working folder while the program runs.
    emptied = (f": > {file}" for file in (f"program{build.native.suffix}", *driver.BETWEEN))
    return " && ".join([build.steps(libraries, ("-I", "judge", *options), wrapped), *emptied])


def _assertions(candidate: str, tests: str, native: Native) -> str:
    """The tests' ``assert``; if the candidate may define operators, one that checks which side decides."""
    plain = macros.joined_lines(candidate)
    if native.fair is None or not _OPERATOR.search(plain) or _NAMELESS.search(tests):
        return _ASSERT
    return _ASSERT + _FAIR.replace("DECLARED", native.fair.read_text("utf-8"))


def toolchain(native: Native) -> str:
    """Everything installed that verdicts depend on."""
    libc = " ".join(platform.libc_ver())
    return f"{driver.version(native.settings.compiler)}; {libc}; {native.prepared().name}"


def mounts(native: Native) -> tuple[Path, ...]:
    """All prepared states of the language, because more may be made while programs are judged."""
    return (native.prepared().parent,)
