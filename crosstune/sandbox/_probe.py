"""Find out how programs can be isolated on this machine, by running a harmless command."""

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
    """How programs are isolated here.

    ``namespaces``: ``fresh`` (prepared, new for every program), ``single`` (a bubblewrap for every program,
    slower) or ``none``. ``groups`` are the control groups that limit memory: ``v2``, ``v1`` or ``none``.
    ``version`` is that of bubblewrap. ``disabled_features`` were switched off by the user.
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
    """Run a command in a sandbox, and find out how it was isolated.

    Raises:
        SandboxUnavailable: the sandbox does not work here; the message says what to do.
        UsageError: the user disabled an unknown feature.
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
    """Let a fork server run a harmless command. Returns the reason why that fails; empty if it works."""
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
    """The outcomes in a reply. If control groups denied memory or processes, the last one reached a limit."""
    outcomes = [Outcome(**{**row, "limit": Limit(row["limit"])}) for row in rows]
    last = outcomes[-1] if outcomes else None
    if last and killed:
        outcomes[-1] = replace(last, limit=Limit.MEMORY)
    elif last and refused and last.limit is Limit.NONE and (last.exit_status or last.signal):
        outcomes[-1] = replace(last, limit=Limit.PROCESSES)
    return outcomes
