"""Recognise network errors, and describe an error in one line."""

from __future__ import annotations

LIBRARIES = ("httpx", "httpcore", "requests", "urllib3")
"""Prefixes of module names. Which library the Hugging Face Hub's client uses depends on its version."""


def is_network_error(error: BaseException) -> bool:
    """Whether the operating system or an HTTP library raised it, rather than a bug in a program."""
    return isinstance(error, OSError) or type(error).__module__.startswith(LIBRARIES)


def first_line(error: BaseException) -> str:
    """The first line of the error's message, or its type's name if it has none."""
    return str(error).strip().partition("\n")[0] or type(error).__name__
