"""Names of the standard library in OCaml's tests are the library's, whatever the candidate defines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosstune.records import Program

_OPERATORS = {
    "=": ("'a -> 'a -> bool", "%equal"),
    "<>": ("'a -> 'a -> bool", "%notequal"),
    "<": ("'a -> 'a -> bool", "%lessthan"),
    ">": ("'a -> 'a -> bool", "%greaterthan"),
    "<=": ("'a -> 'a -> bool", "%lessequal"),
    ">=": ("'a -> 'a -> bool", "%greaterequal"),
    "==": ("'a -> 'a -> bool", "%eq"),
    "!=": ("'a -> 'a -> bool", "%noteq"),
    "&&": ("bool -> bool -> bool", "%sequand"),
    "||": ("bool -> bool -> bool", "%sequor"),
    "-.": ("float -> float -> float", "%subfloat"),
    "-": ("int -> int -> int", "%subint"),
    "not": ("bool -> bool", "%boolnot"),
    "raise": ("exn -> 'a", "%raise"),
    "compare": ("'a -> 'a -> int", "%compare"),
    "abs_float": ("float -> float", "%absfloat"),
}
"""What decides in tests of any kind."""
_VALUES = """
abs acos asin at_exit atan atan2 bool_of_string bool_of_string_opt ceil char_of_int classify_float
cos copysign cosh decr do_at_exit epsilon_float exp expm1 failwith float float_of_int
float_of_string float_of_string_opt floor frexp fst hypot ignore incr infinity int_of_char
int_of_float int_of_string int_of_string_opt invalid_arg ldexp lnot log log10 log1p max max_float
max_int min min_float min_int mod_float modf nan neg_infinity pred prerr_endline prerr_string
print_char print_endline print_float print_int print_newline print_string raise_notrace ref sin sinh
snd sqrt string_of_bool string_of_float string_of_int succ tan tanh truncate + * / +. *. /. ** ~-
~-. @ ^ ^^ ! := |> @@
"""
_MODULES = """
Arg Array ArrayLabels Atomic Bigarray Bool Buffer Bytes BytesLabels Char Complex Digest Either
Ephemeron Filename Float Format Fun Gc Hashtbl In_channel Int Int32 Int64 Lazy Lexing List
ListLabels Map MoreLabels Nativeint Obj Oo Option Out_channel Parsing Printexc Printf Queue Random
Result Scanf Seq Set Stack StdLabels Stream String StringLabels Sys Uchar Unit Weak
"""
_WORDS = re.compile(r"[A-Za-z_][\w']*|[!$%&*+\-./:<=>?@^|~]+")
_MODULE = re.compile(r"\bmodule\s+(?:rec\s+)?([A-Z]\w*)")
_EXTENDED = re.compile(
    r"\bmodule\s+(\w+)\s*=\s*struct\s+(?:open\b\s*!?\s*[\w.]+\s+)?include\s+(?:Stdlib\.)?\1\b"
)
_ITSELF = re.compile(r"\bmodule\s+Stdlib\b")


def restored(program: Program, library: str) -> Iterator[str]:
    """Definitions between candidate and tests. ``library`` is another name of the library's module, which the
    candidate does not know."""
    for name, (kind, primitive) in _OPERATORS.items():
        if name not in program.entry_points:
            yield f'external {_bound(name)} : {kind} = "{primitive}"'
    given = f"{program.setup}\n{program.declaration}"
    if _ITSELF.search(program.candidate):
        yield f"open struct module Stdlib = {library} end"
    own = set(_EXTENDED.findall(program.candidate))
    if program.entry_points:  # else a name of the library's may be what is asked for
        own |= set(_MODULE.findall(program.candidate))
        yield from (f"let {_bound(name)} = {library}.{_bound(name)}" for name in _values(program, given))
    asked_for = {*_MODULE.findall(given), *(each.partition(".")[0] for each in program.entry_points)}
    for name in sorted(own.intersection(_MODULES.split()) - asked_for):
        yield f"open struct module {name} = {library}.{name} end"


def _values(program: Program, given: str) -> list[str]:
    """The library's values that the tests name, and that the candidate may have defined."""
    candidate, tests = (set(_WORDS.findall(text)) for text in (program.candidate, program.tests))
    asked_for = {*program.entry_points, *_defined(given)}
    return sorted((candidate & tests).intersection(_VALUES.split()) - asked_for)


def _defined(given: str) -> set[str]:
    """The values that the benchmark's own code defines."""
    head = re.compile(r"\b(?:let|and|external|val)\s+(?:rec\s+)?(?:([a-z_][\w']*)|\(\s*([^\w\s()]+)\s*\))")
    return {word or operator for word, operator in head.findall(given)}


def _bound(name: str) -> str:
    """A name as definitions have it."""
    return name if name.isidentifier() else f"( {name} )"
