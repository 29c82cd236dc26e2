"""Where HumanEvalPack's own solution of a problem fails by replay, and why.

HumanEvalPack was translated by hand: some functions have other types than HumanEval's values need, and some
mean something else, with tests that agree. There the reference solution is crosstune's own, and their buggy
one is not used. All other solutions of HumanEvalPack pass by replay.
"""

from __future__ import annotations

from collections.abc import Mapping

_TUPLE = "a tuple is a list there"
_FRACTIONS = "its integers are fractions there"
_NONE = "None is another value there (an empty text, -1, 0, -32768)"
_UNION = "the value of several types is always a text there, or any value"
_ROUNDING = "rounds half up; HumanEval rounds half to even, as Python does"
_BORROWED = "takes borrowed texts (&str, Vec<&str>) there"
_WHOLE = "asks whether a number has an integer type; by replay its value decides"

_BY_REASON: Mapping[str, Mapping[str, str]] = {
    "javascript": {
        "returns the area as a text": "71",
        "writes a tuple as (a, b), which is its last item: the comma operator": "87 107 136 155",
        _ROUNDING: "103",
    },
    "cpp": {
        _TUPLE: "8 20 87 107 112 127 136 155",
        _NONE: "12 90 128 162",
        _UNION: "22 103 125 137",
        _FRACTIONS: "30 32 35 37 47 57 62",
        "does not round the area": "71",
        "its keys are characters there": "111",
        "its fractions are integers there": "130",
    },
    "java": {
        _FRACTIONS: "32",
        _WHOLE: "92 151",
        "leaves out the prefix 0b": "103",
        "its integers have 32 bits there, too few for HumanEval's": "114",
        "the operator // is called / there": "160",
    },
    "go": {
        _FRACTIONS: "45 71",
        "returns its argument unchanged, as the function that encodes does; its test compares the two": "50",
        _WHOLE: "92",
        "its keys and values are of any type there": "95",
        _ROUNDING: "103",
        "its keys are characters there": "111",
    },
    "rust": {
        "takes a borrowed number (&f32) there": "2",
        _BORROWED: "10 38 50 51 54 56 61 64 66 67 74 78 80 82 86 89 91 93 95 98 99 101 113 117 118 119 124 "
        "132 134 140 141 143 144 148 149 153 154 158 160 161",
        "takes other values than HumanEval's (dyn Any, &dyn Any)": "22 137",
        _FRACTIONS: "32 71 157",
        "leaves the first item where it is; HumanEval sorts it, too": "33",
        "shifts modulo the number of digits, where HumanEval reverses them": "65",
        "returns the columns in ascending order, as lists": "87",
        _NONE: "90 128 136 162",
        _UNION: "103 125",
        "its keys are characters there": "111",
        _TUPLE: "112 127",
    },
}


def disagreements(language: str) -> Mapping[str, str]:
    """The reason for each problem (``HumanEval/87``) that HumanEvalPack's solution in a language fails."""
    return {
        f"HumanEval/{number}": reason
        for reason, numbers in _BY_REASON.get(language, {}).items()
        for number in numbers.split()
    }
