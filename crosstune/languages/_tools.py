"""The requirements of a language: tools from Debian packages, and packages that crosstune prepares."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crosstune.records import Requirement


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A program called ``name``, or, where ``path`` is given, files that match that pattern.

    ``package`` is the Debian package (or several, separated by spaces); ``purpose`` is what needs the tool.
    Programs can be judged without a tool that is not ``required``.
    """

    name: str
    package: str
    purpose: str
    path: str = ""
    required: bool = True

    @property
    def installed(self) -> bool:
        if self.path:
            return any(Path("/").glob(self.path.removeprefix("/")))
        return shutil.which(self.name) is not None

    @property
    def install(self) -> str:
        return f"sudo apt-get install {self.package}"

    def requirement(self) -> Requirement:
        what = self.name if self.required else f"{self.name} ({self.purpose})"
        return Requirement(what, self.installed, self.install)


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """Packages that `install` fetches or builds for a language, with ``tools``.

    ``make`` raises `PrerequisiteError` if it fails; ``ready`` returns whether they are already in place.
    Those of a named ``package_set`` are made only when that is asked for.
    """

    what: str
    ready: Callable[[], bool]
    make: Callable[[], None]
    tools: tuple[Tool, ...] = ()
    package_set: str = ""
