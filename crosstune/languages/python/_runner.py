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
import marshal
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
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, NoReturn

_SETUP, _CANDIDATE, _TESTS = "setup.py", "candidate.py", "tests.py"

# Modules whose functions tests compare with; a candidate's changes to them are undone.
_JUDGES = "builtins math cmath random copy itertools functools collections operator re string"
_WITH_CLASSES = "collections enum fractions numbers statistics uuid"
# Restored only if the tests seem to use it, because it has very many names.
_LARGE, _LARGE_SIGN = "numpy", re.compile(r"\b(np|numpy)\b")
_REFUSED = """
sys.settrace sys.setprofile sys.monitoring.register_callback sys._current_frames sys._current_exceptions
gc.get_objects gc.get_referrers gc.get_referents
"""

# What may read the code of the tests: modules that report positions in programs, and this file.
_READERS = tuple(f"file {module.__file__!r}" for module in (inspect, logging, traceback, types))
_ASYNCIO = f"file '{os.path.dirname(inspect.__file__)}/asyncio/"  # noqa: PTH120 - as the frames show it
_THIS = f"file {__file__!r}"
_CODE = "f_code __code__ gi_code cr_code ag_code"

_NONCE_BYTES = 32
_SETUP_PART = 1
"""The place of the setup among a program's parts."""
_JOINED = (5, 6)
"""Where a candidate's process that has no tests reads from the tests' process and writes to it."""
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
Steps = Iterable[Callable[[], object]]
Assemble = Callable[..., tuple[Callable[[], object], Steps]]
"""Takes the parts of a program, its names, a function to call when an assertion has failed that must not be
caught, and `os.register_at_fork`. Returns a function that undoes the program's changes of modules, and the
steps."""


class _Tools(NamedTuple):
    """What programs are assembled with: the names of the judging modules as they were, a function that
    undoes changes of their classes, and functions and modules of this package."""

    intact: dict[str, dict[str, Any]]
    restore: Callable[[], None]
    guards: Callable[..., dict[str, Callable[..., Any]]]
    watching: Any
    compiled: Callable[..., list[types.CodeType]]
    suite: Any


Program = list[Any]
"""What the process does, last item first: ``operator.call``, the steps to call, and the end."""


def prepare(settings: str) -> tuple[Callable[[], None], Callable[[int, int], Program]]:
    """Import, once, the modules that most programs import. Returns two functions: one to call before each
    program's process is forked, and one to call in it.

    As much as possible happens before the fork: each memory page that a forked process changes costs as much
    as a thousand steps of a program.

    ``settings`` is JSON: ``paths`` to import from, for programs that see more ``more_paths``, ``modules`` to
    import, ``preamble``, the usual setup, ``stack_bytes`` of a program, ``files``, the paths of modules of
    this package, and ``parts``, those of the files that these load. ``apart``: candidates have processes of
    their own.
    """
    wanted = json.loads(settings)
    sys.path += wanted["paths"]
    _raise_stack_limit(wanted["stack_bytes"])
    # A process that will be forked must not have threads, and NumPy's library starts one for every core.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    for name in wanted["modules"]:
        with contextlib.suppress(ImportError):  # the program's own import fails in the same way
            importlib.import_module(name)
    prepare_part = _prepare_candidates if wanted["apart"] else _prepare_programs
    assemble, watch = prepare_part(wanted)
    site.setquit()
    linecache.clearcache()
    program, usual = _program(""), _program(wanted["preamble"])

    def renew() -> None:
        if sys.modules["__main__"] is not program:
            _become_program(program)
            watch()
        random.seed()  # otherwise all programs would draw the same numbers
        if numpys := sys.modules.get("numpy.random"):
            numpys.seed()

    def main(payload: int, report: int) -> Program:
        pieces = _evidence(payload)
        # What a process forked from this one reports, or how it ends, must not tell whether it has passed.
        here = [None]
        for each in (pieces, here):
            os.register_at_fork(after_in_child=each.clear)
        more, *parts = _parts(payload)
        if more:
            sys.path += wanted["more_paths"]
        end = functools.partial(_end, functools.partial(os.write, report), parts[-1])
        module = program
        if parts[_SETUP_PART].rstrip() == wanted["preamble"].rstrip():  # it has run before the fork
            module, parts[_SETUP_PART] = usual, ""
            sys.modules["__main__"] = usual
        try:
            undo, steps = assemble(parts, module.__dict__, _stop_with(report), os.register_at_fork)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            end(_nothing, "compile_error", error)
        end = functools.partial(end, undo, "")
        return [end, [*steps, here.pop, functools.partial(os.writev, report, pieces)], operator.call]

    return renew, main


