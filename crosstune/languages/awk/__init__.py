"""AWK, run by gawk (judge.sh).

Candidate and tests are one program, which gawk reads from a pipe and closes. The tests pass where their
last rule ends, or where they exit with status 0 themselves (`_tests`); with another status they fail.

Defended: exiting before the tests have ended; printed success; functions of the tests that the candidate
defines as well (an error of gawk's); the text of the tests and the nonce, which are in no file and in no
variable.

Not defended: variables that the tests use without a value of their own; ``exit`` in the candidate where the
tests have rules for input or ``END``, with knowledge of how they are judged; reading the process's memory."""

from __future__ import annotations

import dataclasses
import re
import shutil
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
from crosstune.languages._layout import Layout
from crosstune.languages._shared.limits import ENVIRONMENT, RUN_LIMITS
from crosstune.languages._shared.scripts.interpreter import Interpreter, joined
from crosstune.languages._tools import Tool
from crosstune.languages.awk._tests import judged
from crosstune.records import Command

_JUDGE = Path(__file__).with_name("judge.sh")
_TOOL = Tool(name="gawk", package="gawk", purpose="running AWK")
_CANDIDATE = "candidate.awk"
AWK = Interpreter(
    tool=_TOOL,
    runner=_JUDGE,
    extension=".awk",
    words=("-f",),
    check=("/dev/null", "-o/dev/null", "-f"),
    warm=False,
)


def _plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    candidate = joined(program.setup, program.candidate)
    passed = f'printf "passed {task.nonce}" > "/dev/fd/4"; close("/dev/fd/4")'
    run = Command(
        limits=task.limits,
        argv=(
            shutil.which("sh") or "/bin/sh",
            task.sandbox_path(_JUDGE),
            AWK.executable(),
            _CANDIDATE,
        ),
        payload=f'{candidate}\n\n@namespace "awk"\n{judged(program.tests, passed)}',
        environment=ENVIRONMENT,
    )
    return BuildPlan(files={_CANDIDATE: candidate}, run=run)


def _toolchain() -> str:
    return dataclasses.replace(AWK, words=()).toolchain()


LANGUAGE = Language(
    name="awk",
    title="AWK",
    extensions=(".awk",),
    fences=("awk", "gawk"),
    line_comment="#",
    stops=("\nfunction ", "\nBEGIN", "\nEND", "\n#", "\n```"),
    tools=(_TOOL,),
    layout=Layout(
        defines=re.compile(r"func(?:tion)?\s+(\w+)"),
        # A rule that fills a table.
        belongs=re.compile(
            r"BEGIN\s*\{(?![^}]*\b(?:print|printf|exit|getline)\b)\s*(?:split\([^,]*,\s*)?(\w+)"
        ),
        continues=re.compile(r"[{}]"),
        comment="#",
        braces=re.compile(r'"(?:\\.|[^"\\\n])*"|(?<=[~(,])\s*/(?:\\.|[^/\\\n])+/|#[^\n]*'),
    ),
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(
                r"gawk: .*(syntax error|cannot open (?:shared library|source file) `[^']*'|unterminated \w+)"
            ),
            undefined=UndefinedNames(
                message=re.compile(r"function `(\w+)' not defined"),
                stub="function NAME(a, b, c, d, e, f, g, h, i, j) { }",
            ),
        ),
        smoke_test=("function add(a, b) { return a + b }\n", "BEGIN { if (add(1, 2) != 3) exit 1 }\n"),
        limits=RUN_LIMITS,
        plan=_plan,
        toolchain=_toolchain,
        mounts=lambda: (_JUDGE,),
        crash_statuses=(2, 134, 137, 139, 143),
        out_of_memory_messages=("memory exhausted", "Cannot allocate memory", "can't allocate"),
    ),
    whole_programs=WholePrograms(plan=AWK.plan_whole_program),
    description=Description(
        tested="gawk 5.2",
        run=(
            "candidate and tests are one program of gawk; the tests pass where their last rule ends, or "
            "where they exit with status 0"
        ),
        undefended=(
            "variables that the tests use without a value of their own; `exit` where the tests have rules "
            "for input or `END`; reading the process's own memory"
        ),
    ),
)
