"""Runs one Python program and its tests inside the sandbox, in a process forked for it.

Stands alone: it is loaded there by its file, with nothing else of crosstune.

The program's own code is only ever called from a list of functions written in C, which ends
with the report of the secret: no Python frame of ours lies below the program's, and the secret stands
in no name or attribute, only in that list, which is on the interpreter's stack. An audit hook
refuses what could look there: tracing, ``ctypes``, the garbage collector's lists of objects.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import errno
import functools
import importlib
import json
import linecache
import operator
import os
import runpy
import site
import sys
import traceback
import types
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

_CANDIDATE, _TESTS = "candidate.py", "tests.py"

# Modules whose functions tests compare with; what a candidate puts in their place is undone.
_JUDGES = "builtins math cmath random copy itertools functools collections re string"
_REFUSED = """
sys.settrace sys.setprofile sys.monitoring.register_callback sys._current_frames sys._current_exceptions
gc.get_objects gc.get_referrers gc.get_referents
"""

Steps = Iterable[Callable[[], object]]
Program = list[Any]
"""What the process does, last first: ``operator.call``, the steps to call, and how it ends."""


def prepare(settings: str) -> Callable[[list[str], int], Program]:
    """Import what most programs import, once.

    ``settings`` is JSON: ``paths`` to import from, ``modules`` to import, ``guard`` the file beside this.
    """
    wanted = json.loads(settings)
    sys.path += wanted["paths"]
    # A process that is to be forked may have no threads, and NumPy's library makes one for every core.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    for name in wanted["modules"]:
        with contextlib.suppress(ImportError):  # the same import fails, or not, in the program
            importlib.import_module(name)
    intact = {name: dict(vars(importlib.import_module(name))) for name in _JUDGES.split()}
    guarded = runpy.run_path(wanted["guard"])["prepare"]()
    site.setquit()

    def main(briefs: list[str], report: int) -> Program:
        parts = json.loads(briefs.pop())
        space = _become_program()
        end = functools.partial(_end, report, os.write, os._exit)
        try:
            steps = _steps(parts, space, intact, guarded)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as fault:
            end(fault)
        evidence = functools.partial(os.write, report, b"passed " + parts["secret"].encode())
        return [end, [*steps, evidence], operator.call]

    return main


def _become_program() -> dict[str, Any]:
    """Make this the process of a new program; the name space of its main module."""
    program = types.ModuleType("__main__")
    program.__dict__["__builtins__"] = builtins
    sys.modules["__main__"] = program
    for name in [name for name in sys.modules if name.partition(".")[0] == "_inside"]:
        del sys.modules[name]
    sys.argv = ["program.py"]
    if random := sys.modules.get("numpy.random"):
        random.seed()  # or every program would draw the same numbers; Python's own generator sees to it
    sys.addaudithook(_refuse)
    return program.__dict__


def _refuse(
    event: str, _arguments: tuple[object, ...], refused: frozenset[str] = frozenset(_REFUSED.split())
) -> None:
    if event in refused or event.startswith("ctypes."):
        raise PermissionError(f"{event} is not allowed here")


def _steps(
    parts: dict[str, str],
    space: dict[str, Any],
    intact: dict[str, dict[str, Any]],
    guarded: Callable[[ast.Module], dict[str, Any]],
) -> Steps:
    """The candidate, the undoing of what it put in the place of built-in functions, the tests."""
    candidate = _compiled(parts["candidate"], parts["candidate"], _CANDIDATE)
    tree = ast.parse(parts["tests"], _TESTS)
    ours = guarded(tree)
    tests = _compiled(tree, parts["tests"], _TESTS)
    return [
        functools.partial(exec, candidate, space),
        *(functools.partial(vars(sys.modules[key]).update, content) for key, content in intact.items()),
        functools.partial(space.update, ours),
        functools.partial(exec, tests, space),
    ]


def _compiled(tree: Any, source: str, name: str) -> types.CodeType:
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    code: types.CodeType = compile(tree, name, "exec", dont_inherit=True)
    return code


def _end(
    report: int,
    write: Callable[[int, bytes], int],
    leave: Callable[[int], NoReturn],
    fault: BaseException | None,
) -> NoReturn:
    """Tell how it failed, if it did, and end past all that waits for the interpreter's end."""
    if fault is not None:
        write(report, b"failed " + _label(fault).encode())
        with contextlib.suppress(BaseException):
            sys.stderr.write("".join(traceback.format_exception(fault, limit=-20)))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    leave(0 if fault is None else 1)


def _label(fault: BaseException) -> str:
    place = _place(fault)
    if not place:
        return "compile_error"
    if isinstance(fault, SystemExit):
        return "incomplete"
    if isinstance(fault, AssertionError) and not place.endswith(_CANDIDATE):
        return "wrong_answer"
    return _shortage(fault) or "runtime_error"


def _shortage(fault: BaseException) -> str:
    """What it ran short of, if it did."""
    if isinstance(fault, MemoryError):
        return "memory_limit"
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EFBIG):
        return "disk_limit"
    if isinstance(fault, BlockingIOError) or "can't start new thread" in str(fault):
        return "process_limit"
    return ""


def _place(fault: BaseException) -> str:
    """The file in which it was raised; empty when the program had not yet begun to run."""
    trace, places = fault.__traceback__, []
    while trace:
        places.append(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    return places[-1] if {_CANDIDATE, _TESTS} & set(places) else ""
