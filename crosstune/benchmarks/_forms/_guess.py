"""Propose a form for rows, from the names and the contents of their columns."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crosstune.benchmarks import _files
from crosstune.benchmarks._forms._guess_cases import proposed_cases
from crosstune.benchmarks._forms._template import filled
from crosstune.benchmarks._forms._template import value as at
from crosstune.errors import DataError, suggestion
from crosstune.languages import LANGUAGES

_NAMES = {
    "id": ("task_id", "id", "question_id", "problem_id", "_id", "src_uid", "name", "index", "exercise"),
    "instruction": (
        *("instruction", "text", "description", "problem_description", "question_content", "question"),
        *("problem", "problem_statement", "content", "instructions", "human_label", "turns.0"),
        *("prompt.last.content", "messages.0.content", "prompt", "query", "input"),
    ),
    "message": ("instruct_prompt",),
    "declaration": (
        *("declaration", "complete_prompt", "prompt", "starter_code", "signature", "skeleton"),
        "files.solution.0",
    ),
    "entry_point": (
        *("entry_point", "function_name", "func_name", "fn_name", "class_name"),
        "test_info.0.function_name",
    ),
    "tests": (
        *("test", "tests", "test_list", "test_code", "unit_tests", "test_cases", "testcases"),
        *("full_test_func", "assertions", "c_test", "files.test.0"),
    ),
    "before": ("test_setup_code", "test_imports", "import_statement"),
    "setup": ("test_setup", "setup_code"),
    "solution": (
        *("canonical_solution", "solution", "code", "reference_solution", "reference", "reference_code"),
        *("gold_standard_solution", "solution_code", "solution_python3", "completion", "c_func"),
        *("solutions.0", "files.example.0", "output"),
    ),
    "buggy": ("buggy_solution", "buggy", "incorrect_solution"),
    "stops": ("stop_tokens", "stop"),
}
_LANGUAGE = ("language", "programming_language", "lang")
_OTHER_NAMES = {"js": "javascript", "node": "javascript", "nodejs": "javascript", "golang": "go"}
_CODE = re.compile(
    r"^\s*(?:def|class|func|fn|function|const|public|static|#include|import|from|package)\b", re.MULTILINE
)
_DEFINITION = re.compile(_CODE.pattern.replace("import|from|", ""), re.MULTILINE)
_MODULE = re.compile(r"^from (solution|\w+_solution) import ", re.MULTILINE)
_LIMITS = {"cpu_seconds": ("time_limit", "runtime_limit"), "memory_bytes": ("memory_limit",)}
_MOST_SECONDS = 100
"""A number that is larger is a limit in milliseconds."""


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
    table = _Table(rows)
    tests = table.tests()
    cases = [] if tests else proposed_cases(rows)
    if not tests and not cases:
        known = ", ".join(sorted({key for row in rows for key in row}))
        raise DataError(f"{file}: no column with tests or cases; its columns: {known}")
    own = re.sub(r"[^a-z0-9]+", "-", (name or file.name.partition(".")[0]).lower()).strip("-")
    lines = [
        f"name: {own or 'own'}",
        f"data: {json.dumps(str(file.resolve()))}",
        *_languages(rows, language, _of_name(file)),
        *(
            f'{key}: "{text}"'
            for key, text in table.texts(tests, calls=any("call:" in each for each in cases))
        ),
        *cases,
        *(_limits(rows) if cases else ()),
    ]
    return "\n".join(lines) + "\n"


class _Table:
    """The rows, and which of their columns are what."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    def texts(self, tests: str, *, calls: bool) -> Iterator[tuple[str, str]]:
        """The texts of the form."""
        prompt = self._first("declaration", lambda text: bool(_DEFINITION.search(text)))
        asked = self._first("instruction", lambda text: not _CODE.match(text.lstrip("\n")), but=prompt)
        yield "instruction", self._column(asked) if asked else "Complete this {language_title} code."
        yield "id", self._id()
        if prompt:
            yield "declaration", self._column(prompt)
        for what in ("message", "setup", *(() if calls else ("entry_point",))):
            if column := self._first(what):
                yield what, self._column(column)
        if tests:
            yield "tests", self._with_call(tests)
        for what in ("solution", "buggy"):
            if column := self._first(what, _is_code, but=prompt):
                whole = not prompt or not self._content(column).lstrip("\n")[:1].isspace()
                yield what, f"{'' if whole else self._column(prompt)}{self._column(column)}"
        if stops := next((name for name in _NAMES["stops"] if self._values(name)), ""):
            yield "stops", f"{{{stops}}}"

    def tests(self) -> str:
        """The column with tests; empty if they are cases, or if there is none."""
        return self._first("tests", lambda text: not proposed_cases([{"tests": text}]))

    def _with_call(self, tests: str) -> str:
        """The tests, with what comes before them and, if nothing calls their ``check``, that call."""
        text = self._content(tests)
        before = "".join(f"{self._column(each)}\\n" for each in (self._first("before"),) if each)
        if module := _MODULE.search(text):
            before += f"import sys\\nsys.modules['{module[1]}'] = sys.modules[__name__]\\n"
        defined = re.search(r"^def check\(", text, re.MULTILINE)
        entry = self._first("entry_point")
        never = defined and entry and not re.search(r"^check\(", text, re.MULTILINE)
        call = f"\\ncheck({{{entry}}})\\n" if never else ""
        return f"{before}{self._column(tests)}{call}"

    def _id(self) -> str:
        """The column with the ids, or else the numbers of the rows."""
        found = next((name for name in _NAMES["id"] if self._values(name)), "")
        ids = self._values(found) if found else []
        languages = [str(at(name, row)) for row in self._rows for name in _LANGUAGE if name in row]
        pairs = list(zip(map(str, ids), languages, strict=False)) if languages else list(map(str, ids))
        whole = len(ids) == len(self._rows) and len(set(pairs)) == len(pairs)
        return f"{{{found}}}" if found and whole else "{row_number}"

    def _first(self, what: str, fits: Callable[[str], bool] = bool, but: str = "") -> str:
        """The first column for ``what`` that has texts which fit; empty: there is none."""
        for name in _NAMES[what]:
            texts = [text for each in self._values(name)[:20] if (text := _text(each)).strip()]
            if name != but and texts and fits(texts[0]):
                return name
        return ""

    def _values(self, column: str) -> list[Any]:
        """All values that there are."""
        return [each for row in self._rows if (each := at(column, row)) not in (None, "", [])]

    def _column(self, column: str) -> str:
        """The column in braces, as the form has it."""
        mark = "?" if any(at(column, row) is None for row in self._rows) else ""
        return f"{{{column}{mark}{_change(self._values(column)[0])}}}"

    def _content(self, column: str) -> str:
        """The first text of a column, as code."""
        first = self._values(column)[0]
        return filled(f"{{a{_change(first)}}}", {"a": first})


