"""Cases that call functions in OCaml, by the types that are declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.execution import Judge
from crosstune.records import CallCase, Program, Status
from tests.languages.skipping import skip_without_tools

DECLARATION = """type value =
  | Int of int
  | Text of string
  | Many of value list

let twice (x : int) : int =
let join (words : string list) (mark : char) : string =
let pairs (table : (string, int) Hashtbl.t) : (string * int) list =
let shown (each : value) : value option =
let fill (items : int array) (x : int) : unit =
let root (x : float) : (float, string) result =
let fail (x : int) : int =
let now () : bool =
"""
CANDIDATE = """type value =
  | Int of int
  | Text of string
  | Many of value list

let twice (x : int) : int = 2 * x
let join (words : string list) (mark : char) : string = String.concat (String.make 1 mark) words
let pairs (table : (string, int) Hashtbl.t) : (string * int) list =
  List.sort compare (List.of_seq (Hashtbl.to_seq table))
let shown (each : value) : value option = match each with Int 0 -> None | each -> Some each
let fill (items : int array) (x : int) : unit = Array.fill items 0 (Array.length items) x
let root (x : float) : (float, string) result = if x < 0.0 then Error "negative" else Ok (sqrt x)
let fail (x : int) : int = if x = 0 then raise Not_found else invalid_arg "x"
let now () : bool = print_endline "now"; true
"""
RIGHT = [
    CallCase("twice", [21], 42),
    CallCase("join", [["a", "bé"], "-"], "a-bé"),
    CallCase("pairs", [{"b": 2, "a": 1}], [("a", 1), ("b", 2)]),
    CallCase("shown", [3], 3),
    CallCase("shown", [0], None),
    CallCase("shown", ["a"], "a"),
    CallCase("shown", [[1, ["b"]]], [1, ["b"]]),
    CallCase("fill", [[1, 2], 7], None, changed=[[7, 7], 7]),
    CallCase("root", [9.0], 3.0),
    CallCase("fail", [0], error="Not_found"),
    CallCase("fail", [1], error="Invalid_argument"),
    CallCase("now", [None], True),
]
WRONG = [
    CallCase("twice", [21], 43),
    CallCase("shown", [3], "3"),
    CallCase("fill", [[1, 2], 7], None, changed=[[7, 8], 7]),
    CallCase("root", [-1.0], 1.0),
]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("ocaml")
    with Judge() as opened:
        yield opened


def verdict(judge: Judge, *cases: CallCase, declaration: str = DECLARATION) -> Any:
    program = Program("p", "ocaml", CANDIDATE, cases=cases, declaration=declaration)
    return next(judge.run([program]))


def test_right_cases_pass(judge: Judge) -> None:
    found = verdict(judge, *RIGHT)
    assert found.status is Status.PASSED, found


@pytest.mark.parametrize("case", WRONG)
def test_wrong_case_fails(judge: Judge, case: CallCase) -> None:
    assert verdict(judge, case).status is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("let add a b =", "has no type|declared with the types"),
        ("let twice (x : int -> int) : int =", "no type of values"),
        ("let other (x : int) : int =", "not declared"),
    ],
)
def test_call_that_cannot_be_made_is_an_error(judge: Judge, declaration: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        verdict(judge, CallCase("add" if "add" in declaration else "twice", [1]), declaration=declaration)
