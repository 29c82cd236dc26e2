"""A cell: runs one command after another, each in a sandbox of its own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from crosstune.records import Command, Limits
from crosstune.sandbox import _bubblewrap
from crosstune.sandbox._control_groups import version
from crosstune.sandbox._disabled_features import FILTER, GROUPS, NESTING, disabled_features
from crosstune.sandbox._fork_server import START_SECONDS, ForkServer, ForkServerOptions, Kind, SandboxDied
from crosstune.sandbox._records import Limit, Outcome

_GRACE_SECONDS = 30.0
# A program that reaches its limit of processes is stopped by the watcher; the kernel's own
# limit stands a little higher, so that the watcher sees it.
_TASK_SLACK = 16

_TRIAL = Command(
    argv=("/bin/sh", "-c", ":"),
    limits=Limits(
        cpu_seconds=10,
        wall_seconds=30,
        memory_bytes=64 << 20,
        processes=16,
        file_bytes=1 << 20,
        output_bytes=1 << 16,
        disk_bytes=1 << 20,
    ),
)


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What holds programs here. ``namespaces``: ``fresh`` (prepared, new for every program), ``single`` (a
    bubblewrap for every program, slower) or ``none``; ``groups`` (which control memory): ``v2``, ``v1`` or
    ``none``; ``version`` is bubblewrap's; ``disabled_features`` are parts that could be had and were not wanted."""

    namespaces: str
    seccomp_filter: bool
    groups: str
    version: str
    disabled_features: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[str, ...]:
        """The parts of bubblewrap's sandbox that are not there, by their names in CROSSTUNE_WITHOUT, whether
        this machine lacks them or they were not wanted: some programs get other verdicts then."""
        walled = self.namespaces != "none"
        there = {
            NESTING: self.namespaces == "fresh" or not walled,
            GROUPS: self.groups != "none",
            FILTER: self.seccomp_filter or not walled,
        }
        return tuple(part for part, is_there in there.items() if not is_there)


@functools.cache
def probe(kind: Kind = "bubblewrap") -> Enforcement:
    """Really start something, and say what holds it.

    Raises:
        SandboxUnavailable: it does not work here; the message says what to do.
        UsageError: a part of it shall be left out that nobody knows.
    """
    if kind == "none":
        return Enforcement(namespaces="none", seccomp_filter=False, groups=version(), version="")
    found = Enforcement(
        namespaces="single",
        seccomp_filter=bool(_bubblewrap.seccomp_filter()),
        groups=version(),
        version=_bubblewrap.bubblewrap_version(),
        disabled_features=disabled_features(),
    )
    if error := _try(ForkServerOptions(kind=kind, nested=False)):
        raise _bubblewrap.explain_failure(error)
    if NESTING in found.disabled_features or _try(ForkServerOptions(kind=kind, nested=True)):
        return found
    return replace(found, namespaces="fresh")


def _try(options: ForkServerOptions) -> str:
    """Have a keeper run a harmless command; empty when that works, else why not."""
    fork_server = ForkServer(options, _TRIAL.limits.disk_bytes)
    commands = [_plain(_TRIAL, limit_tasks=True)]
    try:
        request = {"files": {}, "disk_bytes": _TRIAL.limits.disk_bytes, "stages": commands}
        answer = fork_server.ask(request, [_TRIAL.payload], START_SECONDS)
    except SandboxDied as error:
        return str(error) or "it ended without a word"
    finally:
        fork_server.close()
    if "outcomes" not in answer:
        return str(answer.get("error"))
    (outcome,) = _outcomes(answer["outcomes"], killed=False, refused=False)
    failed = outcome.exit_status or outcome.limit
    return f"a harmless command failed: {outcome.error or outcome.stderr or outcome}" if failed else ""


class SandboxRunner:
    """Runs commands of one sort of program: ``mounts`` are files and folders that they can read beyond
    the system's own programs. ``preload`` is a Python file whose ``prepare(preload_settings)`` is called
    once (``preload_settings`` is asked
    for them, told `place`) and gives the program, ``main([payload], report)``, of a stage without ``argv``.

    For one thread at a time; the keeper ends with the thread that first used it.
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sandbox_path(self, path: Path) -> str:
        """Where programs see ``path``, which lies in one of the mounts."""
        return _bubblewrap.sandbox_path(path) if self._kind == "bubblewrap" else str(path)

    def run(
        self, commands: Sequence[Command], files: Mapping[str, str | bytes] | None = None
    ) -> list[Outcome]:
        """Run ``commands`` one after another in one fresh working folder that holds ``files``, until
        one does not end with status 0. Nothing of them lives on.

        Raises:
            Lost: the keeper ended without an answer.
            SandboxUnavailable: it could not be started.
        """
        disk_bytes = max(command.limits.disk_bytes for command in commands)
        if self._fork_server is None:
            self._fork_server = ForkServer(self._options, disk_bytes)
        self._fork_server.limit(
            max(command.limits.memory_bytes for command in commands),
            max(command.limits.processes for command in commands) + _TASK_SLACK,
        )
        request = {
            "files": dict(files or {}),
            "disk_bytes": disk_bytes,
            "stages": [_plain(command, limit_tasks=self._kind != "none") for command in commands],
        }
        patience = sum(command.limits.wall_seconds for command in commands) + _GRACE_SECONDS
        return self._ask(self._fork_server, request, [command.payload for command in commands], patience)

    def _ask(
        self, fork_server: ForkServer, request: dict[str, Any], payloads: Sequence[str], patience: float
    ) -> list[Outcome]:
        before = fork_server.denials()
        try:
            answer = fork_server.ask(request, payloads, patience)
            if "outcomes" not in answer:
                raise SandboxDied(str(answer.get("error") or f"the keeper answered {answer}"))
        except SandboxDied as error:
            kills = fork_server.denials()[0] - before[0]
            self.close()
            raise SandboxDied(str(error), memory=kills > 0) from None
        kills, refusals = (now - then for now, then in zip(fork_server.denials(), before, strict=True))
        if not self._options.nested:
            self.close()
        return _outcomes(answer["outcomes"], kills > 0, refusals > 0)

    def close(self) -> None:
        if self._fork_server:
            self._fork_server.close()
            self._fork_server = None


def _plain(command: Command, limit_tasks: bool) -> dict[str, Any]:
    limits = asdict(command.limits)
    hard = command.limits.processes + _TASK_SLACK if limit_tasks else 0
    return {
        "argv": list(command.argv),
        "environment": dict(command.environment),
        "reserve_bytes": command.reserve_bytes,
        "processes_hard": hard,
        **limits,
    }


def _outcomes(rows: Any, killed: bool, refused: bool) -> list[Outcome]:
    """Records out of the keeper's answer; what the kernel's groups saw counts for the last one."""
    found = [Outcome(**{**row, "limit": Limit(row["limit"])}) for row in rows]
    last = found[-1] if found else None
    if last and last.limit is Limit.NONE:
        if killed:
            found[-1] = replace(last, limit=Limit.MEMORY)
        elif refused and (last.exit_status or last.signal):
            found[-1] = replace(last, limit=Limit.PROCESSES)
    return found
