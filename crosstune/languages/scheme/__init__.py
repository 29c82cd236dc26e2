"""Scheme, run by Racket: benchmarks ask for Scheme with ``#lang racket`` and rackunit.

A program that names no language is one of ``#lang racket``, which has most of what Scheme's reports have in
common. Judged, defended and not defended as Racket is (`racket`)."""

from __future__ import annotations

from crosstune.languages._language import Description, Language
from crosstune.languages.racket import LANGUAGE as _RACKET

LANGUAGE = Language(
    name="scheme",
    title="Scheme",
    extensions=(".scm", ".ss"),
    fences=("scheme", "scm", "racket", "rkt"),
    line_comment=";",
    stops=("\n(define ", "\n#|", "\n;", "\n(display ", "\n```"),
    tools=_RACKET.tools,
    syntax=_RACKET.syntax,
    typed=_RACKET.typed,
    idioms=_RACKET.idioms,
    format_literal=_RACKET.format_literal,
    judging=_RACKET.judging,
    whole_programs=_RACKET.whole_programs,
    benchmarks={"mceval": {}},
    description=Description(
        tested="Racket 8.7",
        run="like Racket: a program that names no language is one of `#lang racket`",
        undefended="as in Racket",
    ),
)
