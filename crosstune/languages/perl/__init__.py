"""Perl, run by the system's interpreter (runner.pl).

Candidate and tests are evaluated one after the other, the tests in the scope of the candidate's file, in a
fork of an interpreter that has started. ``caller`` is true while the candidate is loaded, and ``__FILE__ ne
$0``. Tests fail by dying, by exiting with another status than 0, and by what Test::Builder (Test::More, …)
knows.

Defended: exiting before the tests have ended (``exit``, END blocks, handlers, signals); printed success;
built-in functions that are overridden (``die``, ``exit``, ``abs``, …: `CORE::GLOBAL` and imports);
functions of the modules ``Test::…`` that the tests load, and those that the tests define, replaced before
or while they run; overloaded comparisons of the candidate's objects with plain values, unless the tests
name the class; the text of the tests. The nonce exists only in variables of closures without names, masked.

Not defended: leaving the tests' loops (``last``, ``goto``) from within a function; objects that overload
only their conversion to text or number; modules B and PadWalker with knowledge of runner.pl."""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.languages._arguments import FREE, Likeness
from crosstune.languages._language import (
    BrokenTests,
    Description,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.called_first import called_first
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._shared.scripts.calls import planner
from crosstune.languages._shared.scripts.interpreter import Interpreter
from crosstune.languages._syntax import Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.perl._exercises import IDIOMS, format_literal
from crosstune.languages.perl._typed import TYPED
from crosstune.records import Program

_FOLDER = Path(__file__).parent
_TOOL = Tool(name="perl", package="perl", purpose="running Perl")
_TEST_DEEP = Tool(
    name="Test::Deep",
    package="libtest-deep-perl",
    path="/usr/share/perl5/Test/Deep.pm",
    purpose="tests of MultiPL-E",
    required=False,
)
_LIBRARY = _FOLDER / "lib"
_USED = re.compile(r"^\s*use\s+(Test::(?:More|Simple|Deep))\b", re.MULTILINE)


def _preload(program: Program) -> tuple[str, ...]:
    used = dict.fromkeys(_USED.findall(program.tests))
    return tuple(
        f"{name.replace('::', '/')}.pm" for name in used if name != "Test::Deep" or _TEST_DEEP.installed
    )


def _wrapper(name: str, owner: str, is_new: bool, method: str) -> str:
    return f"package main;\nsub {name} {{ {owner}{'->new' if is_new else ''}->{method}(@_) }}"


PERL = Interpreter(
    tool=_TOOL,
    runner=_FOLDER / "runner.pl",
    server=_FOLDER / "server.pl",
    extension=".pl",
    version=("-e", 'print "perl $^V\\n"'),
    check=("-c",),
    preload=_preload,
    checker_words=lambda path: (f"-I{path(_LIBRARY)}", "-MChecked"),
    data=(_LIBRARY,),
)

_SETS_UP = re.compile(r"\s*(?:\*\w+\s*=|BEGIN\b|binmode\b)")
_CLASS_PACKAGE = re.compile(
    r"^package (?!main\b)([\w:]+);((?:(?!^package\b).)*\bbless\b(?:(?!^package\b).)*)(?=^package\b)",
    re.MULTILINE | re.DOTALL,
)
"""A class and the package after it: as a block it stays one where its parts are taken apart."""

LANGUAGE = Language(
    name="perl",
    title="Perl",
    extensions=(".pl", ".pm"),
    fences=("perl", "pl"),
    line_comment="#",
    stops=("\nsub ", "\npackage ", "\n#", "\nprint ", "\nuse ", "\n```"),
    tools=(_TOOL, _TEST_DEEP),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=Syntax(
        grammar="perl",
        names={
            "subroutine_declaration_statement": ("name",),
            "package_statement": ("name",),
            "expression_statement": ("assignment_expression",),
            "assignment_expression": ("left",),
            "variable_declaration": ("variable", "variables"),
            "scalar": ("varname",),
            "array": ("varname",),
            "hash": ("varname",),
        },
        imports=frozenset({"use_statement", "use_version_statement"}),
        dropped_imports=re.compile(r"use\s+Test::"),
        statements=True,
        kept_statements=_SETS_UP,
        rewritten=((_CLASS_PACKAGE, r"package \1 {\2}\n"),),
        functions=frozenset({"subroutine_declaration_statement"}),
        identifiers=frozenset({"bareword", "varname", "function", "package", "method"}),
        classes=frozenset({"package_statement"}),
        closers=("\n}", "\n}\n}"),
    ),
    typed=TYPED,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(
                r"(?:(Can't locate \S+) in @INC.*"
                r"|(syntax error|Missing right .*|Can't find string .*|Unmatched .*)) at \S*tests-\w+\.pl"
                r"|(runaway multi-line .*)\)"
            ),
            undefined=UndefinedNames(
                message=re.compile(r"Undefined subroutine &(?:\w+::)*(\w*[a-z]\w*) called"),
                stub="sub NAME { kill 'KILL', $$ }",
                arranged=called_first("perl"),
            ),
        ),
        smoke_test=("sub add { return $_[0] + $_[1] }\n", "die 'wrong' unless add(1, 2) == 3;\n"),
        limits=RUN_LIMITS,
        plan=PERL.plan,
        toolchain=PERL.toolchain,
        mounts=PERL.mounts,
        out_of_memory_messages=("Out of memory",),
        separate=calls_only(
            version=1,
            candidate=PERL.plan_server,
            calls=planner(_wrapper, FREE, Likeness(text_keys=True, scalars=True)),
        ),
    ),
    whole_programs=WholePrograms(plan=PERL.plan_whole_program),
    benchmarks={"mceval": {}},
    language_set="tests",
    description=Description(
        tested="Perl 5.36",
        run=(
            "candidate and tests are evaluated one after the other in a fork of a started interpreter; "
            "tests fail by dying, by their exit status, or by Test::More"
        ),
        undefended=(
            "`last` and `goto` out of the tests' loops; objects that overload only conversions; `B` with "
            "knowledge of the runner"
        ),
    ),
)
