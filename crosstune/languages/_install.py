"""Install what languages need: Debian packages, then the packages that crosstune prepares itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable, Sequence

from crosstune.errors import PrerequisiteError, UsageError
from crosstune.languages._language import Language
from crosstune.languages._tools import Preparation, Tool

_APT = ("apt-get", "install", "--yes", "--no-install-recommends")


def install(
    languages: Iterable[Language], report: Callable[[str], None], package_sets: Collection[str] = ()
) -> list[str]:
    """Install what is missing, and pass a line on each step to ``report``.

    ``package_sets`` are the names of further sets of packages to install.

    Debian packages are only installed by root, where apt exists; otherwise ``report`` gets the command.
    Returns what is still missing and needed to judge a language completely.

    Raises:
        UsageError: a language is never judged, or none of them has such a package set.
    """
    chosen = list(languages)
    for language in chosen:
        if language.judging is None:
            raise UsageError(f"{language.title} is used for training only and never run")
    known = {each.package_set for language in chosen for each in language.preparations} - {""}
    if unknown := sorted(set(package_sets) - known):
        expected = f"expected {' or '.join(sorted(known))}" if known else "these languages have none"
        raise UsageError(f"no set of packages is called {unknown[0]!r}; {expected}")
    preparations = [
        each for each in _unready(chosen) if not each.package_set or each.package_set in package_sets
    ]
    tools = [tool for language in chosen for tool in language.tools]
    tools += [tool for preparation in preparations for tool in preparation.tools]
    missing = {tool.name: tool for tool in tools if not tool.installed}
    for tool in missing.values():
        report(f"missing: {tool.name}, for {tool.purpose} (Debian package {tool.package})")
    if missing:
        _install_packages(_packages(missing.values()), report)
    failed = [preparation.what for preparation in preparations if not _prepare(preparation, report)]
    return [tool.name for tool in missing.values() if tool.required and not tool.installed] + failed


def _unready(languages: Iterable[Language]) -> list[Preparation]:
    """Each preparation once: languages can share one."""
    by_what = {each.what: each for language in languages for each in language.preparations}
    return [each for each in by_what.values() if not each.ready()]


def _packages(tools: Iterable[Tool]) -> list[str]:
    return list(dict.fromkeys(package for tool in tools for package in tool.package.split()))


def _install_packages(packages: Sequence[str], report: Callable[[str], None]) -> None:
    command = f"sudo {' '.join((*_APT, *packages))}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        report(f"to install them: {command}")
        return
    report(f"installing {' '.join(packages)}")
    if not _run("apt-get", "update", "--quiet", "--quiet"):
        report("apt-get update failed")
    if _run(*_APT, *packages):
        return
    # If the release lacks one package, apt installs none of them.
    if failed := [package for package in packages if not _run(*_APT, package)]:
        report(f"apt-get could not install {' '.join(failed)}")


def _run(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def _prepare(preparation: Preparation, report: Callable[[str], None]) -> bool:
    report(f"preparing {preparation.what}")
    try:
        preparation.make()
    except PrerequisiteError as error:
        report(f"could not prepare {preparation.what}: {error}")
        return False
    return True
