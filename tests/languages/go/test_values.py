"""Go's values reach the candidate's process and come back as what they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

_TYPES = """
type point struct{ x, Y int; tags []string; next *point }
type celsius float64
type empty struct{}
type base struct{ id int8 }
type derived struct { base; err error; any interface{} }
"""
_HEAD = """
import (
	"math"
	"reflect"
	"testing"
	"errors"
)

var _, _ = math.Pi, errors.New

"""

# Each type with values of it.
VALUES = {
    "int": "0, 1, -1, math.MaxInt, math.MinInt",
    "int8": "127, -128",
    "int16": "32767, -32768",
    "int32": "math.MaxInt32, math.MinInt32, 'x'",
    "int64": "math.MaxInt64, math.MinInt64, 1<<53 + 1",
    "uint8": "0, 255",
    "uint16": "65535",
    "uint32": "math.MaxUint32",
    "uint64": "0, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64",
    "uint": "math.MaxUint",
    "uintptr": "1",
    "rune": "'\\U0010FFFF', -1",
    "bool": "true, false",
    "float64": "0.1, 1e308, 5e-324, math.Inf(1), math.Inf(-1)",
    "float32": "0.1, math.MaxFloat32, float32(math.Inf(-1))",
    "complex128": "1 + 2i, complex(math.Inf(1), -0.5)",
    "complex64": "0.5i",
    "string": r'"", "text", "\u00e9\U0001F600", "\x00\xff\xed\xa0\x80", "\n\"`"',
    "error": 'nil, errors.New("why"), errors.New("\\xff")',
    "[]byte": 'nil, {}, []byte("\\x00\\xff")',
    "[]int": "nil, {}, {1, -2, 3}",
    "[]string": 'nil, {}, {"", "\\xff"}',
    "[]float64": "nil, {math.Inf(1), 0.5}",
    "[][]int": "nil, {}, {nil, {}, {1}}",
    "[][][]rune": "{{{'a'}, nil}, nil}",
    "[2]int": "{}, {1, 2}",
    "[0]string": "{}",
    "[2][]string": '{{"a"}, nil}',
    "[][2]bool": "{{true, false}}",
    "[3]byte": "{1, 2, 255}",
    "map[string]int": 'nil, {}, {"a": 1, "b": -2}',
    "map[rune][]int": "{'a': nil, 'b': {1}}",
    "map[[2]int]map[string]bool": '{{1, 2}: {"x": true}, {}: nil}',
    "map[string]struct{}": '{"a": {}}',
    "*int": "nil, new(int)",
    "**string": "nil, new(*string)",
    "*[]int": "nil, new([]int), &[]int{}, &[]int{1}",
    "point": '{}, {1, 2, []string{"a"}, &point{x: 3}}',
    "*point": "nil, {x: 1, next: &point{Y: 2, tags: []string{}}}",
    "[]point": "nil, {{x: 1}}",
    "map[string]*point": '{"a": nil, "b": {x: 1}}',
    "celsius": "36.6",
    "empty": "{}",
    "derived": '{base{-3}, errors.New("e"), []int{1}}, {}',
    "interface{}": """nil, 1, "a", 'c', 2.5, true, int8(1), uint64(math.MaxUint64), float32(0.5), 2i, "\\xff",
        []int(nil), []int{1}, []interface{}{1, "a", nil, []interface{}{}}, [2]int{1, 2}, []byte("x"),
        map[string]interface{}{"a": 1, "b": []string{"c"}}, map[interface{}]int{1: 2, "1": 3}, struct{}{},
        point{x: 1}, &point{x: 2}, []point{{}}, celsius(1), (*int)(nil), errors.New("e"), []error{nil}""",
    "[]interface{}": '{1, nil, "a", []int{2}}',
    "[2]interface{}": '{1, "a"}',
    "map[interface{}]interface{}": '{1: "a", "a": nil, [1]int{1}: 2.5}',
}
_IDENTITY = """
func same(value TYPE) (TYPE, TYPE)
"""
_TEST = """
func TestSame(t *testing.T) {
	for at, value := range []TYPE{VALUES} {
		first, second := same(value)
		if !reflect.DeepEqual(value, first) || !reflect.DeepEqual(value, second) {
			t.Errorf("%d: sent %#v, got %#v and %#v", at, value, first, second)
		}
	}
}
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("go")
    with Judge(workers=1, isolation="separate") as judge:
        yield judge


def passes(judge: Judge, declaration: str, tests: str, candidate: str, *names: str) -> None:
    program = Program("1", "go", candidate, tests=tests, declaration=declaration, entry_points=names)
    (verdict,) = judge.run([program])
    assert (verdict.status, verdict.isolation) == (Status.PASSED, "separate"), verdict


def test_all_values_are_what_they_were(judge: Judge) -> None:
    declaration, tests, candidate, names = _TYPES, _HEAD, "", []
    for at, (of, values) in enumerate(VALUES.items()):
        name = f"same{at}"
        names.append(name)
        signature = _IDENTITY.replace("same", name).replace("TYPE", of)
        declaration += signature
        candidate += f"{signature.rstrip()} {{ return value, value }}\n"
        test = _TEST.replace("VALUES", values).replace("TYPE", of).replace("same", name)
        tests += test.replace("TestSame", f"TestSame{at}")
    passes(judge, declaration, tests, candidate, *names)


