"""Cases that call functions in Pascal, by the types that are declared."""

from __future__ import annotations

import math
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.languages._typed import FLOAT, INT, STR, Signature, ValueType, list_of
from crosstune.languages.pascal._typed import TYPED, type_name
from crosstune.records import CallCase, Status
from tests.languages.called import unlike, verdict

TYPES = """{$mode objfpc}{$H+}
uses SysUtils, fgl, Variants;
type
  TIntegerArray = array of Integer;
  TIntegerArrayArray = array of TIntegerArray;
  TPair = record First: Integer; Second: string; end;
  TPairArray = array of TPair;
  TMap = specialize TFPGMap<string, Integer>;
"""
HEADS = """function Whole(x: Int64): Int64;
function Unsigned(x: QWord): QWord;
function Number(x: Double): Double;
function Truth(x: Boolean): Boolean;
function Text(const x: string): string;
function Character(x: Char): Char;
function Lists(const x: TIntegerArrayArray): TIntegerArrayArray;
function Pairs(const x: TPairArray): TPairArray;
function Map(const x: TMap): TMap;
function Any(const x: Variant): Variant;
"""
OTHERS = {
    "function Total(const xs: array of Integer): Integer;": """
var x: Integer;
begin
  Result := 0;
  for x in xs do Result := Result + x;
end;
""",
    "procedure Fill(xs: TIntegerArray; x: Integer);": """
var i: Integer;
begin
  for i := 0 to High(xs) do xs[i] := x;
end;
""",
    "procedure Swap(var a, b: Integer);": "\nvar c: Integer;\nbegin c := a; a := b; b := c; end;\n",
    "function Fails(x: Integer): Integer;": "\nbegin raise EArgumentException.Create('no'); end;\n",
    "function Divides(x: Integer): Integer;": "\nbegin Result := 1 div x; end;\n",
    "function Prints(x: Integer): Integer;": "\nbegin WriteLn('hello'); Result := x; end;\n",
}
DECLARATION = f"{TYPES}{HEADS}{chr(10).join(OTHERS)}\n"
SAME = "".join(f"{head}\nbegin\n  Result := x;\nend;\n" for head in HEADS.splitlines())
MAIN = "begin\n  WriteLn('main');\nend.\n"
CANDIDATE = TYPES + SAME + "".join(head + body for head, body in OTHERS.items()) + MAIN
VALUES: dict[str, list[Any]] = {
    "Whole": [0, -1, 2**63 - 1, -(2**63)],
    "Unsigned": [0, 2**63, 2**64 - 1],
    "Number": [1.5, -0.0, 5e-324, math.inf, -math.inf, math.nan],
    "Truth": [True, False],
    "Text": ["", "日本 😀", "x\0y", "a'b\n"],
    "Character": ["a", "\0"],
    "Lists": [[], [[]], [[1, 2], []], [list(range(50))]],
    "Pairs": [[], [(1, "a")]],
    "Map": [{}, {"b": 2, "a": 1}],
    "Any": [None, True, 3, 2**40, 2.5, "aé", [], [1, "a", [None, 2.5]]],
}
RIGHT = [
    *(CallCase(name, [value], value) for name, values in VALUES.items() for value in values),
    CallCase("Total", [[1, 2, 3]], 6),
    CallCase("Fill", [[1, 2], 7], None, changed=[[7, 7], 7]),
    CallCase("Swap", [1, 2], None, changed=[2, 1]),
    CallCase("Fails", [1], error="EArgumentException"),
    CallCase("Divides", [0], error="EDivByZero"),
    CallCase("Divides", [1], 1),
    CallCase("Prints", [1], 1),
]
WRONG = [
    CallCase("Whole", [1], 2),
    CallCase("Lists", [[[1]]], [[2]]),
    CallCase("Map", [{"a": 1}], {"a": 2}),
    CallCase("Any", ["1"], 1),
    CallCase("Pairs", [[(1, "a")]], [(1, "b")]),
    CallCase("Fill", [[1, 2], 7], None, changed=[[1, 2], 7]),
    CallCase("Fails", [1], error="EDivByZero"),
]


def test_right_cases_pass() -> None:
    assert unlike(verdict("pascal", CANDIDATE, DECLARATION, RIGHT), RIGHT, Status.PASSED) == []


def test_wrong_cases_fail() -> None:
    found = verdict("pascal", CANDIDATE, DECLARATION, WRONG)
    assert unlike(found, WRONG, Status.WRONG_ANSWER) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("begin Result := 'a'; end;", Status.COMPILE_ERROR),
        ("begin Result := x; Halt(0); end;", Status.INCOMPLETE),
    ],
)
def test_what_ends_or_does_not_fit_is_the_candidates(body: str, status: Status) -> None:
    head = "function Whole(x: Int64): Int64;"
    found = verdict("pascal", f"{TYPES}{head}\n{body}\n", DECLARATION, [CallCase("Whole", [1], 1)])
    assert found.status is status


@pytest.mark.parametrize(
    ("call", "value", "why"),
    [
        ("Whole", 2**63, "not from"),
        ("Character", "é", "no character"),
        ("Other", 1, "not declared"),
        ("Whole().x", 1, "cases call functions"),
    ],
)
def test_what_cannot_be_called_is_an_error(call: str, value: object, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        verdict("pascal", CANDIDATE, DECLARATION, [CallCase(call, [value], value)])


def test_declarations_define_the_types_that_they_need() -> None:
    pairs = list_of(ValueType("tuple", (INT, STR)))
    table = ValueType("dict", (STR, INT))
    parameters = (("xs", pairs), ("table", table), ("x", FLOAT))
    declared = TYPED.declare(Signature("Same", parameters, ValueType("optional", (INT,))), "Doc.", "")
    assert declared.head == (
        "function Same(const xs: TIntegerStringTupleArray; "
        "const table: TStringIntegerMap; x: Double): Variant;\n"
    )
    assert "uses SysUtils, Math, fgl, Variants;" in declared.given
    assert "  TIntegerStringTuple = record First: Integer; Second: string; end;\n" in declared.given
    assert "  TStringIntegerMap = specialize TFPGMap<string, Integer>;\n" in declared.given
    assert type_name(list_of(list_of(FLOAT))) == "TDoubleArrayArray"
