"""Rules for rows with Stanford Alpaca's columns: join the input, and recognise rows about Python."""

from __future__ import annotations

import ast
import functools
import re
import warnings
from typing import Any

_NO_INPUT = re.compile(r"\s*<?\s*no\s*input\s*>?\s*", re.IGNORECASE)
"""The input of CodeAlpaca's rows, in many spellings, if an instruction needs none."""

_OTHER_LANGUAGES = r"""
ActionScript|Ada|Angular|Apex|ARM|ASP\.NET|Assembly|AWK|Bash|Batch|Bootstrap|C#|C\+\+|Clojure|COBOL|CoffeeScript|
CSS|D3|Dart|Delphi|Elixir|Erlang|Excel|F#|Fortran|Golang|GraphQL|Groovy|Handlebars|Haskell|HTML|Java|
Java\s?Script|JS|jQuery|JSON|JSP|JSX|Julia|Kotlin|LaTeX|LINQ|Lisp|Lua|Markdown|MATLAB|MongoDB|MySQL|\.NET|
Node\.?js|NoSQL|Objective-C|OCaml|Pascal|Perl|PHP|PostgreSQL|PowerShell|Prolog|Pug|React|Ruby|Rails|Rust|SASS|
Scala|Scheme|SCSS|shell script|Solidity|Spark|SQL|SQLite|Svelte|Swift|Terraform|TypeScript|VBA|VB\.NET|
Verilog|VHDL|Visual Basic|Vue|XML|XPath|XQuery|YAML
"""
"""Languages, and tools of one language, that instructions name. The list is independent of the supported
languages: the selection must not change when one is added."""
_WORD = r"(?<![\w.+#-])(?:{})(?![\w+#]|-\w)"
_CASE_SENSITIVE = r"C|R|(?<!^)Go"
"""Names that match only in this spelling (``Go`` at the very beginning is the verb)."""


def join_input(instruction: str, given: str, separator: str) -> str:
    """The instruction followed by its input, if it needs one."""
    return instruction if not given or _NO_INPUT.fullmatch(given) else f"{instruction}{separator}{given}"


def is_about_python(row: dict[str, Any]) -> bool:
    """Whether the instruction names only Python, or names no language and the output is Python."""
    instruction = str(row.get("instruction", ""))
    if _other_languages().search(instruction) or re.search(_WORD.format(_CASE_SENSITIVE), instruction):
        return False
    if re.search(r"\bpython", instruction, re.IGNORECASE):
        return True
    return _is_python(str(row.get("output", "")))


@functools.cache
def _other_languages() -> re.Pattern[str]:
    return re.compile(_WORD.format(_OTHER_LANGUAGES.replace("\n", "")), re.IGNORECASE)


def _is_python(output: str) -> bool:
    """Whether ``output`` parses as Python and has a statement other than bare values and calls.

    Prose like ``Max: 20`` parses as Python, and so do ``console.log("x")`` and ``db.items.find()``.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # for example invalid escapes in strings
            body = ast.parse(output).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        not isinstance(statement, ast.Expr)
        and not (isinstance(statement, ast.AnnAssign) and statement.value is None)
        for statement in body
    )
