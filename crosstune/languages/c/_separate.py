"""C's tests and candidates in processes of their own: see docs/values.md.

Both sides are text in C that is made from the declaration; values follow the convention of pointers and
lengths (`_convention`).
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._language import BuildPlan, JudgeTask, SeparateProcesses
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import declarations, driver, gcc, macros
from crosstune.languages._shared.native.candidate import with_main_renamed, without_bom
from crosstune.languages._shared.native.compilation import Native, compilation
from crosstune.languages.c import _calls, _convention, _server
from crosstune.languages.c._convention import Declared, Member
from crosstune.records import Program

_NAME = "crosstune_judge"
_HERE = Path(__file__).parent
_HEADER, _OBJECTS = "values.h", ("wire", "server", "stub")
_INCLUDED = '#include "crosstune/values.h"\n'
# What the tests use if they look at what is printed, or at the process.
_PROCESS = re.compile(r"\b(?:freopen|dup2|popen|fork|setvbuf|open_memstream|fmemopen)\b")


def why_shared(program: Program) -> str:
    try:
        declared = _declared(program)
    except _convention.NoValue as error:
        return str(error)
    if found := _PROCESS.search(program.tests):
        return f"the tests use {found[0]}"
    for function in declared.functions:
        for each in function.members:
            if _may_be_more(each):
                return f"the parameter {each.name} of {function.name} may be more than a value"
    return declarations.parsed(without_bom(program.declaration), program.entry_points, "c").why_not


def _may_be_more(member: Member) -> bool:
    """Whether tests could pass something that the convention does not mean: an array without a length, or a
    buffer that is written to."""
    kind = member.type.kind
    return kind == "pointer" or (kind in ("text", "rows") and not member.variable.constant)


def _declared(program: Program) -> Declared:
    return _convention.read(without_bom(program.declaration), program.entry_points)


def separate(native: Native, libraries: tuple[str, ...]) -> SeparateProcesses:
    return SeparateProcesses(
        version=1,
        why_shared=why_shared,
        tests=functools.partial(_plan_tests, native=native, libraries=libraries),
        candidate=functools.partial(_plan_candidate, native=native, libraries=libraries),
        calls=_calls.plan,
    )


def _plan_tests(task: JudgeTask, native: Native, libraries: tuple[str, ...]) -> BuildPlan:
    """The tests with a stub of each entry point, which asks the candidate's process."""
    program = task.program
    given = declarations.parsed(without_bom(program.declaration), program.entry_points, "c").given
    build, code = compilation(task, native, f"{without_bom(program.setup)}\n\n{given}")
    stubs, tests = _server.stubs(_declared(program)), gcc.tests_part(program, native, _NAME)
    build = replace(build, objects=(*_objects(task, "stub"), *build.objects))
    return BuildPlan(
        files={
            f"program{native.suffix}": f"{code}\n{_INCLUDED}{stubs}\n{tests}\n",
            "judge/assert.h": gcc.assertions(_NAME),
        },
        build=gcc.build_command(gcc.judged_script(task, build, libraries, _NAME, _include(task))),
        run=gcc.run_command(task),
        outputs=(driver.OUTPUT,),
    )


def _plan_candidate(task: JudgeTask, native: Native, libraries: tuple[str, ...]) -> BuildPlan:
    """The candidate with a server, which calls it."""
    program = task.program
    setup, candidate = without_bom(program.setup), without_bom(program.candidate)
    header, server = (_HERE / _HEADER).read_text("utf-8"), _server.server(_declared(program))
    ended = macros.directives(setup, candidate, f"{header}{server}", "", native.grammar)
    build, code = compilation(task, native, f"{setup}\n\n{candidate}")
    code = with_main_renamed(code, _NAME, native.grammar)
    build = replace(build, objects=(*_objects(task, "server"), *build.objects))
    return BuildPlan(
        files={f"program{native.suffix}": f"{code}\n\n{ended}#undef main\n{_INCLUDED}{server}"},
        build=gcc.build_command(build.steps(libraries, _include(task))),
        run=gcc.run_command(task),
        outputs=(driver.OUTPUT,),
    )


def _include(task: JudgeTask) -> tuple[str, str]:
    return ("-I", task.sandbox_path(prepared()))


def _objects(task: JudgeTask, part: str) -> tuple[str, ...]:
    return tuple(task.sandbox_path(prepared() / f"{name}.o") for name in (part, "wire"))


@functools.cache
def prepared() -> Path:
    """The prepared folder with the header and the objects of both sides."""
    texts = [path.read_text("utf-8") for path in sorted(_HERE.glob("*.[ch]"))]
    digest = text_digest("\0".join([driver.stamp("gcc"), *texts]))[:16]
    return prepared_state.folder("c", f"values-{digest}", _prepare)


def _prepare(target: Path) -> None:
    (target / "crosstune").mkdir()
    (target / "crosstune" / _HEADER).write_text((_HERE / _HEADER).read_text("utf-8"), "utf-8")
    for name in _OBJECTS:
        argv = (
            driver.path_of("gcc"),
            "-std=gnu11",
            "-O1",
            "-fPIE",
            "-c",
            _HERE / f"{name}.c",
            "-o",
            f"{name}.o",
        )
        prepared_state.command(argv, target)
