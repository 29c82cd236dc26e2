"""C's tests and candidates in processes of their own: see docs/values.md.

Both sides are text in C that is made from the declaration; values follow the convention of pointers and
lengths (`_convention`).
"""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._language import BuildPlan, JudgeTask, SeparateProcesses
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import declarations, driver, gcc, looks, macros, not_a_number
from crosstune.languages._shared.native.calls_in_tests import Callee, Result
from crosstune.languages._shared.native.candidate import with_main_renamed, without_bom
from crosstune.languages._shared.native.compilation import Native, compilation
from crosstune.languages.c import _calls, _convention, _server
from crosstune.languages.c._convention import CType, Declared, Function, Member
from crosstune.parsing import CodeParser
from crosstune.records import Program

_NAME = "crosstune_judge"
_HERE = Path(__file__).parent
_HEADER, _OBJECTS = "values.h", ("wire", "server", "stub")
_INCLUDED = '#include "crosstune/values.h"\n'


def why_shared(program: Program) -> str:
    try:
        declared = _declared(program)
    except _convention.NoValue as error:
        return str(error)
    for function in declared.functions:
        for each in function.members:
            if _may_be_more(each):
                return f"the parameter {each.name} of {function.name} may be more than a value"
    why_not = declarations.parsed(without_bom(program.declaration), program.entry_points, "c").why_not
    return why_not or _looked_at(declared, program.tests)


def _looked_at(declared: Declared, tests: str) -> str:
    root = CodeParser("c").parse(tests)
    if root is None:
        return "the tests do not parse"
    if used := looks.process_use(root):
        return f"the tests use {used}"
    functions = {each.name: _callee(each, declared) for each in declared.functions}
    return looks.why_shared(root, functions, {})


def _callee(function: Function, declared: Declared) -> Callee:
    referring = {at for at, each in enumerate(function.parameters) if each.pointers}
    changing = {at for at in referring if not function.parameters[at].constant}
    return Callee(_result(function.result, declared), frozenset(referring), frozenset(changing))


def _result(kind: CType, declared: Declared) -> Result:
    if kind.kind in ("list", "rows", "text", "pointer"):
        return Result.POINTER
    structure = declared.structures.get(kind.name.removeprefix("struct "))
    if structure is None:
        return Result.VALUE
    inside = [each.type for each in structure.members]
    inside += [each.type for each in structure.alternatives]
    points = any(_result(each, declared) is not Result.VALUE or each.kind == "unknown" for each in inside)
    return Result.VIEW if points else Result.VALUE


def _may_be_more(member: Member) -> bool:
    """Whether tests could pass something that the convention does not mean: an array without a length, or a
    buffer that is written to."""
    kind = member.type.kind
    return kind == "pointer" or (kind in ("text", "rows") and not member.variable.constant)


def _declared(program: Program) -> Declared:
    return _convention.read(without_bom(program.declaration), program.entry_points)


def separate(native: Native, libraries: tuple[str, ...]) -> SeparateProcesses:
    return SeparateProcesses(
        version=3,
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
    stubs += not_a_number.unforeseen(program.tests, native.grammar, "crosstune_foresee_no_nan")
    build = replace(build, objects=(*_objects(task, "stub"), *build.objects))
    return BuildPlan(
        files={
            f"program{native.suffix}": f"{code}\n{_INCLUDED}{stubs}\n{tests}\n",
            "judge/assert.h": gcc.assertions(_NAME),
        },
        build=gcc.build_command(gcc.judged_script(task, build, libraries, _NAME, options=_include(task))),
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
