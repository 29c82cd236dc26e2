"""The text of a Haskell program, cut where the judge adds to it or refuses it."""

from __future__ import annotations

import re

from crosstune.parsing import CodeParser, decoded, encoded

_REFUSED_EXTENSIONS = ("CPP", "QuasiQuotes", "RebindableSyntax", "TemplateHaskell", "TemplateHaskellQuotes")
_PRAGMA = re.compile(r"\{-#\s*(LANGUAGE|OPTIONS\w*)\b(.*?)#-\}", re.DOTALL | re.IGNORECASE)
_OVERLAPPING = re.compile(r"instance\s*\{-#\s*(?:OVERLAPP|INCOHERENT)\w*\s*#-\}[^\n]*\bEq\b", re.IGNORECASE)
# What decides in tests; a candidate that hides and defines one of these decides itself.
_DECIDING = ("==", "/=", "&&", "||", "$", ">>", ">>=", "error", "not", "when", "unless", "mapM_", "forM_")
_WORDS = "|".join((*filter(str.isidentifier, _DECIDING), "throwIO", "assertEqual", "assertBool"))
_OPERATORS = "|".join(re.escape(each) for each in _DECIDING if not each.isidentifier())
_DEFINED = re.compile(
    rf"^(?:(?P<word>{_WORDS})\b[^:\n]*=(?!=)|\((?P<operator>{_OPERATORS})\)\s"
    rf"|[\w'\[\](),]+\s+(?P<infix>{_OPERATORS})\s+[\w'\[\](),]+\s*=(?!=))",
    re.MULTILINE,
)
_IMPORT = re.compile(r"^import\b.*(?:\n[ \t]+.*)*\n?", re.MULTILINE)
_MAIN = re.compile(r"^main\b(?=\s*(?:::|=|$))", re.MULTILINE)


def refused(candidate: str, entry_points: tuple[str, ...]) -> str:
    """Why the judge does not compile a candidate; empty if it does."""
    for kind, words in _PRAGMA.findall(candidate):
        names = {each.strip() for each in words.split(",")}
        if kind.upper() == "LANGUAGE" and (found := sorted(names.intersection(_REFUSED_EXTENSIONS))):
            return f"the judge does not compile programs with the extension {found[0]}"
    if _OVERLAPPING.search(candidate):
        return "an instance of Eq overlaps with another one"
    for definition in _DEFINED.finditer(candidate):
        name = next(each for each in definition.groups() if each)
        if name not in entry_points:
            return f"{name}, which decides in the tests, is defined by the candidate"
    return ""


def without_options(code: str) -> str:
    """Without the compiler's options, which could run other programs; the lines stay."""

    def replaced(found: re.Match[str]) -> str:
        return found[0] if found[1].upper() == "LANGUAGE" else "\n" * found[0].count("\n")

    return _PRAGMA.sub(replaced, code)


def without_main(code: str) -> str:
    """Its own main under another name."""
    return _MAIN.sub("crosstune_own_main", code)


def split_imports(tests: str) -> tuple[str, str]:
    """The imports of tests, and the tests without them; the lines stay."""
    imports = "".join(_IMPORT.findall(tests))
    return imports, _IMPORT.sub(lambda found: "\n" * found[0].count("\n"), tests)


def with_imports(code: str, imports: str) -> str:
    """More imports, behind the head of the module; the lines keep their numbers."""
    if not imports.strip():
        return code
    data = encoded(code)
    at = _imports_begin(code, len(data))
    head, rest = decoded(data[:at]), decoded(data[at:])
    line, last = head.count("\n") + 1, head.rpartition("\n")[2]
    indent = "" if last.strip() else last
    return f'{head}\n{imports}\n{{-# LINE {line} "candidate.hs" #-}}\n{indent}{rest}'


def _imports_begin(code: str, end: int) -> int:
    """Where the first import or declaration is."""
    root = CodeParser("haskell").parse(code)
    if root is None:
        return 0
    header = 0
    for node in root.children:
        if node.type in ("imports", "declarations"):
            return node.start_byte
        if node.type == "header":
            header = node.end_byte
    return header or end if root.children else 0
