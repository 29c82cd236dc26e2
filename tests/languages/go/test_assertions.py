"""crosstune's packages assert and require follow the rules of testify."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

HEAD = """\
package main

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/PACKAGE"
)

type problem struct{ text string }

func (p *problem) Error() string { return p.text }

func TestAll(t *testing.T) {
	_ = math.Pi
	err := &problem{"a text"}
	wrapped := errors.New("other")
	_, _ = err, wrapped
"""
HOLDS = """\
Equal(t, 3, one()+2, "message %d", 1)
Equal(t, []byte{1}, []byte{1})
NotEqual(t, 3, one())
EqualValues(t, int64(1), one())
EqualValues(t, 1.0, one())
Exactly(t, 1, one())
True(t, one() == 1)
Truef(t, true, "%d", 1)
False(t, one() == 2)
Nil(t, nil)
Nil(t, (*int)(nil))
NotNil(t, t)
Empty(t, "")
Empty(t, map[int]int{})
Empty(t, new(int))
NotEmpty(t, []int{0})
Zero(t, 0)
NotZero(t, one())
Error(t, err)
NoError(t, nil)
EqualError(t, err, "a text")
ErrorContains(t, err, "text")
ErrorIs(t, err, err)
NotErrorIs(t, err, wrapped)
ErrorAs(t, err, new(*problem))
Len(t, []int{1, 2}, 2)
Len(t, "ab", 2)
InDelta(t, 1.0, 1.05, 0.1)
InDelta(t, 1, uint8(1), 0)
InDelta(t, math.NaN(), math.NaN(), 0)
InDelta(t, math.Inf(1), math.Inf(1), 0)
InDeltaSlice(t, []float64{1}, []float64{1.05}, 0.1)
InEpsilon(t, 100, 101.0, 0.02)
InEpsilonSlice(t, []float64{100}, []float64{101}, 0.02)
Contains(t, "hello", "ell")
Contains(t, []string{"a"}, "a")
Contains(t, map[string]int{"a": 1}, "a")
NotContains(t, []int{1}, 2)
Subset(t, []int{1, 2, 3}, []int{3, 1})
NotSubset(t, []int{1}, []int{1, 2})
ElementsMatch(t, []int{1, 2, 2}, []int{2, 1, 2})
ElementsMatch(t, nil, []int{})
Greater(t, 2, 1)
GreaterOrEqual(t, "b", "b")
Less(t, 1.5, 2.0)
LessOrEqual(t, uint(1), uint(1))
Positive(t, 1)
Negative(t, -0.5)
IsIncreasing(t, []int{1, 2})
IsNonIncreasing(t, []int{2, 2, 1})
IsDecreasing(t, []int{2, 1})
IsNonDecreasing(t, []int{1, 1})
IsType(t, 1, one())
Implements(t, (*error)(nil), err)
Same(t, err, err)
NotSame(t, err, &problem{})
Condition(t, func() bool { return true })
Panics(t, func() { panic(1) })
PanicsWithValue(t, "x", func() { panic("x") })
PanicsWithError(t, "a text", func() { panic(err) })
NotPanics(t, func() {})
JSONEq(t, `{"a": 1}`, `{ "a":1 }`)
Regexp(t, "^h", "hello")
NotRegexp(t, "^h", "oh")
"""
FAILS = """\
Equal(t, int64(1), one())
Equal(t, one, one)
NotEqual(t, 1, one())
EqualValues(t, 1.5, one())
EqualValues(t, 257, uint8(1))
Exactly(t, int64(1), one())
Nil(t, 0)
NotNil(t, (*int)(nil))
Empty(t, [1]int{1})
NotEmpty(t, 0)
Error(t, nil)
NoError(t, err)
EqualError(t, nil, "")
ErrorIs(t, nil, err)
ErrorAs(t, wrapped, new(*problem))
Len(t, 5, 1)
InDelta(t, 1, 2, 0.5)
InDelta(t, "1", 1, 1)
InDelta(t, math.NaN(), 1, 1)
InEpsilon(t, 0, 0, 1)
Contains(t, 5, 5)
NotContains(t, "hello", "ell")
Subset(t, []int{1}, []int{2})
ElementsMatch(t, []int{1, 1, 2}, []int{1, 2, 2})
Greater(t, 1, 1)
Greater(t, 2, 1.0)
Less(t, nil, 1)
IsIncreasing(t, []int{1, 1})
IsType(t, 1, "x")
Same(t, 1, 1)
Panics(t, func() {})
PanicsWithValue(t, "x", func() { panic("y") })
NotPanics(t, func() { panic(1) })
Fail(t, "why")
FailNow(t, "why")
JSONEq(t, "1", "x")
Regexp(t, "^h", "oh")
"""


def status(judge: Judge, package: str, calls: list[str]) -> Status:
    skip_without_tools("go")
    body = "\n".join(f"\t{package}.{call}" for call in calls)
    tests = f"{HEAD.replace('PACKAGE', package)}{body}\n}}\n"
    candidate = "package main\n\nfunc one() int { return 1 }\n"
    return next(judge.run([Program("1", "go", candidate, tests)])).status


def as_methods(calls: list[str]) -> list[str]:
    return [f"New(t).{call.replace('(t, ', '(', 1)}" for call in calls]


@pytest.mark.parametrize("package", ["assert", "require"])
def test_what_holds_passes(judge: Judge, package: str) -> None:
    calls = HOLDS.splitlines()
    assert status(judge, package, calls) is Status.PASSED
    assert status(judge, package, as_methods(calls)) is Status.PASSED


@pytest.mark.parametrize("call", FAILS.splitlines())
def test_what_does_not_hold_fails(judge: Judge, call: str) -> None:
    assert status(judge, "assert", [call]) is Status.WRONG_ANSWER
    assert status(judge, "require", as_methods([call])) is Status.WRONG_ANSWER


def test_require_ends_the_test_and_assert_does_not(judge: Judge) -> None:
    calls = ["Equal(t, 1, 2)", "NotPanics(t, func() { syscall.Exit(7) })"]
    assert status(judge, "require", calls) is Status.WRONG_ANSWER
    assert status(judge, "assert", calls) is Status.INCOMPLETE


def test_assertions_with_times(judge: Judge) -> None:
    calls = [
        "WithinDuration(t, time.Unix(1, 0), time.Unix(2, 0), time.Second)",
        "WithinRange(t, time.Unix(1, 0), time.Unix(1, 0), time.Unix(2, 0))",
        "Eventually(t, func() bool { return true }, time.Second, time.Millisecond)",
        "Less(t, time.Unix(1, 0), time.Unix(2, 0))",
    ]
    assert status(judge, "assert", calls) is Status.PASSED
    assert status(judge, "require", as_methods(calls)) is Status.PASSED
