"""Pascal, compiled by Free Pascal. How a program is put together: see `_judging` and `_tests`.

Candidate and tests are declarations of one program, as a benchmark joins them; the candidate's own program
header and main block are left out, and its units are used in the header. The judge's procedures have random
names and make system calls themselves.

Defended: exiting before the tests have ended (``halt``, exit procedures, signals); printed success;
assertions that are switched off, or an ``Assert`` of the candidate's own; comments that swallow the tests;
reading the tests when the program runs.

Not defended: names of the system unit that the candidate defines anew (``abs``, ``true``) and the tests use;
the program's own memory; functions of the C library; directives that read files while it is compiled."""

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
from crosstune.languages._shared.native import driver
from crosstune.languages._syntax import Syntax
from crosstune.languages.pascal import _calls, _judging
from crosstune.languages.pascal._typed import TYPED
from crosstune.languages.pascal._units import TOOL

LANGUAGE = Language(
    name="pascal",
    title="Pascal",
    extensions=(".pas", ".pp"),
    fences=("pascal", "pas", "delphi", "objectpascal"),
    line_comment="//",
    stops=("\nprogram ", "\nbegin\n  Write", "\nbegin\n  // ", "\nprocedure Test", "\n(*", "\n{ ", "\n```"),
    tools=(TOOL, driver.MOLD),
    syntax=Syntax(
        grammar="pascal",
        names={
            "program": ("*",),
            "defProc": ("header",),
            "declProc": ("name",),
            "declTypes": ("*",),
            "declType": ("name",),
            "declConsts": ("*",),
            "declConst": ("name",),
            "declVars": ("*",),
            "declVar": ("name",),
        },
        imports=frozenset({"declUses"}),
        functions=frozenset({"defProc"}),
        classes=frozenset({"program"}),
        leading=frozenset({"pp"}),
        closers=("\nbegin end;", "\nend;", "\nend;\nend;"),
        ordered=True,
    ),
    typed=TYPED,
    judging=Judging(
        version=5,
        broken_tests=BrokenTests(
            errors=re.compile(r"Fatal: (Syntax error, .*|String exceeds line|Can't find unit \w+)"),
            undefined=UndefinedNames(message=re.compile(r'Identifier not found "(\w+)"')),
        ),
        smoke_test=(
            "function add(a, b: integer): integer;\nbegin\n  add := a + b;\nend;\n",
            "begin\n  Assert(add(1, 2) = 3);\nend.\n",
        ),
        limits=RUN_LIMITS,
        plan=_judging.plan,
        toolchain=_judging.toolchain,
        mounts=_judging.mounts,
        crash_statuses=tuple(range(2, 256)),  # numbers of run-time errors
        out_of_memory_messages=("Runtime error 203", "EOutOfMemory", "No memory left"),
        separate=calls_only(version=1, candidate=_judging.plan_server, calls=_calls.plan),
    ),
    whole_programs=WholePrograms(plan=_judging.plan_whole_program),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Free Pascal 3.2.2",
        run=(
            "declarations of the candidate, then the tests, as one program of Free Pascal, with "
            "assertions on; a `halt` of the tests other than `halt(0)` or their last statement is a failed "
            "test"
        ),
        undefended="names of the system unit that it defines anew; its own memory",
    ),
)
