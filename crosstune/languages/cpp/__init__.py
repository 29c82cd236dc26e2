"""C++, compiled by g++. How its programs are judged: see `gcc`."""

import dataclasses
import functools
import re
from pathlib import Path

from crosstune.languages._language import (
    BrokenTests,
    BuildPlan,
    Description,
    JudgeTask,
    Judging,
    Language,
    SeparateProcesses,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.native import driver, gcc, precompiled, standards, test_code, whole_program
from crosstune.languages._shared.native.compilation import Native
from crosstune.languages._shared.native.syntax import CPP
from crosstune.languages._tools import Tool
from crosstune.languages.cpp import _calls, _separate
from crosstune.languages.cpp._exercises import IDIOMS, format_literal
from crosstune.languages.cpp._typed import TYPED
from crosstune.records import Requirement

# The includes of HumanEvalPack's harness; Boost if it is installed.
_PREAMBLE = """\
using namespace std;
#include<stdlib.h>
#include<algorithm>
#include<cmath>
#include<math.h>
#include<numeric>
#include<stdio.h>
#include<vector>
#include<set>
#include<map>
#include<queue>
#include<stack>
#include<list>
#include<deque>
#if __has_include(<boost/any.hpp>)
#include<boost/any.hpp>
#endif
#include<string>
#include<climits>
#include<cstring>
#include<iostream>
#include<sstream>
#include<fstream>
"""
_BOOST = Tool(
    name="Boost's headers",
    path="/usr/include/boost/any.hpp",
    package="libboost-dev",
    purpose="problems 22 and 137 of HumanEvalPack in C++",
    required=False,
)
_OPENSSL = Tool(
    name="OpenSSL's headers",
    path="/usr/include/openssl/md5.h",
    package="libssl-dev",
    purpose="problem 162 of HumanEvalPack in C++",
    required=False,
)


@functools.cache
def _libraries() -> tuple[Requirement, ...]:
    return (_BOOST.requirement(), _OPENSSL.requirement())


_INSTANCES = Path(__file__).with_name("instances.hpp")
# Headers that a precompiled block may include.
_HEADERS = """
algorithm any array atomic bit bits/stdc++.h bitset cctype cerrno cfloat charconv chrono cinttypes
climits cmath compare complex concepts condition_variable cstdarg cstddef cstdint cstdio cstdlib
cstring ctime cwchar deque exception filesystem forward_list fstream functional initializer_list
iomanip ios iosfwd iostream istream iterator limits limits.h list locale map math.h memory mutex new
numbers numeric optional ostream queue random ranges ratio regex set span sstream stack stdexcept
stdint.h stdio.h stdlib.h streambuf string string.h string_view system_error thread tuple type_traits
typeindex typeinfo unordered_map unordered_set utility valarray variant vector
"""
_GXX = Native(
    suffix=".cpp",
    settings=precompiled.CompilerSettings("g++", "cpp", (), _PREAMBLE, _INSTANCES.read_text("utf-8")),
    standards=standards.CPP,
    headers=frozenset(_HEADERS.split()),
    rarely_needed=("-lgcc",),
    fair=Path(__file__).with_name("fair.hpp"),
)
# Whole programs are compiled as contest judges do.
_WHOLE_GXX = dataclasses.replace(_GXX, settings=precompiled.CompilerSettings("g++", "cpp", ("-O2",)))


_GXX_WITH_VALUES = _separate.with_values(_GXX)


def _build_plan(task: JudgeTask) -> BuildPlan:
    return gcc.plan(task, _GXX, _linked())


def _linked() -> tuple[str, ...]:
    """The libraries that a program is linked with."""
    return ("-lcrypto", "-lssl") if _libraries()[1].met else ()


def _plan_tests(task: JudgeTask) -> BuildPlan:
    return _separate.plan_tests(task, _GXX_WITH_VALUES, _linked())


def _plan_candidate(task: JudgeTask) -> BuildPlan:
    return _separate.plan_candidate(task, _GXX_WITH_VALUES, _linked())


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    return whole_program.plan(task, _WHOLE_GXX, _linked())


def _toolchain() -> str:
    return f"{gcc.toolchain(_GXX)}; {[each.met for each in _libraries()]}; {_separate.prepared().name}"


LANGUAGE = Language(
    name="cpp",
    title="C++",
    extensions=(".cpp", ".cc", ".cxx", ".hpp", ".hh"),
    fences=("cpp", "c++", "cc", "cxx"),
    line_comment="//",
    stops=(
        "\nint main",
        "\nvoid main",
        "\n#include",
        "\n#define",
        "\nusing namespace",
        "\n//",
        "\n/*",
        "\n```",
    ),
    tools=(Tool(name="g++", package="g++", purpose="compiling C++"), driver.MOLD, _BOOST, _OPENSSL),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=CPP,
    typed=TYPED,
    judging=Judging(
        version=9,
        smoke_test=(
            "int add(int a, int b) { return a + b; }\n",
            "int main() { assert(add(1, 2) == 3); return 0; }\n",
        ),
        limits=RUN_LIMITS,
        plan=_build_plan,
        toolchain=_toolchain,
        mounts=lambda: gcc.mounts(_GXX),
        out_of_memory_messages=("std::bad_alloc", *gcc.OUT_OF_MEMORY_MESSAGES),
        preamble=_PREAMBLE,
        libraries=_libraries,
        standards=tuple(standards.CPP),
        check_tests=lambda program: test_code.tests_error(program, _GXX),
        broken_tests=BrokenTests(
            undefined=UndefinedNames(message=re.compile(r"(\w+)\W was not declared in this scope"))
        ),
        separate=SeparateProcesses(
            version=9,
            why_shared=_separate.why_shared,
            tests=_plan_tests,
            candidate=_plan_candidate,
            calls=_calls.plan,
            shown=_separate.shown,
        ),
    ),
    whole_programs=WholePrograms(plan=_plan_whole_program),
    language_set="usual",
    description=Description(
        tested="GCC 12",
        run=(
            "HumanEvalPack's includes, then the same with `g++ -std=gnu++17 … -lcrypto -lssl` (`gnu++2b` "
            "if it is not valid C++17)"
        ),
        undefended=(
            "the same; operators that return numbers, and methods, of its own types where there is no "
            "declaration; an equality of types that are more than bytes"
        ),
    ),
)
