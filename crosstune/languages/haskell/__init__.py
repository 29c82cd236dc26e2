"""Haskell, compiled by GHC. How its programs are judged: see `_judging`."""

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
from crosstune.languages.haskell import _calls, _judging
from crosstune.languages.haskell._exercises import IDIOMS, format_literal
from crosstune.languages.haskell._typed import TYPED

SYNTAX = Syntax(
    grammar="haskell",
    names={
        "signature": ("name",),
        "function": ("name", "infix"),
        "infix": ("operator",),
        "bind": ("name", "pattern"),
        "tuple": ("*",),
        "data_type": ("name", "constructors"),
        "data_constructors": ("constructor",),
        "data_constructor": ("constructor",),
        "prefix": ("name",),
        "record": ("name", "fields"),
        "fields": ("field",),
        "field": ("name",),
        "newtype": ("name", "constructor"),
        "newtype_constructor": ("name",),
        "type_synomym": ("name",),
        "class": ("name", "declarations"),
        "class_declarations": ("declaration",),
    },
    imports=frozenset({"import"}),
    functions=frozenset({"function", "bind", "signature"}),
    identifiers=frozenset({"variable", "constructor", "name", "operator", "constructor_operator"}),
    attached={"instance": ("patterns",)},
    wrappers=frozenset({"imports", "declarations"}),
    clauses=frozenset({"signature", "function", "bind"}),
    first=frozenset({"pragma"}),
    dropped=frozenset({"header"}),
    closers=("", " undefined", "\n  = undefined", "\n  undefined"),
)
LANGUAGE = Language(
    name="haskell",
    title="Haskell",
    extensions=(".hs",),
    fences=("haskell", "hs"),
    line_comment="--",
    stops=("\nmain ::", "\nmain =", "\n-- ", "\nimport ", "\nmodule ", "\ndata ", "\n```"),
    tools=(_judging.GHC, _judging.LIBRARIES),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=SYNTAX,
    typed=TYPED,
    judging=Judging(
        version=3,
        broken_tests=BrokenTests(
            errors=re.compile(
                r"tests\.hs:\d+:\d+: error:\s+(parse error.*|lexical error.*)|(Could not find module .*)"
            ),
            undefined=UndefinedNames(message=re.compile(r"Variable not in scope:\s+(\w+)")),
        ),
        smoke_test=(
            "add :: Int -> Int -> Int\nadd a b = a + b\n",
            'main :: IO ()\nmain = if add 1 2 == 3 then return () else error "wrong"\n',
        ),
        limits=RUN_LIMITS,
        plan=_judging.plan,
        toolchain=_judging.toolchain,
        mounts=_judging.mounts,
        out_of_memory_messages=("heap overflow", "Heap exhausted", "out of memory", "heap exhausted"),
        separate=calls_only(version=1, candidate=_judging.plan_server, calls=_calls.plan),
    ),
    whole_programs=WholePrograms(plan=_judging.plan_whole_program),
    benchmarks={"mceval": {}},
    description=Description(
        tested="GHC 9.0",
        run=(
            "candidate and tests as one module, compiled by `ghc -O0 -dynamic` (whole programs: `-O1`); "
            "tests fail by an error or a status"
        ),
        undefended=(
            "types of its own whose `==` says yes, where the function's type is declared nowhere; foreign "
            "functions with knowledge of the judge"
        ),
        notes=(
            "The extensions `CPP`, `RebindableSyntax`, `TemplateHaskell` and `QuasiQuotes` are not compiled, "
            "and options of the compiler are left out. A failed `runTestTT` or `quickCheck` fails a program."
        ),
    ),
)
