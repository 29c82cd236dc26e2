"""How whole programs in Python are run: in a new process of the interpreter that runs crosstune.

They see the standard library and NumPy, as tested programs do. A program that cannot be parsed is not run.
"""

from __future__ import annotations

import sys
from pathlib import Path

from crosstune.languages._language import MIB, BuildPlan, JudgeTask, WholePrograms
from crosstune.languages.python._judging import numpy_folders
from crosstune.records import Command

_FILE = "program.py"
_PARSE = f"compile(open({_FILE!r}, 'rb').read(), {_FILE!r}, 'exec', dont_inherit=True)"
# Without the packages of this interpreter; `site` is called for `exit` and `quit`.
_RUN = (
    "import site; site.setquit(); site.sethelper(); del site; "
    f"import sys; sys.argv[0] = {_FILE!r}; sys.path += PATHS; del sys; __file__ = {_FILE!r}; "
    f"exec({_PARSE})"
)

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


def _plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    interpreter = (str(Path(sys.executable).resolve()), "-I", "-S", "-B", "-c")
    paths = [str(Path(task.sandbox_path(path)).parent) for path in numpy_folders()[:1]]
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}

    def command(code: str) -> Command:
        argv = (*interpreter, code)
        return Command(limits=task.limits, argv=argv, environment=environment, reserve_bytes=64 * MIB)

    return BuildPlan(
        files={_FILE: "\n\n".join(filter(None, (program.setup, program.candidate)))},
        build=command(_PARSE),
        run=command((_END_WITH_3 if task.checker else "") + _RUN.replace("PATHS", repr(paths))),
        outputs=(_FILE,),
    )


WHOLE_PROGRAMS = WholePrograms(plan=_plan)
