"""Run HumanEval's tests on its own solutions, and record each call. Runs inside the sandbox, alone.

Reads rows (JSON, a list) from stdin and writes one line of JSON for each. Only the standard library.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import json
import random
import signal
import sys
import types
from collections.abc import Callable
from typing import Any

SECONDS = 10.0
"""CPU seconds for the tests of one problem."""

_ABSOLUTE = {"abs", "fabs"}


class NotPlain(Exception):
    """Why calls cannot be made in another language."""


def encoded(value: Any) -> Any:
    """JSON in which tuples and dictionaries stay what they are: {"t": items}, {"m": entries}, {"d": repr}."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return {"d": value.hex()}
    if kind is list:
        return [encoded(item) for item in value]
    if kind is tuple:
        return {"t": [encoded(item) for item in value]}
    if kind is dict:
        return {"m": [[encoded(key), encoded(item)] for key, item in value.items()]}
    raise NotPlain(f"its calls have a value of type {kind.__name__}")


def without_fractions(value: Any) -> Any:
    """The value with integers in place of floats that have no fraction: for languages with one kind of
    number."""
    if type(value) is float and value.is_integer():
        return int(value)
    if type(value) in (list, tuple):
        return type(value)(without_fractions(item) for item in value)
    return value


def with_text_keys(value: Any) -> Any:
    """The value with text as the keys of its dictionaries."""
    if type(value) in (list, tuple):
        return type(value)(with_text_keys(item) for item in value)
    if type(value) is dict:
        return {str(key): item for key, item in value.items()}
    return value


class Comparison:
    """How an assertion compares the result of a call."""

    def __init__(self, assertion: ast.Assert, call: ast.Call) -> None:
        self.call = call
        self.rule, self.tolerance, self.expected = self._of(assertion.test)

    def _of(self, test: ast.expr) -> tuple[str, float, ast.expr | None]:
        """The rule, the tolerance and the expression of what is expected."""
        if self._is_result(test):
            return "true", 0.0, None
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and self._is_result(test.operand):
            return "false", 0.0, None
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self._of_comparison(test.left, test.ops[0], test.comparators[0])
        return "other", 0.0, None

    def _of_comparison(
        self, left: ast.expr, operator: ast.cmpop, right: ast.expr
    ) -> tuple[str, float, ast.expr | None]:
        if isinstance(operator, ast.Eq | ast.Is) and self._is_result(left):
            return "equal", 0.0, None
        if isinstance(operator, ast.Eq) and _called(left) == "tuple" and self._is_result(_first(left)):
            return "items", 0.0, None
        small = right.value if isinstance(right, ast.Constant) else None
        if not isinstance(operator, ast.Lt | ast.LtE) or not isinstance(small, float | int):
            return "other", 0.0, None
        if _called(left) in _ABSOLUTE and (other := self._subtracted(_first(left))):
            return "near", float(small), other
        return "other", 0.0, None

    def _subtracted(self, difference: ast.expr) -> ast.expr | None:
        """The expression from which the result is subtracted, or the other way round."""
        if not isinstance(difference, ast.BinOp) or not isinstance(difference.op, ast.Sub):
            return None
        sides = (difference.left, difference.right)
        return next((sides[1 - at] for at in (0, 1) if self._is_result(sides[at])), None)

    def _is_result(self, node: ast.expr) -> bool:
        return node is self.call


