"""The idioms of the exercises in Tcl."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "variable": "${0}",
    "declare": "proc {0} {{{1}}} {{",
    "define": "\n    return {0}\n}}\n",
    "call": "[{0} {1}]",
    "example": "[{0} {1}]",
    "assert": "if {{{0} ne {1}}} {{ error wrong }}\n",
    "add": "[expr {{{0} + {1}}}]",
    "subtract": "[expr {{{0} - {1}}}]",
    "multiply": "[expr {{{0} * {1}}}]",
    "remainder": "[expr {{{0} % {1}}}]",
    "less": "[expr {{{0} < {1}}}]",
    "more": "[expr {{{0} > {1}}}]",
    "same": "[expr {{{0} == {1}}}]",
    "different": "[expr {{{0} != {1}}}]",
    "larger": "[expr {{max({0}, {1})}}]",
    "smaller": "[expr {{min({0}, {1})}}]",
    "absolute": "[expr {{abs({0})}}]",
    "first": "[lrange {0} 0 {1}-1]",
    "skip": "[lrange {0} {1} end]",
    "last": "[lrange {0} end-[expr {{{1} - 1}}] end]",
    "append": "[list {{*}}{0} {1}]",
    "prepend": "[list {1} {{*}}{0}]",
    "holds": "[expr {{{1} in {0}}}]",
    "lacks": "[expr {{{1} ni {0}}}]",
    "sum": "[::tcl::mathop::+ {{*}}{0}]",
    "length": "[llength {0}]",
    "greatest": "[::tcl::mathfunc::max {{*}}{0}]",
    "least": "[::tcl::mathfunc::min {{*}}{0}]",
    "repeat": "[string repeat {0} {1}]",
    "fill after": "[format %-{1}s {0}]",
    "fill before": "[format %{1}s {0}]",
    "each": "[lmap x {0} {{ set y {1} }}]",
    "keep": "[lmap x {0} {{ if {{{1}}} {{ set x }} else continue }}]",
    "all": "[expr {{0 ni [lmap x {0} {{ set y {1} }}]}}]",
    "any": "[expr {{1 in [lmap x {0} {{ set y {1} }}]}}]",
}


def format_literal(value: object) -> str:
    """A value as a word of Tcl; texts in quotes, as in expressions."""
    if isinstance(value, list):
        return f"{{{' '.join(map(format_literal, value))}}}"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str):
        return quoted(value).replace("$", "\\$").replace("[", "\\[")
    return "{}" if value is None else repr(value)
