"""Values of Python as bytes: see docs/values.md."""

from __future__ import annotations

import array
import collections
import dataclasses
import datetime as dt
import decimal
import fractions
import math
import struct
import types
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from crosstune.languages.python import _values as values


class _Point(NamedTuple):
    x: int
    y: list[int]


@dataclasses.dataclass
class _Node:
    value: Any
    next: Any = None


def _unknown(_encoder: values.Encoder, _value: object, _depth: int) -> None:
    return None


def _no_object(_number: int) -> None:
    raise values.Malformed("none can be here")


def _record(name: str) -> type:
    return {"_Point": _Point, "_Node": _Node}[name]


def _encoded(value: object) -> bytes:
    return values.Encoder(_unknown).value(value)


def _decoded(data: bytes) -> Any:
    decoder = values.Decoder(data, _record, _no_object)
    value = decoder.value()
    decoder.end()
    return value


_PLAIN: list[Any] = [
    *(None, True, False, 0, -1, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 10**100000, -(10**5000)),
    *(0.1, -0.0, math.inf, -math.inf, 5e-324, "", "ab\0ü😀", "\ud800", "\udfff\ud800", b"", b"\0\xff"),
    *([], (), set(), {}, [[]], (1, [2, {3: {4, (5,)}}]), {"b": 1, "a": 2}, {(): frozenset({1})}),
    *(1 + 2j, bytearray(b"x"), range(2, 9, 3), slice(1, None, 2), ..., int, frozenset()),
    *(collections.OrderedDict(b=1, a=2), collections.Counter("aab"), collections.deque([1, 2], 2)),
    *(collections.UserList([1]), collections.UserDict({1: 2}), collections.UserString("x")),
    *(collections.ChainMap({1: 2}, {3: 4}), types.MappingProxyType({1: [2]}), array.array("i", [1, -2])),
    *(dt.date(2024, 2, 29), dt.time(1, 2, 3), dt.timedelta(-1, 2, 3), dt.datetime(2024, 1, 1, 1, 1, 1, 7)),
    *(decimal.Decimal("-0.10"), decimal.Decimal("Infinity"), fractions.Fraction(-1, 3), uuid.UUID(int=5)),
]


@pytest.mark.parametrize("value", _PLAIN, ids=lambda value: type(value).__name__)
def test_a_value_stays_what_it_is(value: object) -> None:
    again = _decoded(_encoded(value))
    assert type(again) is type(value)
    assert again == value
    if type(value) is not int:
        assert repr(again) == repr(value)


def test_subclasses_travel_as_their_base() -> None:
    kinds: list[Any] = [
        type("Own", (base,), {"__eq__": lambda *_: True}) for base in (int, str, list, dict, set)
    ]
    for kind in kinds:
        assert type(_decoded(_encoded(kind()))) in (int, str, list, dict, set)


def test_records_are_rebuilt_without_calling_their_class() -> None:
    point = _Point(1, [2])
    data = values.Encoder(
        lambda encoder, value, depth: encoder.record("_Point", value._asdict(), depth)
    ).value(point)
    assert _decoded(data) == point
    assert type(_decoded(data)) is _Point
    with pytest.raises(values.Malformed):
        values.remade(_Point, {"y": 1, "x": 2})


def test_numbers_that_are_none_are_one_object() -> None:
    assert id(_decoded(_encoded([float("nan")]))[0]) == id(math.nan)
    other = struct.pack(">Q", 0xFFF8000000000001)
    assert struct.pack(">d", _decoded(b"d" + other)) == other


@pytest.mark.parametrize("last", [1, 1.5, True, "x", 2**70, math.inf, math.nan, [1]])
def test_many_numbers_are_written_as_single_ones_are(last: object) -> None:
    for first in ([1, -(2**63)] * 20, [0.1, -0.0] * 20):
        items = [*first, last]
        data = _encoded(items)
        assert data == b"l" + values.number(len(items)) + b"".join(map(_encoded, items))
        assert list(map(repr, _decoded(data))) == list(map(repr, items))
    cut = b"l" + values.number(1 << 31) + _encoded(1) * 100
    with pytest.raises(values.Malformed):
        _decoded(cut)


@pytest.mark.parametrize("made", [{12, 13, 14, 15, 16}, set([12, 13, 14, 15, 16]), {8, 1}])  # noqa: C405
def test_sets_of_numbers_keep_their_order(made: set[int]) -> None:
    assert list(_decoded(_encoded(made))) == list(made)


def test_arrays_and_scalars_of_numpy() -> None:
    np = pytest.importorskip("numpy")
    for kind in ("int8", "float32", "complex128", "bool", "U3", "S2", "datetime64[ns]", "object"):
        made = np.zeros((2, 0, 3), kind), np.zeros((2, 2), kind), np.zeros((), kind)
        for value in made:
            again = _decoded(_encoded(value))
            assert again.dtype == value.dtype
            assert again.shape == value.shape
            assert (again == value).all()
    assert type(_decoded(_encoded(np.float32(0.1)))) is np.float32


