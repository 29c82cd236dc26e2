"""Kotlin, compiled by kotlinc for the Java machine, whose assertions are enabled.

Candidate and tests are two files of one package; the tests see the candidate's imports. Their `main` has
a name of its own, so that the candidate may have one; tests of statements outside of functions, as
scripts have them, are a main function. Java's judging class runs them in a thread with a large stack and
reports the nonce when they have returned or called `exitProcess(0)`. The compiler is kept running between
programs.

Defended: what Java's judging class defends, also where Kotlin's `==`, `in`, `when` and `contentDeepEquals`
compare; functions of the candidate's that hide `check`, `assert`, `require` and usual ones of the standard
library; classes of the tests and of these checks, which the candidate could write anew where they were
built; operators and methods of the candidate's own types, where the function's declared type is of Kotlin's
own alone.

Not defended: what is not defended in Java; extension functions of the candidate's that hide others; `in`
with a sequence; what the library's functions compare, such as `indexOf`; operators and methods (`minus`,
`equals` of a number) of the candidate's own types where the declaration has no such type, or where the
tests call the function by a reference.

Not run: test methods of JUnit and kotlin.test, what Kotlin has since 1.4.
"""

from __future__ import annotations

import re
from pathlib import Path

from crosstune.languages._language import (
    BrokenTests,
    Description,
    JudgeTask,
    Judging,
    Language,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared import curly
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.declared_code import closing, separated
from crosstune.languages._shared.jvm.machine import Files, MachineLanguage
from crosstune.languages._syntax import Method, Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.java._machine import LIMITS
from crosstune.languages.java._prepared import TOOLS
from crosstune.languages.kotlin import _assembly, _calls, _results
from crosstune.languages.kotlin._exercises import IDIOMS, format_literal
from crosstune.languages.kotlin._typed import TYPED

_KOTLINC = Tool(name="kotlinc", package="kotlin", purpose="compiling Kotlin")
_JARS = Path("/usr/share/kotlin/kotlinc/lib")


def _jar(name: str) -> Path:
    return _JARS / f"{name}.jar"


def _tests(task: JudgeTask) -> Files:
    return _assembly.tested(_results.with_held_results(task.program))


def _whole(task: JudgeTask) -> tuple[Files, str]:
    return _assembly.whole(task.program)


KOTLIN = MachineLanguage(
    name="kotlin",
    tool=_KOTLINC,
    compiler=Path(__file__).with_name("compiler.java"),
    jars=tuple(
        map(
            _jar,
            (
                "kotlin-compiler",
                "kotlin-stdlib",
                "kotlin-reflect",
                "kotlin-script-runtime",
                "trove4j",
                "annotations-13.0",
            ),
        )
    ),
    library=(_jar("kotlin-stdlib"),),
    tests=_tests,
    whole=_whole,
    served=lambda task: (_calls.files(task.program), _calls.calls_class(task.program)),
    values=Path(__file__).with_name("values.java"),
)
_HEAD = re.compile(r"\bfun\s+(<.*?>\s*)?\w+\s*\(")


def _call_method(method: Method) -> str:
    """A function with the method's head that calls it."""
    head = _HEAD.search(method.head)
    assert head
    end = closing(curly.masked(method.head, _assembly.LEXIS), head.end())
    given = separated(method.head[head.end() : end].replace("->", "→"))
    names = [each.partition(":")[0].split()[-1] for each in given]
    result = re.match(r"\s*:\s*[^={\n]+", method.head[end + 1 :])
    owner = method.owner if method.static else f"{method.owner}()"
    called = f"{owner}.{method.name}({', '.join(names)})"
    return f"{method.head[head.start() : end + 1]}{result[0].rstrip() if result else ''} = {called}\n"


_TYPES = ("class_declaration", "object_declaration")

LANGUAGE = Language(
    name="kotlin",
    title="Kotlin",
    extensions=(".kt",),
    fences=("kotlin", "kt"),
    line_comment="//",
    stops=("\nfun ", "\nclass ", "\nobject ", "\nimport ", "\npackage ", "\n//", "\n/*", "\n```"),
    tools=(_KOTLINC, *TOOLS),
    syntax=Syntax(
        grammar="kotlin",
        names={
            "class_declaration": ("type_identifier",),
            "object_declaration": ("type_identifier",),
            "type_alias": ("type_identifier",),
            "function_declaration": ("simple_identifier",),
            "property_declaration": ("variable_declaration", "multi_variable_declaration"),
            "variable_declaration": ("simple_identifier",),
            "multi_variable_declaration": ("*",),
            "import_header": ("identifier",),
            "identifier": ("*",),
        },
        imports=frozenset({"import_header"}),
        wrappers=frozenset({"import_list"}),
        functions=frozenset({"function_declaration"}),
        classes=frozenset(_TYPES),
        members=frozenset({"class_body", "enum_class_body"}),
        dropped=frozenset({"package_header"}),
        dropped_imports=re.compile(r"import\s+(?:org\.junit|kotlin\.test|io\.kotest)\b"),
        kept_statements=re.compile(r"\A\s*(?:(?:private|public|internal|inline|infix)\s+)*operator\s+fun\b"),
        overloads=True,
        call_method=_call_method,
        standard_imports=re.compile(r"import\s+(?:kotlin|java)x?\."),
    ),
    idioms=IDIOMS,
    format_literal=format_literal,
    typed=TYPED,
    judging=Judging(
        version=5,
        broken_tests=BrokenTests(
            errors=re.compile(r"Tests\.kt:\d+:\d+: error: (expecting .*|unterminated .*)"),
            missing=re.compile(r"Tests\.kt:\d+:\d+: error: unresolved reference: (\w+)\nimport "),
            imports=re.compile(r"^\s*import\s+([\w.]+)", re.MULTILINE),
            # What is unknown in front of a lambda leaves `it` unknown, too.
            undefined=UndefinedNames(message=re.compile(r"error: unresolved reference: (?!it\b)(\w+)")),
        ),
        smoke_test=("fun add(a: Int, b: Int) = a + b\n", "fun main() { check(add(1, 2) == 3) }\n"),
        limits=LIMITS,
        plan=KOTLIN.plan,
        toolchain=KOTLIN.toolchain,
        mounts=KOTLIN.mounts,
        out_of_memory_messages=("java.lang.OutOfMemoryError",),
        compile_server=KOTLIN.compile_server(),
        separate=calls_only(version=1, candidate=KOTLIN.plan_server, calls=_calls.plan),
    ),
    whole_programs=WholePrograms(
        plan=KOTLIN.plan_whole_program, compile_server=KOTLIN.compile_server(whole=True)
    ),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Kotlin 1.3.31",
        run=(
            "candidate and tests as two files of one package, compiled by `kotlinc`; the tests' `main`, or "
            "their statements outside of functions, run in Java's machine with `-ea`"
        ),
        undefended=(
            "as in Java; extension functions that hide others; what functions of the library compare "
            "(`indexOf`); operators and methods of its own types where there is no declaration, or where the "
            "tests call the function by a reference (`::add`)"
        ),
    ),
)
