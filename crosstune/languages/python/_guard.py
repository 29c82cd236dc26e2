"""Compares for tests that share a process with the candidate, so that its classes do not decide.

The sandbox loads this file by its path, as it loads `_runner`. An answer whose ``==`` is always true would
pass every test. So the tests' comparisons are made by functions (`_rewriting`): where only one of two values
is of a class with operators of its own, both are replaced by values of standard types, as if they had come
from another process (`_values`); what is no value then equals nothing. Objects of one class compare by their
own rules, and so do those of classes that the tests name: a program that has to define a class must be able
to define what its objects equal.
"""

from __future__ import annotations

import collections
import fractions
import importlib
import operator
import sys
import types
import weakref
from collections.abc import Callable, Iterable
from typing import Any

# Modules whose classes, written in Python, compare by rules that the candidate did not write.
_TRUSTED = "array collections datetime decimal enum fractions pathlib re types uuid"
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Is": operator.is_,
    "IsNot": operator.is_not,
    "In": lambda left, right: left in right,
    "NotIn": lambda left, right: left not in right,
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "MatMult": operator.matmul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "Pow": operator.pow,
    "LShift": operator.lshift,
    "RShift": operator.rshift,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "BitAnd": operator.and_,
}
_NUMERIC = "add sub mul matmul truediv floordiv mod pow lshift rshift or xor and"
_DECIDING = frozenset(
    """
    __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __contains__ __class__ __getattribute__ __array_function__
    __array_ufunc__
    """.split()  # noqa: SIM905 - as many quotes as names
).union(*({f"__{word}__", f"__r{word}__"} for word in _NUMERIC.split()))
_PLAIN: frozenset[type] = frozenset([int, str, float, bool, type(None), complex, bytes])
_CONTAINERS: frozenset[type] = frozenset([list, tuple, dict, set, frozenset])


def _attributes(value: Any) -> Iterable[Any]:
    held: dict[str, Any] = value.__dict__
    return held.values()


# Types whose objects compare by what they hold, and how to get that without code of the candidate.
_HOLDERS: dict[type, Callable[[Any], Iterable[Any]]] = {
    collections.deque: list,
    collections.OrderedDict: lambda value: (*dict.keys(value), *dict.values(value)),
    collections.defaultdict: lambda value: (*dict.keys(value), *dict.values(value)),
    collections.Counter: lambda value: (*dict.keys(value), *dict.values(value)),
    collections.UserList: _attributes,
    collections.UserDict: _attributes,
    collections.UserString: _attributes,
    collections.ChainMap: _attributes,
    types.SimpleNamespace: _attributes,
    fractions.Fraction: lambda value: (value._numerator, value._denominator),  # noqa: SLF001
    type({}.keys()): list,
    type({}.items()): list,
    type(collections.OrderedDict().keys()): list,
    type(collections.OrderedDict().items()): list,
}
# What they hold cannot be seen.
_HIDING: frozenset[type] = frozenset([types.MappingProxyType, weakref.ProxyType, weakref.CallableProxyType])
_WRITTEN_IN_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE
_OWN = "an object of the program's own class must not decide about a value of another kind"

_OPAQUE = "an object of the program's own class must not decide about a value of another kind"


def _holders() -> dict[type, Callable[[Any], Iterable[Any]]]:
    """`_HOLDERS` and, if NumPy is loaded, its arrays, which may hold objects."""
    if not (numpy := sys.modules.get("numpy")):
        return _HOLDERS
    return {**_HOLDERS, numpy.ndarray: lambda value: value.ravel().tolist() if value.dtype.hasobject else ()}


Guards = dict[str, Callable[..., Any]]


def prepare(
    values: Any,
) -> Callable[[frozenset[type], frozenset[str], dict[str, Any], Callable[[], object]], Guards]:
    """Return a function that makes the functions which rewritten tests use, by the ends of their names. It
    takes more classes that the candidate did not write, the names of the classes that the tests use, as
    ``space`` will have them, and a function that undoes the candidate's changes of classes, which is called
    before one decides. ``values`` is the module `_values`."""
    kinds = [kind for name in _TRUSTED.split() for kind in vars(importlib.import_module(name)).values()]
    trusted = frozenset(kind for kind in kinds if isinstance(kind, type))
    holders = _holders()

    def made(
        more: frozenset[type], names: frozenset[str], space: dict[str, Any], undo: Callable[[], object]
    ) -> Guards:
        foreign = _foreign_with(trusted | more if more else trusted, holders, undo)
        is_asked = _is_asked_with(names, space, trusted)
        return _guards(foreign, is_asked, _as_value_with(values, is_asked))

    return made


# All that the functions below use is in their closures: they call methods of the candidate, which could reach
# this module's names and the built-in ones through the frames.


