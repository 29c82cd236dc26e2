"""How pages are judged: parsed as browsers do, and compared by tests written in Python.

A page is data. Nothing of it runs, not even its scripts, so it cannot look at the tests or reach the report;
what it can do is to be large or deeply nested, which the sandbox limits.

The tests are assertions on the parsed document: `_runner.names_of` lists the names that they use. Elements
are Beautiful Soup's.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path

from crosstune.languages._language import MIB, BuildPlan, JudgeTask, Judging, SandboxPath
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.records import Command, Program, Requirement

_RUNNER = Path(__file__).with_name("_runner.py")
_PACKAGES = {
    "beautifulsoup4": "bs4",
    "html5lib": "html5lib",
    "soupsieve": "soupsieve",
    "webencodings": "webencodings",
    "six": "six",
    "typing_extensions": "typing_extensions",
}
_LIMITS = dataclasses.replace(RUN_LIMITS, processes=4, disk_bytes=16 * MIB)
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8"}


@functools.cache
def _folders() -> tuple[Path, ...]:
    """The folder or file of each package that is installed."""
    found = []
    for module in _PACKAGES.values():
        spec = importlib.util.find_spec(module)
        if spec and spec.origin:
            file = Path(spec.origin)
            found.append(file.parent if file.name == "__init__.py" else file)
    return tuple(found)


def _preload_settings(sandbox_path: SandboxPath) -> str:
    paths = (str(Path(sandbox_path(folder)).parent) for folder in _folders())
    return json.dumps({"paths": list(dict.fromkeys(paths))})


def _plan(task: JudgeTask) -> BuildPlan:
    program = task.program
    page = f"{program.setup}{program.candidate}"
    payload = f"{task.nonce}{len(page)}\n{page}{program.tests}"
    return BuildPlan(run=Command(limits=task.limits, payload=payload, environment=_ENVIRONMENT))


def _toolchain() -> str:
    versions = (f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    return f"{sys.implementation.name} {sys.version}; {', '.join(versions)}"


def _requirements() -> tuple[Requirement, ...]:
    missing = [name for name, module in _PACKAGES.items() if importlib.util.find_spec(module) is None]
    how = f"{sys.executable} -m pip install {' '.join(missing)}" if missing else ""
    return (Requirement("html5lib and Beautiful Soup, which parse pages", not missing, how),)


def _tests_error(program: Program) -> str:
    """Why the tests cannot judge any page; empty if they can."""
    try:
        tree = ast.parse(program.tests, "tests.py")
    except (SyntaxError, ValueError) as error:
        return f"the tests do not parse: {error}"
    checks = any(isinstance(node, (ast.Assert, ast.Raise)) for node in ast.walk(tree))
    return "" if checks else "the tests check nothing: there is no assertion in them"


JUDGING = Judging(
    version=1,
    smoke_test=("<p>right</p>", "assert text(one('p')) == 'right'\n"),
    limits=_LIMITS,
    plan=_plan,
    toolchain=_toolchain,
    mounts=_folders,
    preload=_RUNNER,
    preload_settings=_preload_settings,
    out_of_memory_messages=("MemoryError",),
    requirements=_requirements,
    check_tests=_tests_error,
    inert=True,
)
