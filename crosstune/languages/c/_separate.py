"""C candidates in a process of their own, which the judge calls: see docs/values.md.

The server is text in C that is made from the declaration; it passes arguments and takes results by the
convention of pointers and lengths (`_convention`). Tests in C share a process with the candidate.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

from crosstune.errors import DataError
from crosstune.files import text_digest
from crosstune.languages._language import BuildPlan, JudgeTask, SeparateProcesses
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import driver, gcc, macros
from crosstune.languages._shared.native.candidate import with_main_renamed, without_bom
from crosstune.languages._shared.native.compilation import Native, compilation
from crosstune.languages.c import _calls, _convention, _server
from crosstune.records import Program

_NAME = "crosstune_judge"
_HEADER, _SOURCE = (Path(__file__).with_name(name) for name in ("server.h", "server.c"))


def why_shared(_program: Program) -> str:
    return "tests in C always share a process with the candidate"


def separate(native: Native, libraries: tuple[str, ...]) -> SeparateProcesses:
    return SeparateProcesses(
        version=1,
        why_shared=why_shared,
        tests=_plan_tests,
        candidate=functools.partial(_plan_candidate, native=native, libraries=libraries),
        calls=_calls.plan,
    )


def _plan_tests(task: JudgeTask) -> BuildPlan:
    raise DataError(why_shared(task.program))


def _plan_candidate(task: JudgeTask, native: Native, libraries: tuple[str, ...]) -> BuildPlan:
    """The candidate with a server, which calls it."""
    program = task.program
    setup, candidate = without_bom(program.setup), without_bom(program.candidate)
    declared = _convention.read(without_bom(program.declaration), program.entry_points)
    header, server = _HEADER.read_text("utf-8"), _server.text(declared)
    ended = macros.directives(setup, candidate, f"{header}{server}", "", native.grammar)
    build, code = compilation(task, native, f"{setup}\n\n{candidate}")
    code = with_main_renamed(code, _NAME, native.grammar)
    build = replace(build, objects=(task.sandbox_path(prepared() / "server.o"), *build.objects))
    include = '#include "crosstune_server.h"\n'
    return BuildPlan(
        files={f"program{native.suffix}": f"{code}\n\n{ended}#undef main\n{include}{server}"},
        build=gcc.build_command(build.steps(libraries, ("-I", task.sandbox_path(prepared())))),
        run=gcc.run_command(task),
        outputs=(driver.OUTPUT,),
    )


@functools.cache
def prepared() -> Path:
    """The prepared folder with the server's header and object."""
    texts = [path.read_text("utf-8") for path in (_HEADER, _SOURCE)]
    digest = text_digest("\0".join([driver.stamp("gcc"), *texts]))[:16]
    return prepared_state.folder("c", f"values-{digest}", _prepare)


def _prepare(target: Path) -> None:
    (target / "crosstune_server.h").write_text(_HEADER.read_text("utf-8"), "utf-8")
    argv = (driver.path_of("gcc"), "-std=c11", "-O1", "-fPIE", "-c", _SOURCE, "-o", "server.o")
    prepared_state.command(argv, target)
