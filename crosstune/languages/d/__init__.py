"""D, compiled by LDC. How its programs are judged: see `_judging`."""

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
from crosstune.languages.d import _calls, _judging
from crosstune.languages.d._exercises import IDIOMS, format_literal
from crosstune.languages.d._typed import TYPED

_DECLARATIONS = ("function", "struct", "class", "interface", "union", "enum", "template")
SYNTAX = Syntax(
    grammar="d",
    names={
        **{f"{each}_declaration": ("identifier",) for each in _DECLARATIONS},
        "alias_declaration": ("alias_initializer",),
        "alias_initializer": ("first identifier",),
        "variable_declaration": ("declarator",),
        "declarator": ("first identifier",),
        "auto_declaration": ("variable",),
        "manifest_constant": ("manifest_declarator",),
        "manifest_declarator": ("first identifier",),
    },
    imports=frozenset({"import_declaration"}),
    functions=frozenset({"function_declaration"}),
    classes=frozenset({"struct_declaration", "class_declaration"}),
    wrappers=frozenset({"module_def"}),
    dropped=frozenset({"module_declaration"}),
    partial=True,
)
LANGUAGE = Language(
    name="d",
    title="D",
    extensions=(".d",),
    fences=("d", "dlang"),
    line_comment="//",
    stops=("\nvoid main", "\nint main", "\nunittest", "\nimport ", "\n//", "\n/*", "\n```"),
    tools=(_judging.LDC,),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=SYNTAX,
    typed=TYPED,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            errors=re.compile(r"tests\.d\(\d+\): Error: (found .*|unterminated .*|unable to read module .*)"),
            undefined=UndefinedNames(message=re.compile(r"Error: undefined identifier `(\w+)`")),
        ),
        smoke_test=(
            "int add(int a, int b) { return a + b; }\n",
            "unittest { assert(add(1, 2) == 3); }\nvoid main() {}\n",
        ),
        limits=RUN_LIMITS,
        plan=_judging.plan,
        toolchain=_judging.toolchain,
        mounts=_judging.mounts,
        out_of_memory_messages=("OutOfMemoryError", "Memory allocation failed"),
        separate=calls_only(version=1, candidate=_judging.plan_server, calls=_calls.plan),
    ),
    whole_programs=WholePrograms(plan=_judging.plan_whole_program),
    test_runners={"d_ut": WholePrograms(plan=_judging.plan_unit_tests)},
    description=Description(
        tested="LDC 1.30",
        run=(
            "candidate and tests as one module, compiled by `ldc2 -unittest` (whole programs: `-O`); tests "
            "fail by an assertion, an error or a status"
        ),
        undefended=(
            "functions that the candidate defines under the names of the library's and the tests call, where "
            "no entry points are known; arithmetic and methods of its own types where there is no "
            "declaration; foreign functions with knowledge of the judge"
        ),
    ),
)
