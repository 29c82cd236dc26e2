"""A process that runs the tests of one program after another, whose candidates have processes of their own.

The sandbox runs this file by its path, without the rest of crosstune. Frames come on descriptor 0 and go to
1: see `TestsProcess`. Tests that only call and compare run in this process, in names of their own; others,
which may change something that outlives them, in a fork of it. No code of a candidate runs here.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import io
import json
import linecache
import mmap
import os
import resource
import runpy
import socket
import struct
import sys
import traceback
import types
from typing import Any, NamedTuple, NoReturn

_LENGTH = struct.Struct(">I")
_FILE, _GIVEN = "tests.py", "candidate.py"
_MOST_PRINTED = 1 << 20
_TAIL = 4096
_MOST_FRAME_BYTES, _CHUNK_BYTES = 16 << 20, 1 << 20
_CAME, _ENDED, _TOO_LONG = b"+", b".", b">"
_KEPT = 256
_CPU_SECONDS = 12
_RUNNERS = frozenset({"pytest", "unittest"})

# What tests can import and use, and still run in this process: none of it has a state that they would change.
_HARMLESS = frozenset(
    """
    __future__ abc array bisect cmath collections copy dataclasses datetime decimal enum fractions functools
    hashlib heapq itertools json math numbers numpy operator random re statistics string textwrap typing
    """.split()  # noqa: SIM905 - as many quotes as names
)
# Names and attributes by which a state could be changed.
_HARMFUL = frozenset(
    """
    sys os setattr delattr __import__ exec eval open vars globals locals __dict__ seed set_state setstate
    seterr seterrcall set_printoptions setcontext getcontext localcontext exit quit breakpoint input
    """.split()  # noqa: SIM905
)

# What swallows an error of the candidate without naming it, by the names that show it in tests.
_ENDINGS = {
    "StopIteration": frozenset(),
    "StopAsyncIteration": frozenset(),
    "IndexError": frozenset({"__getitem__", "reversed"}),
    "AttributeError": frozenset({"hasattr", "getattr", "property", "cached_property", "__getattr__"}),
    "TypeError": frozenset({"__len__", "__length_hint__"}),
}


class _Tests(NamedTuple):
    """Tests, ready to run again and again."""

    text: str
    entry_points: tuple[str, ...]
    classes: frozenset[str]
    records: frozenset[str]
    operations: frozenset[str]
    members: frozenset[str]
    endings: frozenset[str]
    passes_results: bool
    given: list[types.CodeType]
    tree: ast.Module
    code: types.CodeType
    forks: bool


class _Printed(io.StringIO):
    """What tests print, up to a limit."""

    def write(self, text: str) -> int:
        if self.tell() < _MOST_PRINTED:
            super().write(text)
        return len(text)


class _Runner:
    def __init__(self, settings: dict[str, Any], descriptors: tuple[int, int]) -> None:
        for name in settings["modules"]:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        files = {
            name: types.SimpleNamespace(**runpy.run_path(path)) for name, path in settings["files"].items()
        }
        self._values, self._stub, self._suite = files["values"], files["stub"], files["suite"]
        self._compiled, self._status = files["assembly"].compiled, files["runner"].status_of
        self._without_mark = files["assembly"].without_mark
        self._more_paths = settings["more_paths"]
        self._requests, self._writer = socket.socket(fileno=descriptors[0]), descriptors[1]
        self._pipes, self._done = _Pipes(-1, -1), mmap.mmap(-1, 1)
        self._prepared = functools.lru_cache(_KEPT)(self._prepare)

    def serve(self) -> None:
        """Handle requests until there are no more."""
        self._send(b"")
        while (request := self._receive()) is not None:
            self._handle(request)
            self._pipes.close()

    def _handle(self, request: bytes) -> None:
        try:
            tests = self._prepared(request)
        except Exception as error:  # noqa: BLE001 - the benchmark is the reason
            self._send(_answer("unsupported", "", str(error)))
            return
        if tests.forks:
            self._fork(tests)
        else:
            self._send(self._run(tests))

    def _prepare(self, request: bytes) -> _Tests:
        asked = json.loads(request)
        text = asked["tests"].removeprefix("\ufeff")
        tree = ast.parse(text, _FILE)
        own = [*ast.walk(tree)]
        for part in ("setup", "given"):
            own += _nodes(self._without_mark(asked[part]))
        for name in _RUNNERS.intersection(text.split()):
            importlib.import_module(name)
        return _Tests(
            text=text,
            entry_points=tuple(asked["entry_points"]),
            classes=frozenset(asked["classes"]),
            records=frozenset(asked["records"]),
            operations=frozenset(asked["operations"]),
            members=frozenset(asked["members"]),
            endings=_endings(own),
            passes_results=asked["passes_results"],
            given=self._compiled(asked["setup"], asked["given"], _GIVEN, imported=True),
            tree=tree,
            code=compile(tree, _FILE, "exec", dont_inherit=True),
            forks=bool(asked["more"]) or not all(map(_is_harmless, own)),
        )

    def _fork(self, tests: _Tests) -> None:
        self._done[0] = 0
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 1))
            sys.path += self._more_paths
            self._send(self._run(tests))
            self._done[0] = 1
            os._exit(0)
        os.waitpid(child, 0)
        if not self._done[0]:
            _leave("the process of the tests has ended")

    def _run(self, tests: _Tests) -> bytes:
        """The report, once the tests have run."""
        main = types.ModuleType("__main__")
        main.__file__ = "program.py"
        space = main.__dict__
        kept = sys.modules["__main__"], sys.stdout, sys.stderr, sys.argv
        sys.modules["__main__"], sys.argv = main, ["program.py"]
        sys.stdout, sys.stderr = printed = _Printed(), _Printed()
        try:
            report, why = self._outcome(tests, space)
        finally:
            sys.modules["__main__"], sys.stdout, sys.stderr, sys.argv = kept
        if self._pipes.is_asking:  # perhaps a thread, which would read from the next candidate's pipe
            _leave("the tests have ended without the answer for which they asked")
        return _answer(report, printed[0].getvalue(), printed[1].getvalue() + why)

    def _outcome(self, tests: _Tests, space: dict[str, Any]) -> tuple[str, str]:
        try:
            for program in tests.given:
                exec(program, space)  # noqa: S102 - the benchmark's own
        except BaseException:  # noqa: BLE001 - whatever it is, the benchmark is the reason
            return "given", traceback.format_exc(limit=-5)
        candidate = None
        try:
            candidate = self._bound(tests, space)
            before, runs = self._suite.suite_steps(tests.tree, tests.text, tests.code, space)
            for step in (*before, *runs):
                step()
        except BaseException as error:  # noqa: BLE001 - the tests have failed
            report = candidate.report if candidate else error.args[0]
            if candidate:
                candidate.explain(error)
            return report or f"failed {self._status(error)}", "" if report else _shown(error, tests)
        finally:
            if candidate:
                candidate.exchange = _no_exchange  # what is left of the tests must not ask another candidate
        return candidate.report or "passed", ""

    def _bound(self, tests: _Tests, space: dict[str, Any]) -> Any:
        """Bind the entry points in ``space`` to a new candidate.

        Raises:
            Ended: there is no candidate.
        """
        candidate = self._stub.Candidate(self._values, space, tests, self._first_exchange)
        candidate.exchange = self._pipes.exchange
        for name in tests.entry_points:
            if name not in tests.classes:
                space[name] = candidate.function(name)
        for name in tests.classes:
            space[name] = candidate.class_(name)
        return candidate

    def _first_exchange(self, message: bytes) -> bytes:
        """Exchanges that come later do not pass through here."""
        answer = self._pipes.exchange(message)
        if answer != _ENDED:
            self._send(b"?")
        return answer

    def _send(self, content: bytes) -> None:
        left = memoryview(_LENGTH.pack(len(content)) + content)
        while left:
            left = left[os.write(self._writer, left) :]

    def _receive(self) -> bytes | None:
        """The next request, with the pipes to its candidate; None if there are no more."""
        head, descriptors, _, _ = socket.recv_fds(self._requests, _LENGTH.size, 2)
        head += self._requests.recv(_LENGTH.size - len(head), socket.MSG_WAITALL) if head else b""
        if not head:
            return None
        self._pipes = _Pipes(*descriptors)
        return self._requests.recv(_LENGTH.unpack(head)[0], socket.MSG_WAITALL)


class _Pipes:
    """Those from and to the process of a candidate."""

    def __init__(self, reader: int, writer: int) -> None:
        self._reader, self._writer = reader, writer
        self.is_asking = False

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._writer)

    def exchange(self, message: bytes) -> bytes:
        """Send a message, if any, and take the next one of the candidate: see `_stub.Candidate`."""
        if self.is_asking:
            _leave("the tests have asked again, without the answer for which they had asked")
        self.is_asking = True  # and remains so if an error interrupts it
        answer = self._exchanged(message)
        self.is_asking = False
        return answer

    def _exchanged(self, message: bytes) -> bytes:
        left = memoryview(_LENGTH.pack(len(message)) + message if message else b"")
        with contextlib.suppress(BrokenPipeError):  # then nothing can be read, either
            while left:
                left = left[os.write(self._writer, left) :]
        head = self._exactly(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return _ENDED
        (size,) = _LENGTH.unpack(head)
        if size > _MOST_FRAME_BYTES:
            return _TOO_LONG
        body = self._exactly(size)
        return _CAME + body if len(body) == size else _ENDED

    def _exactly(self, size: int) -> bytes:
        """So many bytes, or fewer if the candidate's process has ended."""
        held = os.read(self._reader, min(size, _CHUNK_BYTES))
        if len(held) == size:
            return held
        whole, last = bytearray(held), held
        while last and len(whole) < size:
            last = os.read(self._reader, min(size - len(whole), _CHUNK_BYTES))
            whole += last
        return bytes(whole)


