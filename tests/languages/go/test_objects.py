"""Go's tests of types with methods: their objects stay in the candidate's process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge
from crosstune.languages.go import _separate
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

STACK = """\
package main

type Stack struct{}

// NewStack returns an empty stack.
func NewStack() *Stack {}

func (s *Stack) Push(value int) {}

// Pop removes the last value.
func (s *Stack) Pop() (int, error) {}
func (s *Stack) Clone() *Stack {}
func (s *Stack) Add(other *Stack) *Stack {}
func (s Stack) All() []int
"""
STACK_TESTS = """
import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func check(t *testing.T, s *Stack, values ...int) { assert.Equal(t, values, s.All()) }

func TestStack(t *testing.T) {
	s := NewStack()
	assert.NotNil(t, s)
	s.Push(1)
	s.Push(2)
	other := s.Clone()
	value, err := s.Pop()
	assert.NoError(t, err)
	assert.Equal(t, 2, value)
	check(t, s, 1)
	check(t, other, 1, 2)
	s.Pop()
	_, err = s.Pop()
	assert.EqualError(t, err, "empty")
	if s == other || other.Add(s) != other {
		t.Error("not the same object")
	}
	var zero Stack
	zero.Push(5)
	made := Stack{}
	made.Push(6)
	other.Add(&zero).Add(&made)
	check(t, other, 1, 2, 5, 6)
	for _, each := range []*Stack{other, new(Stack)} {
		each.Push(7)
	}
	check(t, other, 1, 2, 5, 6, 7)
}
"""
STACK_RIGHT = """
package main

import "errors"

type Stack struct{ items []int }

