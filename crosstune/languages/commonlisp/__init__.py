"""Common Lisp, run by SBCL (runner.lisp).

The forms of candidate and tests are read, compiled and evaluated one after the other in one process, a fork
of one that has started, as ``sbcl --script`` does. Tests fail by an error, by ``(exit :code 1)`` at their
top level, or by a failed test of sb-rt.

Defended: exiting before the tests have ended; printed success; functions and macros of the language that
are replaced before the tests (the original ones are back when these begin) or while they run (found at the
end); reader macros, the debugger and its hooks. The nonce is in local variables of one function, masked,
and nothing has a name by which the runner could be called.

Not defended: functions that are replaced while a test runs and put back before the end; functions of SBCL's
own packages; walking the heap, which has the tests as well."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

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
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.scripts.interpreter import Interpreter
from crosstune.languages._syntax import Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.commonlisp._calls import CALLS
from crosstune.languages.commonlisp._exercises import IDIOMS, format_literal
from crosstune.languages.commonlisp._typed import TYPED
from crosstune.records import Program

_FOLDER = Path(__file__).parent
_CHECK = _FOLDER / "check.lisp"
_CHECKER = _FOLDER / "checker.lisp"
_TOOL = Tool(name="sbcl", package="sbcl", purpose="running Common Lisp")
_DEFINED = re.compile(
    r"\A(?:\s*;[^\n]*\n|\s*#\|(?:[^|]|\|(?!#))*\|#)*\s*\((?!defpackage)def\w*\s+\(?([^\s()]+)", re.IGNORECASE
)
_SETS_UP = re.compile(
    r"\A[^(]*\(\s*(?:def(?:method|struct|class|generic|type|setf)|define-[\w-]+|declaim|proclaim|require)\b",
    re.IGNORECASE,
)


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    plan = LISP.plan_whole_program(task)
    check = (task.sandbox_path(_CHECK), *plan.outputs)
    return dataclasses.replace(plan, build=LISP.command(task, *check))


LISP = Interpreter(
    tool=_TOOL,
    runner=_FOLDER / "runner.lisp",
    server=_FOLDER / "server.lisp",
    extension=".lisp",
    words=("--script",),
    checker_words=lambda path: (path(_CHECKER),),
    data=(_CHECK, _CHECKER),
)


def _called_first(program: Program, name: str) -> Program:
    """An undefined function as a macro: that replaces calls, and nothing else that is written like one."""
    macro = (
        f"(unless (fboundp '{name}) (defmacro {name} (&rest rest) "
        f'`(progn (error "The function {name} is undefined.") ,@rest)))'
    )
    return dataclasses.replace(program, candidate=f"{program.candidate}\n{macro}\n")


LANGUAGE = Language(
    name="commonlisp",
    title="Common Lisp",
    extensions=(".lisp", ".lsp", ".cl"),
    fences=("lisp", "commonlisp", "common-lisp", "cl"),
    line_comment=";;",
    stops=("\n(defun ", "\n(print ", "\n(format ", "\n;", "\n```"),
    tools=(_TOOL,),
    syntax=Syntax(
        grammar="commonlisp",
        names={"list_lit": ()},
        imports=frozenset(),
        functions=frozenset(),
        identifiers=frozenset({"sym_lit", "package_lit"}),
        macro_names=_DEFINED,
        rewritten=((re.compile(r"#\\ (?=[\s)])"), r"#\\Space "),),
        statements=True,
        kept_statements=_SETS_UP,
        closers=("\nnil)", "\nnil))", "\nnil)))"),
    ),
    idioms=IDIOMS,
    format_literal=format_literal,
    typed=TYPED,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(
                r"(END-OF-FILE: .*|\w*-?READER-ERROR: .*|Package QL does not exist"
                r"|Don't know how to REQUIRE \S+)"
            ),
            undefined=UndefinedNames(
                message=re.compile(r"function (?:[\w-]+::?)?([^\s:()'\"~;]+) is undefined"),
                stub="(defun NAME (&rest rest) (declare (ignore rest)) (sb-ext:exit :code 0 :abort t))",
                arranged=_called_first,
            ),
        ),
        smoke_test=("(defun add (a b) (+ a b))\n", "(assert (= (add 1 2) 3))\n"),
        limits=RUN_LIMITS,
        plan=LISP.plan,
        toolchain=LISP.toolchain,
        mounts=LISP.mounts,
        out_of_memory_messages=("Heap exhausted", "HEAP-EXHAUSTED-ERROR"),
        separate=calls_only(version=1, candidate=LISP.plan_server, calls=CALLS),
    ),
    whole_programs=WholePrograms(plan=_plan_whole_program),
    benchmarks={"mceval": "common-lisp"},
    description=Description(
        tested="SBCL 2.2.9",
        run=(
            "the forms of candidate and tests are compiled and evaluated one after the other in a fork of a "
            "started SBCL; tests fail by an error, an exit status or a failed test of sb-rt"
        ),
        undefended=(
            "functions that are replaced and put back while a test runs; functions of SBCL's own packages; "
            "walking the heap"
        ),
    ),
)
