"""How C and C++ programs are judged.

Candidate and tests are one translation unit, as HumanEval's harnesses build them. An object file of the judge
is linked with it and wraps the tests' ``main`` (``--wrap=main``): it reports the nonce after ``main`` has
returned 0. The nonce is read, and its descriptor closed, before the candidate's constructors run, and it is
kept masked. In the tests, ``assert`` is the judge's, whatever the candidate defined.

The includes with which many programs begin are compiled once (precompiled headers, `headers`). The compiler,
the assembler and a fast linker are called without the driver (`driver`); this changes no verdict.

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
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosstune.languages._language import MIB, BuildPlan, JudgeTask
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT
from crosstune.languages._shared.native import driver, headers, precompiled
from crosstune.languages._shared.native.precompiled import CompilerSettings
from crosstune.records import Command

STACK_BYTES = 8 * MIB  # per thread; little of it is used
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
_CONTINUED = re.compile(r"\\[ \t\v\f\r\0]*[\r\n]")
_COMMENT = re.compile(r"/\*[\s\S]*?\*/")
_QUIET = re.compile(
    r"//[^\n]*|/\*[\s\S]*?\*/|\bR\"([^ ()\\\s]{0,16})\([\s\S]*?\)\1\""
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?"
)
# Also in the middle of a line: finding too many does no harm.
_DEFINE = re.compile(r"(?:#|%:)[^\w#%]*+define\W++(\w+)")
# Macros of headers in lower case. Other names in lower case are not macros for the tests.
_STANDARD = re.compile(
    r"alignas|alignof|alloca|and|and_eq|assert|atomic_\w+|bitand|bitor|bool|compl|complex|defined|errno|false"
    r"|fpclassify|imaginary|is(?:finite|greater|greaterequal|inf|less|lessequal|lessgreater|nan|normal|unordered)"
    r"|kill_dependency|noreturn|not|not_eq|offsetof|or|or_eq|s[aist]_\w+|setjmp|signbit|static_assert"
    r"|std(?:err|in|out)|thread_local|true|va_\w+|xor|xor_eq|__\w+"
)
# What the tests mean by a name that the candidate may have redefined as a macro.
_RESTORED = {
    "bool": "#ifndef __cplusplus\n#define bool _Bool\n#endif\n",
    "true": "#ifndef __cplusplus\n#define true 1\n#endif\n",
    "false": "#ifndef __cplusplus\n#define false 0\n#endif\n",
    "EOF": "#define EOF (-1)\n",
    "INT_MAX": "#define INT_MAX __INT_MAX__\n",
    "INT_MIN": "#define INT_MIN (-__INT_MAX__ - 1)\n",
    "M_PI": "#define M_PI 3.14159265358979323846\n",
    "NULL": "#ifdef __cplusplus\n#define NULL __null\n#else\n#define NULL ((void *)0)\n#endif\n",
}
_BEFORE_TESTS = "#undef main\n#undef NDEBUG\n#include <stdio.h>\n#include <assert.h>"


@dataclass(frozen=True, kw_only=True)
class Native:
    """A GCC compiler and how it is called: the ``suffix`` of its files; its ``settings`` with the usual
    preamble, and which other ``headers`` may be precompiled. ``rarely_needed`` are libraries that the
    compiler links by default, although few programs need them. ``fair`` is a header that finds out which side
    decides a comparison; only languages with operators have one."""

    suffix: str
    settings: CompilerSettings
    headers: frozenset[str]
    rarely_needed: tuple[str, ...]
    fair: Path | None = None

    def prepared(self) -> Path:
        return precompiled.folder(self.settings)

    def commands(self, libraries: Sequence[str] = ()) -> driver.DriverCommands:
        source = f"program{self.suffix}"
        return driver.commands(self.settings.compiler, self.settings.flags, libraries, source)


def plan(task: JudgeTask, native: Native, libraries: Sequence[str]) -> BuildPlan:
    """Compile the program's parts as one file, link it (with ``libraries`` if it needs them) and run it."""
    name = f"crosstune_{secrets.token_hex(8)}"
    program = task.program
    # A candidate's own main would conflict with the tests' main; the published harness cuts it off, too.
    candidate = program.candidate.split("int main(")[0]
    assertions = _assertions(candidate, program.tests, native).replace("NAME", name)
    undefined = _undefined(program.setup, candidate, f"{program.tests} {assertions}")
    before_tests = f"{undefined}#define {name}_tests\n{_BEFORE_TESTS}"
    head, code = headers.split(native.settings, native.headers, f"{program.setup}\n\n{candidate}")
    parts = [code, before_tests, program.tests, ""]
    return BuildPlan(
        files={
            f"program{native.suffix}": "\n\n".join(parts),
            "judge/assert.h": assertions,
        },
        build=Command(
            limits=BUILD_LIMITS,
            argv=("/bin/sh", "-c", _script(task, native, libraries, name, head)),
            environment=ENVIRONMENT,
            reserve_bytes=256 * MIB,
        ),
        run=Command(
            limits=task.limits,
            argv=(f"/proc/self/cwd/{driver.OUTPUT}",),
            payload=task.nonce,
            environment=ENVIRONMENT,
            reserve_bytes=64 * MIB + task.limits.processes * STACK_BYTES,
        ),
    )


