"""How whole programs in Python are run: in a new process of the interpreter that runs crosstune.

They see the standard library and the packages that tested programs see. A program that cannot be parsed is
not run. A setup is run first, in the same module.
"""

from __future__ import annotations

import sys
from pathlib import Path

from crosstune.languages._language import BuildPlan, JudgeTask, WholePrograms
from crosstune.languages._shared.limits import MAX_STACK_BYTES
from crosstune.languages.python import _packages as packages
from crosstune.records import Command

_FILE, _SETUP = "program.py", "setup.py"
_PARSE = f"compile(open({_FILE!r}, 'rb').read(), {_FILE!r}, 'exec', dont_inherit=True)"
# Without the packages of this interpreter; `site` is called for `exit` and `quit`.
_START = (
    "import site; site.setquit(); site.sethelper(); del site; "
    f"import sys; sys.argv[0] = {_FILE!r}; sys.path += PATHS; del sys; __file__ = {_FILE!r}; "
)
_RUN = f"{_START}exec({_PARSE})"
# Deep recursion is usual in contests. Only the soft limit: programs may raise it themselves.
_STACK = (
    "import resource; _hard = resource.getrlimit(resource.RLIMIT_STACK)[1]; "
    f"_most = {MAX_STACK_BYTES} if _hard < 0 else min({MAX_STACK_BYTES}, _hard); "
    "resource.setrlimit(resource.RLIMIT_STACK, (_most, _hard)); del resource, _hard, _most\n"
)

# A setup is compiled apart, so that both may begin with `__future__` imports.
_ASSEMBLE = f"""
def _read(name):
    with open(name, encoding="utf-8", newline="") as file:
        return file.read()
_scope = {{"__name__": "assembly"}}
exec(_read(ASSEMBLY), _scope)
_codes = _scope["compiled"](_read({_SETUP!r}), _read({_FILE!r}), {_FILE!r}, imported=False)
del _read, _scope
"""
_RUN_BOTH = "while _codes: exec(_codes.pop(0))\n"

# The usual status after an exception, 1, would be a checker's decision.
_END_WITH_3 = """\
def _hooked(shown):
    import os, sys
    def hook(*error):
        shown(*error)
        sys.stderr.flush()
        os._exit(3)
    sys.excepthook = hook
_hooked(__import__("sys").excepthook)
del _hooked
"""


def command_of(task: JudgeTask, code: str) -> Command:
    """Run ``code`` by the interpreter; it has to add the folders of packages to `sys.path`."""
    argv = (str(Path(sys.executable).resolve()), *packages.FLAGS, "-c", code)
    environment = {**packages.ENVIRONMENT, "OPENBLAS_NUM_THREADS": "1"}
    return Command(limits=task.limits, argv=argv, environment=environment)


def _plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    files, parse, run = {_FILE: program.candidate}, _PARSE, _RUN
    if program.setup:
        files[_SETUP] = program.setup
        parse = _ASSEMBLE.replace("ASSEMBLY", repr(task.sandbox_path(packages.ASSEMBLY)))
        run = f"{_START}\n{parse}{_RUN_BOTH}"
    paths = packages.paths(task.sandbox_path, program.standard)
    start = (_END_WITH_3 if task.checker else "") + ("" if task.limits.stack_bytes else _STACK)
    return BuildPlan(
        files=files,
        build=command_of(task, parse),
        run=command_of(task, _own_modules(task) + start + run.replace("PATHS", repr(paths))),
        outputs=tuple(files),
    )


def _own_modules(task: JudgeTask) -> str:
    """A client's modules are imported from the working folder, as a script's neighbours are."""
    return "import sys; sys.path[:0] = ['.']; del sys\n" if task.has_files else ""


WHOLE_PROGRAMS = WholePrograms(plan=_plan)