def test_iterators_and_views_stay_such() -> None:
    assert list(_decoded(_encoded(iter([1])))) == [1]
    assert (
        next(
            _decoded(
                _encoded(iter({}.items())),
            ),
            None,
        )
        is None
    )
    assert _decoded(_encoded({1: 2}.keys())) == {1}
    assert list(_decoded(_encoded({1: 2}.items()))) == [(1, 2)]


def test_other_objects_equal_nothing() -> None:
    made = _decoded(_encoded([object(), print, test_other_objects_equal_nothing]))
    assert not any(each.__eq__(each) for each in made)
    assert "builtin_function" in repr(made[1])


def test_depth_is_limited_on_both_sides() -> None:
    deep: list[Any] = []
    for _ in range(199):
        deep = [deep]
    assert _decoded(_encoded(deep)) == deep
    with pytest.raises(values.TooDeep):
        _encoded([[deep]])
    with pytest.raises(values.Malformed):
        _decoded(b"l\0\0\0\1" * 1000 + b"N")


def _own_record(encoder: values.Encoder, value: Any, depth: int) -> bytes | None:
    fields = values.fields_of(value) if isinstance(value, _Node) else None
    return None if fields is None else encoder.record("_Node", fields, depth)


def _passed_on(value: Any) -> Any:
    return _decoded(values.Encoder(_own_record, records=frozenset({"_Node"})).whole(value))


def _nested(depth: int, wrapped: Callable[[Any], Any]) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = wrapped(value)
    return value


def test_lists_and_maps_may_contain_themselves() -> None:
    kinds: list[Any] = [list, collections.deque, collections.UserList]
    for kind in kinds:
        made = kind([1])
        made.append((made, [made]))
        again = _passed_on(made)
        assert type(again) is kind
        assert again[0] == 1
        assert again is again[1][0] is again[1][1][0]
    kinds = [dict, collections.OrderedDict, collections.Counter, collections.UserDict]
    for kind in kinds:
        made = kind({1: 2})
        made[3] = [made]
        again = _passed_on(made)
        assert type(again) is kind
        assert list(again) == [1, 3]
        assert again[3][0] is again


def test_what_a_standard_type_is_made_with_stays_in_a_cycle() -> None:
    short: Any = collections.deque([1], 2)
    short.append(short)
    assert _passed_on(short).maxlen == 2
    counts: Any = collections.defaultdict(list)
    counts[1].append(counts)
    assert _passed_on(counts)[2] == []


def test_records_may_contain_themselves() -> None:
    node = _Node(1)
    node.next = [_Node(2, node)]
    again = _passed_on(node)
    assert (again.value, again.next[0].value) == (1, 2)
    assert again.next[0].next is again


@pytest.mark.parametrize("kind", [lambda x: [x], lambda x: (x, 1), lambda x: {1: x}, lambda x: _Node(1, x)])
def test_a_whole_value_may_nest_deep(kind: Callable[[Any], Any]) -> None:
    value = _nested(5000, kind)
    again = _passed_on(value)
    depth = 0
    while value != 0:
        assert type(again) is type(value)
        value, again = (
            (each.next if type(each) is _Node else (each[1] if type(each) is dict else each[0]))
            for each in (value, again)
        )
        depth += 1
    assert (again, depth) == (0, 5000)


def test_nodes_that_know_each_other_may_be_many() -> None:
    first: dict[str, Any] = {"value": 0, "previous": None}
    last = first
    for number in range(1, 3000):
        last["next"] = {"value": number, "previous": last}
        last = last["next"]
    again = _passed_on(first)
    for number in range(2999):
        assert again["value"] == number
        assert again["next"]["previous"] is again
        again = again["next"]


_K: Callable[[str], bytes] = lambda name: b"K" + values.text(name)  # noqa: E731


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"z", b"i\0", b"s\0\0\0\5ab", b"s\0\0\0\1\xff", b"l\xff\xff\xff\xffN", b"NN", b"h\0\0\0\1"),
        b"A\0\0\0\0",
        b"G\0\0\0\1lm\0\0\0\0N",
        b"G\0\0\0\1tt\0\0\0\1A\0\0\0\0N",
        b"G\xff\xff\xff\xffl",
        b"S\0\0\0\1l\0\0\0\0",
        b"m\0\0\0\1l\0\0\0\0N",
        _K("eval") + _encoded("1"),
        _K("bytearray") + _encoded(1 << 40),
        _K("Fraction") + _encoded("1e999999999"),
        _K("keys") + _encoded(range(1 << 50)),
        _K("numpy.ndarray") + _encoded(("<U99999999", (1,), [""])),
        _K("numpy.ndarray") + _encoded(("<i8", (1,), [range(1 << 50)])),
        _K("range") + _encoded((0, 1, 0)),
        _K("date") + _encoded("2024-13-01"),
    ],
)
def test_what_is_no_value_is_refused(data: bytes) -> None:
    with pytest.raises((values.Malformed, TypeError, UnicodeDecodeError)):
        _decoded(data)