def _called(node: ast.expr) -> str:
    """The name of the function that an expression calls, without its module."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def _first(call: ast.expr) -> ast.expr:
    """The only argument of a call; the call itself if there are others."""
    arguments = call.args if isinstance(call, ast.Call) else []
    return arguments[0] if len(arguments) == 1 else call


def comparisons(text: str, name: str) -> dict[int, Comparison]:
    """The comparison of each call of ``name``, by the line of its assertion, if it is the only one there."""
    found: dict[int, Comparison] = {}
    for assertion in ast.walk(ast.parse(text)):
        if isinstance(assertion, ast.Assert):
            calls = [n for n in ast.walk(assertion.test) if isinstance(n, ast.Call) and _called(n) == name]
            if len(calls) == 1:
                for line in range(assertion.lineno, (assertion.end_lineno or assertion.lineno) + 1):
                    found[line] = Comparison(assertion, calls[0])
    return found


def bound(text: str) -> float:
    """The number than which something has to be less in the only assertion of a test; else 0."""
    tests = [each.test for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Assert)]
    test = tests[0] if len(tests) == 1 else None
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Lt):
        right = test.comparators[0]
        if isinstance(right, ast.Constant) and isinstance(right.value, float):
            return right.value
    return 0.0


class Recorder:
    """Calls the solution in the place of a candidate."""

    def __init__(self, function: Callable[..., Any], text: str) -> None:
        self.function = function
        self.calls: list[dict[str, Any]] = []
        self.comparisons = comparisons(text, "candidate")
        self.bound = bound(text)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if named:
            raise NotPlain("its tests give named arguments")
        before, given = encoded(list(arguments)), copy.deepcopy(arguments)
        call = {"arguments": before, **self._rule(sys._getframe(1))}  # noqa: SLF001 (no other way to the line)
        self.calls.append(call)
        try:
            result = self.function(*arguments)
        except Exception as error:
            call["error"] = type(error).__name__
            raise
        call["result"] = encoded(result)
        after = encoded(list(arguments))
        if after != before:
            call["after"] = after
        call["numbers"] = self._gives(result, [without_fractions(each) for each in copy.deepcopy(given)])
        call["keys"] = self._gives(result, [with_text_keys(each) for each in copy.deepcopy(given)])
        return result

    def _rule(self, frame: types.FrameType) -> dict[str, Any]:
        comparison = self.comparisons.get(frame.f_lineno)
        if comparison is None:
            return {"rule": "other", "tolerance": self.bound}
        rule: dict[str, Any] = {"rule": comparison.rule}
        if comparison.expected:
            expression = ast.Expression(comparison.expected)
            value = eval(compile(expression, "expected", "eval"), frame.f_globals, frame.f_locals)  # noqa: S307 (as the test)
            rule.update(tolerance=comparison.tolerance, expected=encoded(value))
        return rule

    def _gives(self, result: Any, arguments: list[Any]) -> bool:
        """Whether the solution gives the same for these arguments."""
        try:
            return bool(self.function(*arguments) == result)
        except Exception:  # noqa: BLE001 (HumanEval's code may raise any)
            return False


def out_of_time(*_: object) -> None:
    raise TimeoutError("its tests did not end")


def record(row: dict[str, str]) -> dict[str, Any]:
    scope: dict[str, Any] = {"__name__": "humaneval"}
    source = f"{row['prompt']}{row['canonical_solution']}\n"
    exec(compile(source, "solution", "exec"), scope)  # noqa: S102 (that is what it is for)
    function = scope[row["entry_point"]]
    exec(compile(row["test"], "tests", "exec"), scope)  # noqa: S102 (that is what it is for)
    recorder = Recorder(function, row["test"])
    random.seed(0)
    scope["check"](recorder)
    declared = signature(source, row["entry_point"])
    if problem := why_not_a_problem(recorder.calls, declared):
        raise NotPlain(problem)
    return {"calls": recorder.calls, "signature": declared}


def why_not_a_problem(calls: list[dict[str, Any]], declared: dict[str, Any]) -> str:
    """Why no language can be given these calls; empty if it can."""
    if not calls:
        return "its tests do not call the function"
    if failed := next((call["error"] for call in calls if "error" in call), ""):
        return f"its tests expect a call to raise {failed}"
    count = len(declared["parameters"])
    if other := next((len(call["arguments"]) for call in calls if len(call["arguments"]) != count), 0):
        return f"its tests give {other} of {count} arguments"
    return "" if declared["docstring"] else "the function has no docstring"


def signature(source: str, name: str) -> dict[str, Any]:
    """The names of the parameters with their annotations, and the annotation of the result; empty texts where
    there are none. Then the docstring."""
    functions = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    function = next(each for each in functions if each.name == name)
    others = {n.name: ast.get_docstring(n, clean=False) or "" for n in functions if n.name != name}

    def text(node: ast.expr | None) -> str:
        return ast.unparse(node) if node else ""

    texts = (n.value for n in ast.walk(function) if isinstance(n, ast.Expr))
    documented = (n.value for n in texts if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return {
        "parameters": [[each.arg, text(each.annotation)] for each in function.args.args],
        "result": text(function.returns),
        "docstring": next(documented, ""),
        "helpers": others,
    }


def main() -> None:
    rows = json.load(sys.stdin)
    signal.signal(signal.SIGVTALRM, out_of_time)
    output, sys.stdout = sys.stdout, io.StringIO()
    for row in rows:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                recorded = record(row)
        except NotPlain as error:
            recorded = {"error": str(error)}
        except Exception as error:  # noqa: BLE001 (HumanEval's code may raise any)
            why = f"{type(error).__name__}: {error}".removesuffix(": ")
            recorded = {"error": f"its tests do not pass its own solution: {why}"}
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        output.write(json.dumps({"id": row["task_id"], **recorded}) + "\n")
    output.flush()


if __name__ == "__main__":
    main()
