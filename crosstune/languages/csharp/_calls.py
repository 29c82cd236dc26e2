"""How the judge itself calls methods of C# candidates: by the types that the benchmark declares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import CallPlan, CallTarget, FreeWriter, Likeness
from crosstune.languages._shared import curly
from crosstune.languages._shared.declared_code import closing, enclosing
from crosstune.languages.csharp import _assembly, _types
from crosstune.languages.csharp._assembly import LEXIS
from crosstune.languages.csharp._types import Parameter
from crosstune.records import Program

_OWNER = re.compile(r"\b(?:class|struct|namespace|interface)\s+([\w.]+)")
_WORDS = frozenset(
    {"public", "private", "protected", "internal", "static", "virtual", "override", "async", "sealed", "new"}
)
_AS = "global::CrosstuneCall.As"
_ERROR_BASES = {
    "ArgumentNullException": "ArgumentException",
    "ArgumentOutOfRangeException": "ArgumentException",
    "DivideByZeroException": "ArithmeticException",
    "OverflowException": "ArithmeticException",
    "ObjectDisposedException": "InvalidOperationException",
    "FileNotFoundException": "IOException",
    **dict.fromkeys(
        (
            *("ArgumentException", "ArithmeticException", "FormatException", "IndexOutOfRangeException"),
            *("InvalidCastException", "InvalidOperationException", "KeyNotFoundException"),
            *("NotImplementedException", "NotSupportedException", "NullReferenceException", "IOException"),
        ),
        "SystemException",
    ),
    "SystemException": "Exception",
}


@dataclass(frozen=True)
class Method:
    """``receiver`` is what it is called on: its class, or a new object."""

    receiver: str
    name: str
    result: str
    parameters: tuple[Parameter, ...]


def method(declaration: str, call: str) -> Method:
    """The method that a call names.

    Raises:
        DataError: it is not declared, or with types that are none of values.
    """
    owner, _, name = call_names.named(call)
    code = curly.masked(declaration, LEXIS)
    heads = list(re.finditer(rf"(?<=[\w>\])?\s])\b{re.escape(name)}\s*\(", code))
    found = [each for each in heads if _result(code, each.start()) is not None]
    if not found:
        raise DataError(f"a case calls {call}, which is not declared with a result")
    places = [(each, _owners(code[: each.start()])) for each in found]
    fitting = [place for place in places if owner in ("", place[1].rpartition(".")[2])]
    if not fitting:
        raise DataError(f"a case calls {call}, but {name} is declared in {places[-1][1] or 'no class'}")
    head, owners = fitting[-1]
    begin, end = head.end(), closing(code, head.end())
    result, is_static = _result(code, head.start()) or ("", True)
    receiver = owners if is_static else f"new {owners}()"
    return Method(receiver, name, result, _types.parameters(declaration[begin:end]))


def _result(code: str, end: int) -> tuple[str, bool] | None:
    """The type of the result that is in front of a name, and whether the method is static; None if a name
    has none, such as that of a method which is called."""
    begin = max(code.rfind(mark, 0, end) for mark in ";{}=") + 1
    words = code[begin:end].split()
    is_static = "static" in words
    kind = " ".join(each for each in words if each not in _WORDS)
    if not kind or kind in ("return", "await", "throw", "else") or kind[-1] in ".,+-*/%(&|!":
        return None
    return kind, is_static


def _owners(code: str) -> str:
    """The types, with their namespaces, in which a text ends."""
    return ".".join(match[1] for match in enclosing(code, _OWNER))


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    declared = {call: method(program.declaration, call) for call in calls}
    targets = {
        call: CallTarget(call, parameters=tuple(each.shape for each in found.parameters))
        for call, found in declared.items()
    }
    return CallPlan(
        targets=targets,
        entry_points=tuple(calls),
        declaration=program.declaration,
        candidate=program.candidate,
        write=FreeWriter(b"l").value,
        likeness=Likeness(error_bases=_ERROR_BASES),
    )


def files(program: Program) -> dict[str, str]:
    """The candidate, and a file that calls its methods with the types that are declared."""
    candidate = _assembly.candidate(program)
    known = f"{_assembly.usings(program.declaration)}\n{_assembly.usings(candidate)}"
    usings = "\n".join(dict.fromkeys(line.strip() for line in known.splitlines()))
    return {"candidate.cs": candidate, "tests.cs": f"{usings}\n{_calls(program)}"}


def _calls(program: Program) -> str:
    cases = "".join(_case(call, method(program.declaration, call)) for call in program.entry_points)
    return (
        "public static class CrosstuneCalls {\n"
        "public static global::CrosstuneCall Call(string name, global::CrosstuneSource source) {\n"
        f"switch (name) {{\n{cases}"
        'default: throw new global::CrosstuneUnreadable("no method " + name);\n}\n}\n}\n'
    )


def _case(call: str, found: Method) -> str:
    names = [f"a{number}" for number in range(len(found.parameters))]
    pairs = list(zip(names, found.parameters, strict=True))
    read = " ".join(f"var {name} = source.Read<{each.type}>();" for name, each in pairs)
    given = ", ".join(f"{each.mark} {name}".strip() for name, each in pairs)
    made = f"{'global::' if found.receiver and not found.receiver.startswith('new ') else ''}{found.receiver}"
    called = f"{made + '.' if made else ''}{found.name}({given})"
    run = (
        f"{called}; return null;"
        if found.result == "void"
        else f"return {_AS}<{_types.written(found.result)}>({called});"
    )
    return (
        f'case "{call}": {{\n{read}\n'
        f"return new global::CrosstuneCall(() => {{ {run} }}, "
        f"() => new object[] {{ {', '.join(names)} }});\n}}\n"
    )
