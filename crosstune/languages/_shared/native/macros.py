"""What a candidate's macros mean in the tests: functions and keywords keep their meaning there.

A directive can be missed by a pattern (comments inside it, or quotes around it that are not string quotes),
so all names in lower case that candidate and tests share are undefined, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crosstune.languages._shared.native import function_macros

_CONTINUED = re.compile(r"\\[ \t\v\f\r\0]*[\r\n]")
_COMMENT = re.compile(r"/\*[\s\S]*?\*/")
_QUIET = re.compile(
    r"//[^\n]*|/\*[\s\S]*?\*/|\bR\"([^ ()\\\s]{0,16})\([\s\S]*?\)\1\""
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?"
)
# Also in the middle of a line: finding too many does no harm.
_DEFINE = re.compile(r"(?:#|%:)[^\w#%]*+define\W++(\w+)")
# Macros of headers in lower case. Other names in lower case are not macros for the tests.
_STANDARD = re.compile(
    r"alignas|alignof|alloca|and|and_eq|assert|atomic_\w+|bitand|bitor|bool|compl|complex|defined|errno|false"
    r"|fpclassify|imaginary|is(?:finite|greater|greaterequal|inf|less|lessequal|lessgreater|nan|normal|unordered)"
    r"|kill_dependency|noreturn|not|not_eq|offsetof|or|or_eq|s[aist]_\w+|setjmp|signbit|static_assert"
    r"|std(?:err|in|out)|thread_local|true|va_\w+|xor|xor_eq|__\w+"
)
# What the tests mean by a name that the candidate may have redefined as a macro.
_RESTORED = {
    "bool": "#ifndef __cplusplus\n#define bool _Bool\n#endif\n",
    "true": "#ifndef __cplusplus\n#define true 1\n#endif\n",
    "false": "#ifndef __cplusplus\n#define false 0\n#endif\n",
    "EOF": "#define EOF (-1)\n",
    "INT_MAX": "#define INT_MAX __INT_MAX__\n",
    "INT_MIN": "#define INT_MIN (-__INT_MAX__ - 1)\n",
    "M_PI": "#define M_PI 3.14159265358979323846\n",
    "NULL": "#ifdef __cplusplus\n#define NULL __null\n#else\n#define NULL ((void *)0)\n#endif\n",
}


def joined_lines(code: str) -> str:
    """``code`` without the line breaks that a backslash hides from the compiler."""
    return _CONTINUED.sub("", code)


def directives(setup: str, candidate: str, tests: str, assertions: str, grammar: str) -> str:
    """The directives between candidate and tests: the candidate's macros end there, apart from functions
    that are nothing but macros."""
    plain = joined_lines(candidate)
    if "define" not in plain:
        return ""
    named = dict.fromkeys(re.findall(r"[A-Za-z_]\w*", f"{tests} {assertions}"))
    functions, needed = "", set[str]()
    if grammar == "c":
        functions, needed = function_macros.definitions(setup, candidate, tests)
    names = [name for name in _undefined(setup, plain, tests, named) if name not in needed]
    return "".join(f"#undef {name}\n{_RESTORED.get(name, '')}" for name in names) + functions


def _undefined(setup: str, plain: str, tests: str, named: Iterable[str]) -> list[str]:
    own = set(_DEFINE.findall(setup))
    shared = {
        name for name in re.findall(r"\w+", plain) if name == name.lower() and not _STANDARD.fullmatch(name)
    }
    defined = _defined(plain)
    macros = defined | shared - own
    names = [name for name in named if name in macros]
    if "include" in tests:  # in a header, any name may occur
        names += sorted(
            name
            for name in defined - own - set(names)
            if not _STANDARD.fullmatch(name) and name not in _RESTORED
        )
    return names


def _defined(plain: str) -> set[str]:
    readings = (plain, _COMMENT.sub(" ", plain), _QUIET.sub(" ", plain))
    return {name for reading in readings for name in _DEFINE.findall(reading)}
