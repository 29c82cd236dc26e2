"""Fortran, compiled by gfortran in free form. How a program is put together: see `_assembly` and `_tests`.

The judge's object file (`crosstune.languages._shared.native.gcc`) wraps ``main``: it reads the nonce before
all other code and reports it when the tests' main program has come to its end.

Defended: exiting before the tests have ended (``stop``, ``exit``, constructors of C, signals); printed
success; the candidate's own ``assert``, main program and modules; reading the tests when the program runs.

Not defended: the program's own memory and code (``bind(c)`` reaches all of C); functions of the C library
that the candidate defines; what a preprocessor or ``include`` reads while the program is compiled."""

import re
from dataclasses import replace

from crosstune.languages._language import (
    BrokenTests,
    Description,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.native import driver
from crosstune.languages._syntax import Syntax
from crosstune.languages.fortran import _judging

LANGUAGE = Language(
    name="fortran",
    title="Fortran",
    extensions=(".f90", ".f95", ".f03", ".f08"),
    fences=("fortran", "f90", "f95"),
    line_comment="!",
    stops=("\nprogram ", "\nend program", "\n! Example", "\n!>", "\nmodule ", "\n```"),
    tools=(_judging.TOOL, driver.MOLD),
    syntax=Syntax(
        grammar="fortran",
        names={
            "module": ("module_statement", "internal_procedures", "derived_type_definition"),
            "program": ("internal_procedures",),
            "internal_procedures": ("*",),
            "function": ("function_statement",),
            "subroutine": ("subroutine_statement",),
            "function_statement": ("name",),
            "subroutine_statement": ("name",),
            "module_statement": ("name",),
            "derived_type_definition": ("derived_type_statement",),
            "derived_type_statement": ("type_name",),
        },
        imports=frozenset({"use_statement"}),
        functions=frozenset(),
        identifiers=frozenset({"name", "module_name", "type_name"}),
        classes=frozenset({"function", "subroutine", "module", "program"}),
        closers=("\nend function\n", "\nend subroutine\n", "\nend\n"),
    ),
    judging=Judging(
        version=3,
        broken_tests=BrokenTests(
            errors=re.compile(
                r"Error: (Missing .*|Syntax error .*|Unclassifiable .*|Unexpected .*|Expecting .*"
                r"|Cannot open module .*)"
            ),
            undefined=UndefinedNames(
                message=re.compile(
                    r"(?:Function .|undefined reference to [`'])(\w+?)(?:_'|. at \(1\) has no IMPLICIT type)"
                ),
                # The arguments of a call are looked at before its function.
                arranged=lambda program, _: replace(program, candidate=f"{program.declaration}\nend\n"),
            ),
        ),
        smoke_test=(
            "integer function add(a, b)\n  integer, intent(in) :: a, b\n  add = a + b\nend function add\n",
            "program tests\n  if (add(1, 2) /= 3) error stop 1\nend program tests\n",
        ),
        limits=RUN_LIMITS,
        plan=_judging.plan,
        toolchain=_judging.toolchain,
        mounts=_judging.mounts,
        crash_statuses=(1, 2),  # of `error stop`, and of errors that the run time finds
        out_of_memory_messages=(
            "virtual memory exhausted",
            "out of memory allocating",
            "Allocation would exceed memory limit",
            "Error allocating",
        ),
    ),
    whole_programs=WholePrograms(plan=_judging.plan_whole_program),
    benchmarks={"mceval": {}},
    description=Description(
        tested="GNU Fortran 12",
        run=(
            "the candidate's procedures become a module that the tests' main program uses, in one file for "
            "gfortran; the main program passes when it comes to its end, and any `stop` of the tests other "
            "than its last statement, `stop 0` excepted, is a failed test"
        ),
        undefended="its own memory and code (`bind(c)` reaches all of C), `include` while it is compiled",
    ),
)