func NewStack() *Stack { return &Stack{} }
func (s *Stack) Push(v int) { s.items = append(s.items, v) }
func (s *Stack) Pop() (int, error) {
	if len(s.items) == 0 {
		return 0, errors.New("empty")
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, nil
}
func (s *Stack) Clone() *Stack { return &Stack{append([]int{}, s.items...)} }
func (s *Stack) Add(o *Stack) *Stack { s.items = append(s.items, o.items...); return s }
func (s Stack) All() []int { return s.items }
"""
LINKED = """
package main

import "errors"

type node struct{ value int; next *node }
type Stack struct{ top *node }

func NewStack() (s *Stack) { s = new(Stack); return }
func (s *Stack) Push(v int) { s.top = &node{v, s.top} }
func (s *Stack) Pop() (v int, err error) {
	if s.top == nil {
		return 0, errors.New("empty")
	}
	v, s.top = s.top.value, s.top.next
	return
}
func (s *Stack) Clone() *Stack { c := *s; return &c }
func (s *Stack) Add(o *Stack) *Stack {
	for _, v := range o.All() { s.Push(v) }
	return s
}
func (s *Stack) All() (all []int) {
	for n := s.top; n != nil; n = n.next { all = append([]int{n.value}, all...) }
	return
}
"""
CHEATS = {
    "nothing": STACK_RIGHT.replace("{ s.items = append(s.items, v) }", "{}"),
    "the same object": STACK_RIGHT.replace("&Stack{append([]int{}, s.items...)}", "s"),
    "another object": STACK_RIGHT.replace("o.items...); return s", "o.items...); return &Stack{s.items}"),
    "no object": STACK_RIGHT.replace("return &Stack{}", "return nil"),
    "a value": STACK_RIGHT.replace("NewStack() *Stack { return &", "NewStack() Stack { return "),
    "exit": STACK_RIGHT.replace("return &Stack{}", "os.Exit(0); return nil"),
    "exit in a method": STACK_RIGHT.replace("{ s.items = append(s.items, v)", "{ os.Exit(0)"),
    "panic": STACK_RIGHT.replace("{ s.items = append(s.items, v)", "{ panic(0)"),
    "filled later": STACK_RIGHT.replace(
        "{ return s.items }",
        "{ all := make([]int, len(s.items)); go func() { time.Sleep(1e7); copy(all, s.items) }(); "
        "return all }",
    ),
    "an exit later": STACK_RIGHT.replace("return &Stack{}", "go os.Exit(0); time.Sleep(1e9); return nil"),
    "another type of results": STACK_RIGHT.replace("Pop() (int, error)", "Pop() (any, error)").replace(
        "v := s.items[len(s.items)-1]", "v := equal{}"
    )
    + "\ntype equal struct{}\nfunc (equal) Equal(any) bool { return true }\n",
    "no method": STACK_RIGHT.replace("Add(o", "Added(o"),
    "forged object": STACK_RIGHT.replace(
        "return &Stack{}",
        'syscall.Write(6, []byte("\\x00\\x00\\x00\\x12Rh\\x00\\x00\\x00\\x63" + string(make([]byte, 12)))); '
        "return &Stack{}",
    ),
    "object without a number": STACK_RIGHT.replace(
        "return &Stack{}",
        'syscall.Write(6, []byte("\\x00\\x00\\x00\\x12Rh" + string(make([]byte, 16)))); return &Stack{}',
    ),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("go")
    with Judge(workers=1, isolation="separate") as judge:
        yield judge


def program(candidate: str, tests: str, declaration: str, *names: str) -> Program:
    return Program("1", "go", candidate, tests, declaration=declaration, entry_points=names)


def judged(judge: Judge, *parts: str) -> Status:
    (verdict,) = judge.run([program(*parts)])
    assert verdict.isolation == "separate", verdict
    return verdict.status


@pytest.mark.parametrize("name", ["Stack", "NewStack", "Stack.Push"])
@pytest.mark.parametrize("candidate", [STACK_RIGHT, LINKED])
def test_objects_have_a_state(judge: Judge, candidate: str, name: str) -> None:
    assert judged(judge, candidate, STACK_TESTS, STACK, name) is Status.PASSED


def test_every_cheat_differs() -> None:
    assert [name for name, code in CHEATS.items() if code == STACK_RIGHT] == []


@pytest.mark.parametrize("name", CHEATS)
def test_no_cheat_passes(judge: Judge, name: str) -> None:
    status = judged(judge, CHEATS[name], STACK_TESTS, STACK, "Stack")
    assert status not in (Status.PASSED, Status.HARNESS_ERROR), status


OTHERS = {
    "values with a map": (
        """
type Cache struct{}
func NewCache(capacity int) Cache {}
func (c *Cache) Get(key string) (int, bool) {}
func (c *Cache) Put(key string, value int) {}
""",
        """
import "testing"
func TestCache(t *testing.T) {
	c := NewCache(2)
	c.Put("a", 1); c.Put("b", 2); c.Get("a"); c.Put("c", 3)
	if _, ok := c.Get("b"); ok { t.Error("b") }
	if v, ok := c.Get("a"); !ok || v != 1 { t.Error("a") }
}""",
        """
type Cache struct { capacity int; values map[string]int; order []string }
func NewCache(capacity int) Cache { return Cache{capacity: capacity, values: map[string]int{}} }
func (c *Cache) use(key string) {
	for i, k := range c.order { if k == key { c.order = append(c.order[:i:i], c.order[i+1:]...); break } }
	c.order = append(c.order, key)
}
func (c *Cache) Get(key string) (int, bool) {
	v, ok := c.values[key]
	if ok { c.use(key) }
	return v, ok
}
func (c *Cache) Put(key string, value int) {
	c.values[key] = value
	c.use(key)
	if len(c.order) > c.capacity { delete(c.values, c.order[0]); c.order = c.order[1:] }
}""",
        ("if ok { c.use(key) }", ""),
    ),
    "two types and lists of objects": (
        """
type Account struct{}
type Bank struct{}
func NewBank() *Bank {}
func (b *Bank) Open(name string, cents int64) (*Account, error) {}
func (b *Bank) Accounts() []*Account {}
func (b *Bank) Transfer(from, to *Account, cents int64) error {}
func (a *Account) Balance() int64 {}
""",
        """
import "testing"
func TestBank(t *testing.T) {
	b := NewBank()
	one, err := b.Open("one", 100)
	if err != nil { t.Fatal(err) }
	two, _ := b.Open("two", 0)
	if again, err := b.Open("one", 5); again != nil || err == nil { t.Error("twice") }
	if err := b.Transfer(one, two, 70); err != nil { t.Error(err) }
	if err := b.Transfer(one, two, 70); err == nil { t.Error("no money") }
	all := b.Accounts()
	if len(all) != 2 || all[1] != two || all[0].Balance() != 30 || two.Balance() != 70 { t.Error("balance") }
}""",
        """
import "errors"
type Account struct { name string; cents int64 }
type Bank struct { all []*Account }
func NewBank() *Bank { return &Bank{} }
func (b *Bank) Open(name string, cents int64) (*Account, error) {
	for _, a := range b.all { if a.name == name { return nil, errors.New("known") } }
	b.all = append(b.all, &Account{name, cents})
	return b.all[len(b.all)-1], nil
}
func (b *Bank) Accounts() []*Account { return b.all }
func (b *Bank) Transfer(from, to *Account, cents int64) error {
	if from.cents < cents { return errors.New("too much") }
	from.cents -= cents; to.cents += cents
	return nil
}
func (a *Account) Balance() int64 { return a.cents }""",
        ("to.cents += cents", ""),
    ),
    "an interface of the tests": (
        """
type Counter struct{}
func (c *Counter) Next() (int, bool) {}
func NewCounter(most int) *Counter {}
""",
        """
import "testing"
type iterator interface { Next() (int, bool) }
func sum(t *testing.T, all iterator) (sum int) {
	for n, ok := all.Next(); ok; n, ok = all.Next() { sum += n }
	return
}
func TestCounter(t *testing.T) {
	if got := sum(t, NewCounter(4)); got != 10 { t.Error(got) }
	defer func() { if recover() == nil { t.Error("no panic") } }()
	var none *Counter
	none.Next()
}""",
        """
type Counter struct { at, most int }
func NewCounter(most int) *Counter { return &Counter{0, most} }
func (c *Counter) Next() (int, bool) {
	if c.at == c.most { return 0, false }
	c.at++
	return c.at, true
}""",
        ("c.at++", "c.at += 2"),
    ),
    "a type that the benchmark gives in part": (
        """
type Matrix struct { rows [][]float64 }
func NewMatrix(rows [][]float64) *Matrix { return &Matrix{rows} }
func (m *Matrix) Rows() [][]float64 { return m.rows }
func (m *Matrix) Close() {}
func (m *Matrix) Times(o *Matrix) (*Matrix, error) {}
""",
        """
import ("testing"; "reflect")
func TestMatrix(t *testing.T) {
	m := NewMatrix([][]float64{{1, 2}, {3, 4}})
	defer m.Close()
	p, err := m.Times(m)
	if err != nil || !reflect.DeepEqual(p.Rows(), [][]float64{{7, 10}, {15, 22}}) { t.Error(p.Rows()) }
	if p, err := m.Times(NewMatrix(nil)); p != nil || err == nil { t.Error("sizes") }
}""",
        """
import "fmt"
func (m *Matrix) Times(o *Matrix) (*Matrix, error) {
	if len(m.rows) != len(o.rows) { return nil, fmt.Errorf("sizes") }
	p := [][]float64{}
	for i := range m.rows {
		row := make([]float64, len(o.rows[0]))
		for j := range row { for k := range o.rows { row[j] += m.rows[i][k] * o.rows[k][j] } }
		p = append(p, row)
	}
	return &Matrix{p}, nil
}""",
        ("o.rows[k][j]", "o.rows[j][k]"),
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_types(judge: Judge, name: str) -> None:
    declaration, tests, right, wrong = OTHERS[name]
    entry_point = declaration.split()[1]
    assert judged(judge, right, tests, declaration, entry_point) is Status.PASSED
    assert wrong[0] in right
    assert judged(judge, right.replace(*wrong), tests, declaration, entry_point) is Status.WRONG_ANSWER


def test_objects_are_made_before_the_tests(judge: Judge) -> None:
    tests = """
import "testing"

type wrapped struct {
	*Stack
	name string
}

var shared = wrapped{NewStack(), "shared"}

func TestFirst(t *testing.T) { shared.Push(1) }
func TestSecond(t *testing.T) {
	Stack := 1
	if value, err := shared.Pop(); value != Stack || err != nil {
		t.Error(value, err)
	}
}
func TestThird(t *testing.T) {
	s := 1
	t.Log(s, shared.name)
}
"""
    assert judged(judge, STACK_RIGHT, tests, STACK, "Stack") is Status.PASSED
    assert judged(judge, CHEATS["nothing"], tests, STACK, "Stack") is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("s := Stack{}; u := s; u.Push(1)", "use an object of Stack: s"),
        ("s := NewStack(); u := *s; u.Push(1)", "use an object of Stack: *s"),
        ("all := []Stack{{}}; all[0].Push(1)", "values of Stack in others"),
        ("assert.Equal(t, NewStack(), NewStack())", "use an object of Stack"),
        ("s := NewStack(); if !reflect.DeepEqual(s, s.Clone()) { t.Fail() }", "use an object of Stack"),
        ('s := NewStack(); if fmt.Sprint(s) != "[]" { t.Fail() }', "use an object of Stack"),
        ("s := NewStack(); go s.Push(1)", "goroutines"),
        ("for _, s := range []*Stack{NewStack()} { fmt.Println(s) }", "use an object of Stack"),
    ],
)
def test_what_needs_the_object_itself_is_shared(body: str, reason: str) -> None:
    tests = f'import "testing"\nfunc TestStack(t *testing.T) {{ {body} }}\n'
    assert reason in _separate.SEPARATE.why_shared(program("", tests, STACK, "Stack"))


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("type Stack[T any] struct{}\nfunc (s *Stack[T]) Push(value T) {}", "no function Stack"),
        ("type Stack interface { Push(int) }\nfunc NewStack() Stack {}", "no function Stack"),
        ("type Stack struct{}\nfunc (s *Stack) Each(f func(int)) {}", "func(int)"),
        ("type Stack struct{}\nfunc (s *Stack) All() (chan int) {}", "chan int"),
        ("type Stack struct{}\ntype Pair struct{ s *Stack }\nfunc (s *Stack) Split() Pair {}", "Stack"),
    ],
)
def test_declarations_that_need_the_object_itself(declaration: str, reason: str) -> None:
    assert reason in _separate.SEPARATE.why_shared(program("", STACK_TESTS, declaration, "Stack"))


def test_fields_are_the_candidates_own(judge: Judge) -> None:
    tests = 'import "testing"\nfunc TestStack(t *testing.T) { if len(NewStack().items) > 0 { t.Fail() } }\n'
    assert "items undefined" in judge.why_shared(program("", tests, STACK, "Stack"))
