"""Racket, run by the system's Racket CS (runner.rkt, server.rkt).

The candidate is a module of ``#lang racket``, unless it names another one; the tests are evaluated in its
namespace, in a fork of a process that has loaded racket and rackunit. Tests fail by errors, and by any check
of rackunit that fails, though such a check only prints.

Defended: exiting before the tests have ended (``exit``, signals, jumps to the program's prompt); printed
success; checks that the candidate defines, before the tests or while they run; what runs checks and test
cases (``current-check-handler`` and so on), and what evaluates the tests (``current-eval``), replaced before
the tests or in one of them; returning to a test that has failed. The nonce exists only in a closure, masked.

Not defended: ``ffi/unsafe`` with knowledge of the process; what runs checks, replaced while a test runs and
put back before its end."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
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
from crosstune.languages.racket._calls import CALLS
from crosstune.languages.racket._exercises import IDIOMS, format_literal
from crosstune.languages.racket._typed import TYPED
from crosstune.records import Command

_FOLDER = Path(__file__).parent
_RUNNER, _SERVER, _FORK = (_FOLDER / name for name in ("runner.rkt", "server.rkt", "fork.txt"))
_TOOL = Tool(name="racket", package="racket", purpose="running Racket")
_CHECKER = _FOLDER / "checker.rkt"
_CONFIGURATION = Path("/etc/racket")
_NAMES_A_LANGUAGE = re.compile(r"(?:\s|;[^\n]*\n|#\|.*?\|#)*(?:#lang\b|#!|\(module\b)", re.DOTALL)
_DEFINED = re.compile(r"\A(?:\s*;[^\n]*\n)*\s*\((?:define[\w-]*\*?|struct)\s+\(*([^\s()]+)")


@dataclass(frozen=True, kw_only=True)
class _Racket(Interpreter):
    """Racket with Debian's configuration, which programs do not see otherwise: it says where the compiled
    libraries are."""

    def script(self, task: JudgeTask, script: Path, text: str) -> Command:
        return _configured(task, super().script(task, script, text))

    def command(self, task: JudgeTask, *words: str) -> Command:
        return _configured(task, super().command(task, *words))

    def plan_whole_program(self, task: JudgeTask) -> BuildPlan:
        plan = super().plan_whole_program(task)
        return replace(plan, files={name: _in_a_language(text) for name, text in plan.files.items()})


def _in_a_language(program: str) -> str:
    """A program that names no language is one of ``#lang racket``."""
    return program if _NAMES_A_LANGUAGE.match(program) else f"#lang racket {program}"


def _configured(task: JudgeTask, command: Command) -> Command:
    settings = {"PLTCONFIGDIR": task.sandbox_path(_CONFIGURATION)}
    return replace(command, environment={**command.environment, **settings})


RACKET = _Racket(
    tool=_TOOL,
    runner=_RUNNER,
    server=_SERVER,
    opened={_RUNNER: _FORK, _SERVER: _FORK},
    extension=".rkt",
    checker_words=lambda path: (path(_CHECKER),),
    data=(_CONFIGURATION, _CHECKER, _FOLDER / "candidate.rkt"),
    check=("-l-", "raco", "make"),
)
SYNTAX = Syntax(
    grammar="racket",
    names={"list": ()},
    imports=frozenset(),
    functions=frozenset(),
    identifiers=frozenset({"symbol"}),
    macro_names=_DEFINED,
    first_text=re.compile(r"\s*(?:#lang\b|\(require\b)"),
    statements=True,
    kept_statements=re.compile(r"\(\s*(?:struct|define-[\w-]+)\b"),
    closers=("\n#f)", "\n#f))", "\n#f)))"),
)
LANGUAGE = Language(
    name="racket",
    title="Racket",
    extensions=(".rkt",),
    fences=("racket", "rkt", "scheme"),
    line_comment=";",
    stops=("\n(define ", "\n#|", "\n;", "\n(", "\n```"),
    tools=(_TOOL,),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=SYNTAX,
    typed=TYPED,
    judging=Judging(
        version=3,
        broken_tests=BrokenTests(
            errors=re.compile(r"tests:\d+:\d+: (read.*: .*|collection not found)(?:\n.*module path: (\S+))?"),
            undefined=UndefinedNames(
                message=re.compile(r"^([^\s:]+): undefined;", re.MULTILINE),
                stub="(define NAME (make-keyword-procedure (lambda _ (exit 0))))",
            ),
        ),
        smoke_test=(
            "(define (add a b) (+ a b))\n",
            "(require rackunit)\n(check-equal? (add 1 2) 3)\n",
        ),
        limits=RUN_LIMITS,
        plan=RACKET.plan,
        toolchain=RACKET.toolchain,
        mounts=RACKET.mounts,
        out_of_memory_messages=("out of memory",),
        separate=calls_only(version=1, candidate=RACKET.plan_server, calls=CALLS),
    ),
    whole_programs=WholePrograms(plan=RACKET.plan_whole_program),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Racket 8.7",
        run=(
            "the candidate is a module, and the tests are evaluated in its namespace in a fork of a process "
            "that has loaded racket and rackunit; a failed check or test case of rackunit fails the program"
        ),
        undefended="`ffi/unsafe`; what runs checks, replaced and put back while a test runs",
    ),
)
