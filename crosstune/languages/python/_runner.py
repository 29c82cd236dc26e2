"""Runs one Python program and its tests inside the sandbox, in a process forked for it.

The sandbox loads this file by its path, without the rest of crosstune.

The program's code is only called from a list of functions written in C, whose last one reports the nonce.
So no Python frame of crosstune is below the program's, and no name or attribute refers to the nonce: it
exists only in that list, which is on the interpreter's stack, and in pieces. An audit hook refuses everything
that could look there: tracing, ``ctypes``, the garbage collector's lists of objects.
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

# Modules whose functions tests compare with; a candidate's changes to them are undone.
_JUDGES = "builtins math cmath random copy itertools functools collections operator re string"
# Restored only if the tests seem to use it, because it has very many names.
_LARGE, _LARGE_SIGN = "numpy", re.compile(r"\b(np|numpy)\b")
_REFUSED = """
sys.settrace sys.setprofile sys.monitoring.register_callback sys._current_frames sys._current_exceptions
gc.get_objects gc.get_referrers gc.get_referents
"""

# What may read the code of the tests: modules that report positions in programs, and this file.
_READERS = tuple(f"file {module.__file__!r}" for module in (inspect, logging, traceback))
_THIS = f"file {__file__!r}"
_CODE = "f_code __code__ gi_code cr_code ag_code"

_NONCE_BYTES = 32
_CHARACTERS = [bytes([number]) for number in range(256)]

# The code that runs for each program is run beforehand until the interpreter has specialised it: each change
# that the interpreter makes in a forked process costs a memory page.
_WARM_UPS = 20
_WARM_UP = """
from typing import List
def trial(values: List[int], *, more=None) -> List[int]:
    '''Twice each.'''
    return [value * 2 for value in values if value is not more]
"""
_WARM_UP_TESTS = """
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
"""What the process does, last item first: ``operator.call``, the steps to call, and the end."""


def prepare(settings: str) -> tuple[Callable[[], None], Callable[[int, int], Program]]:
    """Import, once, the modules that most programs import. Returns two functions: one to call before each
    program's process is forked, and one to call in it.

    As much as possible happens before the fork: each memory page that a forked process changes costs as much
    as a thousand steps of a program.

    ``settings`` is JSON: ``paths`` to import from, ``modules`` to import, ``guard`` the path of `_guard`.
    """
    wanted = json.loads(settings)
    sys.path += wanted["paths"]
    # A process that will be forked must not have threads, and NumPy's library starts one for every core.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    for name in wanted["modules"]:
        with contextlib.suppress(ImportError):  # the program's own import fails in the same way
            importlib.import_module(name)
    judges = [*_JUDGES.split(), *({_LARGE} & sys.modules.keys())]
    intact = {name: dict(vars(importlib.import_module(name))) for name in judges}
    guarded = runpy.run_path(wanted["guard"])["prepare"]()
    site.setquit()
    for _ in range(_WARM_UPS):
        deque(map(operator.call, _steps(_WARM_UP, _WARM_UP_TESTS, {}, intact, guarded)), 0)
    linecache.clearcache()
    program = types.ModuleType("__main__")
    program.__dict__["__builtins__"] = builtins
    space = program.__dict__

    def renew() -> None:
        if sys.modules["__main__"] is not program:
            _become_program(program)
        random.seed()  # otherwise all programs would draw the same numbers
        if numpys := sys.modules.get("numpy.random"):
            numpys.seed()

    def main(payload: int, report: int) -> Program:
        evidence = functools.partial(os.writev, report, _evidence(payload))
        candidate, tests = _parts(payload)
        end = functools.partial(_end, report, os.write, os._exit, tests)
        try:
            steps = _steps(candidate, tests, space, intact, guarded)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            end(error)
        return [end, [*steps, evidence], operator.call]

    return renew, main


def _evidence(payload: int) -> list[bytes]:
    """The report, in pieces of one character each, which are shared objects. The nonce, with which the
    payload begins, is nowhere in memory as one text."""
    nonce = bytearray(_NONCE_BYTES)
    os.readv(payload, [nonce])
    pieces = list(map(_CHARACTERS.__getitem__, (*b"passed ", *nonce)))
    nonce[:] = bytes(_NONCE_BYTES)
    return pieces


