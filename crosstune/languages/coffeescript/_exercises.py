"""The idioms of the exercises in CoffeeScript."""

from __future__ import annotations

from crosstune.languages._shared.node.exercises import EXPRESSIONS

IDIOMS = {
    **EXPRESSIONS,
    "declare": "{0} = ({1}) ->",
    "define": "\n  {0}\n",
    "assert": "throw new Error 'wrong' unless JSON.stringify({0}) is JSON.stringify({1})\n",
    "same": "{0} is {1}",
    "different": "{0} isnt {1}",
    "sum": "{0}.reduce(((a, b) -> a + b), 0)",
    "each": "{0}.map((x) -> {1})",
    "keep": "{0}.filter((x) -> {1})",
    "all": "{0}.every((x) -> {1})",
    "any": "{0}.some((x) -> {1})",
}
