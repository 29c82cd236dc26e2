"""Run commands in a sandbox, one request after another; no request sees anything of another."""

from __future__ import annotations

import contextlib
import functools
import glob
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from crosstune.records import Command
from crosstune.sandbox import _bubblewrap
from crosstune.sandbox._archive import FileArchive
from crosstune.sandbox._fork_server import ForkServer, ForkServerOptions, Kind, SandboxDied
from crosstune.sandbox._inside import process_tree
from crosstune.sandbox._marshalling import Request
from crosstune.sandbox._probe import outcomes_of, probe
from crosstune.sandbox._records import Outcome

_GRACE_SECONDS = 90.0
"""For what precedes the commands: a template has a minute to start."""

_log = logging.getLogger(__name__)


class SandboxRunner:
    """Runs commands that share mounts and a preloaded program.

    ``mounts`` are files and folders that the commands can read in addition to the system's programs.
    ``preload`` is a Python file whose ``prepare`` is called once, with the text that ``preload_settings``
    returns for `sandbox_path`. It returns ``renew`` and the program, ``main(payload, report)``, which a
    command without ``argv`` runs.

    For one thread at a time. The fork server ends with the thread that first used it.
    """

    def __init__(
        self,
        kind: Kind = "bubblewrap",
        mounts: Sequence[Path] = (),
        preload: Path | None = None,
        preload_settings: Callable[[Callable[[Path], str]], str] | None = None,
    ) -> None:
        self._kind = kind
        self._options = ForkServerOptions(
            kind=kind,
            nested=probe(kind).namespaces == "fresh",
            mounts=tuple(mounts),
            preload=preload,
            preload_settings=preload_settings(self.sandbox_path) if preload_settings else "",
        )
        self._fork_server: ForkServer | None = None
        self._busy = self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sandbox_path(self, path: Path) -> str:
        """The path at which programs see ``path``, which is in one of the mounts."""
        return _bubblewrap.sandbox_path(path) if self._kind == "bubblewrap" else str(path)

    def run(
        self,
        commands: Sequence[Command],
        files: Mapping[str, str | bytes] | None = None,
        archive: FileArchive | None = None,
    ) -> list[Outcome]:
        """Run ``commands`` one after another in one fresh working folder, until one does not end with
        status 0.

        The folder holds ``files`` and those of ``archive``. No processes or files remain.

        Raises:
            SandboxDied: the fork server ended without a reply.
            SandboxUnavailable: it could not be started.
        """
        return self._perform(Request(commands, files or {}, archive, limit_tasks=self._kind != "none"))

    def build(
        self, command: Command, files: Mapping[str, str | bytes], outputs: Sequence[str]
    ) -> tuple[Outcome, FileArchive]:
        """Run ``command``; if it succeeds, keep the files that match one of the patterns ``outputs``.

        Raises: see `run`.
        """
        archive = FileArchive(command.limits.disk_bytes)
        try:
            limit_tasks = self._kind != "none"
            request = Request([command], files, limit_tasks=limit_tasks, packs=outputs, target=archive)
            (outcome,) = self._perform(request)
            archive.seal()
        except BaseException:
            archive.close()
            raise
        return outcome, archive

    def fetch(
        self,
        command: Command,
        files: Mapping[str, str | bytes],
        archive: FileArchive | None,
        names: Sequence[str],
    ) -> tuple[Outcome, dict[str, bytes]]:
        """Run ``command`` as `run` does, and return the files of these names that it left in its folder.

        Raises:
            SandboxDied, SandboxUnavailable: see `run`.
            ValueError: see `FileArchive.contents`.
        """
        with FileArchive(command.limits.disk_bytes) as target:
            request = Request(
                [command],
                files,
                archive,
                limit_tasks=self._kind != "none",
                packs=[glob.escape(name) for name in names],
                packs_all=True,
                target=target,
            )
            (outcome,) = self._perform(request)
            target.seal()
            return outcome, target.contents(names)

    def start(
        self,
        commands: Sequence[Command],
        files: Mapping[str, str | bytes],
        archive: FileArchive | None,
        joined: tuple[int, int],
    ) -> Running:
        """Start ``commands``, as `run` does. The last is joined to another by pipes: it reads from the first
        and writes to the second.

        Nothing else can run here until `Running.outcomes` has been called.

        Raises: see `run`.
        """
        limit_tasks = self._kind != "none"
        return Running(self, Request(commands, files, archive, limit_tasks=limit_tasks, joined=joined))

    def _ready(self, request: Request) -> ForkServer:
        """
        Raises: see `run`.
        """
        self._busy = True  # before `_stopped` is read: `stop` reads them in the opposite order
        if self._fork_server is None and not self._stopped:
            self._fork_server = ForkServer(self._options, request.disk_bytes)
        server = self._fork_server
        if server is None or self._stopped:
            raise SandboxDied("the runner was stopped")
        server.limit(request.memory_bytes, request.processes)
        return server

    def _perform(self, request: Request) -> list[Outcome]:
        return Running(self, request).outcomes()

    def _ended(self) -> None:
        """A request has been answered: without nested namespaces, the fork server serves only one."""
        self._busy = False
        if not self._options.nested:
            self.close()

    def stop(self) -> None:
        """End what is running, from any thread: it and later requests raise `SandboxDied` until `resume`."""
        self._stopped = True
        if self._busy and (server := self._fork_server):
            server.hang_up()

    def resume(self) -> None:
        """Take requests again. Only the thread that makes them may call this, between two of them."""
        if self._stopped:
            if self._busy:
                self.close()
            self._stopped = False

    def close(self) -> None:
        self._busy = False
        if self._fork_server:
            self._fork_server.close()
            self._fork_server = None


