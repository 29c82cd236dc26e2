"""The idioms of the exercises in Common Lisp."""

from __future__ import annotations

from crosstune.languages.commonlisp._typed import text

IDIOMS = {
    "reserved": "rest floor first last push every some long",
    "declare": "(defun {0} ({1})",
    "define": "\n  {0})\n",
    "call": "({0} {1})",
    "assert": "(assert (equal {0} {1}))\n",
    "add": "(+ {0} {1})",
    "subtract": "(- {0} {1})",
    "multiply": "(* {0} {1})",
    "remainder": "(mod {0} {1})",
    "less": "(< {0} {1})",
    "more": "(> {0} {1})",
    "same": "(= {0} {1})",
    "different": "(/= {0} {1})",
    "larger": "(max {0} {1})",
    "smaller": "(min {0} {1})",
    "absolute": "(abs {0})",
    "first": "(subseq {0} 0 (min {1} (length {0})))",
    "skip": "(nthcdr {1} {0})",
    "last": "(last {0} {1})",
    "append": "(append {0} (list {1}))",
    "prepend": "(cons {1} {0})",
    "holds": "(if (member {1} {0}) t nil)",
    "lacks": "(not (member {1} {0}))",
    "sum": "(reduce #'+ {0})",
    "length": "(length {0})",
    "greatest": "(reduce #'max {0})",
    "least": "(reduce #'min {0})",
    "repeat": '(format nil "~v@{{~A~:*~}}" {1} {0})',
    "fill after": '(format nil "~vA" {1} {0})',
    "fill before": '(format nil "~v@A" {1} {0})',
    "each": "(mapcar (lambda (x) {1}) {0})",
    "keep": "(remove-if-not (lambda (x) {1}) {0})",
    "all": "(every (lambda (x) {1}) {0})",
    "any": "(some (lambda (x) {1}) {0})",
}


def format_literal(value: object) -> str:
    """A value as Common Lisp source."""
    if isinstance(value, list):
        return f"'({' '.join(map(format_literal, value))})"
    if isinstance(value, bool) or value is None:
        return "t" if value else "nil"
    return text(value) if isinstance(value, str) else repr(value)
