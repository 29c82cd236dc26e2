"""The idioms of the exercises in Lua."""

from __future__ import annotations

from crosstune.languages._typed import quoted

_SETUP = """\
local function slice(values, first, last)
    return table.move(values, first, last, 1, {})
end

local function joined(values, others)
    return table.move(others, 1, #others, #values + 1, slice(values, 1, #values))
end

local function map(values, give)
    local found = {}
    for i, value in ipairs(values) do found[i] = give(value) end
    return found
end

local function filter(values, test)
    local found = {}
    for _, value in ipairs(values) do
        if test(value) then found[#found + 1] = value end
    end
    return found
end

local function sum(values)
    local found = 0
    for _, value in ipairs(values) do found = found + value end
    return found
end
"""
"""What Lua lacks."""

IDIOMS = {
    "setup": _SETUP,
    "declare": "function {0}({1})",
    "define": "\n    return {0}\nend\n",
    "assert": "assert({0} == {1})\n",
    "assert list": 'assert(table.concat({0}, " ") == table.concat({1}, " "))\n',
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "remainder": "{0} % {1}",
    "less": "{0} < {1}",
    "more": "{0} > {1}",
    "same": "{0} == {1}",
    "different": "{0} ~= {1}",
    "larger": "math.max({0}, {1})",
    "smaller": "math.min({0}, {1})",
    "absolute": "math.abs({0})",
    "first": "slice({0}, 1, {1})",
    "skip": "slice({0}, {1} + 1, #{0})",
    "last": "slice({0}, math.max(1, #{0} - {1} + 1), #{0})",
    "append": "joined({0}, {{ {1} }})",
    "prepend": "joined({{ {1} }}, {0})",
    "holds": "#filter({0}, function(x) return x == {1} end) > 0",
    "lacks": "#filter({0}, function(x) return x == {1} end) == 0",
    "sum": "sum({0})",
    "length": "#{0}",
    "greatest": "math.max(table.unpack({0}))",
    "least": "math.min(table.unpack({0}))",
    "repeat": "{0}:rep({1})",
    "fill after": '("%-{1}s"):format({0})',
    "fill before": '("%{1}s"):format({0})',
    "each": "map({0}, function(x) return {1} end)",
    "keep": "filter({0}, function(x) return {1} end)",
    "all": "#filter({0}, function(x) return {1} end) == #{0}",
    "any": "#filter({0}, function(x) return {1} end) > 0",
}


def format_literal(value: object) -> str:
    """A value as Lua source."""
    if isinstance(value, list):
        return f"{{{', '.join(map(format_literal, value))}}}"
    if isinstance(value, dict):
        entries = (f"[{format_literal(key)}] = {format_literal(each)}" for key, each in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, str):
        return quoted(value)
    return "nil" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
