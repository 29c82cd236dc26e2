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
``_exit``; functions of the C library that the candidate defines (``strcmp``), unless the task asks for them;
macros with the names of keywords or of what the tests call, also in disguised directives; options of the
compiler; macros of the assembler; reading the tests when the program is built, or their text in the program;
functions that run before everything (``ifunc``, ``.preinit_array``); trying in a forked process what passes;
in C++, overloads of the tests' own functions, operators for the standard library's types, comparisons of a
type that the candidate defines with a value of another type, specialisations of the library's containers, an
equality of its own types that tells none apart and, where there is a declaration, results of types of its own
in the place of others (`comparisons`).

Not defended: symbols renamed by assembler, and what that does before the program; reading or rewriting the
machine code and the stack of the tests, which call the candidate; in C++, without a declaration, operators of
its own types that return numbers, and their methods; an equality of types that are more than plain bytes;
other types that it adds to ``std``; reading the program's own memory with knowledge of how the nonce is
masked.
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
from crosstune.languages._shared.native import (
    comparisons,
    driver,
    macros,
    own_names,
    precompiled,
    test_code,
)
from crosstune.languages._shared.native.candidate import with_main_renamed, without_bom, without_noreturn
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
#define NAME_place(line) "line " #line " of the tests"
#define NAME_line(line) NAME_place(line)
#define assert(...) ((__VA_ARGS__) ? (void)0 : NAME(TEXT))
"""
# Where a candidate could read them, the program does not have the texts of the assertions.
_TEXT, _LINE = "#__VA_ARGS__", "NAME_line(__LINE__)"
_FAIR = """#ifdef NAME_tests
#ifndef NAME_known
#define NAME_known
DECLARED
#endif
#define NAME_type(...) NAME_fair::Of_<decltype(NAME_fair::Expression_() <= __VA_ARGS__)>
COMPAREDASSERTED#endif
"""
_COMPARED = """\
#define NAME_compared(...) \\
  (NAME_type(__VA_ARGS__)::fair_() ? (void)0 : NAME(NAME_line(__LINE__)), (__VA_ARGS__))
"""
_SETTLE = "crosstune_settle"
# Lambda expressions are not allowed in types.
_ASSERTED = """#undef assert
#define assert(...) ((__VA_ARGS__) ? NAME_type(__VA_ARGS__)::fair_() ? (void)0 \\
  : NAME(NAME_line(__LINE__)) : NAME(NAME_line(__LINE__)))
