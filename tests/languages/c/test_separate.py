"""C's tests and candidates in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status, Verdict
from tests.languages.c import test_calls as calls
from tests.languages.skipping import skip_without_tools

TESTS = """\
#include <assert.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
    size_t len = 9, found = 9, listed = 9;
    char **names = texts((const char *[]){"a", "é"}, 2, &len);
    assert(len == 2 && !strcmp(names[0], "a") && !strcmp(names[1], "é"));
    free(names[0]);
    free(names[1]);
    free(names);
    assert(text(NULL) == NULL);
    assert(!strcmp(text("x"), "x"));
    int more[] = {4, 5};
    Several all = several((Several){1, "x", true, 2.5, more, 2});
    assert(all.first == 1 && all.has_third && all.third == 2.5 && all.more_len == 2 && all.more[1] == 5);
    all = several((Several){1, NULL, false, 0, NULL, 0});
    assert(!all.second && !all.has_third && all.more_len == 0);
    assert(point((struct Point){1, 2.5}).x == 2.5);
    assert(value((Value){VALUE_NONE}).kind == VALUE_NONE);
    Value *both = values((Value[]){{VALUE_INT, .as_int = 3}, {VALUE_STRING, .as_string = "s"}}, 2, &found);
    assert(both[0].as_int == 3 && both[1].kind == VALUE_STRING && !strcmp(both[1].as_string, "s"));
    assert(list(NULL, 0, &listed) == NULL && listed == 0);
    int numbers[] = {1, 2, 3};
    twice(numbers, 2);
    assert(numbers[0] == 2 && numbers[1] == 4 && numbers[2] == 3);
    assert(next('a') == 'b' && half(1) == 0.5);
    return 0;
}
"""
_WITHOUT = ("sum", "either")
POINTS = tuple(
    name for head in calls.HEADS if (name := head.partition("(")[0].split()[-1].lstrip("*")) not in _WITHOUT
)
judges: list[Judge] = []


@pytest.fixture(scope="module", autouse=True)
def one_judge() -> Iterator[None]:
    skip_without_tools("c")
    with Judge() as judge:
        judges.append(judge)
        yield
        judges.clear()


def judged(candidate: str, tests: str, declaration: str, *points: str) -> Verdict:
    judging = LANGUAGES.load("c").judging
    assert judging
    limits = replace(judging.limits, cpu_seconds=1)
    program = Program("x", "c", candidate, tests, declaration=declaration, entry_points=points, limits=limits)
    (verdict,) = judges[0].run([program])
    return verdict


def test_every_kind_of_value_goes_both_ways() -> None:
    verdict = judged(calls.CANDIDATE, TESTS, calls.DECLARATION, *POINTS)
    assert (verdict.status, verdict.isolation, verdict.stderr) == (Status.PASSED, "separate", "")


ADD, ADD_TESTS = "int add(int a, int b);", "int main(void) { assert(add(1, 2) == 3); return 0; }"


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        ("int add(int a, int b) { return a + b; }", Status.PASSED),
        (
            "#define assert(x)\nint add(int a, int b) { return a + b; }\nint main() { return 3; }",
            Status.PASSED,
        ),
        ("int add(int a, int b) { return a - b; }", Status.WRONG_ANSWER),
        ("#include <stdlib.h>\nint add(int a, int b) { exit(0); }", Status.INCOMPLETE),
        ("#include <stdlib.h>\nint add(int a, int b) { abort(); }", Status.RUNTIME_ERROR),
        ("int add(int a, int b) { for (;;); }", Status.TIMEOUT),
        ("int add(int a) { return a; }", Status.COMPILE_ERROR),
        (
            '#include <unistd.h>\nint add(int a, int b) { write(6, "\\0\\0\\0\\1?", 5); return 3; }',
            Status.POLICY,
        ),
        (
            '#include <unistd.h>\nint add(int a, int b) { write(6, "\\7\\0\\0\\1?", 5); return 3; }',
            Status.OUTPUT_LIMIT,
        ),
        ("#include <unistd.h>\nint add(int a, int b) { close(6); return 3; }", Status.INCOMPLETE),
    ],
)
def test_verdicts(candidate: str, status: Status) -> None:
    verdict = judged(candidate, ADD_TESTS, ADD, "add")
    assert (verdict.status, verdict.isolation) == (status, "separate")


@pytest.mark.parametrize(
    ("declaration", "tests", "why"),
    [
        ("int add(int *a, int b);", ADD_TESTS, "the parameter a of add may be more than a value"),
        ("char *add(char *a);", ADD_TESTS, "the parameter a of add may be more than a value"),
        ("FILE *add(int a);", ADD_TESTS, "is no type of values"),
        ("int other(int a);", ADD_TESTS, "has no function add"),
        (ADD, "int main(void) { fork(); assert(add(1, 2) == 3); return 0; }", "the tests use fork"),
        (ADD, "int main(void) { assert(sub(add(1, 2), 0) == 3); return 0; }", "sub"),
    ],
)
def test_tests_that_need_more_than_values_share_a_process(declaration: str, tests: str, why: str) -> None:
    program = Program("x", "c", "", tests, declaration=declaration, entry_points=("add",))
    assert why in judges[0].why_shared(program)
