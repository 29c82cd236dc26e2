"""How Haskell programs are judged, with GHC.

Candidate and tests are one module, as people compile them; the imports of the tests are put behind the head
of the module, and the candidate's own ``main`` gets another name. The program's C ``main`` is the judge's
(`started`): it reads the nonce before the run time starts, lets ``CrosstuneRun`` run the tests' ``main``, and
reports the nonce once that has returned. An error that nothing catches fails. HUnit and QuickCheck are
replaced by modules whose ``runTestTT`` and ``quickCheck`` fail the program. Programs are linked with the
shared libraries, which takes half of the time.

Defended: exiting before the tests have ended (``exitSuccess``, foreign functions, threads, signals); printed
success; what decides in tests (``==``, ``error``, ``when``, …) hidden and defined anew; instances of ``Eq``
that overlap with the standard ones; extensions with which code runs in the compiler or that change what the
tests mean (``CPP``, ``RebindableSyntax``, ``TemplateHaskell``), and options of the compiler, which are left
out.

Not defended: types of its own whose ``==`` says yes, where neither the tests nor the declaration have the
function's type; foreign functions with knowledge of how the nonce is masked."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._language import BuildPlan, JudgeTask
from crosstune.languages._shared import compiled, prepared_state
from crosstune.languages._shared.started import OBJECT, Start
from crosstune.languages._tools import Tool
from crosstune.languages.haskell import _calls, _source
from crosstune.records import Program

_FOLDER = Path(__file__).parent
_PACKAGES = "libghc-hunit-dev libghc-quickcheck2-dev libghc-split-dev libghc-vector-dev libghc-random-dev"
GHC = Tool(name="ghc", package="ghc", purpose="compiling Haskell")
LIBRARIES = Tool(
    name="libraries",
    package=_PACKAGES,
    path="/var/lib/ghc/package.conf.d/HUnit-*.conf",
    purpose="HUnit, QuickCheck, split, vector and random",
    required=False,
)
_RUN, _WIRE, _TESTS = "CrosstuneRun", "CrosstuneWire", "tests_packages"
_FLAGS = ("-O0", "-dynamic", "-w", "-v0", "-package-env", "-")
_DATABASE = Path("/var/lib/ghc/package.conf.d")
_TEST_MODULE = re.compile(r"\bTest\.(?:HUnit|QuickCheck)\b(?!\.)")


def plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    code = _code(program)
    if why := _source.refused(code, program.entry_points):
        return _refused(task, why)
    imports, tests = _source.split_imports(program.tests)
    tests, ending = _with_exits(tests, _start().exit_name())
    own = _source.without_main(code) if re.search(r"^main\b", tests, re.MULTILINE) else code
    text = f'{_source.with_imports(own, imports)}\n{ending}\n{{-# LINE 1 "tests.hs" #-}}\n{tests}\n'
    judge, started = task.sandbox_path(_start().folder() / OBJECT), task.sandbox_path(_made())
    searched = (f"-i{started}/{_TESTS}",) if _TEST_MODULE.search(text) else ()
    return _plan(task, text, (*searched, "-no-hs-main", judge, f"{started}/{_RUN}.o"))


def plan_server(task: JudgeTask) -> BuildPlan:
    """Serve the functions of a candidate."""
    code = _source.without_main(_code(task.program))
    if why := _source.refused(code, task.program.entry_points):
        return _refused(task, why)
    folder = task.sandbox_path(_made())
    own = _source.with_imports(code, f"import qualified {_WIRE}")
    return _plan(task, f"{own}\n{_calls.server(task.program)}\n", (f"-i{folder}",))


def plan_whole_program(task: JudgeTask) -> BuildPlan:
    return _plan(task, f"{_code(task.program)}\n", ("-O1",), checker=task.checker)


def _code(program: Program) -> str:
    return _source.without_options("\n".join(filter(None, (program.setup, program.candidate))))


def _with_exits(tests: str, name: str) -> tuple[str, str]:
    """The tests, whose own exit is their end, and what declares that."""
    changed = re.sub(r"\bexitWith\s+ExitSuccess\b|\bexitSuccess\b", f"({name} 0 >> undefined)", tests)
    changed = re.sub(r"\bexitFailure\b", f"({name} 1 >> undefined)", changed)
    if changed == tests:
        return tests, ""
    return changed, f'foreign import ccall "{name}" {name} :: Int -> IO ()'


def _refused(task: JudgeTask, why: str) -> BuildPlan:
    return compiled.plan(
        task,
        files={"why.txt": f"{why}\n"},
        build=[("/bin/cat", "why.txt"), ("/bin/false",)],
        run=("/bin/false",),
        outputs=(),
    )


def _plan(task: JudgeTask, text: str, words: tuple[str, ...], *, checker: bool = False) -> BuildPlan:
    argv = (compiled.executable(GHC), *_FLAGS, *words, "Main.hs", "-o", "program")
    run = ("/proc/self/cwd/program",)
    return compiled.plan(
        task,
        files={"Main.hs": text},
        build=[argv, ("/bin/rm", "-f", "Main.hs", "Main.hi", "Main.o")],
        run=("/bin/sh", "-c", _AS_A_CHECKER, "sh", *run) if checker else run,
        outputs=("program",),
        environment={"GHC_PACKAGE_PATH": task.sandbox_path(_DATABASE)},
    )


# A program that crashes ends with status 1, which is a checker's decision only where it ended by itself.
_AS_A_CHECKER = """
"$@" 2> stderr.txt; status=$?
cat stderr.txt >&2
if test -s stderr.txt && test $status = 1; then exit 3; fi
exit $status
"""


@functools.cache
def toolchain() -> str:
    """
    Raises:
        MissingTool: it is not installed.
    """
    libraries = sorted(each.stem for each in _DATABASE.glob("*.conf"))
    return f"ghc {compiled.version(GHC, '--numeric-version')} {text_digest(' '.join(libraries))[:8]}"


@functools.cache
def _include() -> str:
    argv = (compiled.executable(GHC), "--print-libdir")
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return f"{done.stdout.strip()}/include"


@functools.cache
def _start() -> Start:
    called = ("crosstune_haskell_failed",)
    return Start("haskell", _FOLDER / "start.c", ("-I", _include()), toolchain(), called)


@functools.cache
def _made() -> Path:
    """The folder with the judge's own modules, compiled."""
    sources = sorted(_FOLDER.rglob("*.hs"))
    key = text_digest("\0".join((*(each.read_text("utf-8") for each in sources), *_FLAGS, toolchain())))[:16]
    return prepared_state.folder("haskell", key, _make)


def _make(target: Path) -> None:
    ghc = compiled.executable(GHC)
    for name in (_RUN, _WIRE):
        shutil.copy(_FOLDER / f"{name}.hs", target)
        prepared_state.command((ghc, *_FLAGS, "-c", f"{name}.hs"), target)
    shutil.copytree(_FOLDER / _TESTS, target / _TESTS)
    if LIBRARIES.installed:
        modules = [str(each.relative_to(target / _TESTS)) for each in (target / _TESTS).rglob("*.hs")]
        prepared_state.command((ghc, *_FLAGS, "--make", *modules), target / _TESTS)


def mounts() -> tuple[Path, ...]:
    return (_made().parent, _DATABASE)
