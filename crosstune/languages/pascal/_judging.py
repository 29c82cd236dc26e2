"""How Pascal programs are built: the compiler itself with the units of Free Pascal, one program of
candidate and tests.

The candidate is a file that the program includes, so that nothing in it can be open at its end. The judge's
part (judge.pas) comes before it; its names are random. Linking is left to a faster linker than the
compiler's own (link.sh)."""

from __future__ import annotations

import functools
import platform
import secrets
import shlex
import shutil
import subprocess
from pathlib import Path

from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared import compiled
from crosstune.languages._shared.native import gcc
from crosstune.languages._tools import Tool
from crosstune.languages.pascal import _calls, _source, _tests
from crosstune.records import Command

TOOL = Tool(
    name="fpc",
    package="fp-compiler fp-units-rtl fp-units-base fp-units-fcl binutils",
    purpose="compiling Pascal",
)
_JUDGE, _WIRE, _LINK = (
    Path(__file__).with_name(name).read_text("utf-8") for name in ("judge.pas", "wire.pas", "link.sh")
)
_LINKERS = {"mold": ("--no-fork", "--thread-count=1"), "gold": ()}
_PROGRAM, _CANDIDATE, _OUTPUT = "program.pas", "candidate.inc", "program"


def plan(task: JudgeTask) -> BuildPlan:
    name = f"crosstune_{secrets.token_hex(8)}"
    program = task.program
    candidate = _source.parts(f"{program.setup}\n{program.candidate}" if program.setup else program.candidate)
    return BuildPlan(
        files={_PROGRAM: _program(candidate, program.tests, name), _CANDIDATE: candidate.body},
        build=_build(emptied=(_PROGRAM, f"{_OUTPUT}.o")),
        run=gcc.run_command(task),
    )


def _program(candidate: _source.Parts, tests: str, name: str) -> str:
    parts = _source.parts(tests)
    modes = dict.fromkeys((*candidate.modes, *parts.modes))
    uses = {each.lower(): each for each in ("syscall", *candidate.uses, *parts.uses)}
    main = _tests.rewritten(parts.main or "", name, main=True)
    return "\n".join(
        [
            *modes,
            f"program {name};",
            f"uses {', '.join(uses.values())};",
            _JUDGE.replace("NAME", name),
            f"{{$I {_CANDIDATE}}}",
            _tests.rewritten(parts.body, name, main=False),
            "begin",
            f"{name}_begin;",
            f"{main.rstrip().removesuffix(';')};" if main.strip() else "",
            f"{name}_passed;",
            "end.",
        ]
    )


def plan_server(task: JudgeTask) -> BuildPlan:
    """Serve the functions of a candidate."""
    program = task.program
    candidate = _source.parts(f"{program.setup}\n{program.candidate}" if program.setup else program.candidate)
    uses = {each.lower(): each for each in ("SysUtils", *candidate.uses, "crosstune_wire")}
    text = "\n".join(
        [
            *candidate.modes,
            "program crosstune_server;",
            f"uses {', '.join(uses.values())};",
            f"{{$I {_CANDIDATE}}}",
            _calls.server(program),
            "begin",
            "crosstune_serve(@ct_call);",
            "end.",
        ]
    )
    files = {_PROGRAM: text, _CANDIDATE: candidate.body, "crosstune_wire.pas": _WIRE}
    run = gcc.run_command(task)
    return BuildPlan(files=files, build=_build("-Sh"), run=run)


def plan_whole_program(task: JudgeTask) -> BuildPlan:
    """Optimised, as contest judges compile."""
    run = gcc.run_command(task)
    text = "\n".join(filter(None, (task.program.setup, task.program.candidate)))
    return BuildPlan(
        files={_PROGRAM: f"{text}\n"},
        build=_build("-O2", "-Sh"),
        run=Command(limits=run.limits, argv=run.argv, environment=run.environment),
        outputs=(_OUTPUT,),
    )


@functools.cache
def _compiler() -> tuple[str, ...]:
    """The compiler behind the driver, with its folders of units: its settings in /etc are not seen.

    Raises:
        MissingTool: it is not installed.
    """
    done = subprocess.run((compiled.executable(TOOL), "-PB"), capture_output=True, text=True, check=True)
    path = Path(shutil.which(done.stdout.strip()) or done.stdout.strip()).resolve()
    (folder,) = Path(path.parent, "units").iterdir()  # that of the target
    usual = [Path(folder, each) for each in ("rtl", "rtl-objpas", "rtl-generics", "rtl-extra", "fcl-base")]
    return (str(path), "-n", *(f"-Fu{each}" for each in (*usual, f"{folder}/*")))


def _build(*flags: str, emptied: tuple[str, ...] = ()) -> Command:
    compile_ = shlex.join((*_compiler(), "-v0e", "-Sc", "-s", *flags, _PROGRAM, f"-o{_OUTPUT}"))
    link = f"{{ program={_OUTPUT} linker={shlex.quote(shlex.join(_linker()))}\n{_LINK}}} 1>&2"
    return gcc.build_command(" && ".join([f"{compile_} 1>&2", link, *(f": > {each}" for each in emptied)]))


@functools.cache
def _linker() -> tuple[str, ...]:
    """The fastest linker that is installed and that programs can see; empty: only the compiler's own."""
    found = ((shutil.which(name, path="/usr/bin:/usr/local/bin"), _LINKERS[name]) for name in _LINKERS)
    return next(((path, *options) for path, options in found if path), ())


def toolchain() -> str:
    """Everything installed that verdicts depend on."""
    target, version = (compiled.version(TOOL, word) for word in ("-iTP", "-iV"))
    linker = Path(*_linker()[:1]).name
    return f"Free Pascal {version} {target}; {linker}; {' '.join(platform.libc_ver())}"
