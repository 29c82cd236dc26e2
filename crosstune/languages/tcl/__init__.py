"""Tcl, run by the system's interpreter (runner.tcl, judge.tcl; server.tcl, serve.tcl).

Candidate and tests have interpreters of their own in one process, a fork of one that has started. The tests
call the candidate's commands as if they were in the same file: values, errors, names of variables
(``upvar``), global variables that both name, objects, coroutines and procedures that the tests pass to the
candidate. Tests fail by an error, by ``exit`` with another status than 0, or by a failed test of tcltest.

Defended: exiting before the tests have ended; printed success; commands of the language that the candidate
replaces (in its own interpreter only); ``return`` through its callers; the text of the tests, which no
command of the candidate's interpreter can reach. The nonce is in a third interpreter, masked.

Not defended: answers that are expressions where tests do not put theirs in braces
(``expr [add 1 2] == 3``); reading the process's own memory; C libraries that are loaded."""

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
from crosstune.languages._shared.called_first import called_first
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.scripts.interpreter import Interpreter, joined
from crosstune.languages._syntax import Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.tcl._calls import CALLS
from crosstune.languages.tcl._exercises import IDIOMS, format_literal
from crosstune.languages.tcl._typed import TYPED
from crosstune.records import Program

_FOLDER = Path(__file__).parent
_CHECK = _FOLDER / "check.tcl"
_CHECKER = _FOLDER / "checker.tcl"
_TOOL = Tool(name="tclsh", package="tcl", purpose="running Tcl")


def _preload(program: Program) -> tuple[str, ...]:
    return ("tcltest",) if "tcltest" in program.tests else ()


def _program_of(program: Program) -> tuple[str, str]:
    tests = f"{' '.join(program.entry_points)}\n{program.tests}"
    return joined(program.setup, program.candidate), tests


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    plan = TCL.plan_whole_program(task)
    check = (task.sandbox_path(_CHECK), *plan.outputs)
    return dataclasses.replace(plan, build=TCL.command(task, *check))


TCL = Interpreter(
    tool=_TOOL,
    runner=_FOLDER / "runner.tcl",
    server=_FOLDER / "server.tcl",
    opened={
        _FOLDER / "runner.tcl": _FOLDER / "judge.tcl",
        _FOLDER / "server.tcl": _FOLDER / "serve.tcl",
    },
    extension=".tcl",
    version=(str(_FOLDER / "version.tcl"),),
    preload=_preload,
    checker_words=lambda path: (path(_CHECKER),),
    data=(_CHECK, _CHECKER),
    program_of=_program_of,
)

_SETS_UP = re.compile(
    r"\A\s*(?:namespace\s+(?:eval|import|path)\b(?!.*tcltest)|package\s+require\b(?!.*tcltest)|oo::(?:class|define)\b"
    r"|array\s+set\b|dict\s+set\b|set\s|interp\s+alias\b|variable\b|proc\s+(?:::)?\w+::)"
)

LANGUAGE = Language(
    name="tcl",
    title="Tcl",
    extensions=(".tcl",),
    fences=("tcl",),
    line_comment="#",
    stops=("\nproc ", "\nputs ", "\n#", "\npackage ", "\n```"),
    tools=(_TOOL,),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=Syntax(
        grammar="tcl",
        names={"procedure": ("name",), "set": ("id",)},
        imports=frozenset(),
        functions=frozenset({"procedure"}),
        identifiers=frozenset({"simple_word", "id"}),
        partial=True,
        statements=True,
        kept_statements=_SETS_UP,
        closers=("\n}", "\n}\n}"),
    ),
    typed=TYPED,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(
                r"^(missing close-.*|missing \"|extra characters after close-.*|can't find package \S+)",
                re.MULTILINE,
            ),
            undefined=UndefinedNames(
                message=re.compile(r'invalid command name "(\w+)"'),
                stub="proc NAME args {exit 0}",
                arranged=called_first("tcl", "[NAME]"),
            ),
        ),
        smoke_test=("proc add {a b} {expr {$a + $b}}\n", "if {[add 1 2] != 3} {error wrong}\n"),
        limits=RUN_LIMITS,
        plan=TCL.plan,
        toolchain=TCL.toolchain,
        mounts=TCL.mounts,
        out_of_memory_messages=("unable to alloc", "unable to realloc"),
        separate=calls_only(version=1, candidate=TCL.plan_server, calls=CALLS),
    ),
    whole_programs=WholePrograms(plan=_plan_whole_program),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Tcl 8.6",
        run=(
            "candidate and tests have interpreters of their own in a fork of a started process, and call "
            "each other; tests fail by an error, an exit status or a failed test of tcltest"
        ),
        undefended=(
            "answers that are expressions where tests write `expr` without braces; reading the process's "
            "own memory"
        ),
    ),
)