class Running:
    """A request that a runner has started."""

    def __init__(self, runner: SandboxRunner, request: Request) -> None:
        """
        Raises:
            SandboxDied: the fork server ended.
            SandboxUnavailable: it could not be started.
        """
        self._runner, self._request = runner, request
        self._server = runner._ready(request)  # noqa: SLF001 - the two are one
        self._before = self._server.denials()
        self._patience = request.wall_seconds + _GRACE_SECONDS
        with contextlib.ExitStack() as opened, self._failures():
            self._server.send(request.message, request.descriptors(opened), self._patience)
            self._files = opened.pop_all()

    def outcomes(self) -> list[Outcome]:
        """Wait until the commands have ended.

        Raises:
            SandboxDied: the fork server ended without a reply.
        """
        with self._files:
            with self._failures():
                reply = self._server.receive(self._patience)
                if "outcomes" not in reply:
                    raise SandboxDied(str(reply.get("error") or f"the fork server replied {reply}"))
            kills, refusals = (
                now - then for now, then in zip(self._server.denials(), self._before, strict=True)
            )
            self._runner._ended()  # noqa: SLF001
            if reply.get("lacks_template"):
                _warn_of_slow_starts(tuple(self._request.message["commands"][-1]["template"]))
            outcomes = outcomes_of(reply["outcomes"], kills > 0, refusals > 0)
            return _with_stdout(outcomes, self._request)

    def cpu_seconds(self) -> float:
        """What the processes of this sandbox have used so far, in all the time that it has been running."""
        return process_tree.spent_by(self._server.pid)

    def outcomes_within(self, seconds: float) -> list[Outcome]:
        """The outcomes; what has not ended after ``seconds`` is stopped.

        Raises:
            SandboxDied: the fork server ended without a reply.
        """
        if not self._server.replies_within(seconds):
            self._server.order_to_stop()
        return self.outcomes()

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        """Close the runner if its fork server fails, and say whether memory was denied."""
        try:
            yield
        except SandboxDied as error:
            killed = self._server.denials()[0] > self._before[0]
            self._runner.close()
            raise SandboxDied(str(error), memory=killed) from None


@functools.cache
def _warn_of_slow_starts(template: tuple[str, ...]) -> None:
    """Say once for each template that its programs start anew."""
    _log.warning(
        "the process that programs are forked from does not start; they start anew, which is slower: %s",
        " ".join(template),
    )


def _with_stdout(outcomes: Sequence[Outcome], request: Request) -> list[Outcome]:
    """The outcomes, with the whole output of those commands that keep it."""
    descriptors = iter(request.outputs)
    whole = []
    for outcome, command in zip(outcomes, request.commands, strict=False):
        if command.keep_stdout:
            descriptor = next(descriptors)
            size = min(os.fstat(descriptor).st_size, command.limits.output_bytes)
            data = os.pread(descriptor, size, 0)
            whole.append(replace(outcome, whole_stdout=data))
        else:
            whole.append(outcome)
    return whole
