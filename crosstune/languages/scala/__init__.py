"""Scala 2, compiled by scalac for the Java machine.

Tests that continue the candidate's object do so in one text, or become members of the object that
declares what they call, where the candidate is complete. Their `main` has a name of its own; statements
of an object's body are a method of it. The body of an object that extends `App` runs first. Java's
judging class runs them in a thread with a large stack and reports the nonce when they have returned or
called `sys.exit(0)`. The compiler's machine is kept running; each program gets a compiler of its own.

Defended: what Java's judging class defends, also where Scala's `==` of any types, `contains` and
`sameElements` compare, and where a class of the candidate's has an `==` for another type; methods of the
candidate's that hide `assert`, `require` and `assume`; operators and methods of the candidate's own types,
where the function's declared type is of Scala's own alone.

Not defended: what is not defended in Java; operators and methods of the candidate's own types, such as an
`==` of value classes (`AnyVal`), where the declaration has no such type, or where the tests pass the
function on; numbers of its own (`ScalaNumber`) inside of collections; what the library's other methods
compare, such as `indexOf`; implicit conversions of the candidate's other than those of results; names of
the library that the candidate's object hides from the tests in it.

Not run: ScalaTest and other frameworks, what Scala has since 2.12.
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
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.jvm.machine import Files, MachineLanguage
from crosstune.languages._syntax import Syntax
from crosstune.languages._tools import Tool
from crosstune.languages.java._machine import LIMITS
from crosstune.languages.java._prepared import TOOLS
from crosstune.languages.scala import _assembly, _calls, _results
from crosstune.languages.scala._exercises import IDIOMS, format_literal
from crosstune.languages.scala._typed import TYPED

_SCALAC = Tool(name="scalac", package="scala", purpose="compiling Scala")
_JARS = Path("/usr/share/scala-2.11/lib")


def _jar(name: str) -> Path:
    return _JARS / f"scala-{name}.jar"


def _tests(task: JudgeTask) -> Files:
    return _assembly.tested(_results.with_held_results(task.program))


def _whole(task: JudgeTask) -> tuple[Files, str]:
    return _assembly.whole(task.program)


SCALA = MachineLanguage(
    name="scala",
    tool=_SCALAC,
    compiler=Path(__file__).with_name("compiler.java"),
    jars=tuple(map(_jar, ("compiler", "library", "reflect", "xml", "parser-combinators"))),
    library=tuple(map(_jar, ("library", "reflect", "xml", "parser-combinators"))),
    tests=_tests,
    whole=_whole,
    served=lambda task: (_calls.files(task.program), _calls.calls_class(task.program)),
    values=Path(__file__).with_name("values.java"),
)
_TYPES = ("class_definition", "object_definition", "trait_definition")

LANGUAGE = Language(
    name="scala",
    title="Scala",
    extensions=(".scala",),
    fences=("scala",),
    line_comment="//",
    stops=("\nobject ", "\nclass ", "\ntrait ", "\nimport ", "\npackage ", "\n//", "\n/*", "\n```"),
    tools=(_SCALAC, *TOOLS),
    syntax=Syntax(
        grammar="scala",
        names={
            **dict.fromkeys(_TYPES, ("name",)),
            "type_definition": ("name",),
            "function_definition": ("name",),
            "function_declaration": ("name",),
            "val_definition": ("pattern",),
            "var_definition": ("pattern",),
            "tuple_pattern": ("*",),
            "import_declaration": ("path", "namespace_selectors"),
            "namespace_selectors": ("*",),
            "arrow_renamed_identifier": ("alias",),
        },
        imports=frozenset({"import_declaration"}),
        functions=frozenset({"function_definition"}),
        classes=frozenset(_TYPES),
        members=frozenset({"template_body"}),
        dropped=frozenset({"package_clause"}),
        dropped_imports=re.compile(r"import\s+(?:org\.scalatest|munit|org\.junit)\b"),
        closers=("", "}", "}}", "}}}", " ???", " ???\n}", " ???\n}}"),
        overloads=True,
        standard_imports=re.compile(r"import\s+(?:scala|java)x?\."),
    ),
    idioms=IDIOMS,
    format_literal=format_literal,
    typed=TYPED,
    judging=Judging(
        version=5,
        broken_tests=BrokenTests(
            errors=re.compile(r"Program\.scala:\d+: error: (.* expected but .* found\.|unclosed .*)"),
            missing=re.compile(
                r"error: (?:not found: )?object (\w+)(?: is not a member of package \w+)?\n.*\bimport "
            ),
            imports=re.compile(r"^\s*import\s+([\w.]+)", re.MULTILINE),
            undefined=UndefinedNames(message=re.compile(r"error: not found: (?:value|type) (\w+)")),
        ),
        smoke_test=(
            "object S { def add(a: Int, b: Int): Int = a + b }\n",
            "object T { def main(args: Array[String]): Unit = assert(S.add(1, 2) == 3) }\n",
        ),
        limits=LIMITS,
        plan=SCALA.plan,
        toolchain=SCALA.toolchain,
        mounts=SCALA.mounts,
        out_of_memory_messages=("java.lang.OutOfMemoryError",),
        compile_server=SCALA.compile_server(),
        separate=calls_only(version=1, candidate=SCALA.plan_server, calls=_calls.plan),
    ),
    whole_programs=WholePrograms(
        plan=SCALA.plan_whole_program, compile_server=SCALA.compile_server(whole=True)
    ),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Scala 2.11.12",
        run=(
            "the tests in the candidate's object, compiled by `scalac`; their `main`, or their statements, "
            "run in Java's machine"
        ),
        undefended=(
            "as in Java; what the library's methods other than `==`, `contains` and `sameElements` compare; "
            "operators and methods of its own types, such as an `==` of value classes, where there is no "
            "declaration; implicit conversions, names of the library that its object hides"
        ),
    ),
)
