"""Seed instructions: rows like CodeAlpaca's, and which of them are about Python."""

from __future__ import annotations

import ast
import functools
import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosstune.errors import DataError
from crosstune.sources._columns import column_text
from crosstune.sources._rows import kind, rows

NO_INPUT = re.compile(r"\s*<?\s*no\s*input\s*>?\s*", re.IGNORECASE)
"""What CodeAlpaca's rows say, in many spellings, where an instruction takes no input."""

FOREIGN = r"""
ActionScript|Ada|Angular|Apex|ARM|ASP\.NET|Assembly|AWK|Bash|Batch|Bootstrap|C#|C\+\+|Clojure|COBOL|CoffeeScript|
CSS|D3|Dart|Delphi|Elixir|Erlang|Excel|F#|Fortran|Golang|GraphQL|Groovy|Handlebars|Haskell|HTML|Java|
Java\s?Script|JS|jQuery|JSON|JSP|JSX|Julia|Kotlin|LaTeX|LINQ|Lisp|Lua|Markdown|MATLAB|MongoDB|MySQL|\.NET|
Node\.?js|NoSQL|Objective-C|OCaml|Pascal|Perl|PHP|PostgreSQL|PowerShell|Prolog|Pug|React|Ruby|Rails|Rust|SASS|
Scala|Scheme|SCSS|shell script|Solidity|Spark|SQL|SQLite|Svelte|Swift|Terraform|TypeScript|VBA|VB\.NET|
Verilog|VHDL|Visual Basic|Vue|XML|XPath|XQuery|YAML
"""
"""Languages, and what belongs to one, that instructions name. These are words of English text, not the
languages of this project: the selection must not change when one is added there."""
BOUNDS = r"(?<![\w.+#-])(?:{})(?![\w+#]|-\w)"
LETTERS = r"C|R|(?<!^)Go"
"""Names that count only when written just so (``Go`` at the very beginning is the verb)."""


@dataclass(frozen=True, slots=True)
class Seed:
    """An instruction to start from. ``id`` follows from its text, so it outlives a reordered file."""

    id: str
    text: str


def read_seeds(path: Path, *, python_only: bool) -> list[Seed]:
    """The different instructions of a file of rows with ``instruction``, ``input`` and ``output``.

    Raises:
        DataError: unreadable, or a row of another form (both named), or no seed in it.
    """
    found = {seed.id: seed for seed, row in _read(path) if not python_only or is_about_python(row)}
    if not found:
        raise DataError(f"{path}: no{' Python-related' if python_only else ''} instruction in it")
    return list(found.values())


def _read(path: Path) -> Iterator[tuple[Seed, dict[str, Any]]]:
    for place, row in rows(path):
        if not isinstance(row, dict):
            raise DataError(f"{place}: expected an object with 'instruction', found {kind(row)}")
        instruction = column_text(place, row, "instruction").strip()
        given = column_text(place, row, "input").strip() if row.get("input") else ""
        whole = instruction if not given or NO_INPUT.fullmatch(given) else f"{instruction}\n\n{given}"
        if whole:
            yield Seed(hashlib.sha256(whole.encode()).hexdigest()[:16], whole), row


def is_about_python(row: dict[str, Any]) -> bool:
    """Whether the instruction names Python alone, or no language and the output is Python."""
    instruction = str(row.get("instruction", ""))
    if _foreign().search(instruction) or re.search(BOUNDS.format(LETTERS), instruction):
        return False
    if re.search(r"\bpython", instruction, re.IGNORECASE):
        return True
    return _is_python(str(row.get("output", "")))


@functools.cache
def _foreign() -> re.Pattern[str]:
    return re.compile(BOUNDS.format(FOREIGN.replace("\n", "")), re.IGNORECASE)


def _is_python(output: str) -> bool:
    """Whether it parses and does something: prose like ``Max: 20`` and bare values parse too.

    A call alone does not count: ``console.log("x")`` and ``db.items.find()`` are Python by grammar.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # invalid escapes in strings and the like
            body = ast.parse(output).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        not isinstance(part, ast.Expr) and not (isinstance(part, ast.AnnAssign) and part.value is None)
        for part in body
    )
