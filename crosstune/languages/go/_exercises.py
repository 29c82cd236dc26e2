"""The idioms of Go for the exercises; what the language has no expression for is given (`SETUP`)."""

import json

SETUP = """\
package main

import "strings"

func Abs(x int) int {
	return Max(x, -x)
}

func Max(a, b int) int {
	if a > b {
		return a
	}
	return b
}

func Min(a, b int) int {
	return -Max(-a, -b)
}

func Join(a, b []int) []int {
	return append(append([]int{}, a...), b...)
}

func Each(xs []int, f func(int) int) []int {
	result := []int{}
	for _, x := range xs {
		result = append(result, f(x))
	}
	return result
}

func Keep(xs []int, f func(int) bool) []int {
	result := []int{}
	for _, x := range xs {
		if f(x) {
			result = append(result, x)
		}
	}
	return result
}

func Any(xs []int, f func(int) bool) bool {
	return len(Keep(xs, f)) > 0
}

func All(xs []int, f func(int) bool) bool {
	return len(Keep(xs, f)) == len(xs)
}

func Has(xs []int, value int) bool {
	return Any(xs, func(x int) bool { return x == value })
}

func Fold(xs []int, f func(a, b int) int) int {
	result := xs[0]
	for _, x := range xs[1:] {
		result = f(result, x)
	}
	return result
}

func Sum(xs []int) int {
	return Fold(append([]int{0}, xs...), func(a, b int) int { return a + b })
}

func Repeat(s string, count int) string {
	return strings.Repeat(s, count)
}

func Spaces(s string, width int) string {
	return strings.Repeat(" ", Max(0, width-len(s)))
}

"""

_TESTS = """\
package main

import "testing"

func same(a, b []int) bool {{
	for i := range a {{
		if i >= len(b) || a[i] != b[i] {{
			return false
		}}
	}}
	return len(a) == len(b)
}}

func TestExercise(t *testing.T) {{
{0}}}
"""

IDIOMS = {
    "setup": SETUP,
    "reserved": "cap",
    "number": "int",
    "list": "[]int",
    "text": "string",
    "truth": "bool",
    "declare": "func {0}({1} {2}) {3} {{",
    "define": "\n\treturn {0}\n}}\n",
    "assert": "\tif {0} != {1} {{\n\t\tt.Fatal()\n\t}}\n",
    "assert list": "\tif !same({0}, {1}) {{\n\t\tt.Fatal()\n\t}}\n",
    "tests": _TESTS,
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} != {1}",
    "larger": "Max({0}, {1})",
    "smaller": "Min({0}, {1})",
    "absolute": "Abs({0})",
    "first": "{0}[:Min({1}, len({0}))]",
    "skip": "{0}[Min({1}, len({0})):]",
    "last": "{0}[Max(0, len({0})-{1}):]",
    "append": "Join({0}, []int{{{1}}})",
    "prepend": "Join([]int{{{1}}}, {0})",
    "holds": "Has({0}, {1})",
    "lacks": "!Has({0}, {1})",
    "sum": "Sum({0})",
    "length": "len({0})",
    "greatest": "Fold({0}, Max)",
    "least": "Fold({0}, Min)",
    "repeat": "Repeat({0}, {1})",
    "fill after": "{0} + Spaces({0}, {1})",
    "fill before": "Spaces({0}, {1}) + {0}",
    "each": "Each({0}, func(x int) int {{ return {1} }})",
    "keep": "Keep({0}, func(x int) bool {{ return {1} }})",
    "all": "All({0}, func(x int) bool {{ return {1} }})",
    "any": "Any({0}, func(x int) bool {{ return {1} }})",
}


def format_literal(value: object) -> str:
    if isinstance(value, list):
        return f"[]int{{{', '.join(map(str, value))}}}"
    return json.dumps(value)