def test_bits_of_floats_and_nil_slices_are_kept(judge: Judge) -> None:
    tests = """
import ("math"; "testing")

func TestSame(t *testing.T) {
	for _, bits := range []uint64{1 << 63, 0x7ff8000000000001, 0xfff8000000abcdef} {
		if got := math.Float64bits(same(math.Float64frombits(bits))); got != bits {
			t.Errorf("%x is %x", bits, got)
		}
	}
	if got := math.Float32bits(small(math.Float32frombits(1 << 31))); got != 1 << 31 {
		t.Errorf("%x", got)
	}
	if got := small(float32(math.NaN())); got == got {
		t.Error(got)
	}
}
"""
    declaration = "func same(v float64) float64\n\nfunc small(v float32) float32\n"
    candidate = "func same(v float64) float64 { return v }\nfunc small(v float32) float32 { return v }"
    passes(judge, declaration, tests, candidate, "same", "small")


def test_changes_of_arguments_reach_the_caller(judge: Judge) -> None:
    declaration = f"""{_TYPES}
func change(list []int, nested [][]string, all map[string][]int, p *point, v interface{{}}, more ...float64)
"""
    tests = """
import ("reflect"; "testing")

func TestChange(t *testing.T) {
	backing := []int{3, 1, 2, 9}
	list := backing[:3]
	nested := [][]string{{"a", "b"}, {"c"}}
	all := map[string][]int{"kept": {1}, "gone": nil}
	p := &point{x: 1, next: &point{x: 5}}
	held, more := []int{1, 2}, []float64{1, 2}
	change(list, nested, all, p, held, more...)
	if !reflect.DeepEqual(backing, []int{1, 2, 3, 9}) { t.Error(backing) }
	if nested[0][0] != "z" || len(nested[1]) != 2 { t.Error(nested) }
	if all["kept"][0] != 7 || len(all) != 2 || all["new"][0] != 4 { t.Error(all) }
	if p.x != 2 || p.next.x != 6 { t.Error(p, p.next) }
	if held[1] != 8 || more[0] != 0.5 { t.Error(held, more) }
}
"""
    candidate = """
type point struct{ x, Y int; tags []string; next *point }
func change(list []int, nested [][]string, all map[string][]int, p *point, v interface{}, more ...float64) {
	list[0], list[1], list[2] = 1, 2, 3
	nested[0][0] = "z"
	nested[1] = append(nested[1], "d")
	all["kept"][0] = 7
	all["new"] = []int{4}
	delete(all, "gone")
	p.x = 2
	p.next.x++
	v.([]int)[1] = 8
	more[0] = 0.5
}
"""
    passes(judge, declaration, tests, candidate, "change")


def test_panics_are_panics_with_the_same_text(judge: Judge) -> None:
    tests = """
import ("runtime"; "testing"; "github.com/stretchr/testify/assert")

func TestFail(t *testing.T) {
	assert.PanicsWithValue(t, "text", func() { fail(0) })
	assert.PanicsWithError(t, "wrong", func() { fail(1) })
	defer func() {
		err := recover().(runtime.Error)
		assert.Equal(t, "runtime error: index out of range [9] with length 1", err.Error())
	}()
	fail(9)
}

func TestChangedBefore(t *testing.T) {
	list := []int{1}
	assert.Panics(t, func() { change(list) })
	assert.Equal(t, []int{2}, list)
	assert.Equal(t, "x", wrong().Error())
}
"""
    declaration = "func fail(n int) int\n\nfunc change(list []int)\n\nfunc wrong() error\n"
    candidate = """
import "errors"
func fail(n int) int {
	if n == 0 { panic("text") }
	if n == 1 { panic(errors.New("wrong")) }
	return []int{1}[n]
}
func change(list []int) { list[0]++; panic("later") }
func wrong() error { return errors.New("x") }
"""
    passes(judge, declaration, tests, candidate, "fail", "change", "wrong")


def test_calls_from_several_goroutines_and_state_between_calls(judge: Judge) -> None:
    tests = """
import ("sync"; "testing")

func TestNext(t *testing.T) {
	var all sync.WaitGroup
	for n := 0; n < 50; n++ {
		all.Add(1)
		go func() { defer all.Done(); next() }()
	}
	all.Wait()
	if next() != 51 { t.Fail() }
}
"""
    candidate = "var count int\nfunc next() int { count++; return count }"
    passes(judge, "func next() int", tests, candidate, "next")


@pytest.mark.parametrize(
    "returned", ["int64(3)", "own(3)", "[]int{3}", "func() {}", "struct{ x int }{3}", '"3"']
)
def test_another_type_in_an_interface_equals_nothing(judge: Judge, returned: str) -> None:
    tests = """
import ("testing"; "github.com/stretchr/testify/assert")

func TestAny(t *testing.T) { assert.NotEqual(t, 3, some()); assert.NotNil(t, some()) }
"""
    candidate = f"type own int\nfunc some() interface{{}} {{ return {returned} }}"
    passes(judge, "func some() interface{}", tests, candidate, "some")


def test_a_value_that_contains_itself_equals_nothing(judge: Judge) -> None:
    tests = """
import ("testing"; "github.com/stretchr/testify/assert")

func TestAny(t *testing.T) { assert.NotEqual(t, []interface{}{nil}, some()) }
"""
    candidate = "func some() interface{} { list := []interface{}{nil}; list[0] = list; return list }"
    passes(judge, "func some() interface{}", tests, candidate, "some")
