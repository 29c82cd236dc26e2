"""The idioms of the exercises in Racket and Scheme."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "setup": "#lang racket\n",
    "reserved": "first last rest floor drop",
    "declare": "(define ({0} {1})",
    "define": "\n  {0})\n",
    "call": "({0} {1})",
    "example": "({0} {1})",
    "assert": '(unless (equal? {0} {1}) (error "wrong"))\n',
    "add": "(+ {0} {1})",
    "subtract": "(- {0} {1})",
    "multiply": "(* {0} {1})",
    "remainder": "(modulo {0} {1})",
    "less": "(< {0} {1})",
    "more": "(> {0} {1})",
    "same": "(= {0} {1})",
    "different": "(not (= {0} {1}))",
    "larger": "(max {0} {1})",
    "smaller": "(min {0} {1})",
    "absolute": "(abs {0})",
    "first": "(take {0} (min {1} (length {0})))",
    "skip": "(drop {0} (min {1} (length {0})))",
    "last": "(take-right {0} (min {1} (length {0})))",
    "append": "(append {0} (list {1}))",
    "prepend": "(cons {1} {0})",
    "holds": "(and (member {1} {0}) #t)",
    "lacks": "(not (member {1} {0}))",
    "sum": "(apply + {0})",
    "length": "(length {0})",
    "greatest": "(apply max {0})",
    "least": "(apply min {0})",
    "repeat": "(string-append* (make-list {1} {0}))",
    "fill after": "(~a {0} #:min-width {1})",
    "fill before": "(~a {0} #:min-width {1} #:align 'right)",
    "each": "(map (lambda (x) {1}) {0})",
    "keep": "(filter (lambda (x) {1}) {0})",
    "all": "(andmap (lambda (x) {1}) {0})",
    "any": "(ormap (lambda (x) {1}) {0})",
}


def format_literal(value: object) -> str:
    """A value as Racket source."""
    if isinstance(value, list):
        return f"(list {' '.join(map(format_literal, value))})" if value else "(list)"
    if isinstance(value, bool) or value is None:
        return "#t" if value else "#f"
    return quoted(value) if isinstance(value, str) else repr(value)
