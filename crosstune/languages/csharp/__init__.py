"""C#, compiled by Mono's mcs and run by mono, with `DEBUG` defined.

Tests that are whole types are a file of their own, with the candidate's `using` directives too; tests
that are the rest of a class continue the candidate's, or become members of the class that declares what
they call. Both are one library, whose tests' main method has a name of its own. The judging program finds
it by that name, calls it in a thread with a large stack, and reports the nonce when it has returned. It
reads the nonce before it loads the candidate, keeps it masked, and loads the library from memory, after
it has removed the file.

`Debug.Assert` and `Trace.Assert` of the tests are methods of the judge's, which throw where Mono's print;
those of the candidate call a listener that throws. `Equals` of the tests asks both sides, and a
comparison that the tests only print (`Console.WriteLine(add(1, 2) == 3)`) must hold. What the tests use
of the package CompareNetObjects is there.

mcs is kept running between programs.

Defended: exiting before the tests have ended; printed success; classes `Debug` and `Console` of the
candidate's own; listeners that the candidate removes; an `Equals` that is always true; a `Main` of the
candidate's; reading what the tests expect in files; operators, conversions and comparing methods
(`SequenceEqual`) of the candidate's own types that decide what equals a value of another type, unless the
benchmark's code has operators itself; a class `Math`, `String` or `Enumerable` of its own, and extension
methods `All`, `Any` and `Contains`, in the place of the library's.

Not defended: an equality of the candidate's own types; interfaces of the library that they implement
(`IComparable`, `IEnumerable`); other extension methods that hide the library's; reading the tests' code by
reflection.

Not run: test frameworks (the tests need a `Main`), top-level statements, what mcs does not know (C# 8 and
later).
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable
from pathlib import Path

from crosstune.languages._language import (
    MIB,
    BrokenTests,
    BuildPlan,
    CompileServer,
    Description,
    JudgeTask,
    Judging,
    Language,
    SandboxPath,
    UndefinedNames,
    WholePrograms,
)
from crosstune.languages._shared.calls_only import calls_only
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT, RUN_LIMITS
from crosstune.languages._syntax import Syntax
from crosstune.languages.csharp import _assembly, _calls, _prepared
from crosstune.languages.csharp._exercises import IDIOMS, format_literal
from crosstune.languages.csharp._typed import TYPED
from crosstune.records import Command

_LIMITS = dataclasses.replace(RUN_LIMITS, processes=128)
_STACK_BYTES = 64 * MIB
_ENVIRONMENT = {**ENVIRONMENT, "MONO_PATH": str(_prepared.LIBRARIES), "MONO_DISABLE_SHARED_AREA": "1"}
_MONO = "/usr/bin/mono"
_TYPES = (
    "class_declaration",
    "struct_declaration",
    "record_declaration",
    "interface_declaration",
    "enum_declaration",
    "delegate_declaration",
)


def _run(task: JudgeTask, *words: str) -> Command:
    return Command(limits=task.limits, argv=(_MONO, *words), payload=task.nonce, environment=_ENVIRONMENT)


def _own(task: JudgeTask, name: str) -> str:
    return task.sandbox_path(_prepared.folder() / name)


def _build(task: JudgeTask, kind: str) -> Command:
    return Command(
        limits=BUILD_LIMITS,
        argv=(_MONO, _own(task, _prepared.BUILD), "once", _own(task, _prepared.CHECKS), kind),
        environment=_ENVIRONMENT,
    )


def _files(task: JudgeTask) -> dict[str, str]:
    return _calls.files(task.program) if task.part == "candidate" else _assembly.files(task.program)


def _plan(task: JudgeTask) -> BuildPlan:
    stack = task.limits.stack_bytes or min(task.limits.memory_bytes, _STACK_BYTES)
    program = _prepared.SERVER if task.part == "candidate" else _prepared.JUDGE
    own = () if task.part == "candidate" else _assembly.test_methods(task.program)
    return BuildPlan(
        files=_files(task),
        build=_build(task, "tests"),
        run=_run(task, _own(task, program), str(stack), *filter(None, [",".join(own)])),
        outputs=("program.dll",),
    )


def _whole_files(task: JudgeTask) -> dict[str, str]:
    return {"candidate.cs": "\n".join(filter(None, (task.program.setup, task.program.candidate)))}


def _plan_whole_program(task: JudgeTask) -> BuildPlan:
    checked = (_own(task, _prepared.JUDGE), "check") if task.checker else ()
    return BuildPlan(
        files=_whole_files(task),
        build=_build(task, "whole"),
        run=_run(task, *checked, "program.exe"),
        outputs=("program.exe",),
    )


def _server(sandbox_path: SandboxPath) -> tuple[str, ...]:
    own = (_prepared.folder() / name for name in (_prepared.BUILD, _prepared.CHECKS))
    build, checks = map(sandbox_path, own)
    return (_MONO, build, "serve", checks)


def _compile_server(kind: str, target: str, files: Callable[[JudgeTask], dict[str, str]]) -> CompileServer:
    return CompileServer(
        argv=_server,
        request=lambda task: _prepared.request(kind, files(task)),
        reply=functools.partial(_prepared.reply, target=target),
        cpu_seconds=10,
        wall_seconds=60,
        memory_bytes=400 * MIB,
        requests=2000,
        environment=_ENVIRONMENT,
    )


def _mounts() -> tuple[Path, ...]:
    return (Path("/etc/mono"), _prepared.folder())


LANGUAGE = Language(
    name="csharp",
    title="C#",
    extensions=(".cs",),
    fences=("csharp", "cs", "c#"),
    line_comment="//",
    stops=("\nclass ", "\npublic ", "\nusing ", "\nnamespace ", "\n//", "\n/*", "\n```"),
    tools=(_prepared.MCS, _prepared.MONO),
    syntax=Syntax(
        grammar="csharp",
        names={
            **dict.fromkeys(_TYPES, ("name",)),
            "method_declaration": ("name",),
            "local_function_statement": ("name",),
            "property_declaration": ("name",),
            "field_declaration": ("variable_declaration",),
            "local_declaration_statement": ("variable_declaration",),
            "variable_declaration": ("variable_declarator",),
            "variable_declarator": ("name",),
            "using_directive": ("*",),
        },
        imports=frozenset({"using_directive"}),
        functions=frozenset({"method_declaration", "local_function_statement"}),
        classes=frozenset(_TYPES),
        members=frozenset({"declaration_list"}),
        overloads=True,
        wrappers=frozenset({"namespace_declaration", "declaration_list"}),
        dropped=frozenset({"file_scoped_namespace_declaration"}),
        traits=frozenset({"class_declaration"}),
        gives_methods=re.compile(r"\(\s*(?:\[[^]]*\]\s*)?this\s"),
        dropped_imports=re.compile(r"using\s+(?:static\s+)?(?:NUnit|Xunit|Microsoft\.VisualStudio)\b"),
        standard_imports=re.compile(r"using\s+(?:static\s+)?(?:System|Microsoft)\b"),
    ),
    idioms=IDIOMS,
    format_literal=format_literal,
    typed=TYPED,
    judging=Judging(
        version=4,
        broken_tests=BrokenTests(
            candidate="class CrosstuneNoCandidate { }\n",
            errors=re.compile(r"error (CS1\d{3}: .*)"),
            missing=re.compile(r"error CS0246: The type or namespace name `(\w+)'"),
            imports=re.compile(r"^\s*using\s+(?:static\s+)?(\w+)[.\w]*\s*;", re.MULTILINE),
            undefined=UndefinedNames(message=re.compile(r"error CS0103: The name `(\w+)'")),
        ),
        smoke_test=(
            "class S { public static int Add(int a, int b) { return a + b; } }\n",
            "class T { static void Main() { System.Diagnostics.Debug.Assert(S.Add(1, 2) == 3); } }\n",
        ),
        limits=_LIMITS,
        plan=_plan,
        toolchain=_prepared.toolchain,
        mounts=_mounts,
        out_of_memory_messages=("System.OutOfMemoryException", "Could not allocate"),
        crash_statuses=(1,),  # that of an exception that nothing has caught, such as a stack that overflows
        compile_server=_compile_server("t", "program.dll", _files),
        separate=calls_only(version=1, candidate=_plan, calls=_calls.plan),
    ),
    whole_programs=WholePrograms(
        plan=_plan_whole_program, compile_server=_compile_server("w", "program.exe", _whole_files)
    ),
    benchmarks={"mceval": {}},
    description=Description(
        tested="Mono 6.8",
        run=(
            "candidate and tests (C# 7) as one library, whose tests' `Main` runs; what "
            "`mcs -d:DEBUG -d:TRACE -r:System.Numerics` and `mono` would do; a failed `Debug.Assert` fails, "
            "and so does a comparison that the tests only print; where it does not compile, once more with "
            "the `using` directives that newer C# implies"
        ),
        undefended=(
            "an equality of the candidate's own types; interfaces of the library that they implement; "
            "reflection"
        ),
    ),
)