def _leave(why: str) -> NoReturn:
    """End this process, and with it whatever is still on its way: the next tests have another one."""
    os.write(2, f"{why}\n".encode())
    os._exit(1)


@functools.lru_cache(16)
def _nodes(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(text)))


def _endings(nodes: list[ast.AST]) -> frozenset[str]:
    """The errors that would end a loop, or pass for an absent attribute, in tests that never name them."""
    names = {getattr(node, "id", "") or getattr(node, "attr", "") for node in nodes}
    names |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
    if "LookupError" in names:
        names.add("IndexError")
    return frozenset(
        name for name, signs in _ENDINGS.items() if name not in names and (not signs or signs & names)
    )


def _no_exchange(_message: bytes) -> bytes:
    return _ENDED


def _is_harmless(node: ast.AST) -> bool:
    """Whether a node of tests leaves nothing behind in the interpreter."""
    if isinstance(node, ast.Import):
        return all(each.name.partition(".")[0] in _HARMLESS | {"sys"} for each in node.names)
    if isinstance(node, ast.ImportFrom):
        names = {each.name for each in node.names}
        return (node.module or "").partition(".")[0] in _HARMLESS and not names & _HARMFUL
    if isinstance(node, ast.Name):
        return node.id not in _HARMFUL
    if isinstance(node, ast.Attribute):  # a stored one may only be that of an object of the tests
        own = isinstance(node.ctx, ast.Load) or (isinstance(node.value, ast.Name) and node.value.id == "self")
        return own and node.attr not in _HARMFUL
    return True


def _shown(error: BaseException, tests: _Tests) -> str:
    with contextlib.suppress(Exception):
        linecache.cache[_FILE] = (len(tests.text), None, tests.text.splitlines(True), _FILE)
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename not in (_FILE, _GIVEN):
            trace = trace.tb_next
        return "".join(traceback.format_exception(type(error), error, trace, limit=-20))
    return type(error).__name__


def _answer(report: str, stdout: str, stderr: str) -> bytes:
    return b"!" + json.dumps([report, stdout[-_TAIL:], stderr[-_TAIL:]]).encode()


def main(settings: str) -> NoReturn:
    """Serve on the descriptors 0 and 1, which tests do not see."""
    descriptors = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    wanted = json.loads(settings)
    sys.path += wanted["paths"]
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    import site

    site.setquit()
    _Runner(wanted, descriptors).serve()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
