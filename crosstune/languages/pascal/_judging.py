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
from collections.abc import Mapping
from pathlib import Path

from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared import compiled
from crosstune.languages._shared.native import gcc
from crosstune.languages.pascal import _calls, _source, _tests, _unit_answers, _units
from crosstune.records import Command, Program

_JUDGE, _WIRE, _LINK = (
    Path(__file__).with_name(name).read_text("utf-8") for name in ("judge.pas", "wire.pas", "link.sh")
)
# The order was measured with programs of one to fifteen units.
_LINKERS = {"gold": ("-s", "--no-mmap-output-file"), "mold": ("-s", "--no-fork", "--thread-count=1")}
_PROGRAM, _CANDIDATE, _OUTPUT = "program.pas", "candidate.inc", "program"


def plan(task: JudgeTask) -> BuildPlan:
    name = f"crosstune_{secrets.token_hex(8)}"
    program = task.program
    candidate = _candidate(program)
    files = {_PROGRAM: _program(candidate, program.tests, name), _CANDIDATE: candidate.body}
    build = _build(task, files, emptied=(_PROGRAM, f"{_OUTPUT}.o"))
    return BuildPlan(files=files, build=build, run=gcc.run_command(task))


def _candidate(program: Program) -> _source.Parts:
    text = _unit_answers.as_program(program.candidate)
    return _source.parts(f"{program.setup}\n{text}" if program.setup else text)


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
    candidate = _candidate(program)
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
    return BuildPlan(files=files, build=_build(task, files, "-Sh"), run=run)


def plan_whole_program(task: JudgeTask) -> BuildPlan:
    """Optimised, as contest judges compile."""
    run = gcc.run_command(task)
    text = "\n".join(filter(None, (task.program.setup, task.program.candidate)))
    files = {_PROGRAM: f"{text}\n"}
    return BuildPlan(
        files=files,
        build=_build(task, files, "-O2", "-Sh"),
        run=Command(limits=run.limits, argv=run.argv, environment=run.environment),
        outputs=(_OUTPUT,),
    )


def _build(task: JudgeTask, files: Mapping[str, str], *flags: str, emptied: tuple[str, ...] = ()) -> Command:
    units = _units.options("\n".join(files.values()), task.sandbox_path)
    words = (str(_units.compiler()), "-n", *units, "-v0e", "-Sc", "-s", *flags, _PROGRAM, f"-o{_OUTPUT}")
    link = f"{{ program={_OUTPUT} linker={shlex.quote(shlex.join(_linker()))}\n{_LINK}}} 1>&2"
    steps = [f"{shlex.join(words)} 1>&2", link, *(f": > {each}" for each in emptied)]
    return gcc.build_command(" && ".join(steps))


@functools.cache
def _linker() -> tuple[str, ...]:
    """The fastest linker that is installed and that programs can see; empty: only the compiler's own."""
    found = ((shutil.which(name, path="/usr/bin:/usr/local/bin"), _LINKERS[name]) for name in _LINKERS)
    return next(((path, *options) for path, options in found if path), ())


def toolchain() -> str:
    """Everything installed that verdicts depend on."""
    target, version = (compiled.version(_units.TOOL, word) for word in ("-iTP", "-iV"))
    linker = Path(*_linker()[:1]).name
    return f"Free Pascal {version} {target}; {linker}; {' '.join(platform.libc_ver())}"


def mounts() -> tuple[Path, ...]:
    """The units, whose folder programs read."""
    return (_units.prepared(),)
