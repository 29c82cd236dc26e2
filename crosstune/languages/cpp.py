"""C++, compiled by g++. How its programs are judged: see `_native`."""

import functools

from crosstune.languages import _native
from crosstune.languages._language import Assembly, Job, Judging, Language, Tool
from crosstune.records import Need

# The includes of HumanEvalPack's harness; Boost where it is installed.
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
_BOOST = "C++: Boost's headers (problems 22, 137)"
_OPENSSL = "C++: OpenSSL's headers (problem 162)"


@functools.cache
def _libraries() -> tuple[Need, ...]:
    return (
        _native.library_need(_BOOST, ["include/boost/any.hpp"], "libboost-dev"),
        _native.library_need(_OPENSSL, ["lib/*/libcrypto.so", "lib*/libcrypto.so"], "libssl-dev"),
    )


_GXX = _native.Native(
    compiler="g++", suffix=".cpp", flags=("-std=c++11",), spared=("-lgcc",), preamble=_PREAMBLE
)


def _assemble(job: Job) -> Assembly:
    openssl = ("-lcrypto", "-lssl") if _libraries()[1].met else ()
    return _native.assemble(job, _GXX, openssl)


def _toolchain() -> str:
    return f"{_native.toolchain(_GXX)}; {[need.met for need in _libraries()]}"


LANGUAGE = Language(
    name="cpp",
    title="C++",
    extensions=(".cpp", ".cc", ".cxx", ".hpp", ".hh"),
    fences=("cpp", "c++", "cc", "cxx"),
    comment="//",
    block="braces",
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
    tools=(Tool(name="g++", install="sudo apt-get install g++"),),
    judging=Judging(
        version=2,
        trial=(
            "int add(int a, int b) { return a + b; }\n",
            "int main() { assert(add(1, 2) == 3); return 0; }\n",
        ),
        limits=_native.LIMITS,
        assemble=_assemble,
        toolchain=_toolchain,
        mounts=lambda: (_GXX.prepared(),),
        memory_signs=("std::bad_alloc", *_native.MEMORY_SIGNS),
        preamble=_PREAMBLE,
        libraries=_libraries,
    ),
)
