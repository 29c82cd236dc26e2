"""How whole programs in TypeScript are compiled and run: as a module, with Node.js's modules declared."""

from __future__ import annotations

import dataclasses
import functools
import shlex

from crosstune.languages._language import BuildPlan, CompileServer, JudgeTask, WholePrograms
from crosstune.languages._shared.limits import BUILD_LIMITS, ENVIRONMENT
from crosstune.languages._shared.node import runtime, whole_program
from crosstune.languages.typescript import _prepared
from crosstune.records import Command

_MODULES = """
assert async_hooks buffer child_process crypto events fs fs/promises http https module net os path perf_hooks
process querystring stream string_decoder timers timers/promises tty url util v8 vm
worker_threads zlib
"""
_READLINE = """
clearLine clearScreenDown createInterface cursorTo emitKeypressEvents moveCursor promises
"""
_GLOBALS = """\
declare var Buffer: any;
declare type Buffer = any;
declare var __dirname: string;
declare var __filename: string;
declare var setImmediate: any;
declare var clearImmediate: any;
declare namespace NodeJS {
TYPES
}
"""
_TYPES = "ErrnoException Immediate Process ReadStream ReadableStream Timeout Timer WritableStream WriteStream"
_INTERFACES = "  export var Interface: any;\n  export type Interface = any;\n  export type ReadLine = any;\n"


def _readline(name: str) -> str:
    values = "".join(f"  export var {value}: any;\n" for value in _READLINE.split())
    whole = "  const whole: any;\n  export default whole;\n"
    return f'declare module "{name}" {{\n{values}{_INTERFACES}{whole}}}\n'


# Their types are not checked: Node.js's type packages need not be installed.
_DECLARATIONS = _prepared.GLOBALS + "".join(
    [
        _GLOBALS.replace("TYPES", "\n".join(f"  type {name} = any;" for name in _TYPES.split())),
        *map(_readline, ("readline", "node:readline", "readline/promises", "node:readline/promises")),
        *(f'declare module "{name}";\ndeclare module "node:{name}";\n' for name in _MODULES.split()),
    ]
)
_OPTIONS = ("--esModuleInterop", *_prepared.OPTIONS)


def _source(task: JudgeTask) -> str:
    """The program, always as a module, so its names cannot clash with the browser's."""
    return "\n\n".join(filter(None, (task.program.setup, task.program.candidate, "export {};\n")))


def _plan(task: JudgeTask) -> BuildPlan:
    tsc = task.sandbox_path(_prepared.compiler() / "bin" / "tsc")
    compiled = (runtime.executable(task.sandbox_path), tsc, *_OPTIONS)
    return BuildPlan(
        files={"program.ts": _source(task), "globals.d.ts": _DECLARATIONS},
        build=Command(
            limits=dataclasses.replace(BUILD_LIMITS, processes=64, disk_bytes=task.limits.disk_bytes),
            argv=("/bin/sh", "-c", shlex.join(compiled)),
            environment=ENVIRONMENT,
            reserve_bytes=runtime.RESERVE_BYTES,
        ),
        run=whole_program.command(task, whole_program.FILE),
        outputs=(whole_program.FILE,),
    )


def _request(task: JudgeTask) -> bytes | None:
    """The source; None if it is not valid Unicode, which tsc itself must report."""
    try:
        return _source(task).encode()
    except UnicodeEncodeError:
        return None


def whole_programs(tested: CompileServer) -> WholePrograms:
    """``tested`` is the compile server of tested programs; that of whole programs has more declarations."""
    server = dataclasses.replace(
        tested,
        argv=functools.partial(_prepared.server, declarations=_DECLARATIONS, options=_OPTIONS),
        mounts=functools.partial(_prepared.mounts, _DECLARATIONS, _OPTIONS),
        request=_request,
    )
    return WholePrograms(plan=_plan, compile_server=server)
