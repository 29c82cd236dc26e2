"""The idioms of the exercises in Haskell."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "reserved": "floor last drop",
    "number": "Int",
    "list": "[Int]",
    "text": "String",
    "truth": "Bool",
    "declare": "{0} :: {2} -> {3}\n{0} {1} =",
    "define": "\n  {0}\n",
    "call": "{0} {1}",
    "example": "{0} {1}",
    "assert": '  if {0} == {1} then return () else error "wrong"\n',
    "tests": "main :: IO ()\nmain = do\n{0}",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} `mod` {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} /= {1}",
    "larger": "max {0} {1}",
    "smaller": "min {0} {1}",
    "absolute": "abs ({0})",
    "first": "take {1} {0}",
    "skip": "drop {1} {0}",
    "last": "drop (length {0} - {1}) {0}",
    "append": "{0} ++ [{1}]",
    "prepend": "{1} : {0}",
    "holds": "{1} `elem` {0}",
    "lacks": "{1} `notElem` {0}",
    "sum": "sum {0}",
    "length": "length {0}",
    "greatest": "maximum {0}",
    "least": "minimum {0}",
    "repeat": "concat (replicate {1} {0})",
    "fill after": "{0} ++ replicate ({1} - length {0}) ' '",
    "fill before": "replicate ({1} - length {0}) ' ' ++ {0}",
    "each": "map (\\x -> {1}) {0}",
    "keep": "filter (\\x -> {1}) {0}",
    "all": "all (\\x -> {1}) {0}",
    "any": "any (\\x -> {1}) {0}",
}


def format_literal(value: object) -> str:
    """A value as Haskell source."""
    if isinstance(value, list):
        return f"[{', '.join(map(format_literal, value))}]"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"({value})" if value < 0 else str(value)
    return quoted(str(value))
