"""Candidate and tests of a Kotlin program as source files."""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.languages._shared import curly
from crosstune.languages._shared.curly import Lexis
from crosstune.records import Program

LEXIS = Lexis(
    declares=re.compile(r"\b(?:fun|va[lr]|class|object|interface)\s+(?:<[^>]*>\s*)?(\w+)"),
    opening=r'"""|"',
    interpolated=re.compile(r'"'),
    interpolation="${",
    unescaped=re.compile('"""'),
    nested_comments=True,
)
_NAME = r"[\w`]+(?:\s*\.\s*[\w`]+)*"
_HEAD = re.compile(
    rf"\s*(?:@file:[\w.]+(?:\([^)]*\))?|(package|import)\s+{_NAME}(?:\s*\.\s*\*)?(?:\s+as\s+\w+)?[ \t]*;?)"
)
_MAIN = re.compile(r"\bfun\s+main(?=\s*\()")
_MAIN_WITH_WORDS = re.compile(r"\bfun\s+main\s*\(\s*\w")
_TYPE = re.compile(r"\b(?:class|object|interface)\s+(\w+)")
_CHECKS = ("assert", "check", "require")
_OWN_CHECKS = Path(__file__).with_name("checks.kt").read_text("utf-8")
_SOME = {
    "kotlin.collections": (
        "listOf",
        "mutableListOf",
        "emptyList",
        "mapOf",
        "mutableMapOf",
        "setOf",
        "arrayListOf",
    ),
    "kotlin": ("arrayOf", "intArrayOf", "Exception", "AssertionError", "Boolean", "Pair", "Triple"),
}
_CALL = re.compile(r"^\s*(?:main|check|assert|require|println|test\w*)\s*\(", re.MULTILINE)
_ENTRY, _OBJECT = "crosstuneTestsMain", "CrosstuneTests"


def tested(program: Program) -> dict[str, str]:
    """The candidate and the tests, each a file; the tests see the candidate's imports."""
    candidate = joined(program)
    tests = program.tests.removeprefix("\ufeff")
    head, body = parted(tests)
    package, imports = package_of(candidate), imports_of(candidate)
    if not package_of(head) and package:
        head = f"package {package}\n{head}"
    given = "; ".join((*imports, *_own(candidate, program)))
    place = f"{package_of(head)}." if package_of(head) else ""
    own = "|".join(("TestsKt", _OBJECT, *_TYPE.findall(_outside(curly.masked(body, LEXIS)))))
    classes = f"{place.replace('.', '/')}({own})([$].*)?[.]class|crosstune/ChecksKt[.]class"
    text = f"{head.rstrip()}\n{given}\n{_entry(body)}"
    # What the compiler inlines of the candidate has lines after the last one.
    lines = text.count("\n")
    return {
        "Candidate.kt": candidate,
        "Tests.kt": text,
        "crosstune.tests": f"{place}{_OBJECT}\n1\n{lines}\n{classes}\n",
        "Checks.kt": _OWN_CHECKS,
    }


def joined(program: Program) -> str:
    setup, candidate = (text.removeprefix("\ufeff") for text in (program.setup, program.candidate))
    if not setup.strip():
        return candidate
    head, body = parted(setup)
    own, rest = parted(candidate)
    return (
        f"{own.rstrip()}\n{head}\n{body}\n{rest}" if "package " in own else f"{head}\n{own}\n{body}\n{rest}"
    )


def whole(program: Program) -> tuple[dict[str, str], str]:
    """The file, and the name of its main class."""
    text = joined(program)
    place = f"{package_of(text)}." if package_of(text) else ""
    code = curly.masked(text, LEXIS)
    found = re.search(
        r"^object\s+(\w+)[^{]*\{(?:(?!^\}).)*@JvmStatic\s+fun\s+main\b", code, re.MULTILINE | re.DOTALL
    )
    return {"Program.kt": text}, f"{place}{found[1] if found else 'ProgramKt'}"


def parted(text: str) -> tuple[str, str]:
    """Package and imports, and the rest."""
    code, end = curly.masked(text, LEXIS), 0
    while match := _HEAD.match(code, end):
        end = match.end()
    return text[:end], text[end:]


def package_of(text: str) -> str:
    found = re.search(r"^\s*package\s+([\w.]+)", curly.masked(text, LEXIS), re.MULTILINE)
    return found[1] if found else ""


def imports_of(text: str) -> list[str]:
    head = parted(text)[0]
    return [match[0].strip().rstrip(";") for match in _HEAD.finditer(head) if match[1] == "import"]


def _own(candidate: str, program: Program) -> list[str]:
    """Imports of what the tests name and the candidate could hide: Kotlin's own checks above all."""
    tests = curly.masked(program.tests, LEXIS)
    given = curly.masked(f"{program.setup}\n{program.declaration}\n{program.tests}", LEXIS)
    hidden = set(LEXIS.declares.findall(curly.masked(candidate, LEXIS))) - set(LEXIS.declares.findall(given))
    named = set(re.findall(r"\w+", tests))
    found = [f"import {place}.{name}" for place, names in _SOME.items() for name in names if name in hidden]
    checks = [
        f"import crosstune.{name}" for name in _CHECKS if name not in set(LEXIS.declares.findall(given))
    ]
    return [each for each in (*checks, *found) if each.rpartition(".")[2] in named]


def _entry(body: str) -> str:
    """The tests, with a main function of another name than the candidate's may have; statements outside of
    functions are the main function's."""
    code = curly.masked(body, LEXIS)
    words = "args" if _MAIN_WITH_WORDS.search(code) else ""
    if _has_statements(code):
        body, words = f"fun {_ENTRY}() {{ {body}\n}}", ""
    else:
        body = curly.replaced(body, LEXIS, _MAIN, f"fun {_ENTRY}")
    return (
        f"{body}\nobject {_OBJECT} {{ @JvmStatic fun main(args: Array<String>) {{ {_ENTRY}({words}) }} }}\n"
    )


def _has_statements(code: str) -> bool:
    """Whether something outside of all blocks is called."""
    return not _MAIN.search(code) or bool(_CALL.search(_outside(code)))


def _outside(code: str) -> str:
    """What is outside of all blocks."""
    found, begin, depth = list[str](), 0, 0
    for at, deep in curly.depths(code):
        if deep == 1 and depth == 0:
            found.append(code[begin:at])
        begin = at + 1 if deep == 0 else begin
        depth = deep
    found.append(code[begin:])
    return "\n".join(found)
