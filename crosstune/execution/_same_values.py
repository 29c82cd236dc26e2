"""Compare what a call returned with what a case expects."""

from __future__ import annotations

import fractions
import math
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crosstune.execution._answers import Fields, Items, Pairs
from crosstune.execution._standard_values import Failure
from crosstune.execution._text_values import meant
from crosstune.languages import Likeness
from crosstune.records import CallCase, Comparison, ComparisonKind

_FEW = 64
"""So many members of a set or map may be compared with each other where a tolerance matters."""


def parts_of(value: Any) -> int:
    """The number of values within a value, itself included."""
    waiting, count = [value], 0
    while waiting:
        each = waiting.pop()
        count += 1
        if isinstance(each, bytes):
            count += len(each)
        elif isinstance(each, list | tuple | set | frozenset):
            waiting += each
        elif isinstance(each, dict):
            waiting += each.keys()
            waiting += each.values()
    return count


@dataclass(frozen=True, slots=True)
class Comparer:
    """Compares by the rules of a language. Numbers of which one is a floating-point number may differ by
    ``absolute``, or by ``relative`` times the expected one."""

    likeness: Likeness
    sequences: bool
    absolute: float = 0.0
    relative: float = 0.0

    @classmethod
    def of(cls, case: CallCase, comparison: Comparison, likeness: Likeness) -> Comparer:
        absolute = relative = 0.0
        if comparison.kind is ComparisonKind.FLOATS:
            absolute, relative = comparison.absolute, comparison.relative
        absolute = absolute if case.absolute is None else case.absolute
        relative = relative if case.relative is None else case.relative
        return cls(likeness, likeness.sequences or case.tuple_is_list, absolute, relative)

    def same(self, expected: Any, given: Any) -> bool:
        if self.likeness.single:
            given = _alone(expected, given)
        if self.likeness.texts and isinstance(given, str):
            given = meant(expected, given, self.likeness.texts)
        same = next(same for kind, same in _SAME if isinstance(expected, kind))
        return same(self, expected, given)

    def _same_nothing(self, _expected: None, given: Any) -> bool:
        return given is None or (self.likeness.false_is_none and given is False)

    def _same_map(self, expected: dict[Any, Any], given: Any) -> bool:
        if isinstance(given, Failure):
            return expected.keys() == {"Err"} and self.same(expected["Err"], given.value)
        if isinstance(given, Fields):
            return self.likeness.sequences and self._same_fields(expected, given)
        if given is None:
            return self.likeness.empty_is_none and not expected
        if isinstance(given, list) and self.likeness.first_key is not None:
            given = Pairs(list(enumerate(given, self.likeness.first_key)))
        if self.likeness.absent_none and isinstance(given, Pairs):
            expected = {key: each for key, each in expected.items() if each is not None}
            given = Pairs([(key, each) for key, each in given.pairs if each is not None])
        return isinstance(given, Pairs) and self._same_entries(expected, given.pairs)

    def _same_fields(self, expected: Any, given: Fields) -> bool:
        """A structure by its fields; a variant of an enumeration by its name, and what it has."""
        variant = given.name.rpartition("::")[2] if self.likeness.variants else given.name
        if variant != given.name:
            if isinstance(expected, str):
                return not given.values and expected in (variant, given.name)
            if (
                not isinstance(expected, dict)
                or not expected.keys() <= {variant, given.name}
                or len(expected) != 1
            ):
                return False
            (expected,) = expected.values()
        if isinstance(expected, dict):
            pairs = given.values.items()
            return expected.keys() == given.values.keys() and all(
                self.same(expected[name], each) for name, each in pairs
            )
        values = tuple(given.values.values())
        if variant != given.name and len(values) == 1:
            return self.same(expected, values[0])
        return self.same(expected, values) if isinstance(expected, list | tuple) else False

    def _same_set(self, expected: Any, given: Any) -> bool:
        if given is None:
            return self.likeness.empty_is_none and not expected
        if isinstance(given, list) and self.likeness.first_key is not None:
            return self._same_items(expected, given)
        return isinstance(given, Items) and self._same_items(expected, given.items)

    def _same_text(self, expected: str, given: Any) -> bool:
        if isinstance(given, str):
            return expected == given
        if self.likeness.scalars and isinstance(given, int | float):
            return expected == written_number(given)
        if isinstance(given, Fields):
            return self.likeness.sequences and self._same_fields(expected, given)
        if isinstance(given, bytes):  # of a language whose texts may be no UTF-8
            return self.likeness.sequences and expected.encode("utf-8", "surrogatepass") == given
        is_code = self.likeness.codes and isinstance(given, int) and not isinstance(given, bool)
        return is_code and len(expected) == 1 and ord(expected) == given

    def _same_number(self, expected: Any, given: Any) -> bool:
        if expected is False and given is None:
            return self.likeness.none_is_false or self.likeness.scalars
        if self.likeness.scalars:
            if isinstance(expected, bool):
                return _is_truth(expected, given)
            given = _as_number(given)
        if isinstance(given, str | bytes | list | tuple | Items | Pairs | Fields):
            return False
        try:
            is_float = isinstance(expected, float) or isinstance(given, float)
            return bool(expected == given) or (is_float and self._close(float(expected), float(given)))
        except (TypeError, ValueError, OverflowError, ArithmeticError):
            return False  # no number, or one beyond any double

    def _close(self, expected: float, given: float) -> bool:
        if math.isnan(expected) or math.isnan(given):
            return math.isnan(expected) and math.isnan(given)
        tolerance = max(self.absolute, self.relative * abs(expected))
        return math.isfinite(expected) and math.isfinite(given) and 0 < tolerance >= abs(expected - given)

    def _same_bytes(self, expected: bytes, given: Any) -> bool:
        if isinstance(given, list) and self.likeness.sequences:
            return list(expected) == given
        return isinstance(given, bytes) and expected == given

    def _same_sequence(self, expected: Sequence[Any], given: Any) -> bool:
        if given is None:
            return self.likeness.empty_is_none and not expected
        if isinstance(given, bytes) and self.likeness.sequences:
            return list(expected) == list(given)
        if isinstance(given, Fields) and self.likeness.sequences:
            return self._same_fields(expected, given)
        if self.likeness.absent_none and isinstance(given, list | tuple):
            expected, given = _without_last_none(expected), _without_last_none(given)
        if not isinstance(given, list | tuple) or len(given) != len(expected):
            return False
        if isinstance(given, tuple) is not isinstance(expected, tuple) and not self.sequences:
            return False
        return all(map(self.same, expected, given))

    def _same_items(self, expected: Any, given: list[Any]) -> bool:
        if self.likeness.codes:
            given = _as_characters(expected, given)
        return self._same_members([(each, None) for each in expected], [(each, None) for each in given])

    def _same_entries(self, expected: dict[Any, Any], given: list[tuple[Any, Any]]) -> bool:
        if self.likeness.codes:
            keys = _as_characters(expected, [key for key, _ in given])
            given = [(key, value) for key, (_, value) in zip(keys, given, strict=True)]
        entries = list(expected.items())
        if self.likeness.text_keys:
            entries, given = ([(_as_text(key), value) for key, value in each] for each in (entries, given))
        return self._same_members(entries, given)

    def _same_members(self, expected: list[tuple[Any, Any]], given: list[tuple[Any, Any]]) -> bool:
        """Whether each expected member is there once, in any order."""
        if len(given) != len(expected):
            return False
        known = {self._key(key): (key, value) for key, value in expected}
        left = []
        for key, value in given:
            found = known.pop(self._key(key), None)
            if found is None:
                left.append((key, value))
            elif not self.same(found[1], value):
                return False
        return self._matched(list(known.values()), left)

    def _matched(self, expected: list[tuple[Any, ...]], given: list[tuple[Any, ...]]) -> bool:
        """Whether those that are not equal are near each other."""
        if not expected and not given:
            return True
        if not (self.absolute or self.relative) or len(expected) > _FEW:
            return False
        for each in given:
            near = next((at for at, other in enumerate(expected) if all(map(self.same, other, each))), None)
            if near is None:
                return False
            del expected[near]
        return not expected

    def _key(self, value: Any) -> Any:
        """A member of a set or map, such that those which are the same are equal. It is hashed as texts are,
        so a candidate cannot choose members with the same hash."""
        if isinstance(value, str | bytes):
            return ("text" if isinstance(value, str) else "bytes", value)
        if isinstance(value, list | tuple | Fields):
            items = list(value.values.values()) if isinstance(value, Fields) else value
            kind = "tuple" if isinstance(value, tuple) and not self.sequences else "list"
            return (kind, tuple(map(self._key, items)))
        if isinstance(value, set | frozenset | Items):
            members = value.items if isinstance(value, Items) else value
            return ("set", frozenset(map(self._key, members)))
        if isinstance(value, dict | Pairs):
            pairs = value.pairs if isinstance(value, Pairs) else value.items()
            return ("map", frozenset((self._key(key), self._key(each)) for key, each in pairs))
        return self._key_of_number(value)

    def _key_of_number(self, value: Any) -> Any:
        if value is None:
            return ("none",)
        try:
            exact = fractions.Fraction(value)
        except (TypeError, ValueError, OverflowError):  # not finite, or no number
            finite = isinstance(value, float | complex)
            return ("number", repr(value)) if finite else ("unlike", secrets.token_bytes(8))
        return ("number", f"{exact.numerator:x}/{exact.denominator:x}")


