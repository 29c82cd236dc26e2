"""Erlang, compiled and run in a virtual machine of the program's own (`crosstune.languages._shared.beam`).

Candidate and tests are one module. The tests are its function ``test/0`` (or ``main/0``), which passes by
returning anything but ``false`` and errors, or those of eunit.

Defended: leaving before the tests have ended (``halt``, signals); printed success; modules of the standard
libraries that are replaced; a candidate that is open at its end; the text of the tests, whose file is
deleted.

Not defended: inspecting or killing the judge's processes with knowledge of them."""

import re

from crosstune.languages._language import (
    BrokenTests,
    Description,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared import beam
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.scripts.interpreter import joined
from crosstune.languages._syntax import Syntax
from crosstune.languages.erlang import _calls
from crosstune.languages.erlang._exercises import IDIOMS, format_literal
from crosstune.languages.erlang._typed import TYPED

LANGUAGE = Language(
    name="erlang",
    title="Erlang",
    extensions=(".erl", ".hrl"),
    fences=("erlang", "erl"),
    line_comment="%",
    stops=("\ntest()", "\nmain(", "\n-module", "\n%", "\n```"),
    tools=(beam.ERL, beam.EUNIT),
    syntax=Syntax(
        grammar="erlang",
        names={
            "fun_decl": ("clause",),
            "function_clause": ("name",),
            "record_decl": ("name",),
            "type_alias": ("name",),
        },
        imports=frozenset(
            {"module_attribute", "export_attribute", "import_attribute", "pp_include_lib", "pp_define"}
        ),
        dropped_imports=re.compile(r"-module\b|-include_lib\(\"eunit"),
        functions=frozenset(),
        identifiers=frozenset({"atom"}),
        classes=frozenset({"fun_decl"}),
        clauses=frozenset({"fun_decl"}),
        closers=("", " ok.", "\n  ok.\n"),
        overloads=True,
        end=".",
    ),
    idioms=IDIOMS,
    format_literal=format_literal,
    typed=TYPED,
    judging=Judging(
        version=3,
        broken_tests=BrokenTests(
            candidate="crosstune_no_candidate() -> ok.\n",
            errors=re.compile(
                r"program\.erl:\{\d+,\d+\}: (syntax error before.*|unterminated .*|can't find include.*)"
            ),
            undefined=UndefinedNames(
                message=re.compile(r"program\.erl:\{\d+,\d+\}: function (\w+)/\d+ undefined"),
            ),
        ),
        smoke_test=("add(A, B) -> A + B.\n", "test() -> 3 = add(1, 2), ok.\n"),
        limits=RUN_LIMITS,
        plan=lambda task: beam.program(
            task,
            "erlang",
            joined(task.program.setup, task.program.candidate),
            task.program.tests,
        ),
        toolchain=beam.toolchain,
        mounts=beam.mounts,
        crash_statuses=beam.CRASH_STATUSES,
        out_of_memory_messages=beam.OUT_OF_MEMORY_MESSAGES,
        separate=calls_only(
            version=1,
            candidate=lambda task: beam.server(
                task,
                "erlang",
                joined(task.program.setup, task.program.candidate),
                _calls.specs(task.program.declaration),
            ),
            calls=_calls.plan,
        ),
    ),
    whole_programs=WholePrograms(
        plan=lambda task: beam.whole_program(
            task, "erlang", joined(task.program.setup, task.program.candidate)
        )
    ),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Erlang/OTP 25",
        run=(
            "candidate and tests as one module, compiled and run in one virtual machine; `test/0`, "
            "`main/0` or the tests of eunit are called"
        ),
        undefended="the judge's processes, which it can inspect",
    ),
)