def _program(setup: str) -> types.ModuleType:
    """The main module of a program, in which ``setup`` has run."""
    module = types.ModuleType("__main__")
    module.__dict__.update(__builtins__=builtins, __file__="program.py")
    if setup:
        exec(compile(setup, _SETUP, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - the judge's own
    return module


def _evidence(payload: int) -> list[bytes]:
    """The report, in pieces of one character each, which are shared objects. The nonce, with which the
    payload begins, is nowhere in memory as one text."""
    nonce = bytearray(_NONCE_BYTES)
    os.readv(payload, [nonce])
    pieces = list(map(_CHARACTERS.__getitem__, (*b"passed ", *nonce)))
    nonce[:] = bytes(_NONCE_BYTES)
    return pieces


def _raise_stack_limit(stack_bytes: int) -> None:
    """Let programs recurse deeply also through functions written in C, such as those of ``lru_cache``."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if soft != resource.RLIM_INFINITY and soft < stack_bytes:
        most = stack_bytes if hard == resource.RLIM_INFINITY else min(stack_bytes, hard)
        resource.setrlimit(resource.RLIMIT_STACK, (most, hard))


def _parts(payload: int) -> list[str]:
    """Whether the program sees more packages (``1`` or empty), names, setup, candidate, the tests as
    `_rewriting` has made them (a character for each byte), and the tests.

    The nonce is followed by a line with the lengths of all but the last.
    """
    parts = []
    while part := os.read(payload, 1 << 16):
        parts.append(part)
    os.close(payload)
    sizes, _, text = b"".join(parts).decode("utf-8", "surrogatepass").partition("\n")
    texts = []
    for size in map(int, sizes.split()):
        texts.append(text[:size])
        text = text[size:]
    return [*texts, text]


def _prepare_programs(wanted: dict[str, Any]) -> tuple[Assemble, Callable[[], None]]:
    """How programs with their tests are assembled, and a function that keeps them from looking around."""
    judges = [*_JUDGES.split(), *({_LARGE} & sys.modules.keys())]
    intact = {name: dict(vars(importlib.import_module(name))) for name in judges}
    files = _loaded(wanted["files"])
    restore = files["suite"].restoring([sys.modules[name] for name in _WITH_CLASSES.split()])
    tools = _Tools(
        intact,
        restore,
        files["guard"].prepare(files["values"]),
        files["watching"],
        files["assembly"].compiled,
        files["suite"],
    )
    warm_up = ("", wanted["preamble"], _WARM_UP, *wanted["warm_up"])
    for _ in range(_WARM_UPS):
        deque(map(operator.call, _steps(warm_up, {}, _nothing, _nothing, tools=tools)[1]), 0)
    pytest = (f"file '{path}/_pytest/" for path in wanted["paths"])
    own = (f"file {path!r}" for path in (*wanted["files"].values(), *wanted["parts"]))
    return functools.partial(_steps, tools=tools), functools.partial(
        _watch, (*_READERS, _ASYNCIO, *pytest, _THIS, *own), f"file {wanted['files']['watching']!r}"
    )


def _nothing(*_: object, **__: object) -> None:
    """For warming up."""


def _stop_with(report: int) -> Callable[[], NoReturn]:
    write, leave, errors = os.write, os._exit, 2

    def stop() -> NoReturn:
        write(report, b"failed wrong_answer")
        write(errors, b"an assertion failed where the program could have caught it\n")
        leave(1)

    return stop


def _loaded(files: dict[str, str]) -> dict[str, Any]:
    return {name: types.SimpleNamespace(**runpy.run_path(path)) for name, path in files.items()}


def _prepare_candidates(wanted: dict[str, Any]) -> tuple[Assemble, Callable[[], None]]:
    """How candidates are assembled that have a process of their own, which needs no watching."""
    files = _loaded({name: wanted["files"][name] for name in ("assembly", "values", "server")})
    values, server = files["values"], files["server"]

    def assemble(
        parts: Sequence[str], space: dict[str, Any], *_: object
    ) -> tuple[Callable[[], object], Steps]:
        _show_text(_CANDIDATE, parts[2])
        return _nothing, server.steps(parts, space, files["assembly"].compiled, values, _JOINED)

    for _ in range(_WARM_UPS):
        space: dict[str, Any] = {}
        _, (*steps, _) = assemble(("|", wanted["preamble"], _WARM_UP, ""), space)
        deque(map(operator.call, steps), 0)
        server.warm_up(values, space, "trial")
    return assemble, lambda: None


def _become_program(program: types.ModuleType) -> None:
    """Make this the process of a program, with ``program`` as its main module."""
    sys.modules["__main__"] = program
    for name in [name for name in sys.modules if name.partition(".")[0] == "_inside"]:
        del sys.modules[name]
    sys.argv = ["program.py"]


def _watch(readers: tuple[str, ...], watching: str) -> None:
    """Refuse what could find the nonce or the tests in this process."""
    sys.settrace, sys.setprofile = map(_unless_none, (sys.settrace, sys.setprofile))
    hook = types.FunctionType(_refuse.__code__, {})
    assert _refuse.__kwdefaults__ is not None
    hook.__kwdefaults__ = {**_refuse.__kwdefaults__, "readers": readers, "watching": watching}
    sys.addaudithook(hook)


def _unless_none(function: Callable[[Any], None]) -> Callable[[Any], None]:
    """``function``, which is refused, but not where it would only end what nobody has begun."""

    def changed(argument: Any, /) -> None:
        if argument is not None:
            function(argument)

    return changed


def _refuse(
    event: str,
    arguments: tuple[Any, ...],
    *,
    refused: frozenset[str] = frozenset(_REFUSED.split()),
    error: type[Exception] = PermissionError,
    caller: Callable[[int], types.FrameType] = sys._getframe,  # noqa: SLF001 - the only way
    code: frozenset[str] = frozenset(_CODE.split()),
    read: Callable[[object, str], object] = getattr,
    readers: tuple[str, ...] = (),
    watching: str = "",
    show: Callable[[object], str] = repr,
    tests: str = f'file "{_TESTS}"',
) -> None:
    """The audit hook. What it uses is bound in advance, because the candidate sees its frame if it raises."""
    if event in refused or event.startswith("ctypes."):
        if event == "sys.setprofile" and watching in show(caller(1)):
            return
        raise error(f"{event} is not allowed here")
    if event == "object.__getattr__" and arguments[1] in code:
        asked_by = show(caller(1))
        for reader in readers:
            if reader in asked_by:
                return
        if tests in show(read(*arguments)):
            raise error("the code of the tests contains what they expect")


def _steps(
    parts: Sequence[str],
    space: dict[str, Any],
    stop: Callable[[], object],
    register: Callable[..., None],
    *,
    tools: _Tools,
) -> tuple[Callable[[], object], Steps]:
    """Run setup and candidate, restore what they have replaced, run the tests."""
    _, setup, candidate, prepared, tests = parts
    tests = tests.removeprefix("\ufeff")
    _show_text(_CANDIDATE, candidate)
    programs = tools.compiled(setup, candidate, _CANDIDATE, imported=True)
    made = marshal.loads(prepared.encode("latin-1"))  # noqa: S302 - the judge has written it
    code, name, used, classes, private, modules, calls_more = made
    judge = marshal.loads(code)  # noqa: S302
    tree = None if tools.suite.is_script(tests) else ast.parse(tests, _TESTS)
    undo: Callable[[], object] = functools.partial(deque, map(operator.call, _undoing(tests, tools)), 0)
    packages = tools.suite.classes_of_packages(modules)
    guards = tools.guards(packages, frozenset(classes), space, _nothing if calls_more else undo)
    codes = tools.suite.codes_of(judge)
    called = tools.watching.private_codes(judge, frozenset(private))
    guards["failed"] = tools.watching.failed_with(codes, called, space, stop)
    guards["final"] = stop
    forks = any(word in tests for word in ("fork", "multiprocessing", "concurrent"))
    register(after_in_child=tools.watching.in_forks(codes, forks, os._exit))
    before, runs = tools.suite.suite_steps(tree, tests, judge, space, guards["seen"])
    names, unknown = _sources(used, name)
    names |= {name + word: function for word, function in guards.items()}
    return undo, [
        *(functools.partial(exec, program, space) for program in programs),
        *([undo] if calls_more or tree else []),
        *before,
        *([functools.partial(_update_from, space, unknown)] if unknown else []),
        functools.partial(space.update, names, __builtins__=builtins),
        *runs,
    ]


def _undoing(tests: str, tools: _Tools) -> Steps:
    """Undo what a candidate has replaced in modules that judge. It is left out where nothing looks there,
    because to compare or replace what is in a module changes thousands of objects' reference counts, and
    with them memory pages."""
    judges = {key: sys.modules[key] for key in tools.intact if key != _LARGE or _LARGE_SIGN.search(tests)}
    return [
        functools.partial(sys.modules.update, judges),
        *(functools.partial(vars(module).update, tools.intact[key]) for key, module in judges.items()),
        tools.restore,
    ]


def _sources(used: dict[str, tuple[str, str, str]], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the names are that tests use, as it is before the candidate runs, and for each of the others the
    name in the candidate and what it is if that has none."""
    known, unknown = {}, {}
    for new, (module, what, attribute) in used.items():
        found: Any = sys.modules.get(module)
        found = getattr(found, what, None) if what else found
        if found is None or (attribute and not hasattr(found, attribute)):
            unknown[new] = new.removeprefix(name).partition(".")[0], found
        else:
            known[new] = found
    return known, unknown


def _update_from(space: dict[str, Any], unknown: dict[str, tuple[str, Any]]) -> None:
    space.update({new: space.get(name, other) for new, (name, other) in unknown.items()})


def _show_text(name: str, source: str) -> None:
    """Let tracebacks show the source lines."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)


def _end(
    write: Callable[[bytes], int],
    tests: str,
    undo: Callable[[], object],
    status: str,
    error: BaseException | None,
    *,
    leave: Callable[[int], NoReturn] = os._exit,
) -> NoReturn:
    """Report how the program failed, if it did, and end without running any exit handlers. ``undo`` undoes
    what the program has changed, ``status`` is empty once it has started."""
    if error is not None:
        undo()
        write(b"failed " + (status or status_of(error)).encode())
        with contextlib.suppress(BaseException):
            _show_text(_TESTS, tests)  # only now: the tests' lines contain the expected values
            sys.stderr.write("".join(traceback.format_exception(error, limit=-20)))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    leave(0 if error is None else 1)


def status_of(
    error: BaseException,
    left: type[SystemExit] = SystemExit,
    failed: type[AssertionError] = AssertionError,
) -> str:
    """The status of a program that has raised ``error``. The defaults keep the classes that the names had
    before a candidate could rebind them."""
    file = _file_of(error)
    if isinstance(error, left):
        return "incomplete"
    if isinstance(error, failed) and not file.endswith((_SETUP, _CANDIDATE)):
        return "wrong_answer"
    if any(base.__module__ == "_pytest.outcomes" for base in type(error).__mro__):
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
    """The file in which the error was raised."""
    trace, file = error.__traceback__, ""
    while trace:
        file = trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return file
