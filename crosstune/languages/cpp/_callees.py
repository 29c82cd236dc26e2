"""What a declaration in C++ says about aliases: results that point or refer to something, and arguments that
a candidate may keep or change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crosstune.languages._shared.native.calls_in_tests import Callee, Result
from crosstune.languages._shared.native.declarations import Function
from crosstune.languages.cpp._classes import Class

_VIEWS = re.compile(r"\b(?:\w*string_view|span|reference_wrapper|shared_ptr|iterator)\b|\*")
_SEVERITY = (Result.REFERENCE, Result.POINTER, Result.VIEW, Result.CONSTANT, Result.VALUE)


def callee(function: Function, names: frozenset[str]) -> Callee:
    """``names`` are those of classes whose objects stay where they are."""
    numbered = tuple(enumerate(function.parameters))
    referring = {
        at
        for at, each in numbered
        if (each.is_reference or each.is_pointer or _VIEWS.search(each.type)) and each.type not in names
    }
    changing = {at for at, each in numbered if at in referring and not each.is_constant}
    return Callee(_result(function, names), frozenset(referring), frozenset(changing))


def _result(function: Function, names: frozenset[str]) -> Result:
    _, arrow, behind = function.tail.rpartition("->")
    text = (behind if arrow else function.head).strip()
    if names & set(re.findall(r"\w+", text)):
        return Result.VALUE
    if text.endswith("*"):
        return Result.POINTER
    if text.endswith("&") and not text.endswith("&&"):
        return Result.CONSTANT if re.search(r"\bconst\b", text) else Result.REFERENCE
    if text == "decltype(auto)":
        return Result.REFERENCE
    return Result.VIEW if _VIEWS.search(text) else Result.VALUE


def methods(classes: Iterable[Class]) -> dict[str, Callee]:
    """By their names; overloads count as one. References that may be changed are the business of `_tests`."""
    found = dict[str, list[Callee]]()
    listed = list(classes)
    names = frozenset(each.name for each in listed)
    for each in listed:
        for method in each.methods:
            if method.how != "constructor":
                found.setdefault(method.name, []).append(callee(method.type, names))
    return {name: _merged(callees) for name, callees in found.items()}


def _merged(callees: Sequence[Callee]) -> Callee:
    result = min((each.result for each in callees), key=_SEVERITY.index)
    return Callee(
        Result.VALUE if result is Result.REFERENCE else result,
        frozenset().union(*(each.referring for each in callees)),
        frozenset().union(*(each.changing for each in callees)),
    )


def keeping(classes: Iterable[Class]) -> dict[str, bool]:
    """The classes that may keep what their objects are made with, each with whether they may change it."""
    listed = list(classes)
    names = frozenset(each.name for each in listed)
    kept = dict[str, bool]()
    for each in listed:
        for method in each.methods:
            made = callee(method.type, names)
            if method.how == "constructor" and made.referring:
                kept[each.name] = kept.get(each.name, False) or bool(made.changing)
    return kept
