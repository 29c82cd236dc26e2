"""Cases that call functions in Common Lisp."""

from __future__ import annotations

import itertools
import math

import pytest

from crosstune.errors import DataError
from crosstune.languages.commonlisp._calls import CALLS
from crosstune.records import CallCase, Program, Status
from tests.languages.called import unlike, verdict

CANDIDATE = """(defun same (x) x)
(defun all-of (x) (coerce x 'vector))
(defun half (x) (/ x 2))
(defun single (x) (declare (ignore x)) 0.1)
(defun fill-it (xs x) (setf (first xs) x) nil)
(defun put-it (table key) (setf (gethash key table) 1) t)
(defun fails (x)
  (case x (0 (error "no")) (1 (/ x 0)) (2 (car 1)) (3 (error 'own)) (4 (undefined-one 1)) (t (aref #(1) x))))
(define-condition own (type-error) () (:report (lambda (c s) (declare (ignore c s)) (error "none"))))
(defstruct point x y)
(defun odd-one (x)
  (case x (0 :keyword) (1 (cons 1 2)) (2 #'car) (3 (make-point))
    (t (let ((xs (list 1))) (setf (cdr xs) xs)))))
(defun deep (x) (if (= x 0) 0 (1+ (deep (1- x)))))
(defun endless (x) (1+ (endless x)))
(defun shout (x) (print "hello") x)
(defpackage :tools (:use :cl) (:export #:twice))
(in-package :tools)
(defun twice (x) (* 2 x))
"""
VALUES: list[object] = [
    *(None, True, 0, -5, 2**63 - 1, -(2**63), 2**63, -(2**200), 2**2000),
    *(0.1, -0.0, 5e-324, 1e300, math.inf, -math.inf, math.nan),
    *("", "a\0b", "日本 😀", "\ud800", "\udfff\ud800", '"\\~a'),
    *([1, [2.5, "a"], []], (1, ("a", None)), {}, {"a": {"b": [1]}, 2: True}, [1, 2, 3], b"\xff\x00"),
]
NOTHING: list[object] = [None, False, []]
RIGHT = [
    *(CallCase("same", [value], value) for value in VALUES),
    *(CallCase("same", [value], other) for value, other in itertools.product(NOTHING, NOTHING)),
    CallCase("all-of", [[1, "a"]], [1, "a"]),
    CallCase("half", [1], 0.5),
    CallCase("half", [4], 2),
    CallCase("single", [1], 0.1),
    CallCase("fill-it", [[1, 2], 3], None, changed=[[3, 2], 3]),
    CallCase("put-it", [{}, "a"], True, changed=[{"a": 1}, "a"]),
    CallCase("twice", [2], 4),
    *(CallCase("fails", [at], error=kind) for at, kind in enumerate(("simple-error", "division-by-zero"))),
    CallCase("fails", [1], error="arithmetic-error"),
    CallCase("fails", [2], error="type-error"),
    CallCase("fails", [3], error="type-error"),
    CallCase("fails", [4], error="undefined-function"),
    CallCase("fails", [5], error="error"),
    CallCase("endless", [1], error="storage-condition"),
    CallCase("deep", [10_000], 10_000),
    CallCase("shout", [True], True),
]
WRONG = [
    *(CallCase("same", [1], other) for other in (2, 1.5, "1", None, [1])),
    *(CallCase("same", [given], other) for given, other in (("a", "b"), (None, ""), ("", None), ({}, None))),
    CallCase("same", [0.1], math.nextafter(0.1, 1)),
    CallCase("same", [2**64], 2**64 + 1),
    CallCase("half", [1], 0.25),
    CallCase("fill-it", [[1, 2], 3], None, changed=[[1, 2], 3]),
    CallCase("fails", [0], error="type-error"),
    *(CallCase("odd-one", [x], y) for x, y in ((0, "KEYWORD"), (1, [1, 2]), (2, 1), (3, {}), (4, [1]))),
]


def test_values_go_there_and_back() -> None:
    found = verdict("commonlisp", CANDIDATE, "", RIGHT)
    assert unlike(found, RIGHT, Status.PASSED) == []


def test_other_values_are_wrong() -> None:
    found = verdict("commonlisp", CANDIDATE, "", WRONG)
    assert unlike(found, WRONG, Status.WRONG_ANSWER) == []


@pytest.mark.parametrize(
    ("new", "status"),
    [
        ("(defun same (x) (sb-ext:exit :code x :abort t))", Status.INCOMPLETE),
        ("(defun same (x) x", Status.COMPILE_ERROR),
        ('(defun same (x) x) (error "no")', Status.RUNTIME_ERROR),
        ("(defun same (x) (declare (ignore x)) (make-string 20000000))", Status.OUTPUT_LIMIT),
        ("(defun same (x y) (+ x y))", Status.RUNTIME_ERROR),
        ("(defun same (x) (loop collect x))", Status.MEMORY_LIMIT),
    ],
)
def test_other_endings(new: str, status: Status) -> None:
    found = verdict("commonlisp", f"{new}\n", "", [CallCase("same", [0], 0)])
    assert found.status is status, found


def test_methods_are_called_by_their_package() -> None:
    found = verdict("commonlisp", CANDIDATE, "", [CallCase("tools.twice", [2], 4)])
    assert found.status is Status.PASSED, found


def test_call_that_cannot_be_made_is_an_error() -> None:
    with pytest.raises(DataError, match=r"f\(1\)"):
        CALLS(Program("p", "commonlisp", ""), ("f(1)",))
