"""The idioms of the exercises in OCaml."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "number": "int",
    "list": "int list",
    "text": "string",
    "truth": "bool",
    "declare": "let {0} ({1} : {2}) : {3} =",
    "define": "\n  {0}\n",
    "call": "{0} {1}",
    "example": "{0} {1}",
    "assert": "let () = assert ({0} = {1})\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} mod {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} = {1}",
    "different": "{0} <> {1}",
    "larger": "max {0} {1}",
    "smaller": "min {0} {1}",
    "absolute": "abs ({0})",
    "first": "List.filteri (fun i _ -> i < {1}) {0}",
    "skip": "List.filteri (fun i _ -> i >= {1}) {0}",
    "last": "List.filteri (fun i _ -> i >= List.length {0} - {1}) {0}",
    "append": "{0} @ [{1}]",
    "prepend": "{1} :: {0}",
    "holds": "List.mem {1} {0}",
    "lacks": "not (List.mem {1} {0})",
    "sum": "List.fold_left ( + ) 0 {0}",
    "length": "List.length {0}",
    "greatest": "List.fold_left max min_int {0}",
    "least": "List.fold_left min max_int {0}",
    "repeat": 'String.concat "" (List.init {1} (fun _ -> {0}))',
    "fill after": 'Printf.sprintf "%-*s" {1} {0}',
    "fill before": 'Printf.sprintf "%*s" {1} {0}',
    "each": "List.map (fun x -> {1}) {0}",
    "keep": "List.filter (fun x -> {1}) {0}",
    "all": "List.for_all (fun x -> {1}) {0}",
    "any": "List.exists (fun x -> {1}) {0}",
}


def format_literal(value: object) -> str:
    """A value as OCaml source."""
    if isinstance(value, list):
        return f"[{'; '.join(map(format_literal, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"({value})" if value < 0 else str(value)
    return quoted(str(value))
