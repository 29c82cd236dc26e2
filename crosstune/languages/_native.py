"""How C and C++ programs are judged.

Candidate and tests are one translation unit, as HumanEval's harnesses build them. The linker puts a ``main``
of ours around the tests' one (``--wrap=main``): it reports the secret after that has returned 0. The
secret is read, and its descriptor emptied, before the candidate's own constructors run. ``assert``
is ours in the tests, whatever the candidate defined.

Defended: leaving before the tests have ended (``exit`` in a constructor, ``_exit``, signals); printed
success; ``NDEBUG``; a macro or function that replaces ``assert``, ``__assert_fail``, ``write``, ``read`` or
``_exit``.

Not defended: macros that redefine keywords; symbols renamed by pragmas or assembler; an operator that the
candidate overloads for types of its own; reading the program's own memory.
"""

from __future__ import annotations

import functools
import platform
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from crosstune.languages._language import MIB, Assembly, Job, Step
from crosstune.records import Limits, Need

# The published harness gives C++ 60 s of wall time for both; compiling has its own allowance here.
LIMITS = Limits(
    cpu_seconds=10,
    wall_seconds=60,
    memory_bytes=512 * MIB,
    processes=32,
    file_bytes=16 * MIB,
    output_bytes=1 * MIB,
    disk_bytes=64 * MIB,
)
BUILD_LIMITS = Limits(
    cpu_seconds=60,
    wall_seconds=180,
    memory_bytes=1536 * MIB,
    processes=32,
    file_bytes=64 * MIB,
    output_bytes=1 * MIB,
    disk_bytes=128 * MIB,
)
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8", "TMPDIR": "/tmp"}  # noqa: S108

_ASSERT = """\
#undef assert
#ifdef __cplusplus
extern "C"
#endif
void NAME_failed(const char *) __attribute__((noreturn));
#define assert(...) ((__VA_ARGS__) ? (void)0 : NAME_failed(#__VA_ARGS__))
"""

# System calls are made without the C library, whose functions a program may replace with its own.
_CALL = {
    "x86_64": """
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;""",
    "aarch64": """
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;""",
}
_NUMBERS = {"x86_64": (0, 1, 3, 231), "aarch64": (63, 64, 57, 94)}

_JUDGE = """
#undef main
#ifdef __cplusplus
extern "C" {
#endif
static long NAME_call(long number, long a, long b, long c) {CALL
}
static char NAME_passed[64] = "passed ";
static long NAME_length;
__attribute__((constructor(101))) static void NAME_begin(void) {
    NAME_length = 7 + NAME_call(READ, 3, (long)(NAME_passed + 7), 56);
    NAME_call(CLOSE, 3, 0, 0);
}
static void NAME_end(const char *text, long length, int status) {
    NAME_call(WRITE, 4, (long)text, length);
    NAME_call(EXIT, status, 0, 0);
    __builtin_trap();
}
void NAME_failed(const char *text) {
    long length = 0;
    while (text[length]) length++;
    NAME_call(WRITE, 2, (long)"Assertion failed: ", 18);
    NAME_call(WRITE, 2, (long)text, length);
    NAME_call(WRITE, 2, (long)"\\n", 1);
    NAME_end("failed wrong_answer", 19, 1);
    __builtin_trap();
}
extern int fflush(FILE *);
extern int __real_main(int, char **, char **);
int __wrap_main(int count, char **words, char **environment) {
    if (__real_main(count, words, environment) != 0) NAME_failed("main() == 0");
    fflush(0);
    NAME_end(NAME_passed, NAME_length, 0);
    return 1;
}
#ifdef __cplusplus
}
#endif
"""


def assemble(
    job: Job, compiler: str, flags: Sequence[str], libraries: Sequence[str], suffix: str
) -> Assembly:
    """One file from the program's parts, compiled and linked by ``compiler``, then run."""
    name = f"crosstune_{secrets.token_hex(8)}"
    program = job.program
    # A candidate's own main would stand beside the tests' one; the published harness cuts it off too.
    candidate = program.candidate.split("int main(")[0]
    parts = [
        program.setup,
        candidate,
        "#undef main\n#undef NDEBUG\n#include <stdio.h>\n#include <assert.h>",
        program.tests,
        _judge(name),
    ]
    source, output = f"program{suffix}", "program"
    command = (compiler, *flags, "-w", "-I", "judge", "-Wl,--wrap=main", source, "-o", output, *libraries)
    return Assembly(
        files={source: "\n\n".join(parts), "judge/assert.h": _ASSERT.replace("NAME", name)},
        steps=(
            Step(
                name="build",
                limits=BUILD_LIMITS,
                argv=command,
                environment=ENVIRONMENT,
                reserve_bytes=256 * MIB,
            ),
            Step(
                name="run",
                limits=job.limits,
                argv=(f"/proc/self/cwd/{output}",),
                brief=job.secret,
                environment=ENVIRONMENT,
                reserve_bytes=64 * MIB,
            ),
        ),
    )


def _judge(name: str) -> str:
    machine = platform.machine()
    text = _JUDGE.replace("CALL\n", _CALL[machine] + "\n", 1).replace("NAME", name)
    for word, number in zip(("READ", "WRITE", "CLOSE", "EXIT"), _NUMBERS[machine], strict=True):
        text = text.replace(f"({word},", f"({number},")
    return text


def found(name: str) -> str:
    """The compiler's absolute path; the bare name where it is not installed."""
    return shutil.which(name) or f"/usr/bin/{name}"


@functools.cache
def version(name: str) -> str:
    done = subprocess.run([found(name), "--version"], capture_output=True, text=True, check=True)
    return f"{done.stdout.splitlines()[0]}; {_libc()}"


def _libc() -> str:
    return " ".join(platform.libc_ver())


def library_need(what: str, signs: Sequence[str], package: str) -> Need:
    """A development library, met when one of ``signs`` (patterns below /usr) matches."""
    met = any(next(Path("/usr").glob(sign), None) for sign in signs)
    return Need(what, met, f"sudo apt-get install {package}")
