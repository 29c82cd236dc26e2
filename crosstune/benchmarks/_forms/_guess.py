"""Propose a form for rows, from the names and the contents of their columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crosstune.benchmarks import _files
from crosstune.errors import DataError, suggestion
from crosstune.languages import LANGUAGES

_NAMES = {
    "id": ("task_id", "id", "question_id", "problem_id", "name", "index"),
    "instruction": (
        "instruction",
        "text",
        "description",
        "question_content",
        "question",
        "problem",
        "content",
    ),
    "declaration": ("declaration", "prompt", "starter_code", "signature"),
    "entry_point": ("entry_point", "function_name", "func_name", "fn_name"),
    "tests": ("test", "tests", "test_list", "test_code", "unit_tests"),
    "before": ("test_setup_code", "test_imports"),
    "setup": ("test_setup",),
    "solution": ("canonical_solution", "solution", "code", "reference_solution", "reference"),
    "buggy": ("buggy_solution", "buggy", "incorrect_solution"),
    "stops": ("stop_tokens", "stop"),
}
_LANGUAGE = ("language", "programming_language", "lang")
_KEYS = (("stdin", "stdout"), ("input", "output"), ("input.stdin", "output.stdout"))
_ARGUMENTS, _EXPECTED = ("arguments", "args", "input", "inputs"), ("expected", "result", "output", "return")
_CODE = re.compile(
    r"^\s*(?:def|class|func|fn|function|const|public|static|#include|import|package)\b", re.MULTILINE
)


def propose_form(file: Path, name: str | None = None, language: str | None = None) -> str:
    """The text of a form for the rows of ``file``.

    Raises:
        DataError: there are no rows, no tests or cases in them, or no such language.
    """
    if language and language not in LANGUAGES.names():
        raise DataError(f"unknown language {language!r}; {suggestion(language, LANGUAGES.names())}")
    rows = [row for _, row in _files.read(file, _files.stamp_of(file)) if isinstance(row, dict)]
    if not rows:
        raise DataError(f"{file}: no rows")
    first, columns = rows[0], {key for row in rows for key, value in row.items() if value is not None}
    chosen = {what: found for what, names in _NAMES.items() if (found := _first(names, columns))}
    cases = None if chosen.get("tests") and _is_code(first[chosen["tests"]]) else _cases(first)
    if "tests" not in chosen and cases is None:
        raise DataError(f"{file}: no column with tests or cases; its columns: {', '.join(sorted(columns))}")
    own = re.sub(r"[^a-z0-9]+", "-", (name or file.name.partition(".")[0]).lower()).strip("-")
    lines = [
        f"name: {own}",
        f"data: {json.dumps(str(file.resolve()))}",
        *_languages(rows, columns, language, _of_name(file)),
    ]
    lines += [f"{key}: {text}" for key, text in _texts(chosen, first, rows, cases is not None)]
    return "\n".join((*lines, *(cases or ()))) + "\n"


def _first(names: Iterable[str], columns: Iterable[str]) -> str:
    return next((name for name in names if name in columns), "")


def _languages(rows: list[dict[str, Any]], columns: set[str], language: str | None, named: str) -> list[str]:
    column = _first(_LANGUAGE, columns)
    if language or not column:
        return [f"languages: [{language or named or 'python'}]"]
    values = dict.fromkeys(str(row[column]) for row in rows if row.get(column))
    known = {found: value for value in values if (found := _language(value))}
    where = [f'where: {{{column}: "{{language}}"}}'] if len(values) > 1 else []
    return [f"languages: {json.dumps(known)}", *where]


def _of_name(file: Path) -> str:
    """The language that the name of the file has as a word, such as ``humaneval-rs.jsonl``."""
    words = re.split(r"[^a-z+#]+", file.name.partition(".")[0].lower())
    return next(filter(None, map(_language, reversed(words))), "")


def _language(text: str) -> str:
    wanted = text.lower().partition("_")[0]
    for name, each in LANGUAGES.all().items():
        if wanted in (name, *each.fences) and each.judging:
            return name
    return ""


def _texts(
    chosen: Mapping[str, str], first: Mapping[str, Any], rows: list[dict[str, Any]], with_cases: bool
) -> Iterable[tuple[str, str]]:
    """The texts of the form, quoted as in YAML."""
    prompt = chosen.get("declaration", "")
    if prompt and not _CODE.search(str(first.get(prompt, ""))):  # it is a question, not code
        yield "instruction", f'"{{{prompt}}}"'
        prompt = ""
    elif "instruction" in chosen:
        yield "instruction", f'"{{{chosen["instruction"]}}}"'
    else:
        yield "instruction", '"Complete this {language_title} code."'
    yield "id", f'"{{{chosen.get("id", "")}}}"'
    if prompt:
        yield "declaration", f'"{{{prompt}}}"'
    if "setup" in chosen:
        yield "setup", f'"{{{chosen["setup"]}}}"'
    if "entry_point" in chosen:
        yield "entry_point", f'"{{{chosen["entry_point"]}}}"'
    if not with_cases:
        yield "tests", _tests(chosen, first)
    for what in ("solution", "buggy"):
        if column := chosen.get(what):
            whole = not prompt or bool(_CODE.match(str(first.get(column) or "").lstrip("\n")))
            mark = "?" if any(row.get(column) is None for row in rows) else ""
            yield what, f'"{"" if whole else f"{{{prompt}}}"}{{{column}{mark}}}"'
    if "stops" in chosen:
        yield "stops", f'"{{{chosen["stops"]}}}"'


def _tests(chosen: Mapping[str, str], first: Mapping[str, Any]) -> str:
    """The tests, with what comes before them and, if nothing calls their ``check``, that call."""
    text = str(first.get(chosen["tests"], ""))
    before = f"{{{chosen['before']}}}\\n" if "before" in chosen else ""
    never = re.search(r"^def check\(", text, re.MULTILINE) and not re.search(r"^check\(", text, re.MULTILINE)
    call = f"\\ncheck({{{chosen['entry_point']}}})\\n" if never and "entry_point" in chosen else ""
    return f'"{before}{{{chosen["tests"]}}}{call}"'


def _is_code(value: Any) -> bool:
    return _cases_in(value) is None


def _cases(row: Mapping[str, Any]) -> list[str] | None:
    for column, value in row.items():
        if keys := _cases_in(value):
            return ["cases:", f'  list: "{{{column}}}"', *(f"  {name}: {key}" for name, key in keys.items())]
    return None


def _cases_in(value: Any) -> dict[str, str] | None:
    """The keys of input and output, or of arguments and result, if ``value`` is a list of cases or its
    JSON."""
    from crosstune.benchmarks._forms._template import value as at

    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return None
    first = value[0]
    for stdin, stdout in _KEYS:
        if isinstance(at(stdin, first), str) and isinstance(at(stdout, first), str):
            return {"stdin": stdin, "stdout": stdout}
    arguments = next((key for key in _ARGUMENTS if isinstance(first.get(key), list)), "")
    expected = next((key for key in _EXPECTED if key in first), "")
    return {"arguments": arguments, "expected": expected} if arguments and expected else None
