"""Rewrite a docstring for another language: names, constants, and example calls with their results."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from crosstune.languages._typed import Signature, TypedSyntax, ValueType

# What stands between a call and its result; after a prompt, a new line.
_RESULT = re.compile(r"[ \t]*(?:#[ \t]*)?(?:==>|=>|->|==|=|➞|returns|should return)[ \t]*")
_NEXT_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?\n[ \t]*(?!>>>|\n)")
_PLAIN_VALUE = re.compile(r"-?[\w.]+")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def rewritten(
    docstring: str, signature: Signature, original: Signature, syntax: TypedSyntax, others: Iterable[str] = ()
) -> str:
    """The docstring of the function ``original`` (its names in Python) for the same ``signature`` in the
    language of ``syntax``. It may mention ``others``, functions by their names in Python."""
    text = inspect.cleandoc(docstring)
    names = {each: syntax.function_name(each) for each in others}
    prose = _renamer({**names, **_names(signature, original)}, syntax.constants)
    done, parts = 0, list[str]()
    for begin, end, new in _examples(text, signature, original, syntax):
        if begin >= done:
            parts += [prose(text[done:begin]), new]
            done = end
    return "".join((*parts, prose(text[done:])))


def _names(signature: Signature, original: Signature) -> dict[str, str]:
    names = {old: new for (old, _), (new, _) in zip(original.parameters, signature.parameters, strict=True)}
    return {**names, original.name: signature.name}


def _renamer(names: Mapping[str, str], constants: Mapping[str, str]) -> Callable[[str], str]:
    """Names that are also English words are replaced only where they are called."""
    both = {old: new for old, new in {**names, **constants}.items() if old != new}
    words = [f"{re.escape(old)}{'(?=[(])' if old.isalpha() and old.islower() else ''}" for old in both]
    if not both:
        return lambda text: text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
    return lambda text: pattern.sub(lambda found: both[found[0]], text)


def _examples(
    text: str, signature: Signature, original: Signature, syntax: TypedSyntax
) -> list[tuple[int, int, str]]:
    """The calls and the results in ``text``: where each begins and ends, and what it is in the language."""
    found = []
    for match in re.finditer(r"(?<![\w.])[A-Za-z_]\w*\(", text):
        end = _balanced(text, match.end() - 1)
        own = match[0] == f"{original.name}("
        if end is None or not (own or _begins_line(text, match.start())):
            continue
        arguments = _value(f"({text[match.end() : end - 1]},)")
        if not isinstance(arguments, tuple) or not _are_fit(arguments, signature):
            continue
        found.append((match.start(), end, syntax.call(signature, arguments)))
        if result := _result(text, end, text[: match.start()].endswith(">>> "), signature.result):
            found.append((result[0], result[1], syntax.shown(signature, result[2])))
    return found


def _begins_line(text: str, begin: int) -> bool:
    """Whether a call begins a line: some docstrings name the function otherwise."""
    return re.fullmatch(r"[ \t*>]*(?:assert )?", text[text.rfind("\n", 0, begin) + 1 : begin]) is not None


def _result(text: str, end: int, prompted: bool, kind: ValueType) -> tuple[int, int, Any] | None:
    """Where the result of a call that ends at ``end`` begins and ends, and its value."""
    between = _RESULT.match(text, end) or (_NEXT_LINE.match(text, end) if prompted else None)
    if between is None:
        return None
    begin = between.end()
    if text[begin : begin + 1] in _CLOSING or text[begin : begin + 1] in ("'", '"'):
        last = _balanced(text, begin)
    else:
        plain = _PLAIN_VALUE.match(text, begin)
        last = plain.end() if plain else None
    if last is None or re.match(r"[ \t]*[-+*/(]", text[last : last + 3]):  # the beginning of an expression
        return None
    value = _value(text[begin:last])
    return (begin, last, value) if value is not NotImplemented and _is_fit(value, kind) else None


def _balanced(text: str, begin: int) -> int | None:
    """The end of the text in quotes or brackets that begins at ``begin``."""
    waiting: list[str] = []
    at = begin
    while at < len(text):
        each = text[at]
        if each in "'\"":
            closing = text.find(each, at + 1)
            if closing < 0:
                return None
            at = closing
        elif each in _CLOSING:
            waiting.append(_CLOSING[each])
        elif waiting and each == waiting[-1]:
            waiting.pop()
        at += 1
        if not waiting:
            return at
    return None


def _value(text: str) -> Any:
    """The value of a literal; NotImplemented if it is none."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return NotImplemented


def _are_fit(arguments: tuple[Any, ...], signature: Signature) -> bool:
    kinds = [kind for _, kind in signature.parameters]
    return len(arguments) == len(kinds) and all(map(_is_fit, arguments, kinds))


def _is_fit(value: Any, kind: ValueType) -> bool:
    """Whether a value can be written as one of a type."""
    if kind.kind in ("optional", "union"):
        inner = any(_is_fit(value, each) for each in kind.items)
        return inner or (kind.kind == "optional" and value is None)
    if kind.kind in ("int", "long", "float"):
        numbers = (int, float) if kind.kind == "float" else int
        return isinstance(value, numbers) and not isinstance(value, bool)
    if isinstance(value, list | tuple) and kind.kind in ("list", "tuple"):
        kinds = kind.items if kind.kind == "tuple" else (kind.item,) * len(value)
        return len(value) == len(kinds) and all(map(_is_fit, value, kinds))
    return type(value).__name__ == kind.kind
