"""The cases of a row: runs of a whole program, or calls of a function."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from crosstune.benchmarks._benchmark import with_tests
from crosstune.benchmarks._forms._form import CasesForm
from crosstune.benchmarks._forms._template import BadRow, Row, columns_of, value
from crosstune.benchmarks._pickled_text import compressed_text
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES, DoesNotFit, question
from crosstune.records import CallCase, Case, Problem

_MISSING = object()


def cases_of(form: CasesForm, row: Row, call: str) -> tuple[Case | CallCase, ...]:
    """The cases that the form finds in ``row``; ``call`` is the function that they call, if they do.

    Raises:
        BadRow: there are none, or one is malformed; the message has the number of the case.
    """
    parts = [_column(each, row, several=len(form.columns) > 1) for each in form.columns]
    many = sum(part is not None for part in parts) > 1
    found: list[Case | CallCase] = []
    for column, part in zip(form.columns, parts, strict=True):
        try:
            if part is not None:
                found += calls(part, form, call) if call else cases(part, form.stdin, form.stdout, form.lines)
        except BadRow as error:
            raise BadRow(f"column {_name(column)!r}: {error}" if many else str(error)) from None
    if not found:
        names = ", ".join(map(_name, form.columns))
        raise BadRow(f"expected a list of cases in one of the columns {names}, found none")
    return tuple(found)


def _name(column: str) -> str:
    return column.strip("{?}")


def _column(column: str, row: Row, *, several: bool) -> Any:
    """The cases of a column; None: it has none, which others may make up for.

    Raises:
        BadRow: it has none, and has to have some.
    """
    name = _name(column)
    found = value(name, row) if name else row
    if found is None and not column.endswith("?}"):
        raise BadRow(f"column {name!r}: expected a list of cases, found nothing{columns_of(name, row)}")
    return None if several and found in ([], "", "[]") else found


def cases(found: Any, stdin: str, stdout: str, lines: bool = False) -> Iterator[Case]:
    """The cases in ``found``, a list of objects, an object with two lists, or the JSON of either; with
    ``lines``, lists of texts are the lines of an input or output.

    Raises:
        BadRow: it is none, it is empty, or a case lacks its texts; the message has the number of the case.
    """
    rows, stdin, stdout = _rows(found, stdin, stdout)
    for number, each in enumerate(rows, 1):
        at = value if isinstance(each, Mapping) else _at
        read, printed = (_joined(at(key, each), lines) for key in (stdin, stdout))
        if not isinstance(read, str) or not isinstance(printed, str):
            hint = (
                "; lines: true joins lists of them"
                if isinstance(read, list) or isinstance(printed, list)
                else ""
            )
            raise BadRow(f"case {number}: expected texts {stdin!r} and {stdout!r}, found {each!r:.60}{hint}")
        yield Case(read, printed)


def _joined(found: Any, lines: bool) -> Any:
    """A text in place of a list with one, or of one with the ``lines`` of a text."""
    texts = isinstance(found, list) and all(isinstance(each, str) for each in found)
    return "\n".join(found) if texts and (lines or len(found) == 1) else found


def calls(found: Any, form: CasesForm, call: str) -> Iterator[CallCase]:
    """The calls of ``call`` in ``found``, in the same ways.

    Raises:
        BadRow: as `cases`.
    """
    rows, given, expected = _rows(found, form.arguments, form.expected)
    for number, each in enumerate(rows, 1):
        try:
            yield _call(each, form, call, given, expected)
        except ValueError as error:
            raise BadRow(f"case {number}: {error}") from None


def check_calls(problem: Problem) -> None:
    """Check that the judge can make the calls of a problem.

    Raises:
        BadRow: the language lacks the function's declaration, or an argument does not fit it.
    """
    judging = LANGUAGES.load(problem.language).judging
    found = [case for case in problem.cases if isinstance(case, CallCase)]
    if not found or judging is None or judging.separate is None or judging.separate.calls is None:
        return
    program = replace(with_tests(problem, ""), id="", cases=(), limits=None)
    try:
        plan = judging.separate.calls(program, tuple(dict.fromkeys(case.call for case in found)))
    except DataError as error:
        raise BadRow(str(error)) from None
    for number, case in enumerate(found, 1):
        try:
            question(plan, plan.targets[case.call], case.arguments)
        except (DoesNotFit, ValueError) as error:
            raise BadRow(f"case {number}: {error}") from None


def _call(case: Any, form: CasesForm, call: str, given: str, expected: str) -> CallCase:
    """
    Raises:
        ValueError: it is malformed.
    """
    error = _at(form.error, case) if form.error else None
    if error is _MISSING:
        error = None
    if error is not None and not isinstance(error, str):
        raise ValueError(f"{form.error!r}: expected the kind of an error, found {_shown(error)}")
    result = _at(expected, case)
    if result is _MISSING and error is None:
        keys = " or ".join(map(repr, filter(None, (expected, form.error))))
        raise ValueError(f"expected {keys}, found {_shown(case)}")
    row: dict[str, Any] = {"arguments": _arguments(_at(given, case), given, case)}
    row |= {"expected": result} if error is None else {"error": error}
    return CallCase(call, **CallCase.decoded(row), tuple_is_list=form.tuple_is_list)


def _arguments(found: Any, key: str, case: Any) -> list[Any]:
    """
    Raises:
        ValueError: it is neither a list nor the JSON of one.
    """
    if found is _MISSING:
        raise ValueError(f"expected {key!r}, found {_shown(case)}")
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{key!r}: expected a list of arguments, or its JSON: {error}") from None
    if not isinstance(found, list):
        raise ValueError(f"{key!r}: expected a list of arguments, found {_shown(found)}")
    return found


def _rows(found: Any, first: str, second: str) -> tuple[list[Any], str, str]:
    """The cases in ``found``, and the keys of the two parts of each.

    Raises:
        BadRow: it is no list, an empty one, or lists of different length.
    """
    if isinstance(found, str):
        found = _parsed(found)
    if isinstance(found, Mapping):
        found, first, second = _paired(value(first, found), value(second, found), first, second), "0", "1"
    if not isinstance(found, list) or not found:
        raise BadRow(f"expected a list of cases, found {found!r:.40}")
    return found, first, second


def _parsed(text: str) -> Any:
    """
    Raises:
        BadRow: it is neither JSON nor compressed JSON.
    """
    if text.lstrip()[:1] not in ("[", "{"):
        try:
            text = compressed_text(text)
        except ValueError as error:
            raise BadRow(f"the cases are not JSON, plain or compressed ({error}): {text!r:.40}") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRow(f"the cases are not JSON: {error}") from None


def _paired(firsts: Any, seconds: Any, first: str, second: str) -> list[Any]:
    """
    Raises:
        BadRow: they are not two lists of the same length.
    """
    firsts, seconds = (_parsed(each) if isinstance(each, str) else each for each in (firsts, seconds))
    if not isinstance(firsts, list) or not isinstance(seconds, list) or len(firsts) != len(seconds):
        raise BadRow(
            f"expected a list of cases, or an object with lists {first!r} and {second!r} of the same length"
        )
    return [{"0": one, "1": other} for one, other in zip(firsts, seconds, strict=True)]


def _at(key: str, whole: Any) -> Any:
    """What ``whole`` has under a key, or under several with dots between them (the number of an item of a
    list is one, too). Unlike with `value`, null is a value: `_MISSING` means that there is no such key."""
    if isinstance(whole, Mapping) and key in whole:
        return whole[key]
    head, dot, rest = key.partition(".")
    if isinstance(whole, list):
        inner = whole[int(head)] if head.isdecimal() and int(head) < len(whole) else _MISSING
    else:
        inner = whole.get(head, _MISSING) if isinstance(whole, Mapping) and dot else _MISSING
    return _at(rest, inner) if dot else inner


def _shown(found: Any) -> str:
    return f"{found!r:.60}"
