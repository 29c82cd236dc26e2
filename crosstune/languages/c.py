"""C, compiled by gcc. How its programs are judged: see `_native`."""

from crosstune.languages import _native, _native_prepared
from crosstune.languages._language import Assembly, Job, Judging, Language, Tool

# What a block may include that is compiled beforehand.
_HEADERS = """
complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings tgmath threads time uchar
unistd wchar wctype
"""
_GCC = _native.Native(
    suffix=".c",
    recipe=_native_prepared.Recipe("gcc", "c", ("-std=gnu11",)),
    headers=frozenset(f"{name}.h" for name in _HEADERS.split()),
    spared=("-lgcc", "-lgcc_s"),
)


def _assemble(job: Job) -> Assembly:
    return _native.assemble(job, _GCC, ("-lm",))


def _toolchain() -> str:
    return _native.toolchain(_GCC)


LANGUAGE = Language(
    name="c",
    title="C",
    extensions=(".c", ".h"),
    fences=("c",),
    comment="//",
    block="braces",
    stops=("\nint main", "\nvoid main", "\n#include", "\n#define", "\n//", "\n/*", "\n```"),
    tools=(Tool(name="gcc", install="sudo apt-get install gcc libc6-dev"),),
    judging=Judging(
        version=3,
        trial=(
            "int add(int a, int b) { return a + b; }\n",
            "int main(void) { assert(add(1, 2) == 3); return 0; }\n",
        ),
        limits=_native.LIMITS,
        assemble=_assemble,
        toolchain=_toolchain,
        mounts=lambda: _native.mounts(_GCC),
        memory_signs=_native.MEMORY_SIGNS,
    ),
)
