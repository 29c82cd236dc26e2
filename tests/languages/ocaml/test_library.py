"""Names of the standard library mean the library's in OCaml's tests, whatever a candidate defines."""

from __future__ import annotations

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

DECLARATION = "let add (a : int) (b : int) : int =\n"
WRONG, RIGHT = "let add a b = 7 * a\n", "let add a b = a + b\n"
# What a candidate defines, and the tests that it would decide.
OWN = {
    "let abs _ = 0": "assert (abs (add 1 2 - 3) < 1)",
    "let max _ _ = 3": "assert (max (add 1 2) 0 = 3)",
    "module List = struct let for_all _ _ = true end": "assert (List.for_all (fun x -> add x 1 = x + 1) [1])",
    "module List = struct include List let for_all _ _ = true end": "assert (List.for_all ((=) 3) [add 1 2])",
    "module Float = struct let abs _ = 0.0 end": "assert (Float.abs (float (add 1 2) -. 3.0) < 1e-6)",
    'let string_of_int _ = "3"': 'assert (string_of_int (add 1 2) = "3")',
    "let failwith _ = ()": 'if add 1 2 <> 3 then ignore (failwith "no")',
    "let ( + ) _ _ = 7": "assert (add 1 2 = 1 + 2)",
    "let ( |> ) _ _ = true": "assert (add 1 2 |> fun x -> x = 3)",
    "module Stdlib = struct include Stdlib module List = struct include List let for_all _ _ = true end end\n"
    "module List = Stdlib.List": "assert (Stdlib.List.for_all ((=) 3) [add 1 2])",
}
# Names that are asked for or that the tests define, and answers that only have some of their own.
ALLOWED = [
    (
        "let max (a : int) (b : int) : int =",
        "max",
        "let max a b = if a > b then a else b",
        "assert (max 1 2 = 2)",
    ),
    (
        "let abs (x : int) (y : int) : int =",
        "abs",
        "let abs x y = if x < y then y - x else x - y",
        "assert (abs 1 3 = 2)",
    ),
    (
        "module Stack = struct",
        "Stack.push",
        "module Stack = struct let empty = [] let push x s = x :: s end",
        "assert (Stack.push 1 Stack.empty = [1])",
    ),
    (
        DECLARATION,
        "add",
        "module List = struct include List let sum = fold_left (+) 0 end\nlet add a b = List.sum [a; b]",
        "assert (List.map (add 1) [1; 2] = [2; 3])",
    ),
    (
        DECLARATION,
        "add",
        RIGHT,
        "let abs x = if x < 0 then -x else x in assert (abs (add 1 2 - 3) < 1)",
    ),
    ("", "", "module Stack = struct let push x s = x :: s end", "assert (Stack.push 1 [] = [1])"),
]


def _statuses(programs: list[tuple[str, str, str, str]]) -> list[Status]:
    skip_without_tools("ocaml")
    given = [
        Program(
            str(at),
            "ocaml",
            f"{candidate}\n",
            f"let () = {tests}\n",
            declaration=declaration,
            entry_points=(entry_point,) if entry_point else (),
        )
        for at, (declaration, entry_point, candidate, tests) in enumerate(programs)
    ]
    with Judge(workers=2, isolation="shared") as judge:
        return [verdict.status for verdict in judge.run(given)]


def test_no_name_of_its_own_decides() -> None:
    found = _statuses([(DECLARATION, "add", f"{own}\n{WRONG}", tests) for own, tests in OWN.items()])
    failed = (Status.WRONG_ANSWER, Status.RUNTIME_ERROR)
    assert [own for own, each in zip(OWN, found, strict=True) if each not in failed] == []


def test_right_answers_with_such_names_pass() -> None:
    right = [(DECLARATION, "add", f"{RIGHT}{own}", tests) for own, tests in OWN.items()]
    programs = [*right, *ALLOWED]
    found = _statuses(programs)
    assert [one for one, each in zip(programs, found, strict=True) if each is not Status.PASSED] == []
