"""What a server listens to, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crosstune.records import Isolation


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """``token``: requests must have it; empty: they need none. ``most_programs`` may wait or run at once;
    more are refused. ``body_bytes`` is the longest body, which must arrive within ``body_seconds``.
    A request is answered after ``deadline_seconds`` at the latest, and after SIGTERM the server takes
    ``drain_seconds`` to finish what it has accepted."""

    host: str = "127.0.0.1"
    port: int = 8000
    token: str = ""
    workers: int = 1
    isolation: Isolation = "auto"
    cache: Path | None = None
    most_programs: int = 1024
    body_bytes: int = 64 << 20
    body_seconds: float = 30.0
    deadline_seconds: float = 600.0
    drain_seconds: float = 30.0
    connections: int = 1024
    log_requests: bool = False