_SAME: tuple[tuple[Any, Callable[[Comparer, Any, Any], bool]], ...] = (
    (type(None), Comparer._same_nothing),  # noqa: SLF001 - its own
    (str, Comparer._same_text),  # noqa: SLF001
    (bool | int | float, Comparer._same_number),  # noqa: SLF001
    (bytes, Comparer._same_bytes),  # noqa: SLF001
    (list | tuple, Comparer._same_sequence),  # noqa: SLF001
    (dict, Comparer._same_map),  # noqa: SLF001
    (set | frozenset, Comparer._same_set),  # noqa: SLF001
)


def _as_text(key: Any) -> Any:
    """A whole number as the text that is the key of an object."""
    whole = (isinstance(key, float) and key.is_integer()) or isinstance(key, int)
    return str(int(key)) if whole and not isinstance(key, bool) else key


def _as_characters(expected: Iterable[Any], given: list[Any]) -> list[Any]:
    """Codes as characters, where characters are expected."""
    if not all(isinstance(each, str) and len(each) == 1 for each in expected):
        return given
    return [chr(each) if type(each) is int and 0 <= each < 0x110000 else each for each in given]


def _alone(expected: Any, given: Any) -> Any:
    """What is given as a list where one of a single item is expected, or as its only field."""
    if isinstance(given, Fields) and len(given.values) == 1 and not isinstance(expected, dict):
        (given,) = given.values.values()
    is_value = not isinstance(given, list | tuple | Items | Pairs | Fields) and given is not None
    is_list = isinstance(expected, list | tuple | set | frozenset)
    return [given] if is_list and is_value and len(expected) == 1 else given


def _without_last_none(values: Sequence[Any]) -> Sequence[Any]:
    end = len(values)
    while end and values[end - 1] is None:
        end -= 1
    return values[:end]


_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_MOST_DIGITS = 400


def _as_number(given: Any) -> Any:
    """A text that is a number as that number."""
    if not isinstance(given, str) or len(given) > _MOST_DIGITS or not _NUMBER.fullmatch(given):
        return given
    return int(given) if given.strip().lstrip("+-").isdigit() else float(given)


def _is_truth(expected: bool, given: Any) -> bool:
    """Whether one of the usual values for true or false is given."""
    if expected:
        return given is True or _is_one_of(given, (1, "1"))
    return given is None or given is False or _is_one_of(given, (0, "0", ""))


def _is_one_of(given: Any, values: tuple[Any, ...]) -> bool:
    return isinstance(given, str | int | float) and given in values


def written_number(number: float) -> str:
    """A number as a text that has up to 15 digits, as C's ``%.15g`` writes it."""
    return str(int(number)) if isinstance(number, int) else f"{number:.15g}"
