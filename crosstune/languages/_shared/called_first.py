"""Let a call of an undefined function fail before its arguments are evaluated.

A language may evaluate them first, and they may call the candidate. So each call in the tests gets another
first argument: a call of the same function, without arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crosstune.parsing import CodeParser, encoded, leaves
from crosstune.records import Program


def called_first(grammar: str, call: str = "NAME()") -> Callable[[Program, str], Program]:
    """See `UndefinedNames`. ``call`` is one without arguments, as an argument of another."""

    def change(program: Program, name: str) -> Program:
        root = CodeParser(grammar).parse(program.tests)
        if root is None:
            return program
        tests, argument = encoded(program.tests), encoded(call.replace("NAME", name))
        ends = [
            leaf.end_byte
            for leaf in leaves(root)
            if leaf.text == encoded(name)
            and leaf.parent
            and leaf.parent.start_byte == leaf.start_byte
            and leaf.parent.type in _CALLS
        ]
        for end in reversed(ends):
            tests = tests[:end] + _with_argument(tests[end:], argument)
        return replace(program, tests=tests.decode("utf-8", "surrogatepass"))

    return change


_CALLS = frozenset(
    {"call", "command", "function_call", "function_call_expression", "ambiguous_function_call_expression"}
)


def _with_argument(after: bytes, argument: bytes) -> bytes:
    """What follows a function's name, with another first argument."""
    if argument.startswith(b"["):  # a command, whose words are separated by spaces
        return b" " + argument + after
    if not after.startswith(b"("):
        return b" " + argument + b"," + after
    is_only = after[1:].lstrip().startswith(b")")
    return b"(" + argument + (b"" if is_only else b", ") + after[1:]
