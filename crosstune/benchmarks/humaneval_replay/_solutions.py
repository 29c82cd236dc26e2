"""Reference solutions in other languages than Python: crosstune's own, or HumanEvalPack's where they fit.

``solutions/`` has files for most languages; others name files of their own (`TypedSyntax.solutions`). A line
such as ``// HumanEval/33``, with the language's own line comment, begins the body of a function, without its
signature; ``// HumanEval/33 before`` what is put before it (instead of what is ``// common``),
``// HumanEval/33 helper`` the function that the problem gives, ``// HumanEval/33 tests`` a template of the
tests of a problem without cases (`_assertions`). A language without a solution of its own takes that of the
language in `_SHARED`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from crosstune.benchmarks import _rows
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES, Declared

Which = Literal["canonical_solution", "buggy_solution"]

_FOLDER = Path(__file__).with_name("solutions")
_SECTION = r"^{0} (common|HumanEval/\d+(?: \w+)?)(?: \*\))?\n"
_SHARED = {"typescript": "javascript"}
"""A body without types is valid in both."""
# HumanEvalPack has single precision, in which results are not those of the tests.
_WIDER = {"cpp": (r"\bfloat\b", "double"), "rust": (r"\bf32\b", "f64")}


@functools.cache
def sections(language: str) -> Mapping[str, str]:
    """All sections of a language's file, with those of the language that it shares."""
    shared = sections(_SHARED[language]) if language in _SHARED else {}
    typed, mark = LANGUAGES.load(language).typed, "//"
    files = sorted((*_FOLDER.glob(f"{language}.*"), *_FOLDER.glob(f"{language}_*.*")))
    if typed and typed.solutions:
        files, mark = list(typed.solutions), re.escape(LANGUAGES.load(language).line_comment)
    found: dict[str, str] = {}
    for file in files:
        _, *parts = re.split(_SECTION.format(mark), file.read_text("utf-8"), flags=re.MULTILINE)
        found.update(zip(parts[::2], (f"{part.strip(chr(10))}\n" for part in parts[1::2]), strict=True))
    return {**shared, **found}


def own(language: str, name: str, declared: Declared) -> str:
    """crosstune's own solution of the problem ``name``, a whole candidate; empty if there is none."""
    body = sections(language).get(name)
    if body is None:
        return ""
    before = sections(language).get(f"{name} before", sections(language).get("common", ""))
    return f"{declared.given}{before}{declared.head}{body}{declared.end}"


def from_humanevalpack(folder: Path, language: str, number: int, name: str, which: Which) -> str:
    """HumanEvalPack's solution, with the function's name here and with double precision; empty if there is
    none.

    Raises:
        DataError: the language's file is broken.
    """
    try:
        file = _rows.find(folder, language)
    except DataError:
        return ""
    row = _by_number(file).get(number)
    if row is None:
        return ""
    parts = (row.get("import", ""), _rows.helpers(row), row["declaration"] + row[which])
    code = "\n".join(filter(None, parts))
    narrow, wide = _WIDER.get(language, ("(?!)", ""))
    code = re.sub(narrow, wide, code)
    old = re.escape(_rows.entry_point(row))
    return re.sub(rf"(?<![\w.\"]){old}(?=\s*(?:<[^>]*>)?\(|\s*=\s*\()", name, code)


@functools.lru_cache(maxsize=16)
def _by_number(file: Path) -> Mapping[int, _rows.Row]:
    rows = map(_rows.repaired, _rows.read(file, _FIELDS))
    return {int(row["task_id"].rpartition("/")[2]): row for row in rows}


_FIELDS = (
    "task_id",
    "prompt",
    "declaration",
    "canonical_solution",
    "buggy_solution",
    "test",
    "entry_point",
)
