"""Go."""

from crosstune.records import Status

TESTS = """\
package main

import (
    "testing"
    "github.com/stretchr/testify/assert"
)

func TestAdd(t *testing.T) {
    assert := assert.New(t)
    assert.Equal(3, add(1, 2))
    assert.Equal(0, add(-1, 1))
}
"""


def _add(body: str, rest: str = "") -> str:
    return f"package main\n\n{rest}\nfunc add(a int, b int) int {{\n    {body}\n}}\n"


RIGHT = _add("return a + b")
CASES = {
    "right_answer": (RIGHT, Status.PASSED),
    "wrong_answer": (_add("return a - b"), Status.WRONG_ANSWER),
    "compile_error": (_add("return a +"), Status.COMPILE_ERROR),
    "crash": (_add("var none []int; return none[b]"), Status.RUNTIME_ERROR),
    "endless_loop": (_add("for { a ^= b }"), Status.TIMEOUT),
    "output_flood": (_add('for { fmt.Println(strings.Repeat("x", 1000)) }'), Status.OUTPUT_LIMIT),
    "memory": (
        _add(
            "var all [][]int; for { part := make([]int, 1<<17); for i := range part { part[i] = i }; "
            "all = append(all, part) }"
        ),
        Status.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (_add("return a + b", "func init() { os.Exit(0) }"), Status.INCOMPLETE),
    "prints_success_and_leaves": (
        _add("return a + b", 'func init() { fmt.Println("PASS"); os.Exit(0) }'),
        Status.INCOMPLETE,
    ),
    "prints_too": (_add('fmt.Println("hello"); return a + b'), Status.PASSED),
}
