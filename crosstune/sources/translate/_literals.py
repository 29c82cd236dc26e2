"""The values of literals in tests, without running anything."""

from __future__ import annotations

import ast
import copy
import operator
from collections.abc import Callable, Mapping
from typing import Any

Values = Mapping[str, Any]
"""Values of variables that tests define."""

_MOST_ITEMS = 10_000
_MOST_BITS = 1 << 10
_SIGNS: Mapping[type, Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}
_ARITHMETIC: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_MAKERS: Mapping[str, Callable[..., Any]] = {"list": list, "tuple": tuple, "dict": dict, "float": float}


class NotLiteral(Exception):
    """An expression whose value is not written in it."""


def literal(node: ast.expr, values: Values) -> Any:
    """The value of a literal, of a variable with one, of arithmetic with numbers, or of `list`, `tuple`,
    `dict` or `float` of a literal.

    Raises:
        NotLiteral: it is something else.
    """
    try:
        return _value(node, values)
    except (ArithmeticError, TypeError, ValueError, RecursionError) as error:
        raise NotLiteral(str(error)) from None


def _value(node: ast.expr, values: Values) -> Any:
    match node:
        case ast.Constant(value=value) if value is None or isinstance(value, bool | int | float | str):
            return value
        case ast.Name(id=name) if name in values:
            return copy.deepcopy(values[name])
        case ast.UnaryOp(op=sign, operand=inner) if type(sign) in _SIGNS:
            return _SIGNS[type(sign)](_number(_value(inner, values)))
        case ast.BinOp(left=left, op=sign, right=right):
            return _arithmetic(sign, _value(left, values), _value(right, values))
    return _container(node, values)


def _container(node: ast.expr, values: Values) -> Any:
    match node:
        case ast.List(elts=items):
            return [_value(each, values) for each in items]
        case ast.Tuple(elts=items):
            return tuple(_value(each, values) for each in items)
        case ast.Dict(keys=keys, values=items) if all(keys):
            named = zip(keys, items, strict=True)
            return {_value(key, values): _value(item, values) for key, item in named if key}
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _MAKERS:
            return _MAKERS[name](*(_value(each, values) for each in arguments))
    raise NotLiteral(ast.unparse(node)[:80])


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotLiteral("arithmetic with other values than numbers")
    return value


def _arithmetic(sign: ast.operator, left: Any, right: Any) -> Any:
    """Arithmetic whose result cannot be large."""
    if isinstance(sign, ast.Mult) and isinstance(left, list | str) and isinstance(right, int):
        if len(left) * right > _MOST_ITEMS:
            raise NotLiteral("a text or list that is repeated too often")
        return left * right
    left, right = _number(left), _number(right)
    if isinstance(sign, ast.Pow):
        return _power(left, right)
    if type(sign) not in _ARITHMETIC:
        raise NotLiteral("an operator")
    return _ARITHMETIC[type(sign)](left, right)


def _power(base: float, exponent: float) -> Any:
    bits = base.bit_length() if isinstance(base, int) else 0
    if isinstance(base, int) and (not isinstance(exponent, int) or abs(exponent) * bits > _MOST_BITS):
        raise NotLiteral("a power that is too large")
    return base**exponent