def _foreign_with(
    trusted: frozenset[type],
    holders: dict[type, Callable[[Any], Iterable[Any]]],
    undo: Callable[[], object],
) -> Callable[..., frozenset[Any]]:
    """A function that returns the classes in a value which define operators of their own. Something new
    is returned for what cannot be seen."""
    kind_of, each_of, unite, new, mapping = type, map, frozenset, object, dict
    ancestors, flags, members = (type.__dict__[name].__get__ for name in ("__mro__", "__flags__", "__dict__"))
    plain, containers, hiding, deciding = _PLAIN, _CONTAINERS, _HIDING, _DECIDING
    python, nothing, keys, entries = _WRITTEN_IN_PYTHON, frozenset[Any](), dict.keys, dict.values

    def parts_of(value: Any, kind: type) -> Any:
        """What a container holds; None for anything else."""
        if kind in containers:
            return (keys(value), entries(value)) if kind is mapping else (value,)
        return (holders[kind](value),) if kind in holders else None

    def own(kind: type) -> bool:
        for base in ancestors(kind):
            if flags(base) & python and base not in trusted and not deciding.isdisjoint(members(base)):
                return True
        return False

    def foreign(value: Any, depth: int = 8) -> frozenset[Any]:
        kind = kind_of(value)
        if kind in plain:
            return nothing
        if kind not in containers:
            undo()
        if kind in hiding:
            return unite((new(),))
        parts = parts_of(value, kind)
        if parts is None:
            return unite((kind,)) if kind not in trusted and own(kind) else nothing
        found = nothing
        for items in parts if depth else ():
            if not unite(each_of(kind_of, items)) <= plain:
                for item in items:
                    found |= foreign(item, depth - 1)
        return found

    return foreign


def _is_asked_with(
    names: frozenset[str], space: dict[str, Any], trusted: frozenset[type]
) -> Callable[[Any], bool]:
    """A function that tells whether a class is, or inherits from, one that the tests name."""
    is_one, kinds, found = isinstance, type, dict.get
    ancestors, name_of = (type.__dict__[name].__get__ for name in ("__mro__", "__name__"))

    def is_asked(kind: Any) -> bool:
        for base in ancestors(kind) if is_one(kind, kinds) else ():
            if name_of(base) in names and found(space, name_of(base)) is base and base not in trusted:
                return True
        return False

    return is_asked


def _as_value_with(values: Any, is_asked: Callable[[Any], bool]) -> Callable[[Any], Any]:
    """A function that returns a value as another process would get it: of standard types, but for objects of
    the classes that the tests name."""
    encoder, decoder, number, kind_of, size = values.Encoder, values.Decoder, values.number, type, len
    opaque, failures, no_record = values.Opaque, Exception, dict

    def as_value(value: Any) -> Any:
        kept: list[Any] = []

        def others(_encoder: Any, each: Any, _depth: int) -> bytes | None:
            if not is_asked(kind_of(each)):
                return None
            kept.append(each)
            handle: bytes = number(size(kept) - 1)
            return b"h" + handle

        try:
            return decoder(encoder(others).value(value), handle=kept.__getitem__, record=no_record).value()
        except failures:
            return opaque("")

    return as_value


def _guards(
    foreign: Callable[..., frozenset[Any]], is_asked: Callable[[Any], bool], as_value: Callable[[Any], Any]
) -> Guards:
    kind_of, operators, plain, each_of, every, pairs = type, dict(_OPERATORS), _PLAIN, map, all, zip
    failures, error, own = TypeError, AssertionError, _OPAQUE

    def as_seen(left: Any, right: Any, depth: int = 8) -> tuple[Any, Any]:
        """Two values, as the tests may compare them."""
        if kind_of(left) in plain and kind_of(right) in plain:
            return left, right
        one, other = foreign(left, depth), foreign(right, depth)
        if one == other or every(each_of(is_asked, one ^ other)):
            return left, right
        return as_value(left) if one else left, as_value(right) if other else right

    def compared(word: str, left: Any, right: Any, depth: int = 8) -> Any:
        one, other = as_seen(left, right, depth)
        try:
            return operators[word](one, other)
        except failures:
            if one is left and other is right:
                raise
            raise error(own) from None

    def chain(words: str, left: Any, right: Any, *later: Callable[[], Any]) -> Any:
        """Several comparisons; what follows the first is evaluated only if those before it are true."""
        first, *rest = words.split()
        result = compared(first, left, right)
        for word, evaluate in pairs(rest, later):
            if not result:
                break
            left, right = right, evaluate()
            result = compared(word, left, right)
        return result

    def number(word: str, left: Any, right: Any) -> Any:
        return compared(word, left, right, 0)

    def call(function: Callable[..., Any], left: Any, right: Any, /, *more: Any, **options: Any) -> Any:
        """Call a function that compares its first two arguments."""
        return function(*as_seen(left, right), *more, **options)

    def mapped(function: Callable[..., Any], *items: Any) -> Any:
        for each in pairs(*items):
            yield function(*each)

    def filtered(function: Callable[..., Any] | None, items: Any) -> Any:
        for each in items:
            if each if function is None else function(each):
                yield each

    lazy = {"map": mapped, "filter": filtered}
    return lazy | {"": compared, "chain": chain, "number": number, "call": call, "seen": as_seen}