def _parts(payload: int) -> tuple[str, str]:
    """The candidate and the tests. The nonce is followed by a line with the candidate's length."""
    parts = []
    while part := os.read(payload, 1 << 16):
        parts.append(part)
    os.close(payload)
    size, _, texts = b"".join(parts).decode("utf-8", "surrogatepass").partition("\n")
    return texts[: int(size)], texts[int(size) :]


def _become_program(program: types.ModuleType) -> None:
    """Make this the process of a program, with ``program`` as its main module."""
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
    caller: Callable[[int], types.FrameType] = sys._getframe,  # noqa: SLF001 - the only way
    code: frozenset[str] = frozenset(_CODE.split()),
    read: Callable[[object, str], object] = getattr,
    readers: tuple[str, ...] = (*_READERS, _THIS),
    show: Callable[[object], str] = repr,
    tests: str = f'file "{_TESTS}"',
) -> None:
    """The audit hook. What it uses is bound in advance, because the candidate sees its frame if it raises."""
    if event in refused or event.startswith("ctypes."):
        raise error(f"{event} is not allowed here")
    if event == "object.__getattr__" and arguments[1] in code:
        asked_by = show(caller(1))
        for reader in readers:
            if reader in asked_by:
                return
        if tests in show(read(*arguments)):
            raise error("the code of the tests contains what they expect")


def _steps(
    candidate: str,
    tests: str,
    space: dict[str, Any],
    intact: dict[str, dict[str, Any]],
    guarded: Callable[[ast.Module], dict[str, Any]],
) -> Steps:
    """Run the candidate, restore the built-in functions that it has replaced, run the tests."""
    _show_text(_CANDIDATE, candidate)
    program = compile(candidate, _CANDIDATE, "exec", dont_inherit=True)
    tree = ast.parse(tests, _TESTS)
    guards = guarded(tree)
    judge = compile(tree, _TESTS, "exec", dont_inherit=True)
    judges = {key: sys.modules[key] for key in intact if key != _LARGE or _LARGE_SIGN.search(tests)}
    return [
        functools.partial(exec, program, space),
        functools.partial(sys.modules.update, judges),
        *(functools.partial(vars(module).update, intact[key]) for key, module in judges.items()),
        functools.partial(space.update, guards),
        functools.partial(exec, judge, space),
    ]


def _show_text(name: str, source: str) -> None:
    """Let tracebacks show the source lines."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)


def _end(
    report: int,
    write: Callable[[int, bytes], int],
    leave: Callable[[int], NoReturn],
    tests: str,
    error: BaseException | None,
) -> NoReturn:
    """Report how the program failed, if it did, and end without running any exit handlers."""
    if error is not None:
        write(report, b"failed " + _status(error).encode())
        with contextlib.suppress(BaseException):
            _show_text(_TESTS, tests)  # only now: the tests' lines contain the expected values
            sys.stderr.write("".join(traceback.format_exception(error, limit=-20)))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    leave(0 if error is None else 1)


def _status(
    error: BaseException,
    left: type[SystemExit] = SystemExit,
    failed: type[AssertionError] = AssertionError,
) -> str:
    """The defaults keep the classes that the names had before a candidate could rebind them."""
    file = _file_of(error)
    if not file:
        return "compile_error"
    if isinstance(error, left):
        return "incomplete"
    if isinstance(error, failed) and not file.endswith(_CANDIDATE):
        return "wrong_answer"
    return _shortage(error) or "runtime_error"


def _shortage(
    error: BaseException,
    memory: type[MemoryError] = MemoryError,
    system: type[OSError] = OSError,
    blocked: type[BlockingIOError] = BlockingIOError,
) -> str:
    """The limit that the program reached, if any."""
    if isinstance(error, memory):
        return "memory_limit"
    if isinstance(error, system) and error.errno in (errno.ENOSPC, errno.EFBIG):
        return "disk_limit"
    if isinstance(error, blocked) or "can't start new thread" in str(error):
        return "process_limit"
    return ""


def _file_of(error: BaseException) -> str:
    """The file in which the error was raised; empty if the program had not started yet."""
    trace, files = error.__traceback__, []
    while trace:
        files.append(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    return files[-1] if {_CANDIDATE, _TESTS} & set(files) else ""
