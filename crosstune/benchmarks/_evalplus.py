"""EvalPlus' releases (arXiv 2305.01210): inputs and a reference solution instead of tests.

HumanEvalPlus.jsonl and MbppPlus.jsonl, as EvalPlus publishes them, have the columns ``base_input``,
``plus_input`` and ``atol``. The tests that are made of them call the reference and the candidate with each
input, and compare as `evalplus/eval/__init__.py` (0.3.1) does: equal, or floats within ``atol`` (at least
1e-6) or a relative 1e-7. HumanEvalPlus.jsonl also has HumanEval's own ``test``, which is not used.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from crosstune.benchmarks._benchmark import Benchmark
from crosstune.benchmarks._forms import BadRow, packaged, packaged_form
from crosstune.benchmarks._forms._problems import problem
from crosstune.benchmarks._forms._template import Row
from crosstune.benchmarks._values_like import arguments_like
from crosstune.records import Problem

_COMPARE = """\
def _floats(value):
    several = isinstance(value, (list, tuple)) and len(value) > 0
    return isinstance(value, float) or (several and all(isinstance(each, float) for each in value))


def _same(out, expected, tolerance):
    import numpy

    if out == expected:
        return True
    if not tolerance and _floats(expected):
        tolerance = 1e-6
    if not tolerance or type(out) != type(expected):
        return False
    if isinstance(expected, (list, tuple)) and len(out) != len(expected):
        return False
    try:
        return bool(numpy.allclose(out, expected, rtol=1e-7, atol=tolerance))
    except (TypeError, ValueError):
        return False
"""
_CHECK = """\
def check(candidate):
    import copy
    import math

    inf, nan = math.inf, math.nan
    inputs = [
{inputs}    ]
    reference = _reference()
    for given in inputs:
        expected = reference(*copy.deepcopy(given))
        out = candidate(*copy.deepcopy(given))
        assert {condition}
"""
_USUAL = "_same(out, expected, {atol})"
_SETS = ("similar_elements", "find_char_long", "common_in_nested_lists", "extract_singly", "larg_nnum")
_PRESENCE = ("check_str", "text_match_three", "text_starta_endb")
_CONDITIONS = {
    **dict.fromkeys((*_SETS, "intersection_array", "find_dissimilar", "Diff"), "set(out) == set(expected)"),
    **dict.fromkeys(
        _PRESENCE, "(out if isinstance(out, bool) else out is not None) == (expected is not None)"
    ),
    "are_equivalent": "True",
    "sum_div": "out == 0 or _same(out, expected, {atol})",
    "surface_Area": "_same(out, expected, {atol}) or abs(out - round(given[0] ** 2 + 2 * given[0] * "
    "math.hypot(given[0] / 2, given[1]))) <= {atol}",
    "digit_distance_nums": "_same(out, expected, {atol}) or out == sum(abs(int(a) - int(b)) for a, b in "
    "zip(*(str(each).zfill(max(len(str(n)) for n in given)) for each in given)))",
    "find_zero": "abs(sum(c * math.pow(out, n) for n, c in enumerate(given[0]))) <= {atol}",
}
"""Problems that EvalPlus compares in another way, by the function's name: the order does not matter, only
whether there is a result does, several results are right."""


def reading_releases(module: str, as_on_the_hub: Callable[[Row], Row]) -> Benchmark:
    """The packaged benchmark ``module``, whose form reads EvalPlus' rows on the Hub, and also those of its
    release, which ``as_on_the_hub`` makes of those."""
    form = packaged_form(module)

    def row_problem(language: str, task: str, row: Row) -> Problem:  # noqa: ARG001 (there is one task)
        released = "base_input" in row or "plus_input" in row
        return problem(form, language, as_on_the_hub(row) if released else row)

    return packaged(module, row_problem=row_problem)


def check(row: Row) -> str:
    """A function ``check(candidate)`` with the tests of a row of the release.

    Raises:
        BadRow: a column is missing or malformed.
    """
    name = _text(row, "entry_point")
    reference = _reference(_text(row, "prompt") + _text(row, "canonical_solution"), name)
    calls = list(_examples(_text(row, "prompt"), name))
    given = [
        arguments_like(calls, each)
        for column in ("base_input", "plus_input")
        for each in _inputs(row, column)
    ]
    if not given:
        raise BadRow("it has no inputs")
    condition = _CONDITIONS.get(name, _USUAL).format(atol=_tolerance(row))
    body = _CHECK.format(condition=condition, inputs="".join(f"        {each!r},\n" for each in given))
    return f"{_COMPARE}\n\n{reference}\n\n\n{body}"


def _reference(code: str, name: str) -> str:
    """A function that returns the reference solution, whose names reach neither tests nor candidate; it has
    another name, as tests that define what they test share a process with the candidate."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError) as error:  # also a lone surrogate
        raise BadRow(f"canonical_solution: not Python: {error}") from None
    if not any(isinstance(each, ast.FunctionDef) and each.name == name for each in body):
        raise BadRow(f"canonical_solution: it does not define {name!r}")
    renamed = f"_reference_{name}"
    body = [_Renamed(name, renamed).visit(each) for each in body]
    stars = [each for each in body if isinstance(each, ast.ImportFrom) and each.names[0].name == "*"]
    own = [each for each in body if each not in stars]
    outer = ast.parse("def _reference():\n    pass")
    assert isinstance(outer.body[0], ast.FunctionDef)
    outer.body[0].body = [*own, ast.Return(ast.Name(renamed, ast.Load()))]
    outer.body[:0] = stars  # which a function must not have
    return ast.unparse(ast.fix_missing_locations(outer))


class _Renamed(ast.NodeTransformer):
    """Code in which a function has another name."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._new if node.name == self._old else node.name
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._new if node.id == self._old else node.id
        return node


def _examples(prompt: str, name: str) -> Iterator[list[Any]]:
    """The arguments of the calls of the function in the prompt's example (``assert f((1, 2)) == 3``)."""
    _, found, example = prompt.partition("assert ")
    try:
        tree = ast.parse((found + example).strip().removesuffix('"""').strip())
    except SyntaxError:
        return
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name:
            yield [_literal(each) for each in call.args]


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _inputs(row: Row, column: str) -> list[Any]:
    value = row.get(column)
    if not isinstance(value, list):
        raise BadRow(f"column {column!r}: expected a list of lists of arguments, found {value!r:.40}")
    for number, each in enumerate(value, 1):
        if not isinstance(each, list):
            raise BadRow(
                f"column {column!r}: input {number}: expected a list of arguments, found {each!r:.40}"
            )
    return value


def _tolerance(row: Row) -> float:
    value = row.get("atol")
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise BadRow(f"column 'atol': expected a number of at least 0, found {value!r:.40}")
    return value


def _text(row: Row, column: str) -> str:
    value = row.get(column)
    if not isinstance(value, str) or not value.strip():
        raise BadRow(f"column {column!r}: expected text, found {value!r:.40}")
    return value
