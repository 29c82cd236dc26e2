"""What the tests of a C or C++ program need and do, decided from their text before any candidate runs.

Tests are refused only where no candidate could ever be judged by them. What the parser does not understand is
left to the compiler.
"""

from __future__ import annotations

import functools
from pathlib import Path

from tree_sitter import Node

from crosstune.languages._shared.native import checks, driver
from crosstune.languages._shared.native.candidate import without_bom
from crosstune.languages._shared.native.compilation import Native
from crosstune.languages._shared.native.nodes import descendants, text_of
from crosstune.parsing import CodeParser, leaves
from crosstune.records import Program

_EXITS = frozenset({"exit", "_exit", "_Exit", "quick_exit"})
# Packages of Debian, by the folder or file that an include begins with.
_PACKAGES = {
    "boost": "libboost-dev",
    "catch2": "catch2",
    "doctest": "doctest-dev",
    "Eigen": "libeigen3-dev",
    "fmt": "libfmt-dev",
    "gmp.h": "libgmp-dev",
    "gmpxx.h": "libgmp-dev",
    "nlohmann": "nlohmann-json3-dev",
    "openssl": "libssl-dev",
}
# These need libraries, and mostly a main, of their own.
_FRAMEWORKS = {
    "gtest": "GoogleTest",
    "gmock": "GoogleMock",
    "cppunit": "CppUnit",
    "CUnit": "CUnit",
    "criterion": "Criterion",
    "check.h": "Check",
}
_OPENED = {"(": ")", "[": "]", "{": "}", "[[": "]]"}
# Without a right side, these are an error in every expression.
_NEED_RIGHT = frozenset({"==", "!=", "<=", ">=", "%", "/", "||", "|", "^", "+=", "-=", "*=", "/="})


@functools.lru_cache(maxsize=1024)
def exits(tests: str, grammar: str) -> frozenset[str]:
    """The functions that end a program and that the tests call by their plain names."""
    if "xit" not in tests:
        return frozenset()
    root = CodeParser(grammar).parse(tests)
    called, otherwise = set[str](), set[str]()
    for node in leaves(root) if root else ():
        if (name := text_of(node)) in _EXITS:
            (called if _is_call(node) else otherwise).add(name)
    return frozenset(called - otherwise)


def _is_call(name: Node) -> bool:
    """Whether the function ``name`` is called, or ``std::name``."""
    parent = name.parent
    if parent and parent.type == "qualified_identifier" and text_of(parent) == f"std::{text_of(name)}":
        name, parent = parent, parent.parent
    return bool(
        parent and parent.type == "call_expression" and parent.child_by_field_name("function") == name
    )


def tests_error(program: Program, native: Native) -> str:
    """Why the tests cannot judge any candidate, and how to get what they need; empty if they can."""
    roots = []
    for text in filter(None, map(without_bom, (program.setup, program.tests))):
        root = CodeParser(native.grammar).parse(text)
        if root is None:
            return ""
        missing = "" if root.has_error and "#if" in text else _missing_header(root, native)
        if missing or (text is not program.setup and root.has_error and (missing := _syntax_error(root))):
            return missing
        roots.append(root)
    if not _may_define_main(program):
        return "the tests define no function main"
    return checks.lack(roots)


def _may_define_main(program: Program) -> bool:
    """A test framework's header may define it, by a macro that has the word in its name."""
    return "main" in f"{program.setup}{program.tests}".lower()


def _missing_header(root: Node, native: Native) -> str:
    """Includes in a condition are not looked at."""
    for node in root.named_children:
        if node.type == "preproc_include" and (path := node.child_by_field_name("path")):
            name = text_of(path).strip('<>"')
            first = name.split("/")[0]
            if path.type not in ("system_lib_string", "string_literal"):
                continue
            if framework := _FRAMEWORKS.get(first):
                return f"the tests need the framework {framework}, and programs are not linked with it"
            if not _is_installed(name, native.settings.compiler, native.settings.kind):
                return f"the tests need the header {name}, which is not installed. {_how_to_get(name, first)}"
    return ""


def _how_to_get(name: str, first: str) -> str:
    if package := _PACKAGES.get(first):
        return f"Get it: sudo apt-get install {package}"
    return f"Install the package that has it (apt-file search {name})"


@functools.lru_cache(maxsize=1024)
def _is_installed(name: str, compiler: str, kind: str) -> bool:
    folders = driver.include_folders(compiler, kind)
    return not folders or any(Path(folder, name).is_file() for folder in folders)


def _syntax_error(root: Node) -> str:
    """An error that no macro of a header can be the reason of."""
    if any(node.type.startswith("preproc_") and node.type != "preproc_include" for node in root.children):
        return ""
    tokens = [leaf for leaf in leaves(root) if not leaf.is_missing]
    if any(token.type == "ERROR" for token in tokens):  # the parser has skipped some text
        return ""
    for found in (_unbalanced(tokens), _incomplete(tokens), _unended(root)):
        if found:
            return f"the tests do not parse: {found}"
    return ""


def _unbalanced(tokens: list[Node]) -> str:
    """Tests may begin with the end of the candidate's function."""
    opened: list[Node] = []
    for token in tokens:
        if token.type in _OPENED:
            opened.append(token)
        elif token.type in _OPENED.values() and opened:
            if _OPENED[opened[-1].type] != token.type:
                return f"line {_line(token)}: {token.type!r} does not close {opened[-1].type!r}"
            opened.pop()
    return f"line {_line(opened[-1])}: {opened[-1].type!r} is not closed" if opened else ""


def _incomplete(tokens: list[Node]) -> str:
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.type in _NEED_RIGHT and after.type in (")", ";", ",") and before.type != "operator":
            return f"line {_line(token)}: nothing follows {token.type!r}"
    return ""


def _unended(root: Node) -> str:
    """A call of assert without a semicolon: the judge's assert is an expression."""
    for node in descendants(root):
        if node.type == ";" and node.is_missing and (call := node.prev_sibling):
            function = call.child_by_field_name("function")
            if function and text_of(function) == "assert":
                return f"line {_line(call)}: ';' is missing"
    return ""


def _line(node: Node) -> int:
    return node.start_point[0] + 1
