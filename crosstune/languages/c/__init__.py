"""C, compiled by gcc. How its programs are judged: see `gcc`."""

import dataclasses
import re

from crosstune.languages._language import (
    BrokenTests,
    BuildPlan,
    Description,
    JudgeTask,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.native import driver, gcc, precompiled, standards, test_code, whole_program
from crosstune.languages._shared.native.compilation import Native
from crosstune.languages._shared.native.syntax import C
from crosstune.languages._tools import Tool
from crosstune.languages.c import _separate
from crosstune.languages.c._exercises import IDIOMS, format_literal
from crosstune.languages.c._typed import TYPED

# Headers that a precompiled block may include.
_HEADERS = """
complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings tgmath threads time uchar
unistd wchar wctype
"""
_GCC = Native(
    suffix=".c",
    settings=precompiled.CompilerSettings("gcc", "c", ()),
    standards=standards.C,
    headers=frozenset(f"{name}.h" for name in _HEADERS.split()),
    rarely_needed=("-lgcc", "-lgcc_s"),
)
# Whole programs are compiled as contest judges do.
_WHOLE_GCC = dataclasses.replace(_GCC, settings=precompiled.CompilerSettings("gcc", "c", ("-O2",)))


def _build_plan(task: JudgeTask) -> BuildPlan:
    return gcc.plan(task, _GCC, ("-lm",))


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    return whole_program.plan(task, _WHOLE_GCC, ("-lm",))


def _toolchain() -> str:
    return gcc.toolchain(_GCC)


LANGUAGE = Language(
    name="c",
    title="C",
    extensions=(".c", ".h"),
    fences=("c",),
    line_comment="//",
    stops=("\nint main", "\nvoid main", "\n#include", "\n#define", "\n//", "\n/*", "\n```"),
    tools=(Tool(name="gcc", package="gcc libc6-dev", purpose="compiling C"), driver.MOLD),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=C,
    typed=TYPED,
    judging=Judging(
        version=7,
        smoke_test=(
            "int add(int a, int b) { return a + b; }\n",
            "int main(void) { assert(add(1, 2) == 3); return 0; }\n",
        ),
        limits=RUN_LIMITS,
        plan=_build_plan,
        toolchain=_toolchain,
        mounts=lambda: gcc.mounts(_GCC),
        out_of_memory_messages=gcc.OUT_OF_MEMORY_MESSAGES,
        standards=tuple(standards.C),
        check_tests=lambda program: test_code.tests_error(program, _GCC),
        broken_tests=BrokenTests(
            undefined=UndefinedNames(message=re.compile(r"undefined reference to [`'](\w+)'"))
        ),
        separate=_separate.separate(_GCC, ("-lm",)),
    ),
    whole_programs=WholePrograms(plan=_plan_whole_program),
    language_set="usual",
    description=Description(
        tested="GCC 12",
        run=(
            "setup, candidate and tests in one file; what `gcc -std=gnu17 … -lm` would run (`gnu2x` if "
            "it is not valid C17), then the program"
        ),
        undefended="symbols renamed in assembler, the program's own memory, stack and machine code",
    ),
)
