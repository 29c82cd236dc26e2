"""Problems of any language from what was recorded."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from crosstune.benchmarks.humaneval_replay import _assertions, _solutions
from crosstune.benchmarks.humaneval_replay._disagreements import disagreements
from crosstune.benchmarks.humaneval_replay._recording import Call, Recorded
from crosstune.languages import (
    LANGUAGES,
    Declared,
    Language,
    Signature,
    TypedSyntax,
    ValueType,
    fitted,
    rewritten,
    signature_of,
)
from crosstune.records import CallCase, Problem

_PROPERTIES = frozenset({"HumanEval/32"})
"""Problems with more than one right answer: they need tests of their own."""


def why_left_out(recording: Recorded, language: str) -> str:
    """Why a problem cannot be made in a language; empty if it can."""
    if LANGUAGES.load(language).typed is None:
        return ""
    known = _solutions.sections(language)
    if recording.helpers and f"{recording.id} helper" not in known:
        return f"the function {', '.join(recording.helpers)} that it gives is not written in {language}"
    if recording.id in _PROPERTIES and f"{recording.id} tests" not in known:
        return f"more than one answer is right, and its tests are not written in {language}"
    return ""


def problem(recording: Recorded, language: str, benchmark: str, pack: Path | None) -> Problem:
    """One problem in one language; ``pack`` is the folder of HumanEvalPack's rows, if there is one."""
    target = LANGUAGES.load(language)
    signature, declared = declaration(recording, target)
    judging = target.judging
    assert judging is not None
    template = _solutions.sections(language).get(f"{recording.id} tests", "")
    canonical, buggy = _own_solution(recording, language, declared), ""
    if pack and recording.id not in disagreements(language):
        number = int(recording.id.rpartition("/")[2])
        theirs = functools.partial(_solutions.from_humanevalpack, pack, language, number, signature.name)
        canonical = canonical or theirs("canonical_solution")
        buggy = theirs("buggy_solution")
    code = declared.given + declared.head
    prompt = declared.prompt if target.typed else recording.prompt
    return Problem(
        id=recording.id,
        benchmark=benchmark,
        task="synthesize",
        language=language,
        instruction=f"Finish the {target.title} code for this problem:\n{prompt.strip()}",
        declaration=code,
        entry_point=signature.name,
        tests=_assertions.tests(template, recording, signature, target.typed) if template else "",
        setup=judging.preamble,
        canonical=canonical,
        buggy=buggy,
        given_code=code,
        extra={
            "prompt": prompt,
            "completion": prompt.strip(),
            "solution": canonical.removeprefix(code),
        },
        cases=() if template else tuple(_cases(recording, signature, target)),
    )


def _own_solution(recording: Recorded, language: str, declared: Declared) -> str:
    if language == "python":
        return f"{recording.prompt}{recording.solution}"
    return _solutions.own(language, recording.id, declared)


def declaration(recording: Recorded, target: Language) -> tuple[Signature, Declared]:
    """The function's signature with the names of a language, and how that declares it."""
    original = _signature(recording)
    if target.typed is None:
        return original, _in_python(recording)
    syntax = target.typed
    parameters = tuple((syntax.parameter_name(name), kind) for name, kind in original.parameters)
    signature = replace(original, name=syntax.function_name(original.name), parameters=parameters)
    doc = rewritten(recording.docstring, signature, original, syntax, recording.helpers)
    return signature, syntax.declare(signature, doc, _helper(recording, target, syntax))


def _helper(recording: Recorded, target: Language, syntax: TypedSyntax) -> str:
    """The function that a prompt defines beside the one that it asks for, with its docstring."""
    code = _solutions.sections(target.name).get(f"{recording.id} helper", "")
    doc = next(iter(recording.helpers.values()), "")
    return syntax.comment(inspect.cleandoc(doc)) + code if code else ""


def _signature(recording: Recorded) -> Signature:
    """The signature with Python's names; all unions are one, and the keys of dictionaries are text."""
    parameters = [(name, _with_text_keys(kind)) for name, kind in recording.parameters]
    return signature_of(recording.name, parameters, _with_text_keys(recording.result))


def _with_text_keys(kind: ValueType) -> ValueType:
    items = tuple(_with_text_keys(each) for each in kind.items)
    if kind.kind == "dict" and items:
        items = (ValueType("str"), items[1])
    if kind.kind == "union" and {each.kind for each in items} == {"list", "str"} and not items[0].items:
        return ValueType("str")  # an empty list for an empty text
    return replace(kind, items=items)


def _in_python(recording: Recorded) -> Declared:
    """HumanEval's own declaration: its prompt without the docstring."""
    lines = recording.prompt.splitlines(keepends=True)
    functions = [n for n in ast.parse(recording.prompt).body if isinstance(n, ast.FunctionDef)]
    function = next(each for each in functions if each.name == recording.name)
    texts = [n for n in ast.walk(function) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
    first, last = texts[0].lineno - 1, texts[0].end_lineno
    return Declared(given="", doc="", head="".join((*lines[:first], *lines[last:])), end="")


def _cases(recording: Recorded, signature: Signature, target: Language) -> Iterator[CallCase]:
    """The calls that mean the same in a language, with what is expected."""
    for call in recording.calls:
        if target.typed is None:
            yield _case(signature.name, list(call.arguments), call.expected, call)
        elif not call.mixed:
            kinds = [kind for _, kind in signature.parameters]
            arguments = [
                _rounded(fitted(*each), target.typed) for each in zip(call.arguments, kinds, strict=True)
            ]
            expected = _rounded(fitted(call.expected, signature.result), target.typed)
            yield _case(signature.name, arguments, expected, call)


def _case(name: str, arguments: list[Any], expected: Any, call: Call) -> CallCase:
    tolerance = call.tolerance if call.rule == "near" else None
    return CallCase(
        name,
        arguments,
        expected,
        tuple_is_list=call.rule == "items",
        absolute=tolerance,
        relative=tolerance and 0.0,
    )


def _rounded(value: Any, syntax: TypedSyntax) -> Any:
    """Integers as the language's numbers can have them."""
    if isinstance(value, list):
        return [_rounded(each, syntax) for each in value]
    wide = syntax.one_number and isinstance(value, int) and abs(value) > 1 << 53
    return int(float(value)) if wide else value
