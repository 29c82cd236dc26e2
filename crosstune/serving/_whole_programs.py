"""What the routes that run whole programs have in common."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from crosstune.errors import DataError, UsageError
from crosstune.execution import Ended
from crosstune.languages import Language
from crosstune.records import Limits, Status

_WALL = 3.0
"""Wall time that a program may take, times its CPU time: others on the same cores make it slower."""
_MOST_SECONDS = 3600.0
_MOST_OUTPUT_BYTES = 16 << 20
_MOST_MEMORY_BYTES = 1 << 40
_MOST_ARGUMENT_CHARACTERS = 1 << 15

BUILT = frozenset(
    {
        "c",
        "cpp",
        "csharp",
        "d",
        "fortran",
        "go",
        "haskell",
        "java",
        "kotlin",
        "ocaml",
        "pascal",
        "rust",
        "scala",
    }
)
"""Languages with a compiler. In others the check before the run is not a step that clients know."""


def run_limits(language: Language, seconds: float, memory_bytes: int = 0) -> Limits:
    """The language's limits with the time and memory that a client names; 0 or less: the language's memory.

    Raises:
        UsageError: the time is not a number of seconds in range.
    """
    assert language.judging is not None
    check_seconds("run_timeout", seconds)
    limits = language.judging.limits
    memory_bytes = min(memory_bytes, _MOST_MEMORY_BYTES) if memory_bytes > 0 else limits.memory_bytes
    return replace(
        limits,
        cpu_seconds=seconds,
        wall_seconds=_WALL * seconds,
        memory_bytes=memory_bytes,
        output_bytes=max(limits.output_bytes, _MOST_OUTPUT_BYTES),
    )


def check_seconds(name: str, seconds: float) -> None:
    """
    Raises:
        UsageError: it is not a number of seconds in range.
    """
    if not 0 < seconds <= _MOST_SECONDS:
        raise UsageError(f"{name}: expected seconds above 0, at most {_MOST_SECONDS:g}; found {seconds:g}")


def check_path(name: str, field: str = "files") -> str:
    """The name of a file in a program's working folder.

    Raises:
        DataError: it leads out of the folder.
    """
    parts = PurePosixPath(name).parts
    if (
        not parts
        or parts[0] == "/"
        or ".." in parts
        or "\0" in name
        or any(len(each) > 200 for each in parts)
    ):
        raise DataError(f"{field}: expected a path inside the working folder, found {name!r:.80}")
    return str(PurePosixPath(name))


def check_arguments(arguments: list[str]) -> tuple[str, ...]:
    """
    Raises:
        DataError: no program can have them.
    """
    if any("\0" in each for each in arguments) or sum(map(len, arguments)) > _MOST_ARGUMENT_CHARACTERS:
        most = _MOST_ARGUMENT_CHARACTERS
        raise DataError(f"args: expected at most {most} characters in all, and none of them zero")
    return tuple(arguments)


def timed_out(ended: Ended) -> bool:
    return ended.status is Status.TIMEOUT


def message_of(ended: Ended) -> str:
    """The error output, and the limit that ended the program, which it does not say itself."""
    if ended.status in (Status.PASSED, Status.RUNTIME_ERROR, Status.COMPILE_ERROR, Status.TIMEOUT):
        return ended.stderr
    return f"{ended.stderr}\n[ended: {ended.status}]".lstrip()
