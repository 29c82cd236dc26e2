"""How OCaml programs are judged, with the native compiler.

Candidate and tests are one file, as people compile them. Between them is a line that a comment, a string or a
definition which the candidate leaves open makes a syntax error, and the operators that decide in tests are
what OCaml defines, whatever the candidate has made of them. The program's ``main`` is the judge's
(`started`): it reads the nonce before any module is initialised and reports it once the last module has been.
The tests' own ``exit 0`` is their end, too.

Defended: exiting before the tests have ended (``exit``, ``at_exit``, threads, signals); printed success;
operators, ``raise``, ``not``, ``compare`` and the modules that the candidate extends under their own names
(``module List = struct include List … end``), replaced; where the entry points are known, all values and
modules of the standard library that tests name; the text of the tests; starting the run time or the report
anew through ``external``.

Not defended: other values and modules of the standard library that the candidate replaces, where tests use
them and no entry points are known; types of its own in the place of ``bool`` only make the tests invalid;
``Obj.magic`` and externals with knowledge of how the nonce is masked."""

from __future__ import annotations

import functools
import re
import secrets
import shutil
import subprocess
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared import compiled, prepared_state
from crosstune.languages._shared.started import OBJECT, Start
from crosstune.languages._tools import Tool
from crosstune.languages.ocaml import _calls, _library
from crosstune.records import Program

_FOLDER = Path(__file__).parent
OCAML = Tool(name="ocamlopt", package="ocaml-nox", purpose="compiling OCaml")
OUNIT = Tool(
    name="OUnit",
    package="libounit-ocaml-dev ocaml-findlib",
    path="/usr/lib/ocaml/ounit2/META",
    purpose="tests with OUnit",
    required=False,
)
_WIRE = "crosstune_wire"
# It takes 12 ms less than GNU ld, and 3 less than mold, of 48 ms for a small program.
_GOLD = "gold"
_ENVIRONMENT = {"OUNIT_RUNNER": "sequential", "OUNIT_OUTPUT_FILE": "none"}
# A syntax error where a string, a quoted string or a comment is open, or a definition is not complete.
_BORDER = ';;let _ = "\\" |} \\\\"'
_OUNIT_RUN = """module OUnit2 = struct
  include OUnit2
  let run_test_tt_main ?exit suite =
    ignore exit; OUnit2.run_test_tt_main ~exit:(fun n -> if n <> 0 then failwith "a test failed") suite
end
"""


def plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    name = _start().exit_name()
    library = f"Crosstune_{secrets.token_hex(8)}"
    parts = (
        f"module {library} = Stdlib",
        *_candidate(program),
        _BORDER,
        *_library.restored(program, library),
        *_ended(program, library, name),
        *((_OUNIT_RUN,) if re.search(r"\bOUnit2\b", program.tests) else ()),
        '# 1 "tests.ml"',
        program.tests,
    )
    judge = task.sandbox_path(_start().folder() / OBJECT)
    return _plan(task, "\n".join(parts), (judge,))


def plan_server(task: JudgeTask) -> BuildPlan:
    """Serve the functions of a candidate."""
    text = "\n".join((*_candidate(task.program), _BORDER, _calls.server(task.program)))
    folder = task.sandbox_path(_wire())
    return _plan(task, text, ("-I", folder, f"{folder}/{_WIRE}.cmx"))


def plan_whole_program(task: JudgeTask) -> BuildPlan:
    program = task.program
    return _plan(task, f"{program.setup}\n{program.candidate}", ())


def _candidate(program: Program) -> tuple[str, ...]:
    return (
        '# 1 "candidate.ml"',
        f"{program.setup}\n{program.candidate}" if program.setup else program.candidate,
    )


def _ended(program: Program, library: str, name: str) -> tuple[str, ...]:
    """The name with which tests end themselves."""
    if not re.search(r"\bexit\b", program.tests):
        return ()
    exits = f"let exit status = {library}.do_at_exit (); {name} status"
    return (f'external {name} : int -> \'a = "{name}"', exits)


def _plan(task: JudgeTask, text: str, linked: tuple[str, ...]) -> BuildPlan:
    flags = ("-w", "-a", *(("-ccopt", f"-fuse-ld={_GOLD} -s") if _has_gold() else ()))
    argv = (compiled.executable(OCAML), *flags, *_libraries(text), *linked, "program.ml", "-o", "program")
    return compiled.plan(
        task,
        files={"program.ml": f"{text}\n"},
        build=[argv, ("/bin/rm", "program.ml", "program.cmi", "program.cmx", "program.o")],
        run=("/proc/self/cwd/program",),
        outputs=("program",),
        environment=_ENVIRONMENT,
    )


def _has_gold() -> bool:
    """Whether that linker, a part of GNU binutils, is installed where programs can see it."""
    return shutil.which(_GOLD, path="/usr/bin:/usr/local/bin") is not None


def _libraries(text: str) -> tuple[str, ...]:
    """The options for the libraries that a program names."""
    if re.search(r"\bOUnit", text) and OUNIT.installed:
        return _ounit_options()
    threads = re.search(r"\b(?:Thread|Mutex|Condition|Event)\.", text)
    needs_unix = threads or re.search(r"\bUnix\b", text)
    return (
        *(("-I", "+threads") if threads else ()),
        *(("unix.cmxa",) if needs_unix else ()),
        *(("threads.cmxa",) if threads else ()),
        *(("str.cmxa",) if re.search(r"\bStr\b", text) else ()),
    )


@functools.cache
def _ounit_options() -> tuple[str, ...]:
    return (
        *_found("query", "-r", "-i-format", "ounit2"),
        *_found("query", "-r", "-predicates", "native", "-a-format", "ounit2"),
    )


def _found(*words: str) -> tuple[str, ...]:
    argv = (shutil.which("ocamlfind") or "ocamlfind", *words)
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return tuple(done.stdout.split())


@functools.cache
def _where() -> str:
    argv = (compiled.executable(OCAML), "-where")
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


@functools.cache
def toolchain() -> str:
    """
    Raises:
        MissingTool: it is not installed.
    """
    return f"ocamlopt {compiled.version(OCAML, '-version')}{f'; {_GOLD}' if _has_gold() else ''}"


@functools.cache
def _start() -> Start:
    return Start("ocaml", _FOLDER / "start.c", ("-I", _where()), toolchain())


@functools.cache
def _wire() -> Path:
    """The folder with the compiled part of servers."""
    source = _FOLDER / f"{_WIRE}.ml"
    key = text_digest(f"{source.read_text('utf-8')}\0{toolchain()}")[:16]

    def make(target: Path) -> None:
        shutil.copy(source, target)
        prepared_state.command((compiled.executable(OCAML), "-w", "-a", "-c", f"{_WIRE}.ml"), target)

    return prepared_state.folder("ocaml", key, make)


def mounts() -> tuple[Path, ...]:
    return (_start().folder().parent,)
