"""Find the cases of rows: lists of objects or pairs of lists, at the top or one level down, also in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosstune.benchmarks._forms._template import value as at
from crosstune.benchmarks._pickled_text import compressed_text

_KEYS = (("stdin", "stdout"), ("input", "output"), ("inputs", "outputs"), ("input.stdin", "output.stdout"))
_ARGUMENTS = ("arguments", "args", "input", "inputs")
_EXPECTED = ("expected", "result", "output", "outputs", "return")
_FUNCTION = ("fn_name", "func_name", "function_name")
_SHORTEST = 32
"""Characters of a text that may be compressed cases; a shorter one is a word."""


@dataclass(frozen=True)
class _Found:
    """The cases in a column: their keys by what they are, and the column with the function's name."""

    column: str
    keys: tuple[tuple[str, str], ...]
    function: str = ""
    lines: bool = False


def proposed_cases(rows: list[dict[str, Any]]) -> list[str]:
    """The lines of a form's key ``cases``; none: the rows have no cases that are known here."""
    found = [each for row in rows[:50] for each in _cases(row)]
    if not found:
        return []
    keys = {name: key for each in reversed(found) for name, key in each.keys}
    columns = list(dict.fromkeys(each.column for each in found if each.column))
    functions = [each.function for each in found if each.function]
    lines = ["cases:"]
    if columns:
        marks = [f'"{{{name}{_mark(name, rows, len(columns))}}}"' for name in columns]
        several = f"[{', '.join(marks)}]"
        lines.append(f"  list: {marks[0] if len(marks) == 1 else several}")
    lines += [f"  {name}: {key}" for name, key in keys.items()]
    if functions:
        all_calls = "stdin" not in keys
        mark = "" if all_calls else "?"
        lines.append(f'  call: "{{{functions[0]}{mark}}}"')
    if any(each.lines for each in found):
        lines.append("  lines: true")
    return lines


def _mark(column: str, rows: list[dict[str, Any]], count: int) -> str:
    return "?" if count > 1 and any(at(column, row) is None for row in rows) else ""


def _cases(row: Mapping[str, Any]) -> Iterator[_Found]:
    if lists := _in_lists("", row, row):
        yield lists
        return
    for column, whole in row.items():
        parsed = _parsed(whole)
        inner = {f"{column}.{key}": each for key, each in parsed.items()} if isinstance(parsed, dict) else {}
        for name, each in ((column, parsed), *((name, _parsed(each)) for name, each in inner.items())):
            if found := _in_list(name, each) or _in_lists(name, each, row):
                yield found


def _parsed(whole: Any) -> Any:
    """What a column holds, where it is text with JSON, or with compressed JSON."""
    if not isinstance(whole, str):
        return whole
    packed = whole.lstrip()[:1] not in ("[", "{")
    if packed and (len(whole) < _SHORTEST or any(each.isspace() for each in whole)):
        return None
    try:
        return json.loads(compressed_text(whole) if packed else whole)
    except (ValueError, RecursionError):
        return None


def _in_list(column: str, cases: Any) -> _Found | None:
    """A list of objects, one for each case."""
    if not isinstance(cases, list) or not cases or not isinstance(cases[0], dict):
        return None
    first = cases[0]
    function = next((f"{column}.0.{key}" for key in _FUNCTION if first.get(key)), "")
    for stdin, stdout in _KEYS:
        given, expected = at(stdin, first), at(stdout, first)
        if not function and _is_text(given) and _is_text(expected):
            lines = _is_lines(given) or _is_lines(expected)
            return _Found(column, (("stdin", stdin), ("stdout", stdout)), lines=lines)
    arguments = next((key for key in _ARGUMENTS if isinstance(first.get(key), list)), "")
    result = next((key for key in _EXPECTED if key in first), "")
    if not arguments or not result:
        return None
    wrapped = function and all(
        isinstance(each.get(result), list) and len(each[result]) == 1 for each in cases
    )
    keys = (("arguments", arguments), ("expected", f"{result}.0" if wrapped else result))
    return _Found(column, keys, function)


def _in_lists(column: str, cases: Any, row: Mapping[str, Any]) -> _Found | None:
    """An object with a list of inputs and one of outputs; without a column, it is the row."""
    if not isinstance(cases, Mapping):
        return None
    for first, second in _KEYS:
        given, expected = _parsed(at(first, cases)), _parsed(at(second, cases))
        if not (isinstance(given, list) and isinstance(expected, list) and given and expected):
            continue
        prefix = f"{column}." if column else ""
        function = next((f"{prefix}{key}" for key in _FUNCTION if at(f"{prefix}{key}", row)), "")
        if function or not (_is_text(given[0]) and _is_text(expected[0])):
            return _Found(column, (("arguments", first), ("expected", second)), function)
        lines = _is_lines(given[0]) or _is_lines(expected[0])
        return _Found(column, (("stdin", first), ("stdout", second)), lines=lines)
    return None


def _is_text(found: Any) -> bool:
    return isinstance(found, str) or (
        isinstance(found, list) and all(isinstance(each, str) for each in found)
    )


def _is_lines(found: Any) -> bool:
    return isinstance(found, list)
