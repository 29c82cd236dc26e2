"""The idioms of the exercises in Erlang. Parameters are variables: their names begin with a large letter."""

from __future__ import annotations

from crosstune.languages._typed import quoted

IDIOMS = {
    "variable": "V{0}",
    "declare": "{0}(V{1}) ->",
    "define": "\n    {0}.\n",
    "assert": "    {1} = {0},\n",
    "tests": "test() ->\n{0}    ok.\n",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} rem {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} =:= {1}",
    "different": "{0} =/= {1}",
    "larger": "max({0}, {1})",
    "smaller": "min({0}, {1})",
    "absolute": "abs({0})",
    "first": "lists:sublist({0}, {1})",
    "skip": "lists:nthtail(min({1}, length({0})), {0})",
    "last": "lists:nthtail(max(0, length({0}) - {1}), {0})",
    "append": "{0} ++ [{1}]",
    "prepend": "[{1} | {0}]",
    "holds": "lists:member({1}, {0})",
    "lacks": "not lists:member({1}, {0})",
    "sum": "lists:sum({0})",
    "length": "length({0})",
    "greatest": "lists:max({0})",
    "least": "lists:min({0})",
    "repeat": "lists:append(lists:duplicate({1}, {0}))",
    "fill after": "{0} ++ lists:duplicate(max(0, {1} - length({0})), $\\s)",
    "fill before": "lists:duplicate(max(0, {1} - length({0})), $\\s) ++ {0}",
    "each": "[{1} || Vx <- {0}]",
    "keep": "[Vx || Vx <- {0}, {1}]",
    "all": "lists:all(fun(Vx) -> {1} end, {0})",
    "any": "lists:any(fun(Vx) -> {1} end, {0})",
}


def format_literal(value: object) -> str:
    """A value as Erlang source."""
    if isinstance(value, list):
        return f"[{', '.join(map(format_literal, value))}]"
    if isinstance(value, dict):
        return f"#{{{', '.join(f'{format_literal(k)} => {format_literal(v)}' for k, v in value.items())}}}"
    if isinstance(value, str):
        return quoted(value)
    return "undefined" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
