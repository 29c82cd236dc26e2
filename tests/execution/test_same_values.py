"""What a language cannot tell apart equals what a case expects, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest

from crosstune.execution._answers import Fields, Items, Pairs
from crosstune.execution._same_values import Comparer, written_number
from crosstune.languages import Likeness
from crosstune.languages.tcl import _words

PLAIN = Likeness()


def same(likeness: Likeness, expected: Any, given: Any) -> bool:
    return Comparer(likeness, likeness.sequences).same(expected, given)


@pytest.mark.parametrize(
    ("first_key", "expected", "given"),
    [
        (1, {1: "a", 2: "b"}, ["a", "b"]),
        (0, {0: "a", 1: "b"}, ["a", "b"]),
        (1, {}, []),
        (0, {"x": {}}, Pairs([("x", [])])),
        (1, {3, 1}, [1, 3]),
        (0, set(), []),
    ],
)
def test_lists_are_maps_and_sets(first_key: int, expected: Any, given: Any) -> None:
    assert same(Likeness(first_key=first_key), expected, given)
    assert not same(PLAIN, expected, given)


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ({1: "a"}, ["b"]),
        ({0: "a"}, ["a"]),
        ({1: "a", 2: "b"}, ["a"]),
        ({1, 2}, [1, 3]),
        ([1], Pairs([(1, 1)])),
        ([], None),
        ({}, None),
    ],
)
def test_other_lists_are_other_maps(expected: Any, given: Any) -> None:
    assert not same(Likeness(first_key=1), expected, given)


def test_a_value_may_be_the_list_of_it_alone() -> None:
    single = Likeness(single=True, first_key=1)
    pairs: list[tuple[Any, Any]] = [
        ([5], 5),
        ({5}, 5),
        (["a"], "a"),
        ([[1], [2, 3]], [1, [2, 3]]),
        ([1], [1]),
    ]
    for expected, given in pairs:
        assert same(single, expected, given)
        assert given == expected or not same(PLAIN, expected, given)
    for expected, given in [(5, [5]), ([5], 6), ([5, 5], 5), ([], 5), ([None], None), ({1: 2}, 2)]:
        assert not same(single, expected, given)


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        *((5, "5"), (1.5, " 1.5"), (True, "yes"), (False, "0"), (None, ""), ("5", "5"), (b"\xff", "\xff")),
        *(([1, "a b"], "1 {a b}"), ((), ""), ({1, 2}, "2 1"), ({"a": [1]}, "a {1}"), ({1: 2}, "1 2")),
    ],
)
def test_texts_may_be_all_values(expected: Any, given: str) -> None:
    assert same(Likeness(texts=_words, text_keys=True), expected, given)
    assert type(expected) is str or not same(PLAIN, expected, given)


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        (5, "x"),
        (True, "2"),
        (None, "0"),
        ("5", "05"),
        ([1], "{1"),
        ({1: 2}, "1 2 3"),
        ({1}, "1 1"),
        (b"a", "ä€"),
    ],
)
def test_texts_that_are_other_values_are_wrong(expected: Any, given: str) -> None:
    assert not same(Likeness(texts=_words, text_keys=True), expected, given)


def test_labels_may_be_left_out() -> None:
    labelled = Likeness(single=True)
    assert same(labelled, 1, Fields("", {"a": 1}))
    assert same(labelled, {"a": 1}, Fields("", {"a": 1}))
    assert same(labelled, [1, 2], Fields("", {"a": 1, "b": 2}))
    assert not same(labelled, 2, Fields("", {"a": 1}))
    assert not same(PLAIN, 1, Fields("", {"a": 1}))


def test_falsehood_may_be_nothing() -> None:
    either = Likeness(false_is_none=True)
    assert same(either, None, False)
    assert same(either, [None, 1], [False, 1])
    assert not same(either, None, 0)
    assert not same(either, False, None)
    assert not same(PLAIN, None, False)


def test_nothing_may_be_falsehood() -> None:
    either = Likeness(none_is_false=True, empty_is_none=True)
    assert same(either, [False, None, []], [None, None, None])
    assert not same(either, 0, None)
    assert not same(either, None, False)
    assert not same(PLAIN, False, None)


def test_nothing_at_the_end_of_a_list_may_be_absent() -> None:
    absent = Likeness(absent_none=True)
    assert same(absent, (1, None), [1])
    assert same(absent, (None, None), [])
    assert same(absent, {"a": None, "b": 1}, Pairs([("b", 1)]))
    assert not same(PLAIN, (1, None), [1])
    assert not same(PLAIN, {"a": None}, Pairs([]))
    assert not same(absent, (None, 1), [1])
    assert not same(absent, [1, 2], [1])
    assert not same(absent, {"a": 1}, Pairs([]))


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        *((5, "5"), (5, "5.0"), (-5, " -5"), (0.5, ".5"), (1e3, "1e3"), ("5", 5), ("0.1", 0.1), ("2", 2.0)),
        *(
            (True, 1),
            (True, "1"),
            (False, 0),
            (False, ""),
            (False, "0"),
            (False, None),
            (10**20, "1" + "0" * 20),
        ),
    ],
)
def test_scalars_are_one_type(expected: Any, given: Any) -> None:
    assert same(Likeness(scalars=True), expected, given)


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        *((5, "6"), (5, "5 apples"), (0, ""), (0, "a"), (0, None), (5, "\u0665"), ("5", 6), ("05", 5)),
        ("", 0),
        *((True, 2), (True, "a"), (True, ""), (True, []), (False, 1), (False, "a"), (False, []), (None, "")),
        *((None, 0), (float("nan"), "nan"), ([1], "1"), (10**20, "1e20 "[:3])),
    ],
)
def test_other_scalars_are_not_equal(expected: Any, given: Any) -> None:
    assert not same(Likeness(scalars=True), expected, given)


@pytest.mark.parametrize(("expected", "given"), [(5, "5"), ("5", 5), (False, ""), (False, None), (True, "1")])
def test_usually_they_are_different_types(expected: Any, given: Any) -> None:
    assert not same(PLAIN, expected, given)


def test_sets_in_any_order() -> None:
    assert same(PLAIN, {1, 2}, Items([2, 1]))
    assert not same(PLAIN, {1, 2}, Items([2, 2]))


def test_numbers_are_written_with_fifteen_digits() -> None:
    assert [written_number(each) for each in (3, -7, 0.1 + 0.2, 2.0, 1e20)] == [
        "3",
        "-7",
        "0.3",
        "2",
        "1e+20",
    ]
