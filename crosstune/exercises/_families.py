"""The families of exercises: each function's result, defined once for all languages.

An expression is a number, a parameter's name, `K` (the family's constant) or (operation, operand …).
`PLAIN` and `BINDING` define the operations' meaning; each language's idioms are their source text. The
operations of `BINDING` bind the variable `x` in their second operand.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["number", "list", "text", "truth"]
"""The kinds of parameters and results."""
PARAMETERS: Mapping[str, Kind] = {"x": "number", "xs": "list", "s": "text"}
K = "K"
_SAMPLES: Mapping[str, Any] = {"x": 3, "xs": [1, 2, 3], "s": "ab"}
Expression = int | str | tuple[Any, ...]

PLAIN: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "remainder": operator.mod,
    "less": operator.lt,
    "more": operator.gt,
    "same": operator.eq,
    "different": operator.ne,
    "larger": max,
    "smaller": min,
    "absolute": abs,
    "first": lambda values, count: values[:count],
    "skip": lambda values, count: values[count:],
    "last": lambda values, count: values[-count:],
    "append": lambda values, value: [*values, value],
    "prepend": lambda values, value: [value, *values],
    "holds": lambda values, value: value in values,
    "lacks": lambda values, value: value not in values,
    "sum": sum,
    "length": len,
    "greatest": max,
    "least": min,
    "repeat": lambda text, count: text * count,
    "fill after": lambda text, width: text.ljust(width),
    "fill before": lambda text, width: text.rjust(width),
}
BINDING: Mapping[str, Callable[[list[Any], Callable[[Any], Any]], Any]] = {
    "each": lambda values, give: [give(value) for value in values],
    "keep": lambda values, give: [value for value in values if give(value)],
    "all": lambda values, give: all(give(value) for value in values),
    "any": lambda values, give: any(give(value) for value in values),
}
OPERATIONS = frozenset({*PLAIN, *BINDING})


def value(expression: Expression, names: Mapping[str, Any]) -> Any:
    """The value of ``expression`` if its names have the values in ``names``."""
    if isinstance(expression, int):
        return expression
    if isinstance(expression, str):
        return names[expression]
    operation, *operands = expression
    if operation in BINDING:
        values, body = operands
        return BINDING[operation](value(values, names), lambda x: value(body, {**names, "x": x}))
    return PLAIN[operation](*(value(operand, names) for operand in operands))


@dataclass(frozen=True)
class Family:
    """Functions that differ in one constant. ``gives`` describes the result, with ``{k}`` for the constant;
    ``right`` is its expression, ``wrong`` the expression with one mistake. With ``never_empty`` no test has
    an empty list."""

    name: str
    parameter: Literal["x", "xs", "s"]
    gives: str
    right: Expression
    wrong: Expression
    never_empty: bool = False

    @property
    def result(self) -> Kind:
        """The kind of the result."""
        found = value(self.right, {self.parameter: _SAMPLES[self.parameter], K: 2})
        kinds: dict[type, Kind] = {bool: "truth", int: "number", list: "list", str: "text"}
        return kinds[type(found)]


FAMILIES = (
    Family("plus", "x", "x plus {k}", ("add", "x", K), ("subtract", "x", K)),
    Family("minus", "x", "x minus {k}", ("subtract", "x", K), ("add", "x", K)),
    Family("times", "x", "x times {k}", ("multiply", "x", K), ("add", "x", K)),
    Family("rest", "x", "the rest of x divided by {k}", ("remainder", "x", K), ("multiply", "x", K)),
    Family("below", "x", "whether x is below {k}", ("less", "x", K), ("more", "x", K)),
    Family("above", "x", "whether x is above {k}", ("more", "x", K), ("less", "x", K)),
    Family("equals", "x", "whether x equals {k}", ("same", "x", K), ("different", "x", K)),
    Family("differs", "x", "whether x differs from {k}", ("different", "x", K), ("same", "x", K)),
    Family("floor", "x", "x but at least {k}", ("larger", "x", K), ("smaller", "x", K)),
    Family("cap", "x", "x but at most {k}", ("smaller", "x", K), ("larger", "x", K)),
    Family("lack", "x", "what x lacks to {k}", ("subtract", K, "x"), ("add", K, "x")),
    Family(
        "gap",
        "x",
        "how far x is from {k}",
        ("absolute", ("subtract", "x", K)),
        ("absolute", ("add", "x", K)),
    ),
    Family("first", "xs", "the first {k} of xs", ("first", "xs", K), ("skip", "xs", K)),
    Family("skip", "xs", "xs without its first {k}", ("skip", "xs", K), ("first", "xs", K)),
    Family("last", "xs", "the last {k} of xs", ("last", "xs", K), ("skip", "xs", K)),
    Family("push", "xs", "xs with {k} at its end", ("append", "xs", K), ("prepend", "xs", K)),
    Family("lead", "xs", "xs with {k} at its start", ("prepend", "xs", K), ("append", "xs", K)),
    Family("has", "xs", "whether xs holds {k}", ("holds", "xs", K), ("lacks", "xs", K)),
    Family(
        "scale",
        "xs",
        "each of xs times {k}",
        ("each", "xs", ("multiply", "x", K)),
        ("each", "xs", ("add", "x", K)),
    ),
    Family(
        "shift",
        "xs",
        "each of xs plus {k}",
        ("each", "xs", ("add", "x", K)),
        ("each", "xs", ("multiply", "x", K)),
    ),
    Family(
        "keep",
        "xs",
        "those of xs above {k}",
        ("keep", "xs", ("more", "x", K)),
        ("keep", "xs", ("less", "x", K)),
    ),
    Family(
        "drop",
        "xs",
        "xs without any {k}",
        ("keep", "xs", ("different", "x", K)),
        ("keep", "xs", ("same", "x", K)),
    ),
    Family(
        "total", "xs", "the sum of xs plus {k}", ("add", ("sum", "xs"), K), ("subtract", ("sum", "xs"), K)
    ),
    Family(
        "long",
        "xs",
        "whether xs has more than {k}",
        ("more", ("length", "xs"), K),
        ("less", ("length", "xs"), K),
    ),
    Family(
        "top",
        "xs",
        "the largest of xs plus {k}",
        ("add", ("greatest", "xs"), K),
        ("add", ("least", "xs"), K),
        never_empty=True,
    ),
    Family(
        "every",
        "xs",
        "whether all of xs are above {k}",
        ("all", "xs", ("more", "x", K)),
        ("all", "xs", ("less", "x", K)),
    ),
    Family(
        "some",
        "xs",
        "whether any of xs is below {k}",
        ("any", "xs", ("less", "x", K)),
        ("any", "xs", ("more", "x", K)),
    ),
    Family("echo", "s", "s said {k} times", ("repeat", "s", K), ("fill after", "s", K)),
    Family("pad", "s", "s filled to {k}", ("fill after", "s", K), ("fill before", "s", K)),
    Family(
        "fits",
        "x",
        "whether {k} divides x",
        ("same", ("remainder", "x", K), 0),
        ("different", ("remainder", "x", K), 0),
    ),
)
