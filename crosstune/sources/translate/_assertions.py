"""From assertions in Python to calls of a function with the values that are expected."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crosstune.sources.translate._comparisons import Comparison, Untranslatable, comparisons
from crosstune.sources.translate._literals import NotLiteral, literal

MOST_CHARACTERS = 200_000
"""Longer code or tests are not read."""
_FUNCTION = ast.FunctionDef


@dataclass(frozen=True, slots=True)
class Call:
    """A call by position with the value that is expected, and its tolerance (None: exact)."""

    arguments: tuple[Any, ...]
    expected: Any
    absolute: float | None = None
    relative: float | None = None


@dataclass(frozen=True)
class TestedFunction:
    """A function and the calls of its tests. ``parameters`` are the names of those that the calls give, with
    their annotations; ``untranslated`` counts assertions that were left out, by reason."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    result: str
    calls: tuple[Call, ...]
    untranslated: Counter[str] = field(default_factory=Counter)


def function_under_test(code: str, tests: str, entry_point: str = "") -> TestedFunction:
    """The function of ``code`` that ``tests`` call, with these calls.

    Raises:
        Untranslatable: none of its tests is translated, or the function itself is of a kind that other
            languages do not have.
    """
    functions = {each.name: each for each in _parsed(code, "code").body if isinstance(each, _FUNCTION)}
    tree = _parsed(tests, "tests")
    name = entry_point or _called(tree, list(functions))
    if name not in functions:
        raise Untranslatable("tests of something other than a function of the code")
    reader = _Reader(functions[name])
    reader.read(tree.body, {}, {name})
    return reader.result()


def _parsed(text: str, what: str) -> ast.Module:
    if len(text) > MOST_CHARACTERS:
        raise Untranslatable(f"{what} of more than {MOST_CHARACTERS:,} characters")
    try:
        with warnings.catch_warnings(action="ignore"):  # for example invalid escapes in texts
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Untranslatable(f"{what} that Python does not parse") from None


def _called(tree: ast.Module, functions: Sequence[str]) -> str:
    """The function that the tests name most often; where they name none, the only one there is."""
    names = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and each.id in functions]
    counts = Counter(names)
    if not counts:
        return functions[0] if len(functions) == 1 else ""
    return max(counts, key=lambda name: counts[name])


class _Reader:
    """Reads the statements of tests."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self._function = function
        self._parameters = _parameters(function)
        self._bound: list[tuple[dict[str, Any], Comparison]] = []
        self._untranslated: Counter[str] = Counter()

    def read(self, body: Sequence[ast.stmt], values: Mapping[str, Any], names: set[str]) -> None:
        """``values`` are those of variables, ``names`` are the names of the function that is tested."""
        known = dict(values)
        for statement in body:
            match statement:
                case ast.Assert(test=test):
                    self._assertion(test, known, names)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    known.pop(name, None)
                    if (found := _literal(value, known)) is not _NONE:
                        known[name] = found
                case ast.FunctionDef(name=name) if name.startswith(("test", "check")):
                    given = [each.arg for each in statement.args.args]
                    self.read(statement.body, known, names | set(given[:1]))
                case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.FunctionDef():
                    pass
                case ast.Expr(value=ast.Constant()) | ast.Expr(value=ast.Call(func=ast.Name())):
                    pass
                case _:
                    self._untranslated["a statement that is no assertion"] += 1

    def _assertion(self, test: ast.expr, values: Mapping[str, Any], names: set[str]) -> None:
        try:
            found = [(self._arguments(each.call, values), each) for each in comparisons(test, values, names)]
        except Untranslatable as error:
            self._untranslated[str(error)] += 1
        else:
            self._bound += found

    def _arguments(self, call: ast.Call, values: Mapping[str, Any]) -> dict[str, Any]:
        positional = [_argument(each, values) for each in call.args]
        if len(positional) > len(_positional(self._function)):
            raise Untranslatable("more arguments than the function has")
        given = dict(zip(self._parameters, positional, strict=False))
        for each in call.keywords:
            if each.arg not in self._parameters:
                raise Untranslatable("an argument that the function does not have")
            given[each.arg] = _argument(each.value, values)
        return given

    def result(self) -> TestedFunction:
        if not self._bound:
            raise Untranslatable(next(iter(self._untranslated), "no assertions"))
        given = [name for name in self._parameters if any(name in bound for bound, _ in self._bound)]
        annotations = {each.arg: _text(each.annotation) for each in _arguments(self._function)}
        calls = (self._call(bound, each, given) for bound, each in self._bound)
        return TestedFunction(
            self._function.name,
            tuple((name, annotations[name]) for name in given),
            _text(self._function.returns),
            tuple({repr(each): each for each in calls}.values()),
            self._untranslated,
        )

    def _call(self, bound: dict[str, Any], each: Comparison, given: Sequence[str]) -> Call:
        arguments = tuple(bound[name] if name in bound else self._default(name) for name in given)
        return Call(arguments, each.expected, each.absolute, each.relative)

    def _default(self, name: str) -> Any:
        node = self._parameters[name]
        value = _NONE if node is None else _literal(node, {})
        if value is _NONE:
            raise Untranslatable("an argument that is left out, without a literal default")
        return value


_NONE = object()


def _literal(node: ast.expr, values: Mapping[str, Any]) -> Any:
    try:
        return literal(node, values)
    except NotLiteral:
        return _NONE


def _argument(node: ast.expr, values: Mapping[str, Any]) -> Any:
    if (value := _literal(node, values)) is _NONE:
        raise Untranslatable("an argument that is no literal")
    return value


def _text(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation) if annotation else ""


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*_positional(function), *function.args.kwonlyargs]


def _positional(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args]


def _parameters(function: ast.FunctionDef) -> dict[str, ast.expr | None]:
    """The defaults of all parameters by name; None: there is none.

    Raises:
        Untranslatable: the function takes any number of arguments, or yields its results.
    """
    given = function.args
    if given.vararg or given.kwarg:
        raise Untranslatable("a function with any number of arguments")
    if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in ast.walk(function)):
        raise Untranslatable("a generator")
    positional = _positional(function)
    missing: list[ast.expr | None] = [None] * (len(positional) - len(given.defaults))
    defaults = dict(zip((each.arg for each in positional), [*missing, *given.defaults], strict=True))
    return defaults | dict(zip((each.arg for each in given.kwonlyargs), given.kw_defaults, strict=True))
