"""Compare what a call returned with what a case expects."""

from __future__ import annotations

import fractions
import math
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from crosstune.execution._answers import Fields, Items, Pairs
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
        same = next(same for kind, same in _SAME if isinstance(expected, kind))
        return same(self, expected, given)

    def _same_nothing(self, _expected: None, given: Any) -> bool:
        return given is None

    def _same_map(self, expected: dict[Any, Any], given: Any) -> bool:
        if given is None:
            return self.likeness.empty_is_none and not expected
        return isinstance(given, Pairs) and self._same_entries(expected, given.pairs)

    def _same_set(self, expected: Any, given: Any) -> bool:
        if given is None:
            return self.likeness.empty_is_none and not expected
        return isinstance(given, Items) and self._same_items(expected, given.items)

    def _same_text(self, expected: str, given: Any) -> bool:
        if isinstance(given, str):
            return expected == given
        if isinstance(given, bytes):  # of a language whose texts may be no UTF-8
            return self.likeness.sequences and expected.encode("utf-8", "surrogatepass") == given
        is_code = self.likeness.codes and isinstance(given, int) and not isinstance(given, bool)
        return is_code and len(expected) == 1 and ord(expected) == given

    def _same_number(self, expected: Any, given: Any) -> bool:
        if isinstance(given, str | bytes | list | tuple | Items | Pairs | Fields):
            return False
        try:
            if expected == given:
                return True
            if not (isinstance(expected, float) or isinstance(given, float)):
                return False
            return self._close(float(expected), float(given))
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
            given = tuple(given.values.values())
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
