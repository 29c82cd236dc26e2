"""Find the main class of a whole Java program, and turn the program into one file."""

from __future__ import annotations

import itertools
import re

_QUIET = re.compile(
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*[\s\S]*?\*/'
)
_TYPE = re.compile(r"\b(?:class|interface|enum|record)\s+(\w+)")
_MAIN = re.compile(r"\bstatic\b[\w\s]*?\bvoid\s+main\s*\((?=[^)]*\bString\b)")
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_PUBLIC = re.compile(r"\bpublic\b")
_CHECKER = "CrosstuneChecker"
# The usual status after an exception, 1, would be a checker's decision.
_CHECKER_SOURCE = """
class CrosstuneChecker {
    public static void main(String[] words) {
        try {
            NAME.main(words);
        } catch (Throwable error) {
            error.printStackTrace();
            java.lang.System.exit(3);
        }
    }
}
"""


def in_one_file(code: str) -> str:
    """The program with no public top-level type, so its classes may be in a file of any name."""
    depths = _depths(_blanked(code))
    for match in _PUBLIC.finditer(_blanked(code)):
        if not depths[match.start()]:
            code = code[: match.start()] + " " * len(match[0]) + code[match.end() :]
    return code


def main_class(code: str) -> str:
    """The full name of the top-level type that has a ``static void main(String[])``: a public one, or
    ``Main``, or the first; ``Main`` where none has."""
    blanked = _blanked(code)
    depths = _depths(blanked)
    types = [match for match in _TYPE.finditer(blanked) if not depths[match.start()]]
    ends = [*(match.start() for match in types[1:]), len(blanked)]
    candidates = []
    for match, end in zip(types, ends, strict=True):
        if any(depths[main.start()] == 1 for main in _MAIN.finditer(blanked, match.end(), end)):
            before = blanked[: match.start()]
            is_public = bool(_PUBLIC.search(before, max(before.rfind(mark) for mark in ";}") + 1))
            candidates.append((not is_public, match[1] != "Main", match.start(), match[1]))
    name = min(candidates)[-1] if candidates else "Main"
    package = _PACKAGE.search(blanked)
    return f"{package[1]}.{name}" if package else name


def checker_class(code: str) -> str:
    """The full name of the class that `checker_main` adds to this program."""
    package = _PACKAGE.search(_blanked(code))
    return f"{package[1]}.{_CHECKER}" if package else _CHECKER


def checker_main(name: str) -> str:
    """A class that runs the main class ``name`` and ends with status 3 after an exception."""
    return _CHECKER_SOURCE.replace("NAME", name)


def _blanked(code: str) -> str:
    """``code`` with strings and comments turned into spaces, newlines kept."""
    return _QUIET.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), code)


def _depths(blanked: str) -> list[int]:
    """How many braces are open before each character."""
    steps = ((character == "{") - (character == "}") for character in blanked)
    return list(itertools.accumulate(steps, initial=0))
