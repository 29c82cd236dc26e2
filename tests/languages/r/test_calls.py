"""Cases that call functions in R."""

from __future__ import annotations

import math
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.records import CallCase, Status
from tests.languages.called import unlike, verdict

CANDIDATE = r"""
same <- function(x) x
is.even <- function(x) x %% 2 == 0
whole <- function(x) as.integer(x)
missing_one <- function(x) c(x, NA, 2L)
missing_word <- function(x) c("a", NA)
rows <- function(x) matrix(c(1, 2, 3, 4), 2, byrow = TRUE)
counts <- function(words) table(words)
labels <- function(words) sapply(words, nchar)
levels_of <- function(words) factor(words)
frame <- function(x) data.frame(a = c(1, 2), b = c("x", "y"))
none_of <- function(x) character(0)
empty_map <- function(x) setNames(list(), character(0))
nothing <- function(x) invisible(NULL)
complex_number <- function(x) complex(real = x, imaginary = 2)
record <- function(x) structure(list(x = x, y = 2), class = "point")
kind <- function(x) paste(class(x), length(x))
fails <- function(x) stop("no")
mine <- structure(list(message = "m", call = NULL), class = c("mine", "error", "condition"))
fails_otherwise <- function(x) stop(mine)
endless <- function(x) endless(x)
deep <- function(n) { x <- list(); for (i in seq_len(n)) x <- list(x); x }
in_environment <- function(x) globalenv()
prints <- function(x) { print(x); x }
change <- function(xs) { xs[1] <- 7; 1 }
Box <- setRefClass("Box", methods = list(twice = function(x) 2 * x))
T <- FALSE
max <- function(...) 5
own_max <- function(x) max(x, x)
"""
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 2**31, 2**53, -(2**63), 10**22),
    *(1.5, -0.0, 5e-324, 1.7e308, math.inf, -math.inf, math.nan),
    *("", "a", "05", "日本 😀", '"\\\n', b"", b"\xff\0"),
    *([], [5], [1, 2.5], ["a", "b"], [True, False], [[1], [2, 3]], [[1], [2]], [[]], [1, "a", [None]]),
    *(list(range(50)), [0.5] * 20, (1, "a"), (1, 2), {1, 2}, {1}, set()),
    *({}, {"a": 1}, {"a": {"b": [1]}, "c": None}, {1: "a"}),
]
RIGHT = [
    *(CallCase("same", [value], value) for value in VALUES),
    CallCase("is.even", [4], True),
    CallCase("whole", [[1, -2, 3]], [1, -2, 3]),
    CallCase("missing_one", [1], [1, None, 2]),
    CallCase("missing_word", [1], ["a", None]),
    CallCase("rows", [1], [[1, 2], [3, 4]]),
    CallCase("counts", [["a", "b", "a"]], {"a": 2, "b": 1}),
    CallCase("counts", [["a", "b", "a"]], [2, 1]),
    CallCase("counts", [["a"]], {"a": 1}),
    CallCase("labels", [["a", "bc"]], [1, 2]),
    CallCase("labels", [["a", "a"]], [1, 1]),
    CallCase("labels", ["abc"], 3),
    CallCase("levels_of", [["a", "b"]], ["a", "b"]),
    CallCase("frame", [1], {"a": [1, 2], "b": ["x", "y"]}),
    CallCase("none_of", [1], []),
    CallCase("empty_map", [1], {}),
    CallCase("nothing", [1], None),
    CallCase("record", [1], (1, 2)),
    CallCase("record", [1], {"x": 1, "y": 2}),
    CallCase("kind", [[1, 2]], "numeric 2"),
    CallCase("kind", [[[1], [2]]], "list 2"),
    CallCase("kind", [{"a": 1}], "list 1"),
    CallCase("kind", [["a"]], "character 1"),
    *(CallCase("fails", [1], error=kind) for kind in ("", "simpleError", "error")),
    CallCase("fails_otherwise", [1], error="mine"),
    CallCase("endless", [1], error="error"),
    CallCase("deep", [2], [[[]]]),
    CallCase("prints", [3], 3),
    CallCase("change", [[1, 2]], 1, changed=[[1, 2]]),
    CallCase("Box().twice", [4], 8),
    CallCase("own_max", [1], 5),
]
UNLIKE: list[tuple[Any, Any]] = [
    *((1, 2), (1.5, 1.25), ("a", "b"), ("1", 1)),
    *(([1, 2], [2, 1]), ([1, 2], 1), ({"a": 1}, [1])),
    *(({"a": 1}, {"b": 1}), ("", None), (1, [])),
]
WRONG: list[CallCase] = [
    *(CallCase("same", [given], other) for given, other in UNLIKE),
    CallCase("labels", [["a", "bc"]], [2, 1]),
    CallCase("labels", [["a", "bc"]], {"a": 1, "bc": 1}),
    CallCase("missing_one", [1], [1, 0, 2]),
    CallCase("complex_number", [1], 1),
    CallCase("deep", [300], []),
    CallCase("in_environment", [1], {}),
    CallCase("fails", [1], error="mine"),
    CallCase("change", [[1, 2]], 1, changed=[[7, 2]]),
]
ERRORS = [CallCase("fails", [1], 1), CallCase("missing", [1], 1), CallCase("T", [1], False)]
MALFORMED = r"""
same <- function(x) {
  to <- file("/dev/fd/6", "wb", raw = TRUE)
  writeBin(as.raw(c(0, 0, 0, 1, 120)), to)
  close(to)
  1
}
"""


def test_right_cases_pass() -> None:
    assert unlike(verdict("r", CANDIDATE, "", RIGHT), RIGHT, Status.PASSED) == []


def test_wrong_cases_and_errors_fail() -> None:
    found = verdict("r", CANDIDATE, "", [*WRONG, *ERRORS])
    statuses = [case.status for case in found.cases]
    wanted = [Status.WRONG_ANSWER] * len(WRONG) + [Status.RUNTIME_ERROR] * len(ERRORS)
    found_and_wanted = zip([*WRONG, *ERRORS], statuses, wanted, strict=True)
    assert [each for each in found_and_wanted if each[1] != each[2]] == []


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        ("same <- function(x) {", Status.COMPILE_ERROR),
        ("stop('no')", Status.RUNTIME_ERROR),
        ("same <- function(x) quit('no')", Status.INCOMPLETE),
        ("same <- function(x) strrep('a', 17e6)", Status.OUTPUT_LIMIT),
        (MALFORMED, Status.POLICY),
    ],
)
def test_what_ends_or_answers_badly_is_the_candidates(candidate: str, status: Status) -> None:
    assert verdict("r", candidate, "", [CallCase("same", [1], 1)]).status is status


@pytest.mark.parametrize(("value", "why"), [("a\0", "zero"), ("\ud800", "surrogate"), (2**53 + 1, "double")])
def test_what_cannot_be_given_is_refused(value: object, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        verdict("r", CANDIDATE, "", [CallCase("same", [[value]], 1)])
