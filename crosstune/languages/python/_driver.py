"""Runs one Python program and its tests inside the sandbox, in a process forked for it.

Stands alone: it is loaded there by its file, with nothing else of crosstune.

The program's own code is only ever called from a list of functions written in C, which ends
with the report of the secret: no Python frame of ours lies below the program's, and the secret stands
in no name or attribute, only in that list, which is on the interpreter's stack, and in pieces. An audit hook
refuses what could look there: tracing, ``ctypes``, the garbage collector's lists of objects.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import errno
import functools
import importlib
import inspect
import json
import linecache
import logging
import operator
import os
import random
import re
import runpy
import site
import sys
import traceback
import types
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

_CANDIDATE, _TESTS = "candidate.py", "tests.py"

# Modules whose functions tests compare with; what a candidate puts in their place is undone.
_JUDGES = "builtins math cmath random copy itertools functools collections operator re string"
# Where the tests do not seem to use it, it is left alone: it has very many names.
_LARGE, _LARGE_SIGN = "numpy", re.compile(r"\b(np|numpy)\b")
_REFUSED = """
sys.settrace sys.setprofile sys.monitoring.register_callback sys._current_frames sys._current_exceptions
gc.get_objects gc.get_referrers gc.get_referents
"""

# Who may read the code of the tests: what tells where a program is, and this file.
_READERS = tuple(f"file {module.__file__!r}" for module in (inspect, logging, traceback))
_THIS = f"file {__file__!r}"
_CODE = "f_code __code__ gi_code cr_code ag_code"

_SECRET_BYTES = 32
_CHARACTERS = [bytes([number]) for number in range(256)]

# What is done for a program is done beforehand until the interpreter has specialised the code for it: each
# change that it makes in a forked process costs a page.
_REHEARSALS = 20
_TRIAL = """
from typing import List
def trial(values: List[int], *, more=None) -> List[int]:
    '''Twice each.'''
    return [value * 2 for value in values if value is not more]
"""
_TRIAL_TESTS = """
def check(trial):
    assert trial([1, 2]) == [2, 4] and not trial([]), "text"
    assert abs(trial([1])[0] - 2) < 1e-6
    try:
        assert tuple(trial([3])) in ((6,), {})
    except ValueError:
        pass
check(trial)
"""

Steps = Iterable[Callable[[], object]]
Program = list[Any]
"""What the process does, last first: ``operator.call``, the steps to call, and how it ends."""


def prepare(settings: str) -> tuple[Callable[[], None], Callable[[int, int], Program]]:
    """Import what most programs import, once; what then is done before each program's process, and in it.

    What can be done before is: each page of memory that a forked process changes costs it as much as a
    thousand steps of a program.

    ``settings`` is JSON: ``paths`` to import from, ``modules`` to import, ``guard`` the file beside this.
    """
    wanted = json.loads(settings)
    sys.path += wanted["paths"]
    # A process that is to be forked may have no threads, and NumPy's library makes one for every core.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    for name in wanted["modules"]:
        with contextlib.suppress(ImportError):  # the same import fails, or not, in the program
            importlib.import_module(name)
    judges = [*_JUDGES.split(), *({_LARGE} & sys.modules.keys())]
    intact = {name: dict(vars(importlib.import_module(name))) for name in judges}
    guarded = runpy.run_path(wanted["guard"])["prepare"]()
    site.setquit()
    for _ in range(_REHEARSALS):
        deque(map(operator.call, _steps(_TRIAL, _TRIAL_TESTS, {}, intact, guarded)), 0)
    linecache.clearcache()
    program = types.ModuleType("__main__")
    program.__dict__["__builtins__"] = builtins
    space = program.__dict__

    def renew() -> None:
        if sys.modules["__main__"] is not program:
            _become_program(program)
        random.seed()  # or all programs would draw the same numbers
        if numpys := sys.modules.get("numpy.random"):
            numpys.seed()

    def main(payload: int, report: int) -> Program:
        evidence = functools.partial(os.writev, report, _evidence(payload))
        candidate, tests = _parts(payload)
        end = functools.partial(_end, report, os.write, os._exit, tests)
        try:
            steps = _steps(candidate, tests, space, intact, guarded)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as fault:
            end(fault)
        return [end, [*steps, evidence], operator.call]

    return renew, main


def _evidence(payload: int) -> list[bytes]:
    """What is to be reported, in pieces of one character, of which there is one object each: nowhere in
    memory does the secret, with which the brief begins, stand as a text."""
    nonce = bytearray(_SECRET_BYTES)
    os.readv(payload, [nonce])
    pieces = list(map(_CHARACTERS.__getitem__, (*b"passed ", *nonce)))
    nonce[:] = bytes(_SECRET_BYTES)
    return pieces


def _parts(payload: int) -> tuple[str, str]:
    """The candidate and the tests: after the secret stands the candidate's length on a line."""
    parts = []
    while part := os.read(payload, 1 << 16):
        parts.append(part)
    os.close(payload)
    size, _, texts = b"".join(parts).decode("utf-8", "surrogatepass").partition("\n")
    return texts[: int(size)], texts[int(size) :]


