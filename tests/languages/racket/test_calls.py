"""Cases that call functions in Racket."""

from __future__ import annotations

import math
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.languages._typed import FLOAT, STR, ValueType, list_of
from crosstune.languages.racket._typed import literal, type_name
from crosstune.records import CallCase, Status
from tests.languages.called import unlike, verdict

CANDIDATE = r"""#lang racket
(define (same x) x)
(define (nothing x) (void))
(define (fail-contract x) (raise-argument-error 'fail "number?" x))
(define (fail-plain x) (error "no"))
(struct exn:mine exn:fail ())
(define (fail-mine x) (raise (exn:mine "m" (current-continuation-marks))))
(define (divide x) (/ 1 x))
(define (raise-any x) (raise 3))
(define (is-even? x) (even? x))
(define (two x) (values x (add1 x)))
(define (half x) (/ x 2))
(define (vector-of xs) (list->vector xs))
(define (pair-of a b) (cons a b))
(define (fill! b) (bytes-fill! b 7))
(define (shout! s) (string-set! s 0 #\X))
(struct point (x y) #:transparent)
(struct hidden (x y))
(define (shown x) (point x 2))
(define (not-shown x) (hidden x 2))
(define (deep n) (for/fold ([x '()]) ([_ n]) (list x)))
(define (in-itself x) (let ([v (vector x)]) (vector-set! v 0 v) v))
(define (set-of xs) (list->set xs))
(define (table x) (let ([h (make-hash)]) (hash-set! h "a" x) h))
(define (prints x) (displayln x) x)
(define (name x) 'a)
(define box% (class object% (super-new) (define/public (twice x) (* 2 x))))
(define (car x) 5)
(define (first-of x) (car x))
"""
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 255, -256, -129, 2**62, 2**63, -(2**63), -(2**63) - 1, 10**30, -(2**2000)),
    *(1.5, 0.0, 5e-324, 1.7e308, math.inf, -math.inf, math.nan),
    *("", "a", "05", "日本 😀", "x\0y", '"\\\n', b"", b"\xff\0"),
    *([], [[]], [1, [2.5, "a", None]], list(range(50)), [0.5] * 20, (1, "a")),
    *({}, {"a": {"b": [1]}}, {1: "a", "1": "b"}, set(), {1, 2}, {(1, 2): 3}),
]
RIGHT = [
    *(CallCase("same", [value], value) for value in VALUES),
    CallCase("nothing", [3], None),
    *(CallCase("fail-contract", [1], error=kind) for kind in ("", "exn:fail:contract", "exn:fail", "exn")),
    CallCase("fail-plain", [1], error="exn:fail"),
    CallCase("fail-mine", [1], error="exn:mine"),
    CallCase("divide", [0], error="exn:fail:contract:divide-by-zero"),
    CallCase("raise-any", [1], error=""),
    CallCase("is-even?", [4], True),
    CallCase("two", [4], (4, 5)),
    CallCase("half", [3], 1.5),
    CallCase("vector-of", [[1, 2]], [1, 2]),
    CallCase("pair-of", [1, 2], (1, 2)),
    CallCase("pair-of", [1, [2]], [1, 2]),
    CallCase("fill!", [b"ab"], None, changed=[b"\7\7"]),
    CallCase("shout!", ["abc"], None, changed=["Xbc"]),
    CallCase("shown", [1], (1, 2)),
    CallCase("deep", [2], [[[]]]),
    CallCase("set-of", [[1, 2, 1]], {1, 2}),
    CallCase("table", [3], {"a": 3}),
    CallCase("prints", [3], 3),
    CallCase("box%().twice", [4], 8),
    CallCase("first-of", [[1]], 5),
]
WRONG: list[CallCase] = [
    *(CallCase("same", [given], other) for given, other in [(1, 2), (1.5, 1.25), ("a", "b"), ("1", 1)]),
    *(CallCase("same", [given], other) for given, other in [([1], [1, 2]), ([], None), ({}, []), ([], "")]),
    *(CallCase("same", [given], other) for given, other in [(False, True), ({1, 2}, [1, 2]), ("", None)]),
    CallCase("nothing", [3], False),
    CallCase("not-shown", [1], (1, 2)),
    CallCase("deep", [300], []),
    CallCase("in-itself", [1], []),
    CallCase("name", [1], "a"),
    CallCase("fail-plain", [1], error="exn:fail:contract"),
    CallCase("same", [1], 1, changed=[2]),
]
MALFORMED = r"""#lang racket
(define (same x)
  (call-with-output-file "/dev/fd/6" #:exists 'append (lambda (out) (write-bytes #"\0\0\0\1x" out)))
  1)
"""
ERRORS = [CallCase("fail-plain", [1], 1), CallCase("raise-any", [1], 3), CallCase("missing", [1], 1)]


def test_right_cases_pass() -> None:
    assert unlike(verdict("racket", CANDIDATE, "", RIGHT), RIGHT, Status.PASSED) == []


def test_wrong_cases_and_errors_fail() -> None:
    found = verdict("racket", CANDIDATE, "", [*WRONG, *ERRORS])
    statuses = [case.status for case in found.cases]
    wanted = [Status.WRONG_ANSWER] * len(WRONG) + [Status.RUNTIME_ERROR] * len(ERRORS)
    assert [
        pair for pair in zip([*WRONG, *ERRORS], statuses, wanted, strict=True) if pair[1] != pair[2]
    ] == []


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        ("#lang racket\n(define (same x) x", Status.COMPILE_ERROR),
        ("#lang racket\n(error 'no)", Status.RUNTIME_ERROR),
        ("#lang racket\n(define (same x) (exit 0))", Status.INCOMPLETE),
        ("#lang racket\n(define (same x) (make-string 17000000 #\\a))", Status.OUTPUT_LIMIT),
        (MALFORMED, Status.POLICY),
    ],
)
def test_what_ends_or_answers_badly_is_the_candidates(candidate: str, status: Status) -> None:
    assert verdict("racket", candidate, "", [CallCase("same", [1], 1)]).status is status


def test_what_cannot_be_given_is_refused() -> None:
    with pytest.raises(UsageError, match="surrogate"):
        verdict("racket", CANDIDATE, "", [CallCase("same", ["\ud800"], 1)])


def test_scheme_has_the_same_calls() -> None:
    cases = [CallCase("same", [[1, "a"]], [1, "a"]), CallCase("is-even?", [3], False)]
    assert unlike(verdict("scheme", CANDIDATE, "", cases), cases, Status.PASSED) == []


def test_values_and_types_are_written_as_in_racket() -> None:
    union = ValueType("union", (STR, list_of(STR)))
    table = ValueType("dict", (STR, FLOAT))
    assert literal({"a\n": math.inf}, table) == '(hash "a\\n" +inf.0)'
    assert literal([None, 1.5], list_of(ValueType("optional", (FLOAT,)))) == "(list #f 1.5)"
    assert literal(["é"], union) == '(list "é")'
    assert type_name(union) == "(or/c string? (listof string?))"
    assert type_name(table) == "(hash/c string? real?)"
    assert type_name(ValueType("tuple", (STR, STR))) == "(list/c string? string?)"
