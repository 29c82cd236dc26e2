"""What one assertion says of the result of a call."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosstune.sources.translate._literals import NotLiteral, literal


class Untranslatable(Exception):
    """Tests that have no meaning in other languages, or none that can be read; the message is the reason,
    ``detail`` says more."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of ``call`` equals ``expected``, within a tolerance (None: exactly)."""

    call: ast.Call
    expected: Any
    absolute: float | None = None
    relative: float | None = None


def comparisons(test: ast.expr, values: Mapping[str, Any], names: set[str]) -> Iterator[Comparison]:
    """What the expression of an assertion says; ``names`` are those of the function that is tested.

    Raises:
        Untranslatable: something other than that results equal literals.
    """
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for each in test.values:
            yield from comparisons(each, values, names)
    else:
        yield _Reading(values, names).comparison(test)


_Tolerances = tuple[tuple[str, float], tuple[str, float]]
"""The names and usual values of the relative and the absolute tolerance."""
_ISCLOSE: _Tolerances = (("rel_tol", 1e-9), ("abs_tol", 0.0))
_APPROX: _Tolerances = (("rel", 1e-6), ("abs", 1e-12))


@dataclass(frozen=True, slots=True)
class _Reading:
    values: Mapping[str, Any]
    names: set[str]

    def comparison(self, test: ast.expr) -> Comparison:
        match test:
            case ast.Call() if self._is_call(test):
                return Comparison(test, True)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Call() as call) if self._is_call(call):
                return Comparison(call, False)
            case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
                return self._equal(left, right)
            case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE()], comparators=[bound]):
                return self._near(left, bound)
            case ast.Call(func=ast.Attribute(attr="isclose") | ast.Name(id="isclose"), args=[left, right]):
                return self._close(left, right, test.keywords, _ISCLOSE)
        raise Untranslatable(self._why_not(test))

    def _is_call(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.names

    def _equal(self, left: ast.expr, right: ast.expr) -> Comparison:
        call, other = (left, right) if self._is_call(left) else (right, left)
        if not self._is_call(call):
            raise Untranslatable(self._why_not(left, right))
        assert isinstance(call, ast.Call)
        match other:
            case ast.Call(func=ast.Attribute(attr="approx") | ast.Name(id="approx"), args=[value]):
                return self._close(call, value, other.keywords, _APPROX)
        return Comparison(call, self._literal(other))

    def _near(self, difference: ast.expr, bound: ast.expr) -> Comparison:
        match difference:
            case ast.Call(
                func=ast.Name(id="abs") | ast.Attribute(attr="fabs"),
                args=[ast.BinOp(left=left, op=ast.Sub(), right=right)],
            ):
                call, other = (left, right) if self._is_call(left) else (right, left)
                if isinstance(call, ast.Call) and self._is_call(call):
                    return Comparison(call, self._literal(other), self._tolerance(bound), 0.0)
        raise Untranslatable("a comparison other than equality")

    def _close(
        self, left: ast.expr, right: ast.expr, keywords: list[ast.keyword], defaults: _Tolerances
    ) -> Comparison:
        call, other = (left, right) if self._is_call(left) else (right, left)
        if not isinstance(call, ast.Call) or not self._is_call(call):
            raise Untranslatable(self._why_not(left, right))
        given = {str(each.arg): self._tolerance(each.value) for each in keywords}
        relative, absolute = (given.get(name, usual) for name, usual in defaults)
        return Comparison(call, self._literal(other), absolute, relative)

    def _tolerance(self, node: ast.expr) -> float:
        value = self._literal(node)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Untranslatable("a comparison other than equality")
        return float(value)

    def _literal(self, node: ast.expr) -> Any:
        try:
            return literal(node, self.values)
        except NotLiteral:
            kind = "a set" if isinstance(node, ast.Set | ast.SetComp) or _is_set(node) else ""
            raise Untranslatable(kind or "an expected value that is no literal") from None

    def _why_not(self, *nodes: ast.expr) -> str:
        calls = [inner for each in nodes for inner in ast.walk(each) if isinstance(inner, ast.Call)]
        if any(self._is_call(each) for each in calls):
            changed = "a result that is changed before it is compared"
            return changed if len(nodes) == 2 else "a comparison other than equality"
        return "an assertion about something other than the function"


def _is_set(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "set"
