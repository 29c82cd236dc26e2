"""Python."""

from crosstune.languages._language import Description, Language
from crosstune.languages._tools import Tool
from crosstune.languages.python._judging import JUDGING
from crosstune.languages.python._packages import PREPARATION
from crosstune.languages.python._run_pytest import PYTEST
from crosstune.languages.python._syntax import SYNTAX
from crosstune.languages.python._whole_program import WHOLE_PROGRAMS

LANGUAGE = Language(
    name="python",
    title="Python",
    extensions=(".py",),
    fences=("python", "py", "python3"),
    line_comment="#",
    stops=("\nclass ", "\ndef ", "\n#", "\n@", "\nprint(", "\nif ", "\n```", "\nassert "),
    tools=(Tool(name="python3", package="python3", purpose="running Python"),),
    preparations=(PREPARATION,),
    idioms={
        "declare": "def {0}({1}):",
        "define": "\n    return {0}\n",
        "assert": "assert {0} == {1}\n",
        "add": "{0} + {1}",
        "subtract": "{0} - {1}",
        "multiply": "{0} * {1}",
        "remainder": "{0} % {1}",
        "less": "{0} < {1}",
        "more": "{0} > {1}",
        "same": "{0} == {1}",
        "different": "{0} != {1}",
        "larger": "max({0}, {1})",
        "smaller": "min({0}, {1})",
        "absolute": "abs({0})",
        "first": "{0}[:{1}]",
        "skip": "{0}[{1}:]",
        "last": "{0}[-{1}:]",
        "append": "{0} + [{1}]",
        "prepend": "[{1}] + {0}",
        "holds": "{1} in {0}",
        "lacks": "{1} not in {0}",
        "sum": "sum({0})",
        "length": "len({0})",
        "greatest": "max({0})",
        "least": "min({0})",
        "repeat": "{0} * {1}",
        "fill after": "{0}.ljust({1})",
        "fill before": "{0}.rjust({1})",
        "each": "[{1} for x in {0}]",
        "keep": "[x for x in {0} if {1}]",
        "all": "all({1} for x in {0})",
        "any": "any({1} for x in {0})",
    },
    format_literal=repr,
    syntax=SYNTAX,
    judging=JUDGING,
    whole_programs=WHOLE_PROGRAMS,
    test_runners={"pytest": PYTEST},
    language_set="usual",
    description=Description(
        tested="Python 3.11",
        run=(
            "setup, candidate and tests are compiled apart and run in a fork of an interpreter that has "
            "loaded the usual modules and NumPy; tests as their own runner would run them "
            "([more](#python))"
        ),
        undefended=(
            "built-in functions changed while a test runs, variables of the caller's frame and of "
            "functions that tests pass, methods (`count`, `startswith`, iteration) of objects and of "
            "subclasses of lists, what classes that the tests name call equal"
        ),
    ),
)