def _become_program(program: types.ModuleType) -> None:
    """Make this the process of a program, ``program`` its main module."""
    sys.modules["__main__"] = program
    for name in [name for name in sys.modules if name.partition(".")[0] == "_inside"]:
        del sys.modules[name]
    sys.argv = ["program.py"]
    hook = types.FunctionType(_refuse.__code__, {})
    hook.__kwdefaults__ = _refuse.__kwdefaults__
    sys.addaudithook(hook)


def _refuse(
    event: str,
    arguments: tuple[Any, ...],
    *,
    refused: frozenset[str] = frozenset(_REFUSED.split()),
    error: type[Exception] = PermissionError,
    caller: Callable[[int], types.FrameType] = sys._getframe,  # noqa: SLF001 - there is no other
    code: frozenset[str] = frozenset(_CODE.split()),
    read: Callable[[object, str], object] = getattr,
    readers: tuple[str, ...] = (*_READERS, _THIS),
    show: Callable[[object], str] = repr,
    tests: str = f'file "{_TESTS}"',
) -> None:
    """The audit hook. All that it uses is bound beforehand: where it raises, the candidate sees its frame."""
    if event in refused or event.startswith("ctypes."):
        raise error(f"{event} is not allowed here")
    if event == "object.__getattr__" and arguments[1] in code:
        asked_by = show(caller(1))
        for reader in readers:
            if reader in asked_by:
                return
        if tests in show(read(*arguments)):
            raise error("the code of the tests tells what they expect")


def _steps(
    candidate: str,
    tests: str,
    space: dict[str, Any],
    intact: dict[str, dict[str, Any]],
    guarded: Callable[[ast.Module], dict[str, Any]],
) -> Steps:
    """The candidate, the undoing of what it put in the place of built-in functions, the tests."""
    _show_text(_CANDIDATE, candidate)
    program = compile(candidate, _CANDIDATE, "exec", dont_inherit=True)
    tree = ast.parse(tests, _TESTS)
    ours = guarded(tree)
    judge = compile(tree, _TESTS, "exec", dont_inherit=True)
    judges = {key: sys.modules[key] for key in intact if key != _LARGE or _LARGE_SIGN.search(tests)}
    return [
        functools.partial(exec, program, space),
        functools.partial(sys.modules.update, judges),
        *(functools.partial(vars(module).update, intact[key]) for key, module in judges.items()),
        functools.partial(space.update, ours),
        functools.partial(exec, judge, space),
    ]


def _show_text(name: str, source: str) -> None:
    """Let tracebacks show lines of it."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)


def _end(
    report: int,
    write: Callable[[int, bytes], int],
    leave: Callable[[int], NoReturn],
    tests: str,
    fault: BaseException | None,
) -> NoReturn:
    """Tell how it failed, if it did, and end past all that waits for the interpreter's end."""
    if fault is not None:
        write(report, b"failed " + _label(fault).encode())
        with contextlib.suppress(BaseException):
            _show_text(_TESTS, tests)  # only now: a line tells what it expects
            sys.stderr.write("".join(traceback.format_exception(fault, limit=-20)))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    leave(0 if fault is None else 1)


def _label(
    fault: BaseException,
    left: type[SystemExit] = SystemExit,
    failed: type[AssertionError] = AssertionError,
) -> str:
    """Its defaults are what the names meant before a candidate could give them to something else."""
    place = _place(fault)
    if not place:
        return "compile_error"
    if isinstance(fault, left):
        return "incomplete"
    if isinstance(fault, failed) and not place.endswith(_CANDIDATE):
        return "wrong_answer"
    return _shortage(fault) or "runtime_error"


def _shortage(
    fault: BaseException,
    memory: type[MemoryError] = MemoryError,
    system: type[OSError] = OSError,
    blocked: type[BlockingIOError] = BlockingIOError,
) -> str:
    """What it ran short of, if it did."""
    if isinstance(fault, memory):
        return "memory_limit"
    if isinstance(fault, system) and fault.errno in (errno.ENOSPC, errno.EFBIG):
        return "disk_limit"
    if isinstance(fault, blocked) or "can't start new thread" in str(fault):
        return "process_limit"
    return ""


def _place(fault: BaseException) -> str:
    """The file in which it was raised; empty when the program had not yet begun to run."""
    trace, places = fault.__traceback__, []
    while trace:
        places.append(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    return places[-1] if {_CANDIDATE, _TESTS} & set(places) else ""
