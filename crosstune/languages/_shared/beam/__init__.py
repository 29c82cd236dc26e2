"""What Erlang and Elixir have in common: one virtual machine, in which judge.erl runs candidate and tests.

Each program has a machine of its own, started without the scripts around it, with one scheduler and the
compiled judge. The payload comes through a pipe, so that it cannot be read again."""

from __future__ import annotations

import functools
import shlex
import shutil
import subprocess
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.files import text_digest
from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.limits import ENVIRONMENT
from crosstune.languages._shared.scripts.interpreter import payload
from crosstune.languages._tools import Tool
from crosstune.records import Command

ERL = Tool(name="erl", package="erlang-base erlang-dev", purpose="running Erlang's virtual machine")
EUNIT = Tool(
    name="eunit",
    package="erlang-eunit",
    path="/usr/lib/erlang/lib/eunit-*",
    purpose="tests that include eunit",
    required=False,
)
ELIXIR_LIBRARIES = Path("/usr/lib/elixir/lib")
_SOURCES = tuple(Path(__file__).with_name(f"{name}.erl") for name in ("judge", "server"))
_MACHINE = ("+S", "1:1", "+SDcpu", "1:1", "+SDio", "1", "+A", "1", "+sbwt", "none", "+Bd")
_PIPED = "cat <&3 | { exec 3<&0 </dev/null; exec %s; }"
CRASH_STATUSES = tuple(range(129, 160))
"""Those of the shell whose program a signal has ended."""
OUT_OF_MEMORY_MESSAGES = ("Cannot allocate", "eheap_alloc")


def program(task: JudgeTask, language: str, candidate: str, tests: str) -> BuildPlan:
    """Run the tests of a program."""
    text = payload(task.nonce, candidate, tests)
    return BuildPlan(run=_command(task, "judge", language, text))


def server(task: JudgeTask, language: str, candidate: str, specs: str) -> BuildPlan:
    """Serve the functions of a candidate, of which ``specs`` are the types, as Erlang writes them."""
    return BuildPlan(run=_command(task, "serve", language, payload(candidate, specs)))


def whole_program(task: JudgeTask, language: str, source: str) -> BuildPlan:
    """Check a program, then run it with its arguments."""
    name = {"erlang": "program.erl", "elixir": "program.exs"}[language]
    return BuildPlan(
        files={name: source},
        build=_command(task, "check", language, payload(name), piped=False),
        run=_command(task, "whole", language, payload(name), piped=False),
        outputs=(name,),
    )


def _command(task: JudgeTask, what: str, language: str, text: str, *, piped: bool = True) -> Command:
    root = _root()
    folders = [task.sandbox_path(_prepared())]
    if language == "elixir":
        folders += [f"{ELIXIR_LIBRARIES}/{each}/ebin" for each in ("elixir", "ex_unit", "logger", "eex")]
    words = (
        str(_machine(root)),
        *(*_MACHINE, "-noshell", "-boot", "no_dot_erlang", "-pa", *folders),
        *("-s", "crosstune_server" if what == "serve" else "crosstune_judge", what, language),
        *(() if piped else ("-extra",)),
    )
    argv = ("/bin/sh", "-c", _PIPED % shlex.join(words)) if piped else words
    environment = {
        **ENVIRONMENT,
        "ROOTDIR": str(root),
        "BINDIR": str(_machine(root).parent),
        "EMU": "beam",
        "PROGNAME": "erl",
        "ERL_CRASH_DUMP_BYTES": "0",
    }
    return Command(limits=task.limits, argv=argv, payload=text if piped else "", environment=environment)


def toolchain() -> str:
    """The versions of the machine and its libraries.

    Raises:
        MissingTool: it is not installed.
    """
    versions = sorted(each.name for each in Path(_root(), "lib").iterdir() if "-" in each.name)
    kept = ("compiler-", "erts-", "kernel-", "stdlib-")
    return f"Erlang {' '.join(each for each in versions if each.startswith(kept))}; {_prepared().name}"


def mounts() -> tuple[Path, ...]:
    return (_prepared(),)


@functools.cache
def _root() -> Path:
    found = shutil.which(ERL.name)
    if not found:
        raise MissingTool(ERL.name, ERL.purpose, ERL.install)
    return Path(found).resolve().parent.parent


def _machine(root: Path) -> Path:
    return max(root.glob("erts-*")) / "bin" / "erlexec"


@functools.cache
def _prepared() -> Path:
    """The folder of the compiled judge."""
    texts = "\0".join(source.read_text("utf-8") for source in _SOURCES)
    key = text_digest(f"{texts} {_machine(_root())}")[:16]
    return prepared_state.folder("beam", key, _compile)


def _compile(folder: Path) -> None:
    home = ("/usr/bin/env", f"HOME={folder}")  # erlc does not start without one
    for source in _SOURCES:
        copy = folder / f"crosstune_{source.name}"
        shutil.copyfile(source, copy)
        prepared_state.command((*home, "erlc", "-o", str(folder), str(copy)), folder)


def version(tool: Tool, *words: str) -> str:
    """The last line that a tool prints with these words."""
    done = subprocess.run((tool.name, *words), capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]