"""
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
# A program that includes itself would have the tests as its text.
_ONCE = "#ifdef NAME_once\n#error the program includes itself\n#endif\n#define NAME_once\n#line 1\n"
# The assembler's macros, which can replace instructions, end before the tests: they come later in its input.
_MARK = '\n__asm__("# NAME_purge");'
_PURGE = r"""
defined='s/^[^#]*\.macro[[:space:]][[:space:]]*\([a-z0-9_.$][a-z0-9_.$]*\).*/.purgem \1\\n/p'
names=$(sed 's#/\*[^*]*\*/# #g' program.s | tr 'A-Z;' 'a-z\n' | sed -n "$defined" | sort -u | tr -d '\n')
sed -i "s/^[[:space:]]*# NAME_purge$/$names/" program.s"""
# Pragmas hold for everything that follows them.
_OPTIONS = "#pragma GCC reset_options\n#pragma pack()\n"
# Of what runs before anything else, or is a function of the C library for the linker, the compiler's output
# shows all that is not hidden in assembler.
_UNUSUAL = re.compile(r"attribute|gnu::|##|%:%:|asm|ragma")
_REFUSED = (
    r"{ ! grep -qiE 'preinit_array|gnu_indirect_function|^\s*(\.set\s+)?("
    "RESERVED)[:,]' program.s || "
    "{ echo 'functions that run first, or have the name of one of the C library, are not supported' >&2; "
    "false; }; }"
)
_BEFORE_TESTS = "#undef main\n#undef NDEBUG\n#include <stdio.h>\n#include <assert.h>"


def plan(task: JudgeTask, native: Native, libraries: Sequence[str]) -> BuildPlan:
    """Compile the program's parts as one file, link it (with ``libraries`` if it needs them) and run it."""
    program, name = task.program, f"crosstune_{secrets.token_hex(8)}"
    build, source, assertions = _candidate(task, native, without_bom(program.tests), name)
    checked = native.fair is not None and comparisons.may_be_own(program)
    tests = own_names.renamed(program, native.grammar, name)
    if checked:
        tests = comparisons.checks(program, name).of(tests)
    program = replace(program, tests=f'#line 1 "tests"\n{tests}')
    settled = (f"--defsym={_SETTLE}={name}_settle",) if checked else ()
    return BuildPlan(
        files={
            f"program{native.suffix}": f"{source}\n\n{tests_part(program, native, name)}\n",
            "judge/assert.h": assertions,
        },
        build=build_command(judged_script(task, build, libraries, name, linked=settled)),
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
    return _ASSERT.replace("TEXT", _TEXT).replace("NAME", name)


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
    # A pragma that gives functions other names for the linker is one that the compiler does not know.
    candidate = candidate.replace("redefine_extname", "unsupported")
    assertions = _assertions(task.program, native).replace("NAME", name)
    mark = _MARK if "asm" in candidate else ""
    options = _OPTIONS if "ragma" in candidate or "##" in candidate else ""
    ended = macros.directives(setup, candidate, tests, f"{assertions}{mark}", native.grammar)
    build, code = compilation(task, native, f"{setup}\n\n{candidate}")
    code = with_main_renamed(without_noreturn(code), name, native.grammar)
    if native.grammar == "cpp":
        code = own_names.without_allocation(code, name)
    own = own_names.replaced(task.program, native.grammar)
    code = "".join(f"#define {each} {name}_{each}\n" for each in own) + ("#line 1\n" if own else "") + code
    ended += "".join(f"#undef {each}\n" for each in own)
    once, mark = (each.replace("NAME", name) for each in (_ONCE, mark))
    return build, f"{once}{code}\n\n{ended}{options}#define {name}_tests{mark}", assertions


def _exits(names: Iterable[str], name: str) -> str:
    """The tests' own ``exit`` is their end, like a return from ``main``."""
    if not names:
        return ""
    return _EXIT.replace("NAME", name) + "".join(f"#define {each} {name}_exit\n" for each in names)


def judged_script(
    task: JudgeTask,
    build: Compilation,
    libraries: Sequence[str],
    name: str,
    *,
    options: Sequence[str] = (),
    linked: Sequence[str] = (),
) -> str:
    """The shell command that builds a program whose ``main`` is the judge's business."""
    wrapped = (
        *linked,
        "--wrap=main",
        f"--defsym={name}={precompiled.FAILED}",
        f"--defsym={name}_exit={precompiled.exit_name(build.native.prepared())}",
        task.sandbox_path(build.native.prepared() / precompiled.JUDGE),
    )
    # The tests must not be in the working folder while anything else reads files for the candidate.
    emptied = (f": > {file}" for file in driver.BETWEEN)
    between = [f": > program{build.native.suffix}"]
    if _UNUSUAL.search(task.program.candidate):
        reserved = own_names.reserved(task.program)
        between.append(_REFUSED.replace("RESERVED", "|".join(reserved)))
    if "asm" in task.program.candidate:
        between.append(f"{{ {_PURGE.strip().replace('NAME', name)}; }}")
    steps = build.steps(libraries, ("-I", "judge", *options), wrapped, between)
    return " && ".join([steps, *emptied])


def _assertions(program: Program, native: Native) -> str:
    """The tests' ``assert``; if the candidate may define operators, one that checks which side decides."""
    plain = _ASSERT.replace("TEXT", _LINE)
    if native.fair and comparisons.replaces_containers(program.candidate):
        return f"{plain}#error a container of the standard library is specialised\n"
    if native.fair is None or not comparisons.may_be_own(program):
        return plain
    if comparisons.specialise_the_standard(program.candidate):
        return f"{plain}#error an operator of the standard library is defined for types of its own\n"
    asked_for = comparisons.are_asked_for(program)
    asserted = "" if asked_for or comparisons.lambda_in_assertion(program.tests) else _ASSERTED
    checked = "false" if asked_for else "true"
    declared = native.fair.read_text("utf-8").replace("CHECKED", checked)
    compared = "#define NAME_compared(...) (__VA_ARGS__)\n" if asked_for else _COMPARED
    fair = _FAIR.replace("DECLARED", declared).replace("COMPARED", compared)
    return plain + fair.replace("ASSERTED", asserted)


def toolchain(native: Native) -> str:
    """Everything installed that verdicts depend on."""
    libc = " ".join(platform.libc_ver())
    return f"{driver.version(native.settings.compiler)}; {libc}; {native.prepared().name}"


def mounts(native: Native) -> tuple[Path, ...]:
    """All prepared states of the language, because more may be made while programs are judged."""
    return (native.prepared().parent,)
