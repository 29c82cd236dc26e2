"""Elixir, evaluated in a virtual machine of the program's own (`crosstune.languages._shared.beam`).

Candidate and tests are evaluated one after the other, as in one script; cases of ExUnit run at the end, and
at least one must have run. A failed assertion is a wrong answer, and so are a match and ``raise`` of the
tests themselves; any other exception is the candidate's error.

Defended: leaving before the tests have ended (``System.halt``, handlers, signals); printed success; modules
of the standard libraries that are replaced, ExUnit's too; a candidate that is open at its end; the text of
the tests.

Not defended: inspecting or killing the judge's processes with knowledge of them; processes of ExUnit that the
candidate talks to."""

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
from crosstune.languages._tools import Tool
from crosstune.languages.elixir import _answers, _calls
from crosstune.languages.elixir._exercises import IDIOMS, format_literal
from crosstune.languages.elixir._typed import TYPED

_TOOL = Tool(name="elixir", package="elixir erlang-base", purpose="running Elixir")


_TESTS = """\
ExUnit.start()
defmodule SumsTest do
  use ExUnit.Case
  test "sum" do
    assert Sums.add(1, 2) == 3
  end
end
"""


def _toolchain() -> str:
    return f"{beam.version(_TOOL, '--version')}; {beam.toolchain()}"


LANGUAGE = Language(
    name="elixir",
    title="Elixir",
    extensions=(".ex", ".exs"),
    fences=("elixir", "ex", "exs"),
    line_comment="#",
    stops=("\ndefmodule ", "\nExUnit", "\nIO.puts", "\n#", "\n```"),
    tools=(_TOOL, beam.ERL),
    idioms=IDIOMS,
    format_literal=format_literal,
    typed=TYPED,
    candidate=_answers.candidate,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(r"\((?:TokenMissingError|SyntaxError)\) tests\.exs:[\d:]+ (.*)"),
            missing=re.compile(r"module (\S+) is not loaded and could not be found"),
            imports=re.compile(r"^\s*(?:import|require|use|alias)\s+([\w.]+)", re.MULTILINE),
            undefined=UndefinedNames(
                message=re.compile(r"undefined (?:function|variable) \"?(\w+[?!]?)"),
            ),
        ),
        smoke_test=(
            "defmodule Sums do\n  def add(a, b), do: a + b\nend\n",
            _TESTS,
        ),
        limits=RUN_LIMITS,
        plan=lambda task: beam.program(
            task,
            "elixir",
            joined(task.program.setup, task.program.candidate),
            task.program.tests,
        ),
        toolchain=_toolchain,
        mounts=beam.mounts,
        crash_statuses=beam.CRASH_STATUSES,
        out_of_memory_messages=beam.OUT_OF_MEMORY_MESSAGES,
        separate=calls_only(
            version=1,
            candidate=lambda task: beam.server(
                task, "elixir", joined(task.program.setup, task.program.candidate), ""
            ),
            calls=_calls.plan,
        ),
    ),
    whole_programs=WholePrograms(
        plan=lambda task: beam.whole_program(
            task, "elixir", joined(task.program.setup, task.program.candidate)
        )
    ),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Elixir 1.14",
        run=(
            "candidate and tests are evaluated one after the other in their own virtual machine; cases of "
            "ExUnit run at the end"
        ),
        undefended="the judge's and ExUnit's processes, which it can inspect",
    ),
)
