"""OCaml, compiled by the native compiler. How its programs are judged: see `_judging`."""

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
from crosstune.languages.ocaml import _calls, _judging
from crosstune.languages.ocaml._exercises import IDIOMS, format_literal
from crosstune.languages.ocaml._typed import TYPED

SYNTAX = Syntax(
    grammar="ocaml",
    names={
        "value_definition": ("let_binding",),
        "let_binding": ("pattern",),
        "parenthesized_operator": ("*",),
        "parenthesized_pattern": ("*",),
        "tuple_pattern": ("*",),
        "typed_pattern": ("pattern",),
        "external": ("value_name",),
        "type_definition": ("type_binding",),
        "type_binding": ("name", "body"),
        "variant_declaration": ("*",),
        "constructor_declaration": ("constructor_name",),
        "record_declaration": ("*",),
        "field_declaration": ("field_name",),
        "exception_definition": ("constructor_declaration",),
        "module_definition": ("module_binding",),
        "module_binding": ("module_name",),
        "module_type_definition": ("module_type_name",),
        "class_definition": ("class_binding",),
        "class_binding": ("name",),
    },
    imports=frozenset({"open_module"}),
    functions=frozenset({"value_definition"}),
    identifiers=frozenset(
        {
            *("value_name", "value_pattern", "constructor_name", "module_name", "type_constructor"),
            *("field_name", "module_type_name", "class_name", "infix_operator", "prefix_operator"),
            *("add_operator", "mult_operator", "rel_operator", "pow_operator", "concat_operator"),
        }
    ),
    closers=("", "\n()", " = ()"),
    ordered=True,
)
LANGUAGE = Language(
    name="ocaml",
    title="OCaml",
    extensions=(".ml",),
    fences=("ocaml", "ml"),
    line_comment="(*",
    comment_end=" *)",
    stops=("\nlet () =", "\nlet _ =", "\n(*", "\nlet ", "\ntype ", "\nopen ", "\n;;", "\n```"),
    tools=(_judging.OCAML, _judging.OUNIT),
    idioms=IDIOMS,
    format_literal=format_literal,
    syntax=SYNTAX,
    typed=TYPED,
    judging=Judging(
        version=5,
        broken_tests=BrokenTests(
            errors=re.compile(
                r"File \"tests\.ml\", .*\n(?:.*\n){0,4}?Error: (Syntax error.*|.* not terminated|Illegal .*)"
            ),
            missing=re.compile(r"File \"tests\.ml\", .*\n(?:.*\n){0,4}?Error: Unbound module (\w+)"),
            imports=re.compile(r"^\s*open!?\s+(\w+)", re.MULTILINE),
            undefined=UndefinedNames(
                message=re.compile(r"Error: Unbound value (\w+)"), stub="let rec NAME x = NAME x"
            ),
        ),
        smoke_test=("let add a b = a + b\n", "let () = assert (add 1 2 = 3)\n"),
        limits=RUN_LIMITS,
        plan=_judging.plan,
        toolchain=_judging.toolchain,
        mounts=_judging.mounts,
        out_of_memory_messages=("exception Out_of_memory", "Out of memory"),
        separate=calls_only(version=1, candidate=_judging.plan_server, calls=_calls.plan),
    ),
    whole_programs=WholePrograms(plan=_judging.plan_whole_program),
    description=Description(
        tested="OCaml 4.13",
        run="setup, candidate and tests in one file, compiled by `ocamlopt`; tests fail by raising",
        undefended=(
            "values and modules of the standard library that the candidate replaces and the tests use, where "
            "no entry points are known; `Obj.magic` and externals with knowledge of the judge"
        ),
        notes=(
            "The libraries `unix`, `str` and `threads` are linked where a program names them, OUnit 2 where "
            "its tests do."
        ),
    ),
)
