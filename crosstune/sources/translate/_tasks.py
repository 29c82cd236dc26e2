"""From a tested function in Python to what is asked of the teacher, and the calls that prove its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crosstune.languages import (
    LANGUAGES,
    Declared,
    Language,
    Signature,
    TypedSyntax,
    ValueType,
    declared_type,
    fitted,
    rewritten,
    signature_of,
)
from crosstune.records import CallCase, Problem, Program
from crosstune.sources.translate._assertions import Call, TestedFunction, function_under_test
from crosstune.sources.translate._comparisons import Untranslatable
from crosstune.sources.translate._rows import PythonRow

ABSOLUTE, RELATIVE = 1e-12, 1e-9
"""The tolerance of floating-point numbers for which the test has none: another order of the same operations
gives another last digit."""
_KEYS = frozenset({"str", "int", "long", "bool"})
_MOST_BITS = 64
_EXACT_INTEGERS = 1 << 53
_PYTHON_CODE = re.compile(r"```\s*python|^\s*(?:def|class) \w+.*:|^\s*(?:import|from) \w+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Task:
    """A row whose tests are translated. ``declaration`` is the beginning of the translation, ``shown`` is the
    same with its end, ``documented`` with a comment that describes it."""

    row: PythonRow
    function: TestedFunction
    language: str
    name: str
    instruction: str
    declaration: str
    shown: str
    documented: str
    cases: tuple[CallCase, ...]

    def problem(self) -> Problem:
        return Problem(
            id=self.row.id,
            benchmark="",
            task="synthesize",
            language=self.language,
            instruction=self.instruction,
            declaration=self.declaration,
            entry_point=self.name,
            tests="",
        )

    def program(self, candidate: str) -> Program:
        return Program(
            id=self.row.id,
            language=self.language,
            candidate=candidate,
            cases=self.cases,
            stop_at_first_failure=True,
            declaration=self.declaration,
            entry_points=(self.name,),
        )

    def python(self) -> Iterator[Program]:
        """The Python code with the same calls; where the language has one kind of number, also with integers
        for numbers without a fraction, which must not make a difference."""
        syntax = LANGUAGES.load(self.language).typed
        given = [self.function.calls]
        if syntax and syntax.one_number:
            calls = [
                replace(each, arguments=_without_fractions(each.arguments)) for each in self.function.calls
            ]
            given += [tuple(calls)] if repr(calls) != repr(list(self.function.calls)) else []
        for calls_ in given:
            yield Program(
                id=self.row.id,
                language="python",
                candidate=self.row.code,
                cases=tuple(_python_case(self.function.name, each) for each in calls_),
                stop_at_first_failure=True,
                entry_points=(self.function.name,),
            )


def task_of(row: PythonRow, language: Language) -> Task:
    """
    Raises:
        Untranslatable: the tests, or the exercise, have no meaning in the language.
    """
    if _PYTHON_CODE.search(row.instruction):
        raise Untranslatable("Python code in the exercise")
    assert language.typed
    function = function_under_test(row.code, row.tests, row.entry_point)
    original = _signature(function)
    _check_values(function, language.typed, language.title)
    signature = _renamed(original, language.typed)
    instruction = _instruction(row.instruction, signature, original, language)
    declared = _declared(signature, instruction, language)
    return Task(
        row=row,
        function=function,
        language=language.name,
        name=signature.name,
        instruction=instruction,
        declaration=declared.given + declared.head,
        shown=f"{declared.given}{declared.head}{declared.end}",
        documented=_documented(declared),
        cases=tuple(_case(each, signature) for each in function.calls),
    )


def _declared(signature: Signature, instruction: str, language: Language) -> Declared:
    assert language.typed
    try:
        return language.typed.declare(signature, instruction, "")
    except (LookupError, ValueError) as error:  # not each language writes all nested types
        reason = f"types that declarations in {language.title} do not have"
        raise Untranslatable(reason, f"{_shown(signature)}: {error!r}") from None


def _shown(signature: Signature) -> str:
    return " ".join([*(_words(kind) for _, kind in signature.parameters), "->", _words(signature.result)])


def _words(kind: ValueType) -> str:
    return f"{kind.kind}[{', '.join(map(_words, kind.items))}]" if kind.items else kind.kind


def _documented(declared: Declared) -> str:
    return f"{declared.given}{declared.doc}{declared.head}{declared.end}"


def _signature(function: TestedFunction) -> Signature:
    """The signature with Python's names, from annotations and from all values."""
    columns = zip(*(call.arguments for call in function.calls), strict=True)
    parameters = [
        (name, _type(annotation, column, "a parameter"))
        for (name, annotation), column in zip(function.parameters, columns, strict=True)
    ]
    result = _type(function.result, [call.expected for call in function.calls], "the result")
    return signature_of(function.name, parameters, result)


def _type(annotation: str, values: Sequence[Any], what: str) -> ValueType:
    found = declared_type(annotation, values)
    assert found is not None
    for part in found.parts():
        if part.kind == "none":
            raise Untranslatable(f"None as the only value of {what}")
        if part.kind == "tuple" and not part.items:
            raise Untranslatable(f"an empty tuple as the only value of {what}")
        if part.kind == "dict" and part.items and part.items[0].kind not in _KEYS:
            raise Untranslatable(f"a dictionary whose keys are of the type {part.items[0].kind}")
    return found


def _check_values(function: TestedFunction, syntax: TypedSyntax, title: str) -> None:
    for number in _integers([(call.arguments, call.expected) for call in function.calls]):
        if number.bit_length() >= _MOST_BITS:
            raise Untranslatable(f"an integer of more than {_MOST_BITS} bits")
        if syntax.one_number and abs(number) > _EXACT_INTEGERS:
            raise Untranslatable(f"an integer that numbers of {title} do not hold")


def _integers(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for each in value:
            yield from _integers(each)
    elif isinstance(value, int):
        yield value


def _renamed(original: Signature, syntax: TypedSyntax) -> Signature:
    parameters = tuple((syntax.parameter_name(name), kind) for name, kind in original.parameters)
    if len({name for name, _ in parameters}) < len(parameters):
        raise Untranslatable("two parameters with the same name in the language")
    return replace(original, name=syntax.function_name(original.name), parameters=parameters)


def _instruction(text: str, signature: Signature, original: Signature, language: Language) -> str:
    """The exercise with the language's names and examples, and its title in the place of Python's."""
    assert language.typed
    text = rewritten(text, signature, original, language.typed)
    return re.sub(r"\b[Pp]ython(?: ?3)?\b", lambda _: language.title, text).strip()


def _case(call: Call, signature: Signature) -> CallCase:
    kinds = [kind for _, kind in signature.parameters]
    exact = call.absolute is None
    return CallCase(
        signature.name,
        [fitted(*each) for each in zip(call.arguments, kinds, strict=True)],
        fitted(call.expected, signature.result),
        absolute=ABSOLUTE if exact else call.absolute,
        relative=RELATIVE if exact else call.relative,
    )


def _python_case(name: str, call: Call) -> CallCase:
    return CallCase(name, list(call.arguments), call.expected, absolute=call.absolute, relative=call.relative)


def _without_fractions(value: Any) -> Any:
    if type(value) is float and value.is_integer():
        return int(value)
    if type(value) in (list, tuple):
        return type(value)(_without_fractions(each) for each in value)
    if type(value) is dict:
        return {key: _without_fractions(each) for key, each in value.items()}
    return value
