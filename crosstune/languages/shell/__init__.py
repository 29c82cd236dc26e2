"""Shell scripts, run by Bash (judge.sh).

The candidate is loaded like a file with ``source``; then the tests are evaluated in the same shell, as if
they followed in the same file. They fail where a command ends the shell with another status than 0, and
where the last one has such a status. The candidate is not the main program (``${BASH_SOURCE[0]}`` is not
``$0``).

Defended: exiting before the tests have ended (``exit``, ``exec``, traps, signals); printed success;
functions, aliases and traps in the place of what decides in tests (``exit``, ``[``, ``test``, ``return``
and so on) and disabled built-ins, from before the tests (the original ones are back when these begin), or
found at their end; read-only functions and variables in the place of the tests' own; the text of the tests
before they begin. The nonce is in no variable, and in one piece nowhere in memory.

Not defended: what a candidate that is called without a substitution replaces and puts back before the tests
end; functions in the place of programs that the tests run (``diff``, ``bc``); the text of the tests'
functions (``declare -f``)."""

import re

from crosstune.languages._language import (
    BrokenTests,
    Description,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._syntax import Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.shell._judging import BASH, TOOL, plan

_BC = Tool(name="bc", package="bc", purpose="fractions in shell scripts", required=False)
_SETS_UP = re.compile(r"\A\s*(?:shopt|declare|typeset|readonly|export|alias)\b")

LANGUAGE = Language(
    name="shell",
    title="Bash",
    extensions=(".sh", ".bash"),
    fences=("bash", "sh", "shell", "shellscript"),
    line_comment="#",
    stops=("\n}", "\n```"),
    tools=(TOOL, _BC),
    syntax=Syntax(
        grammar="bash",
        names={
            "function_definition": ("name",),
            "variable_assignment": ("name",),
            "declaration_command": ("*",),
        },
        imports=frozenset(),
        functions=frozenset({"function_definition"}),
        identifiers=frozenset({"word", "variable_name"}),
        statements=True,
        kept_statements=_SETS_UP,
        closers=("\n:\n}",),
    ),
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(r"(syntax error.*|unexpected EOF while looking for matching .*)"),
            undefined=UndefinedNames(
                message=re.compile(r"(\w[\w-]*): command not found"),
                stub="NAME() { kill -KILL $$; }",
            ),
        ),
        smoke_test=("add() {\n  echo $(($1 + $2))\n}\n", "[[ $(add 1 2) == 3 ]] || exit 1\n"),
        limits=RUN_LIMITS,
        plan=plan,
        toolchain=BASH.toolchain,
        mounts=BASH.mounts,
        out_of_memory_messages=("cannot allocate", "Cannot allocate memory"),
    ),
    whole_programs=WholePrograms(plan=BASH.plan_whole_program),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Bash 5.2",
        run=(
            "the candidate is loaded into a shell, the tests are evaluated after it; they fail by ending "
            "the shell with a status, or if their last command has one"
        ),
        undefended=(
            "the text of the tests' functions (`declare -f`); functions in the place of programs that the "
            "tests run; what a candidate replaces and puts back while it is called without a substitution"
        ),
    ),
)