def _script(task: JudgeTask, native: Native, libraries: Sequence[str], name: str, head: Path | None) -> str:
    prepared = native.prepared()
    commands = native.commands()
    header = ("-include", task.sandbox_path(precompiled.header(head))) if head else ()
    wrapped = (
        "--wrap=main",
        f"--defsym={name}={precompiled.FAILED}",
        task.sandbox_path(prepared / precompiled.JUDGE),
    )
    # Reading libraries takes longer than all other steps, and most programs need none.
    few = shlex.join(commands.linked(wrapped, native.rarely_needed))
    all_ = shlex.join(native.commands(libraries).linked(wrapped))
    steps = (
        shlex.join((*commands.compile, "-I", "judge", *header)),
        shlex.join(commands.assemble),
    )
    # The tests' expected values must not be in the working folder while the program runs.
    emptied = (f": > {name}" for name in (f"program{native.suffix}", *driver.BETWEEN))
    return " && ".join([*steps, f"{{ {few} 2>/dev/null || {all_}; }}", *emptied])


def _assertions(candidate: str, tests: str, native: Native) -> str:
    """The tests' ``assert``; if the candidate may define operators, one that checks which side decides."""
    plain = _CONTINUED.sub("", candidate)
    if native.fair is None or not _OPERATOR.search(plain) or _NAMELESS.search(tests):
        return _ASSERT
    return _ASSERT + _FAIR.replace("DECLARED", native.fair.read_text("utf-8"))


def _undefined(setup: str, candidate: str, tests: str) -> str:
    """Directives that undefine the candidate's macros: in the tests, these names mean functions and keywords.

    A directive can be missed (comments inside it, or quotes around it that are not string quotes), so all
    names in lower case that candidate and tests share are undefined, too."""
    plain = _CONTINUED.sub("", candidate)
    if "define" not in plain:
        return ""
    own = set(_DEFINE.findall(setup))
    shared = {
        name for name in re.findall(r"\w+", plain) if name == name.lower() and not _STANDARD.fullmatch(name)
    }
    macros = _defined(plain) | shared - own
    names = [name for name in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", tests)) if name in macros]
    return "".join(f"#undef {name}\n{_RESTORED.get(name, '')}" for name in names)


def _defined(plain: str) -> set[str]:
    readings = (plain, _COMMENT.sub(" ", plain), _QUIET.sub(" ", plain))
    return {name for reading in readings for name in _DEFINE.findall(reading)}


def toolchain(native: Native) -> str:
    """Everything installed that verdicts depend on."""
    libc = " ".join(platform.libc_ver())
    return f"{driver.version(native.settings.compiler)}; {libc}; {native.prepared().name}"


def mounts(native: Native) -> tuple[Path, ...]:
    """All prepared states of the language, because more may be made while programs are judged."""
    return (native.prepared().parent,)
