"""How a file of tests is run by pytest itself: what it prints and its exit status are the result."""

from __future__ import annotations

from dataclasses import replace

from crosstune.errors import PrerequisiteError
from crosstune.languages._language import BuildPlan, JudgeTask, WholePrograms
from crosstune.languages.python import _packages as packages
from crosstune.languages.python._whole_program import command_of

_FILE = "test_program.py"
_PARSE = f"compile(open({_FILE!r}, 'rb').read(), {_FILE!r}, 'exec', dont_inherit=True)"
# Its header names the versions of packages whose metadata programs do not see.
_OPTIONS = ["-p", "no:cacheprovider", "--rootdir=.", "--no-header", _FILE]
_RUN = (
    "import sys; sys.path[:0] = ['.']; sys.path += PATHS; import pytest; "
    f"sys.exit(pytest.main({_OPTIONS} + sys.argv[1:]))"
)


def _plan(task: JudgeTask) -> BuildPlan:
    """
    Raises:
        PrerequisiteError: pytest is not installed.
    """
    if why := packages.missing("pytest", task.program.standard):
        raise PrerequisiteError(f"tests by pytest cannot be run without {why}")
    paths = packages.paths(task.sandbox_path, task.program.standard)
    run = command_of(task, _RUN.replace("PATHS", repr(paths)))
    return BuildPlan(
        files={_FILE: task.program.candidate},
        build=command_of(task, _PARSE),
        run=replace(run, limits=task.limits),
        outputs=(_FILE,),
    )


PYTEST = WholePrograms(plan=_plan)
