"""Candidate and tests of a Scala program as source files."""

from __future__ import annotations

import re

from crosstune.languages._shared import curly
from crosstune.languages._shared.curly import Lexis
from crosstune.records import Program

LEXIS = Lexis(
    declares=re.compile(r"\b(?:def|va[lr]|object|class)\s+(\w+)"),
    opening=r'(?:[A-Za-z_]\w*)?(?:"""|")',
    interpolated=re.compile(r"^\w"),
    interpolation="${",
    unescaped=re.compile('"""'),
    nested_comments=True,
)
_TYPE = re.compile(r"\b(?:object|class|trait)\s+\w+")
_NAMED = re.compile(r".*\b(object|class)\s+(\w+)([^{]*)$", re.DOTALL)
_MAIN = re.compile(r"\bdef\s+main\b(?=\s*[\[(])")
_RUNS = re.compile(r"\bobject\s+(\w+)(?=[^{]*\bextends\s+App\b|\s*\{)")
_ASSERT = re.compile(r"(?<![\w.])(?<!def )(assert|require|assume)(?=\s*\()")
_EQUALITY = re.compile(r"\bdef\s+[=!]=")
_IMPORTS = re.compile(r"\s*import\s+[^\n;]+[\n;]")
_ENTRY, _OBJECT = "crosstuneTestsMain", "CrosstuneTests"
_MARK, _END = "/*crosstune*/", "/*crosstune end*/"


def tested(program: Program) -> dict[str, str]:
    """The tests continue the candidate's object, or are members of it where it is complete; tests that are
    objects themselves follow it."""
    # The marks are the judge's alone.
    candidate = joined(program).replace(_MARK, "").replace(_END, "")
    tests = _changed(program.tests.removeprefix("\ufeff"), program)
    code = curly.masked(tests, LEXIS)
    if curly.is_balanced(code) and (found := re.search(r"\bobject\s+(\w+)", code)):
        text = f"{_without(candidate, found[1])}\n{_MARK}{_renamed(tests)}{_END}"
        return _files(text, found[1], _is_app(code), program)
    if curly.is_balanced(curly.masked(candidate, LEXIS)):
        members, after = curly.parted(tests, LEXIS)
        marked = curly.with_members(
            candidate, LEXIS, _TYPE, f"{_MARK}{_entry(members)}{_END}", curly.called_names(code)
        )
        text = f"{marked}\n{after}"
    else:
        leading = re.match(r"[\s}]*", code)
        assert leading
        members, after = curly.parted(tests, LEXIS)
        rest = tests[leading.end() + len(members) : len(tests) - len(after)]
        text = f"{candidate}\n{leading[0]}{_MARK}{_entry(members)}{_END}\n{rest}\n{after}"
    owner, is_object, is_app = _owner(text)
    return _files(text, owner if is_object else f"(new {owner})", is_app, program)


def joined(program: Program) -> str:
    return "\n".join(
        text.removeprefix("\ufeff") for text in (program.setup, program.candidate) if text.strip()
    )


def whole(program: Program) -> tuple[dict[str, str], str]:
    """The file, and the name of its main object."""
    text = joined(program)
    code = curly.masked(text, LEXIS)
    found = list(_RUNS.finditer(code))
    main = next((each for each in found if _runs(code, each.start())), None)
    return {"Program.scala": text}, f"{package_of(code)}{main[1] if main else 'Main'}"


def _runs(code: str, start: int) -> bool:
    opening = code.find("{", start)
    if _is_app(code[start : opening if opening >= 0 else len(code)]):
        return True
    return opening >= 0 and bool(_MAIN.search(code[opening : curly.block_end(code, opening)]))


def _is_app(code: str) -> bool:
    return bool(re.search(r"\b(?:extends|with)\s+App\b", code.split("{", 1)[0]))


