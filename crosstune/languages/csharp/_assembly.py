"""Candidate and tests of a C# program as source files."""

from __future__ import annotations

import re
from collections.abc import Callable

from crosstune.languages._shared import curly
from crosstune.languages._shared.curly import Lexis
from crosstune.records import Program

LEXIS = Lexis(
    declares=re.compile(
        r"(?!\bnew\b)(?<!\w)[\w.]+(?:<[^;(){}]*>)?(?:\[[\s,]*\]|\?)*\s+(\w+)\s*(?:<[\w\s,]*>)?\s*\("
    ),
    opening=r'(?:\$@|@\$|[@$])?"',
    interpolated=re.compile(r"\$"),
    interpolation="{",
    unescaped=re.compile("@"),
)
_TYPE = re.compile(r"\b(?:class|struct)\s+(@?\w+)")
_USING = re.compile(r"\s*using\s+(?:static\s+)?[\w.]+(?:\s*=\s*[^;{}()]+)?\s*;")
_MAIN = re.compile(r"\bMain\b(?=\s*\()")
_ASSERT = re.compile(r"\b(?:System\s*\.\s*Diagnostics\s*\.\s*)?(?:Debug|Trace)\s*\.\s*(Assert|Fail)(?=\s*\()")
_EQUALS = re.compile(r"(?<!\bbase)(?<!\bobject)(?<!\bstring)(?<!\b[A-Z]bject)(?<!\bString)\.Equals(?=\s*\()")
_SHOWN = re.compile(r"\b(?:System\s*\.\s*)?Console\s*\.\s*WriteLine(?=\s*\()")
_OPERATOR = re.compile(r"\boperator\b")
_CALL_WORDS = frozenset({"return", "in", "await", "throw", "else", "yield", "is", "as", "case", "out", "ref"})
"""A name after one of these is called, not declared."""
_CHECKS = "global::CrosstuneChecks"
_OWN_ASSERT = re.compile(r"global::CrosstuneChecks\.Assert(?=\s*\()")
_ENTRY = "CrosstuneTestsMain"


def files(program: Program) -> dict[str, str]:
    """The tests are a file of their own, the rest of the candidate's last class, or members of a class of
    it that is complete."""
    own_code = candidate(program)
    tests = _changed(_plain(program.tests))
    code = curly.masked(tests, LEXIS)
    if curly.is_balanced(code) and _TYPE.search(code):
        own = usings(tests)
        return {"candidate.cs": own_code, "tests.cs": f"{own}{usings(own_code)}\n{tests[len(own) :]}"}
    joint = f"{own_code}\n{tests}"
    if curly.ends_in_code(own_code, LEXIS) and curly.is_balanced(curly.masked(joint, LEXIS)):
        return {"candidate.cs": joint}
    members, after = curly.parted(tests, LEXIS)
    called = curly.called_names(code)
    return {"candidate.cs": curly.with_members(own_code, LEXIS, _TYPE, members, called) + f"\n{after}"}


def candidate(program: Program) -> str:
    """Setup and candidate, with the directives of both at the beginning."""
    setup, text = _plain(program.setup), _plain(program.candidate)
    given = usings(setup)
    body = setup[len(given) :]
    return f"{given}{text}" + (f"\n{body}" if body.strip() else "")


def test_methods(program: Program) -> tuple[str, ...]:
    """Names of the tests' own methods, in which no type of the candidate's may say what equals a value of
    another type; none where the benchmark itself gives operators."""
    given = curly.masked("\n".join((program.setup, program.declaration, program.tests)), LEXIS)
    if _OPERATOR.search(given):
        return ()
    declared = LEXIS.declares.finditer(curly.masked(program.tests, LEXIS))
    names = {match[1] for match in declared if match[0].split()[0] not in _CALL_WORDS}
    return (_ENTRY, *sorted(names - {"Main"}))


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff")


def usings(text: str) -> str:
    """The directives at its beginning."""
    code, end = curly.masked(text, LEXIS), 0
    while match := _USING.match(code, end):
        end = match.end()
    return text[:end]


def _changed(tests: str) -> str:
    """Tests whose checks are the judge's own, and whose main method has a name of its own."""
    tests = curly.replaced(tests, LEXIS, _MAIN, _ENTRY)
    tests = curly.replaced(tests, LEXIS, _ASSERT, rf"{_CHECKS}.\1")
    tests = _rewritten(tests, _EQUALS, _both_sides)
    tests = _rewritten(tests, _SHOWN, _shown)
    return _rewritten(tests, _OWN_ASSERT, _tuples)


def _both_sides(_name: str, argument: str, code: str) -> str | None:
    return None if "," in code else f".CrosstuneEquals({argument})"


def _shown(_name: str, argument: str, code: str) -> str | None:
    is_comparison = re.search(r"[^=!<>]==[^=]|!=", code) and not re.search(r"[?+,]|&&|\|\|", code)
    return f"{_CHECKS}.Shown({argument})" if is_comparison else None


def _tuples(name: str, argument: str, code: str) -> str | None:
    """``add(1) == (1, 2)``, which mcs does not know."""
    match = re.fullmatch(r"([^=!<>?&|,]+)==(\s*\([ ]*\)\s*)", code)
    if not match or not _is_tuple(argument[match.start(2) :]):
        return None
    return f"{name}(({argument[: match.end(1)]}).CrosstuneEquals({argument[match.start(2) :]}))"


def _is_tuple(text: str) -> bool:
    code = text.strip()
    return "," in _own_level(curly.masked(code[1:-1], LEXIS))


def _rewritten(tests: str, pattern: re.Pattern[str], write: Callable[[str, str, str], str | None]) -> str:
    """Calls of what the pattern matches, written anew. ``write`` gets the name, the arguments, and these
    without what is in parentheses of their own; it returns None for a call that stays."""
    code = curly.masked(tests, LEXIS)
    parts, end = list[str](), 0
    for match in pattern.finditer(code):
        opening = code.index("(", match.end())
        closing = _closing(code, opening)
        if match.start() < end or closing < 0:
            continue
        inner = slice(opening + 1, closing)
        written = write(match[0], tests[inner], _own_level(code[inner]))
        if written is not None:
            parts += (tests[end : match.start()], written)
            end = closing + 1
    return "".join((*parts, tests[end:]))


def _closing(code: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth == 0:
            return at
    return -1


def _own_level(code: str) -> str:
    """The same length, with blanks for what is inside of brackets."""
    depth, kept = 0, list[str]()
    for each in code:
        depth -= each in ")]}"
        kept.append(" " if depth > 0 else each)
        depth += each in "([{"
    return "".join(kept)
