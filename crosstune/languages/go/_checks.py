"""Find out, without a candidate, why the tests of a Go program cannot judge any."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Collection, Sequence

from crosstune.languages.go import _functions, _imports, _packages, _parsing
from crosstune.languages.go._functions import Function
from crosstune.records import Program

# Whatever can make a test fail: its own methods, and what ends the program.
_FAILURE = re.compile(
    r"\b(?:panic|assert|require|Error|Errorf|Fatal|Fatalf|Fatalln|Fail|FailNow|Panic|Panicf|Panicln"
    r"|Exit|Goexit|Kill)\b"
)
_WORD = re.compile(r"\b[A-Za-z_]\w*")
_CALL = re.compile(r"(\w+)\s*\(([^()]*)\)")
_SKIP = re.compile(r"[{}]|\b\w+\s*\.Skip(?:f|Now)?\s*\(")
_MESSAGE = re.compile(r"<standard input>:(\d+):\d+: (.*)")


def check_tests(program: Program) -> str:
    """Why the tests cannot judge any candidate, and what to do; empty if they can."""
    setup, tests = _imports.split(program.setup), _imports.split(program.tests)
    return (
        _syntax_error(program)
        or _missing(setup, tests)
        or _nothing(_functions.functions(tests.code), f"{setup.code}\n{tests.code}")
    )


def _syntax_error(program: Program) -> str:
    """The first syntax error, as Go's own parser reports it; the faster one only says that there is none."""
    if _parsing.sound(f"{program.setup}\n{program.tests}") is not None:
        return ""
    return _reported(program.setup, "setup does") or _reported(program.tests, "tests do")


def _reported(code: str, what: str) -> str:
    if not code.strip():
        return ""
    gofmt = shutil.which("gofmt") or str(_packages.root() / "bin/gofmt")
    try:
        done = subprocess.run(
            [gofmt, "-e"],
            input=code.removeprefix("\ufeff").encode("utf-8", "replace"),
            capture_output=True,
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = _MESSAGE.search(done.stderr.decode("utf-8", "replace"))
    return f"the {what} not parse: line {match[1]}: {match[2]}" if match and done.returncode else ""


def _missing(*parts: _imports.Part) -> str:
    """The packages and assertions that are used and not available."""
    paths = {each.path for part in parts for each in part.imports}
    known = _packages.known()
    if missing := sorted(paths - known):
        names, are = ", ".join(missing), "is" if len(missing) == 1 else "are"
        return (
            f"the tests need {names}, which {are} not available: Go is judged with its standard library, and "
            "with assert and require of github.com/stretchr/testify"
        )
    unknown: set[str] = set()
    for part in parts:
        unknown |= _imports.assertions_of(part, paths) - _packages.assertions()
    if unknown:
        return f"the tests use {', '.join(sorted(unknown))} of testify, which crosstune does not provide"
    return ""


def _nothing(found: Sequence[Function], code: str) -> str:
    """That no test is run, or that none can fail."""
    if malformed := _functions.malformed_tests(found):
        return f"{malformed[0]} has the wrong parameters: expected func {malformed[0]}(t *testing.T)"
    tests, examples = _functions.tests(found), _functions.examples(found)
    if not (tests or examples or any(each.name == "main" and not each.is_method for each in found)):
        return (
            "the tests check nothing: they have no function TestName(t *testing.T), no example with an "
            "output, and no main"
        )
    if not examples and not _can_fail(tests, code):
        return "the tests check nothing: no assertion, t.Error, t.Fatal, panic or os.Exit can be reached"
    return ""


def _can_fail(tests: Sequence[Function], code: str) -> bool:
    """Whether anything that can make a test fail is in a function that the tests may call."""
    bodies: dict[str, str] = {}
    blank, outside, at = _imports.blanked(code), "", 0
    for each in _functions.functions(code):
        bodies[each.name] = bodies.get(each.name, "") + each.body
        outside += blank[at : each.start]
        at = each.end
    outside += blank[at:]
    roots = ["init", "TestMain", *([each.name for each in tests] or ["main"])]
    reached, waiting = set(roots), [outside, *(bodies.get(name, "") for name in roots)]
    while waiting:
        text = _until_skipped(waiting.pop())
        if _FAILURE.search(text) or _hands_on(text, bodies):
            return True
        called = bodies.keys() & set(_WORD.findall(text)) - reached
        reached |= called
        waiting += [bodies[name] for name in called]
    return False


def _until_skipped(body: str) -> str:
    """The body, up to where it skips the test in any case."""
    depth = 0
    if ".Skip" not in body:
        return body
    for match in _SKIP.finditer(body):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match[0] not in "{}" and depth == 1:
            return body[: match.start()]
    return body


def _hands_on(text: str, known: Collection[str]) -> bool:
    """Whether a variable with a test's usual name is handed to a function that is not of the tests."""
    return any(
        call[1] not in known and call[1] not in ("func", "Run") and re.search(r"\b[tT]\b(?!\s+\*)", call[2])
        for call in _CALL.finditer(text)
    )
