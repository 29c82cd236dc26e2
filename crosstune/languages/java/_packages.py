"""Packages of classes that are not the platform's: those that are provided, and what is said of others."""

from __future__ import annotations

import functools
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from crosstune.languages._tools import Tool

_FOLDER = Path("/usr/share/java")


@dataclass(frozen=True, slots=True)
class _Library:
    """A library: its root package, its Debian package and its jars. Programs may use it where it is
    installed; the set-up of the language installs the ``usual`` ones."""

    root: str
    debian: str
    jars: tuple[str, ...]
    purpose: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(_FOLDER / jar for jar in self.jars)

    @property
    def installed(self) -> bool:
        return all(path.is_file() for path in self.paths)

    @property
    def usual(self) -> bool:
        return bool(self.purpose)


_LIBRARIES = (
    _Library("org.javatuples", "libjavatuples-java", ("javatuples.jar",), "tests of MultiPL-E"),
    _Library("org.apache.commons.lang3", "libcommons-lang3-java", ("commons-lang3.jar",)),
    _Library("com.google.common", "libguava-java", ("guava.jar",)),
    _Library("com.google.gson", "libgoogle-gson-java", ("gson.jar",)),
)
_KNOWN = tuple(
    f"{name}."
    for name in (
        *("org.junit", "org.testng", "org.mockito", "org.assertj", "org.hamcrest", "org.apache", "org.json"),
        *("org.springframework", "org.slf4j", "com.fasterxml", "com.google", "io.vavr", "io.reactivex"),
        *("lombok", "jakarta", "javax", "java", "javafx", "reactor", "kotlin", "scala"),
    )
)
_OF_CANDIDATES = ("com.example", "org.example")
_LIBRARY_ROOTS = frozenset(
    (
        *("android", "androidx", "com", "edu", "gov", "groovy", "io", "jakarta", "java", "javax", "junit"),
        *("kotlin", "lombok", "me", "net", "org", "reactor", "scala"),
    )
)

TOOLS = tuple(
    Tool(
        name=each.root,
        package=each.debian,
        purpose=each.purpose,
        path=str(each.paths[0]),
        required=False,
    )
    for each in _LIBRARIES
    if each.usual
)


@functools.cache
def packages_here() -> tuple[Path, ...]:
    """The jars that programs may use."""
    return tuple(path for each in _LIBRARIES if each.installed for path in each.paths)


def missing(name: str, platform: AbstractSet[str], members: int, *, may_be_candidate: bool) -> str:
    """Why the import ``name`` cannot be resolved, and the way to mend it; empty if it can, or in doubt.

    Its last ``members`` parts are no packages. ``may_be_candidate``: the tests name no other class that the
    candidate could declare, so this may be the candidate's.
    """
    parts = name.split(".")
    if any(".".join(parts[:length]) in platform for length in range(len(parts), 0, -1)):
        return ""
    library = next((each for each in _LIBRARIES if f"{name}.".startswith(f"{each.root}.")), None)
    if library and library.installed:
        return ""
    known = library is not None or f"{name}.".startswith(_KNOWN)
    if not known and (may_be_candidate or parts[0] not in _LIBRARY_ROOTS or name.startswith(_OF_CANDIDATES)):
        return ""
    package = library.root if library else ".".join(parts[: len(parts) - members])
    return f"the tests need the package {package}, which is not installed. {_way(library)}"


def _way(library: _Library | None) -> str:
    if library is None:
        known = ", ".join(each.root for each in _LIBRARIES)
        return f"crosstune has no way to get it: it provides {known}"
    if library.usual:
        return "Get it: crosstune doctor java --install"
    return f"Get it: sudo apt-get install {library.debian}"
