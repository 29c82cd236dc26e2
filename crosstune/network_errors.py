"""Faults of the way to a server, told from others."""

from __future__ import annotations

LIBRARIES = ("httpx", "httpcore", "requests", "urllib3")
"""How their names begin. The Hub's client speaks through one of them; which one changes with its version."""


def is_transport(fault: BaseException) -> bool:
    """Whether it is an error of the system or of an HTTP library, not of a program."""
    return isinstance(fault, OSError) or type(fault).__module__.startswith(LIBRARIES)


def first_line(fault: BaseException) -> str:
    return str(fault).strip().partition("\n")[0] or type(fault).__name__
