"""What isolates programs on this machine, found out by starting something."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import dataclass, replace
from typing import Any

from crosstune.records import Command, Limits
from crosstune.sandbox import _bubblewrap
from crosstune.sandbox._control_groups import version
from crosstune.sandbox._disabled_features import FILTER, GROUPS, NESTING, disabled_features
from crosstune.sandbox._fork_server import START_SECONDS, ForkServer, ForkServerOptions, Kind, SandboxDied
from crosstune.sandbox._marshalling import Request
from crosstune.sandbox._records import Limit, Outcome

_HARMLESS = Command(
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
    """What isolates programs here.

    ``namespaces``: ``fresh`` (prepared, new for every program), ``single`` (a bubblewrap for every program,
    slower) or ``none``. ``groups`` (which control memory): ``v2``, ``v1`` or ``none``. ``version`` is
    bubblewrap's. ``disabled_features`` would work here and were switched off.
    """

    namespaces: str
    seccomp_filter: bool
    groups: str
    version: str
    disabled_features: tuple[str, ...] = ()

    @property
    def lacking(self) -> tuple[str, ...]:
        """The features of the sandbox that do not work here or are disabled, by their names in
        CROSSTUNE_WITHOUT: some programs get other verdicts without them."""
        sandboxed = self.namespaces != "none"
        present = {
            NESTING: self.namespaces == "fresh" or not sandboxed,
            GROUPS: self.groups != "none",
            FILTER: self.seccomp_filter or not sandboxed,
        }
        return tuple(feature for feature, is_present in present.items() if not is_present)


@functools.cache
def probe(kind: Kind = "bubblewrap") -> Enforcement:
    """Start a command, and find out what isolates it.

    Raises:
        SandboxUnavailable: it does not work here; the message says what to do.
        UsageError: an unknown feature is to be disabled.
    """
    if kind == "none":
        return Enforcement(namespaces="none", seccomp_filter=False, groups=version(), version="")
    single = Enforcement(
        namespaces="single",
        seccomp_filter=bool(_bubblewrap.seccomp_filter()),
        groups=version(),
        version=_bubblewrap.bubblewrap_version(),
        disabled_features=disabled_features(),
    )
    if error := _try(ForkServerOptions(kind=kind, nested=False)):
        raise _bubblewrap.explain_failure(error)
    if NESTING in single.disabled_features or _try(ForkServerOptions(kind=kind, nested=True)):
        return single
    return replace(single, namespaces="fresh")


def _try(options: ForkServerOptions) -> str:
    """Have a fork server run a harmless command; empty if that works, else the reason."""
    request = Request([_HARMLESS], {}, limit_tasks=True)
    server = ForkServer(options, request.disk_bytes)
    try:
        with contextlib.ExitStack() as opened:
            reply = server.request(request.message, request.descriptors(opened), START_SECONDS)
    except SandboxDied as error:
        return str(error) or "it ended without a message"
    finally:
        server.close()
    if "outcomes" not in reply:
        return str(reply.get("error"))
    (outcome,) = outcomes_of(reply["outcomes"], killed=False, refused=False)
    failed = outcome.exit_status or outcome.limit
    return f"a harmless command failed: {outcome.error or outcome.stderr or outcome}" if failed else ""


def outcomes_of(rows: Any, killed: bool, refused: bool) -> list[Outcome]:
    """Records of a reply. What the control groups denied, memory or processes, concerns the last one."""
    outcomes = [Outcome(**{**row, "limit": Limit(row["limit"])}) for row in rows]
    last = outcomes[-1] if outcomes else None
    if last and last.limit is Limit.NONE:
        if killed:
            outcomes[-1] = replace(last, limit=Limit.MEMORY)
        elif refused and (last.exit_status or last.signal):
            outcomes[-1] = replace(last, limit=Limit.PROCESSES)
    return outcomes
