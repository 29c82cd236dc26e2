"""Close a continuation that was cut off where its function ends."""

from __future__ import annotations

from crosstune.benchmarks._benchmark import with_tests
from crosstune.languages import LANGUAGES
from crosstune.parsing import CodeParser
from crosstune.records import Problem, Program

_ENDS = ("", "\n}\n", "\n}\n}\n")


def program(problem: Problem, candidate: str) -> Program:
    """The candidate with the problem's tests or cases.

    A closing brace among a benchmark's stops (``\\n}``) is cut off from the answer, and the benchmark's own
    tests put it back. Here the candidate gets the braces without which it does not parse.
    """
    return with_tests(problem, _closed(problem, candidate) if _is_cut_off(problem) else candidate)


def _is_cut_off(problem: Problem) -> bool:
    return any(stop.strip() == "}" for stop in problem.stops)


def _closed(problem: Problem, candidate: str) -> str:
    syntax = LANGUAGES.load(problem.language).syntax
    if syntax is None or not candidate.strip():
        return candidate
    parser = CodeParser(syntax.grammar)
    for end in _ENDS:
        root = parser.parse(syntax.opened(f"{candidate.rstrip()}{end}" if end else candidate))
        if root is not None and not root.has_error:
            return f"{candidate.rstrip()}{end}" if end else candidate
    return candidate