def _is_code(text: str) -> bool:
    """Whether a text is code: in a code block, or not in Markdown or prose."""
    return "```" not in text or text.lstrip().startswith("```")


def _text(found: Any) -> str:
    """A text, or the lines of a list of texts."""
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return "\n".join(found)
    return found if isinstance(found, str) else ""


def _change(found: Any) -> str:
    """How a text has to be changed to be code."""
    if not isinstance(found, str):
        return ""
    if found.lstrip().startswith("```"):
        return "|code"
    try:
        parsed = json.loads(found) if found.lstrip().startswith("[") else None
    except (ValueError, RecursionError):
        return ""
    return "|lines" if isinstance(parsed, list) and all(isinstance(each, str) for each in parsed) else ""


def _languages(rows: list[dict[str, Any]], language: str | None, named: str) -> list[str]:
    column = next((name for name in _LANGUAGE if any(row.get(name) for row in rows)), "")
    if language or not column:
        return [f"languages: [{language or named or 'python'}]"]
    counts = Counter(str(row[column]) for row in rows if row.get(column))
    known: dict[str, str] = {}
    for value, _ in counts.most_common():
        if found := _language(value):
            known.setdefault(found, value)
    others = [
        f"# not used: {count} rows in {value}"
        for value, count in counts.items()
        if value not in known.values()
    ]
    where = [f'where: {{{column}: "{{language}}"}}'] if len(counts) > 1 else []
    return [*others, f"languages: {json.dumps(known)}", *where]


def _of_name(file: Path) -> str:
    """The language that the name of the file has as a word, such as ``humaneval-rs.jsonl``."""
    words = re.split(r"[^a-z+#]+", file.name.partition(".")[0].lower())
    return next(filter(None, map(_language, reversed(words))), "")


def _language(text: str) -> str:
    """The language that rows call ``text``: ``js``, ``C++17``, ``GNU C++ 20``, ``python3``."""
    word = re.sub(r"[\d.\s]+$", "", text.lower().partition("_")[0].partition("(")[0]).split(" ")[-1]
    wanted = _OTHER_NAMES.get(word, word)
    for name, each in LANGUAGES.all().items():
        if wanted in (name, each.title.lower(), *each.fences) and each.judging:
            return name
    return ""


def _limits(rows: list[dict[str, Any]]) -> list[str]:
    """The rows' own limits of time and memory, with the units that their sizes suggest."""
    parts = []
    for limit, names in _LIMITS.items():
        column = next((name for name in names if any(row.get(name) for row in rows)), "")
        found = next((row[column] for row in rows if column and row.get(column)), None)
        if found is None or not isinstance(found, str | int | float):
            continue
        mark = "?" if any(row.get(column) is None for row in rows) else ""
        parts.append(f'{limit}: "{{{column}{mark}}}{_unit(limit, found)}"')
    return [f"limits: {{{', '.join(parts)}}}"] if parts else []


def _unit(limit: str, found: str | float) -> str:
    """The unit of a limit; a text has its own."""
    if isinstance(found, str):
        return ""
    return " MB" if limit == "memory_bytes" else " ms" if found > _MOST_SECONDS else ""