def package_of(code: str) -> str:
    """The package of masked code, with a dot at its end."""
    found = re.findall(r"^\s*package\s+([\w.]+)\s*$", code, re.MULTILINE)
    return "".join(f"{each}." for each in found)


def imports_of(text: str) -> list[str]:
    """Those at its beginning."""
    code = curly.masked(text, LEXIS)
    begin, found = re.match(r"(?:\s*package\s+[\w.]+\s*\n)*", code), list[str]()
    at = begin.end() if begin else 0
    while match := _IMPORTS.match(code, at):
        found.append(match[0].strip().rstrip(";"))
        at = match.end()
    return found


def _files(text: str, owner: str, is_app: bool, program: Program) -> dict[str, str]:
    place = package_of(curly.masked(text, LEXIS))
    run = f"{owner}.main(Array[String]())" if is_app else ""
    main = f"object {_OBJECT} {{ def main(args: Array[String]): Unit = {{ {run}; {owner}.{_ENTRY}(args) }} }}"
    own = re.sub(r"\W|new", "", owner)
    # The tests are in a class of the candidate's: only what is in their lines may leave.
    first, last = (text[: text.rfind(mark)].count("\n") + 1 for mark in (_MARK, _END))
    before = f"package {place[:-1]};" if place else ""
    classes = f"{place.replace('.', '/')}({own}|{_OBJECT})([$].*)?[.]class"
    given = curly.masked(f"{program.setup}\n{program.declaration}\n{program.tests}", LEXIS)
    operators = "==\n" if _EQUALITY.search(given) else ""
    newlines = "\n" * (first - 1)
    return {
        "Program.scala": text,
        "Tests.scala": f"{before}{newlines}{main}\n",
        "crosstune.tests": f"{place}{_OBJECT}\n{first}\n{last}\n{classes}\n{operators}",
    }


def _owner(text: str) -> tuple[str, bool, bool]:
    """The type in which the tests are: its name, whether it is an object, and one that extends `App`."""
    end = text.rfind(_MARK)
    code, open_blocks = curly.masked(text[: max(end, 0)], LEXIS), list[int]()
    for at, _ in curly.depths(code):
        if code[at] == "{":
            open_blocks.append(at)
        elif open_blocks:
            open_blocks.pop()
    names = list[str]()
    match = None
    for at in open_blocks:
        begin = max(code.rfind("}", 0, at), code.rfind("{", 0, at)) + 1
        if match := _NAMED.search(code[begin:at]):
            names.append(match[2])
    last = match[1] == "object" if match else True
    return ".".join(names) or "Main", last, bool(match and re.search(r"\bApp\b", match[3]))


def _entry(members: str) -> str:
    """The tests' main method with a name of its own; without one, the statements are its body."""
    if _MAIN.search(curly.masked(members, LEXIS)):
        return _renamed(members)
    return f"def {_ENTRY}(args: Array[String]): Unit = {{ {members}\n}}"


def _renamed(tests: str) -> str:
    return curly.replaced(tests, LEXIS, _MAIN, f"def {_ENTRY}")


def _changed(tests: str, program: Program) -> str:
    """Tests whose checks are the library's, even if the candidate has methods of these names."""
    given = curly.masked(f"{program.setup}\n{program.declaration}\n{tests}", LEXIS)
    own = set(re.findall(r"\bdef\s+(\w+)", given))
    code = curly.masked(tests, LEXIS)
    parts, end = list[str](), 0
    for match in _ASSERT.finditer(code):
        if match[1] not in own:
            parts += (tests[end : match.start()], "_root_.scala.Predef.")
            end = match.start()
    return "".join((*parts, tests[end:]))


def _without(candidate: str, name: str) -> str:
    """The candidate, whose object has another name than the tests'."""
    pattern = re.compile(rf"\b(object|class)(\s+){name}\b")
    if not pattern.search(curly.masked(candidate, LEXIS)):
        return candidate
    return curly.replaced(candidate, LEXIS, pattern, rf"\1\2{name}OfCandidate")
