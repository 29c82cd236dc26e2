"""Recognise network errors, and say them in one line."""

from __future__ import annotations

LIBRARIES = ("httpx", "httpcore", "requests", "urllib3")
"""Prefixes of module names. The Hub's client speaks through one of them; which one changes with its version."""


def is_network_error(error: BaseException) -> bool:
    """Whether it is an error of the system or of an HTTP library, not of a program."""
    return isinstance(error, OSError) or type(error).__module__.startswith(LIBRARIES)


def first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
