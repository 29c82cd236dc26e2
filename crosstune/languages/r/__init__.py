"""R, run by the system's interpreter (runner.R, judge.R; server.R, serve.R).

Candidate and tests are evaluated one after the other in the global environment of one process, a fork of an
interpreter that has started. Tests fail by errors (``stopifnot``, ``stop``) and by ending R.

Defended: exiting before the tests have ended (``quit``, finalizers, signals); printed success; functions in
the place of those that decide (`DECIDING` in judge.R), in the global environment and in ``base``, and of the
tests' own functions; methods of the candidate's own classes (S3) that compare, unless the tests name the
class; the text of the tests before they begin. The nonce exists only in a variable of a function, masked.

Not defended: ``sys.frames`` with knowledge of judge.R; methods of S4 and reference classes; what is replaced
while a test runs and put back before the end; the text of the tests' functions."""

import re

from crosstune.languages._language import (
    BrokenTests,
    Description,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._syntax import Syntax
from crosstune.languages.r._calls import CALLS
from crosstune.languages.r._exercises import IDIOMS, format_literal
from crosstune.languages.r._judging import TOOL, R
from crosstune.languages.r._typed import TYPED

_SETS_UP = re.compile(
    r"\A\s*(?:(?:suppress\w+\(\s*)?(?:library|require)\s*\((?![\"']?(?:testthat|RUnit|tinytest))"
    r"|set(?:Class|Generic|Method|Validity|RefClass|ClassUnion)\b|options\s*\(|set\.seed\b"
    r"|[`\"'][^`\"'\n]+[`\"']\s*(?:<-|=)\s*function"
    r"|(?:print|format|summary|toString|length|sort|rev|unique|mean|c|as\.\w+|Ops|Math|Summary)\.\w+"
    r"\s*(?:<-|=)\s*function)"
)
"""What changes the session: libraries, classes and their methods, operators."""


def _exported(code: str, name: str) -> str:
    """``assign("add", …)`` and ``(function(a, b) …) -> add`` are assignments to the name."""
    own = re.escape(name)
    code = re.sub(rf"""^(?=assign\(\s*(["']){own}\1\s*,)""", f"{name} <- ", code, flags=re.MULTILINE)
    turned = rf"^(\((?:function\b|\\)(?:(?!^\().)*?\))\s*->>?\s*{own}[ \t]*$"
    return re.sub(turned, lambda match: f"{name} <- {match[1]}", code, flags=re.MULTILINE | re.DOTALL)


LANGUAGE = Language(
    name="r",
    title="R",
    extensions=(".r", ".R"),
    fences=("r", "R"),
    line_comment="#",
    stops=("\n#", "\n```", "\n}"),
    tools=(TOOL,),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=Syntax(
        grammar="r",
        names={"binary_operator": ("lhs",)},
        imports=frozenset(),
        functions=frozenset({"binary_operator"}),
        statements=True,
        kept_statements=_SETS_UP,
        exported=_exported,
        closers=("\n}", "\n}\n}", " {}"),
    ),
    typed=TYPED,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(r"tests\.R:\d+:\d+: (unexpected .*)|(there is no package called .*)"),
            undefined=UndefinedNames(
                message=re.compile(r'could not find function "([\w.]+)"'),
                stub="NAME <- function(...) quit(status = 0)",
            ),
        ),
        smoke_test=("add <- function(a, b) a + b\n", "stopifnot(add(1, 2) == 3)\n"),
        limits=RUN_LIMITS,
        plan=R.plan,
        toolchain=R.toolchain,
        mounts=R.mounts,
        out_of_memory_messages=("cannot allocate",),
        separate=calls_only(version=1, candidate=R.plan_server, calls=CALLS),
    ),
    whole_programs=WholePrograms(plan=R.plan_whole_program),
    benchmarks={"mceval": {}},
    description=Description(
        tested="R 4.2",
        run=(
            "candidate and tests are evaluated one after the other in a fork of a started interpreter; tests "
            "fail by errors"
        ),
        undefended=(
            "`sys.frames` with knowledge of the runner; `return` evaluated in a test's frame; methods of S4 "
            "and reference classes that compare; what is replaced and put back while a test runs"
        ),
    ),
)
