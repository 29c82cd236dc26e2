"""How D programs are judged, with LDC.

Candidate and tests are one module, as people compile them with ``-unittest``; the tests' ``main`` runs, too.
Behind the tests is one more unit test, which runs only if all others have passed, and a ``main`` that calls
that of the tests; both call the judge by a random name. The linker wraps the program's ``main`` (`started`):
the judge reads the nonce before the run time starts, and reports it once ``main`` has returned 0 after both
calls. Between candidate and tests are lines that a comment, a string or a declaration which the candidate
leaves open make a syntax error.

Defended: exiting before the tests have ended (``exit``, static constructors, threads, signals); printed
success; a unit test runner or a handler of assertions of the candidate's own; ``version (none):`` and
``__EOF__`` in front of the tests; operators of its own types that decide a comparison with a value of
another type; all operators and methods of its own types, where the function's declared type is built in;
functions under the names of the library's, where the entry points are known; calling the tests to find out
with what they pass; the text of the tests.

Not defended: functions under the names of the library's that tests call, where no entry points are known;
arithmetic of its own types, and those that are true (``opCast``) where a test asserts a result alone, where
the declaration has no such type; foreign functions with knowledge of how the nonce is masked."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared import compiled
from crosstune.languages._shared.started import OBJECT, Start
from crosstune.languages._tools import Tool
from crosstune.languages.d import _blocks, _calls, _fairness, _results
from crosstune.records import Program

_FOLDER = Path(__file__).parent
LDC = Tool(name="ldc2", package="ldc", purpose="compiling D")
_WRAPPED = ("_d_assert", "_d_assert_msg")
_FLAGS = ("-d", "-preview=shortenedMethods", "-link-defaultlib-shared", "-linker=gold")
_BORDER = '// */ }{\n// +/ }{\n// " }{\n// ` }{'
# The last unit test and the end of main, both of which call the judge.
_RUN_TESTS = """unittest { NAME(0); }
int main() { NAME(0); return 0; }
"""
_RUN_MAIN = """unittest { NAME(0); }
auto NAME_run(string[] words) {
    static if (__traits(compiles, NAME_main(words))) return NAME_main(words);
    else return NAME_main();
}
int main(string[] words) {
    static if (is(typeof(NAME_run(words)) == int)) int status = NAME_run(words);
    else { int status = 0; NAME_run(words); }
    NAME(0);
    return status;
}
"""
_MAIN = re.compile(r"^(\s*(?:(?:int|void|auto)\s+))main(?=\s*\()", re.MULTILINE)


def plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    start = _start()
    name = start.exit_name()
    code = _MAIN.sub(r"\1crosstune_own_main", _code(program))
    tests, holding = _results.with_held_results(program)
    is_needed = _fairness.is_needed(code)
    tests = _fairness.with_checks(tests, name) if is_needed else tests
    tests = _blocks.with_beginnings(program, tests, name)
    text = "\n".join(
        (
            *(
                '#line 1 "candidate.d"',
                code,
                _BORDER,
                f"extern (C) @trusted nothrow @nogc void {name}(uint begun);",
            ),
            *((_fairness.template(name),) if is_needed else ()),
            *holding,
            '#line 1 "tests.d"',
            _MAIN.sub(rf"\1{name}_main", tests),
            (_RUN_MAIN if _MAIN.search(tests) else _RUN_TESTS).replace("NAME", name),
        )
    )
    wrapped = (f"-L--wrap={each}" for each in ("main", *_WRAPPED))
    judge = task.sandbox_path(start.folder() / OBJECT)
    return _plan(task, text, ("-unittest", *wrapped, judge), "--DRT-testmode=run-main")


def plan_server(task: JudgeTask) -> BuildPlan:
    """Serve the functions of a candidate."""
    code = _MAIN.sub(r"\1crosstune_own_main", _code(task.program))
    return _plan(task, "\n".join((code, _BORDER, _calls.server(task.program))), ())


def plan_whole_program(task: JudgeTask) -> BuildPlan:
    return _plan(task, f"{_code(task.program)}\n", ("-O",), checker=task.checker)


def plan_unit_tests(task: JudgeTask) -> BuildPlan:
    """The module's unit tests, then its `main`, if there is one."""
    return _plan(task, f"{_code(task.program)}\n", ("-O", "-unittest", "-main"))


def _code(program: Program) -> str:
    return "\n".join(filter(None, (program.setup, program.candidate)))


def _plan(
    task: JudgeTask, text: str, words: tuple[str, ...], *options: str, checker: bool = False
) -> BuildPlan:
    argv = (compiled.executable(LDC), *_FLAGS, *words, "program.d", "-of=program")
    run = ("/proc/self/cwd/program", *options)
    return compiled.plan(
        task,
        files={"program.d": text},
        build=[argv, ("/bin/rm", "-f", "program.d", "program.o")],
        run=("/bin/sh", "-c", _AS_A_CHECKER, "sh", *run) if checker else run,
        outputs=("program",),
    )


# A program that crashes ends with status 1, which is a checker's decision only where it ended by itself.
_AS_A_CHECKER = """
"$@" 2> stderr.txt; status=$?
cat stderr.txt >&2
if test -s stderr.txt && test $status = 1; then exit 3; fi
exit $status
"""


@functools.cache
def toolchain() -> str:
    """
    Raises:
        MissingTool: it is not installed.
    """
    return compiled.version(LDC)


@functools.cache
def _start() -> Start:
    called = tuple(f"__wrap_{each}" for each in _WRAPPED)
    return Start("d", _FOLDER / "start.c", (), toolchain(), called, "__wrap_main")


def mounts() -> tuple[Path, ...]:
    return (_start().folder().parent, *map(Path, _CONFIGURATION))


_CONFIGURATION = tuple(each for each in ("/etc/ldc2.conf",) if Path(each).exists())
