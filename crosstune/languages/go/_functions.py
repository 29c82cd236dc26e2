"""Find the functions that Go code defines, and which of them are its tests.

Go's tokens suffice for that, whatever errors the code has: ``func`` before a name always defines a function
of the package. So this works on `_imports.blanked` code, in which braces are real ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crosstune.languages.go import _imports

_NAMED = re.compile(r"\bfunc\s+(?:\([^()]*\)\s*)?(\w+)\s*(?=[(\[])")
_RECEIVER = re.compile(r"func\s*\(")
_TOKEN = re.compile(r"\b(?:interface|struct)\s*\{|[(){}\[\]]")
_KIND = re.compile(r"(Test|Benchmark|Fuzz|Example)(?![a-z])|main$")
# Test functions whose first letter after the word is not a capital: Go's own runner does not call them.
_TEST = re.compile(r"Test\w*$")
_PARAMETER = re.compile(r"\(\s*(?:\w+\s+)?\*\s*(?:(\w+)\s*\.\s*)?([TMBF])\s*,?\s*\)$")
_OUTPUT = re.compile(
    r"//[ \t]*(unordered[ \t]+)?output:((?:[^\n]*\n[ \t]*//)*[^\n]*)\s*\}?\s*\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class Function:
    """A function of a package, from ``start`` to ``end``. ``head`` is its text between name and body and
    ``body`` that in braces, both without comments and strings; ``source`` is the body as it is written."""

    name: str
    start: int
    end: int
    head: str
    body: str
    source: str
    is_method: bool

    @property
    def takes(self) -> str:
        """``T``, ``M``, ``B`` or ``F`` if its only parameter is a pointer to that type of package testing."""
        match = _PARAMETER.search(self.head.strip())
        return match[2] if match else ""


@dataclass(frozen=True)
class Example:
    """An example whose output is checked."""

    name: str
    output: str
    is_unordered: bool


def defines_main(code: str) -> bool:
    """Whether a function main is defined; in time that no code can make long."""
    return any(
        match[1] == "main" and not _RECEIVER.match(match[0])
        for match in _NAMED.finditer(_imports.blanked(code))
    )


def functions(code: str) -> list[Function]:
    """The functions and methods that ``code`` defines."""
    blank = _imports.blanked(code)
    found = []
    for match in _NAMED.finditer(blank):
        start, end = _body(blank, match.end())
        found.append(
            Function(
                name=match[1],
                start=match.start(),
                end=end,
                head=blank[match.end() : start],
                body=blank[start:end],
                source=code[start:end],
                is_method=_RECEIVER.match(match[0]) is not None,
            )
        )
    return found


def _body(blank: str, at: int) -> tuple[int, int]:
    """Where the first block at or after ``at`` begins and ends, apart from the braces of types."""
    depth, start = 0, -1
    for token in _TOKEN.finditer(blank, at):
        text = token[0]
        if text == "{" and depth == 0:
            start = token.start()
        depth += text[-1] in "({[" or -1
        if depth == 0 and start >= 0:
            return start, token.end()
        if depth < 0:
            break
    return (start if start >= 0 else len(blank)), len(blank)


def is_test_name(name: str) -> bool:
    """Whether a function of this name belongs to tests, or is the program's main."""
    return _KIND.match(name) is not None


def tests(found: Sequence[Function]) -> list[Function]:
    return [each for each in found if not each.is_method and _TEST.match(each.name) and each.takes == "T"]


def malformed_tests(found: Sequence[Function]) -> list[str]:
    """The names of functions that Go's own runner would refuse, since they do not take what a test takes."""
    named = [each for each in found if not each.is_method and re.match(r"Test(?![a-z])", each.name)]
    return [each.name for each in named if each.takes != ("M" if each.name == "TestMain" else "T")]


def examples(found: Sequence[Function]) -> list[Example]:
    """The examples that say what they print."""
    result = []
    for each in found:
        if each.is_method or not re.match(r"Example(?![a-z])", each.name):
            continue
        if match := _OUTPUT.search(each.source):
            lines = [line.strip().removeprefix("//").strip() for line in match[2].splitlines()]
            result.append(Example(each.name, "\n".join(lines).strip(), bool(match[1])))
    return result
