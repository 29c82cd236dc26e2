"""What is changed in the tests, so that only their end passes.

A main program passes by reaching its end, or a ``stop`` without a code (or with 0) that is a statement of the
main program itself; ``stop 0`` passes anywhere. Any other ``stop`` is a failed test, also one that would end
with status 0: without assertions, tests print what failed, and stop."""

from __future__ import annotations

import re

from crosstune.languages.fortran import _source
from crosstune.languages.fortran._source import Unit

HELPERS = """
subroutine NAME_fail(text)
character(len=*) :: text
interface
subroutine failed(text) bind(c, name='NAME')
character(kind=1) :: text(*)
end subroutine
end interface
call flush()
call failed(text)
end subroutine
subroutine NAME_leave(status)
integer :: status
interface
subroutine leave(status) bind(c, name='NAME_exit')
integer(kind=4), value :: status
end subroutine
end interface
call flush()
call leave(status)
end subroutine
subroutine NAME_flush()
call flush()
end subroutine
"""

_LEAVE = re.compile(
    r"(?P<before>^\s*(?:\d+\s+)?|[;)]\s*)"
    r"(?:(?P<error>error\s+)?stop\b(?!\s*[=(%])(?P<code>[^;!]*)"
    r"|call\s+(?P<exit>exit|abort)\b\s*(?:\((?P<status>[^;!]*)\))?)",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:\w+\s*:\s*)?(?:if\s*\(.*\)\s*then$|do\b|select\b|block\b|associate\b)")
_CLOSES = re.compile(r"end\s*(?:if|do|select|block|associate)\b")


def with_end(tests: str, name: str) -> str:
    """The tests as a complete main program (with other units), whose end is the judge's business."""
    lines = tests.splitlines()
    found = _source.units(lines)
    if not any(unit.kind == "program" for unit in found):
        at = next((unit.last + 1 for unit in reversed(found) if unit.kind == "module"), 0)
        lines.insert(at, f"program {name}_main")
        found = _source.units(lines)
    main = next(unit for unit in found if unit.kind == "program")
    top = _top_level(lines, main)
    changed = [_without_stop(line, name, final=number in top) for number, line in enumerate(lines)]
    if not main.closed:
        changed.append("end program")
    end = main.contains if main.contains is not None else main.last + (not main.closed)
    if main.closed and main.contains is None:
        head, ended = _before_end(changed[end])
        changed[end : end + 1] = [*head, f"call {name}_flush()", ended]
    else:
        changed.insert(end, f"call {name}_flush()")
    return "\n".join(changed)


def _before_end(line: str) -> tuple[list[str], str]:
    """What comes before the end statement on its line, and that statement."""
    before, found, end = line.rpartition(";")
    return ([before] if found else [], end if found else line)


def _top_level(lines: list[str], main: Unit) -> set[int]:
    """The lines of the main program's own statements outside of all blocks, one-line conditions excluded."""
    end = main.last if main.contains is None else main.contains
    depth, found = 0, set[int]()
    for statement in _source.statements(lines[main.header + 1 : end + 1]):
        code = statement.code
        depth -= bool(_CLOSES.match(code))
        if not depth and re.match(r"(?:stop|call\s+exit)\b", code):
            found.add(main.header + 1 + statement.first)
        depth += bool(_OPENS.match(code))
    return found


def _without_stop(line: str, name: str, *, final: bool) -> str:
    """A line with calls of the judge in the place of what ends the program."""
    code = _blanked(line)
    parts, at = [], 0
    for match in _LEAVE.finditer(code):
        start = match.end("before")
        parts += [line[at:start], _leaving(line, match, name, final=final)]
        at = match.end()
    return "".join([*parts, line[at:]])


def _leaving(line: str, match: re.Match[str], name: str, *, final: bool) -> str:
    if match["exit"]:
        status = (match["status"] or "0").strip() or "0"
        return f"call {name}_leave({status})" if match["exit"].lower() == "exit" else f"call {name}_leave(1)"
    code = line[match.start("code") : match.end("code")].strip()
    if not match["error"] and (code == "0" or (not code and final)):
        return f"call {name}_leave(0)"
    text = line[match.end("before") : match.end()].strip().replace("'", "''")
    return f"call {name}_fail('{text}'//char(0))"


def _blanked(line: str) -> str:
    """The line with its strings and its comment replaced, so that every column stays where it is."""
    code = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", lambda found: "?" * len(found[0]), line)
    before, mark, after = code.partition("!")
    return before + mark + "?" * len(after)
