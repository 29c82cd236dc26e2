"""Go's standard packages and ours, compiled once, so that judging a program compiles that alone."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from crosstune.errors import EnvironmentFault, MissingTool

INSTALL = "sudo apt-get install golang-go"
ASSERT = "github.com/stretchr/testify/assert"
EVIDENCE = Path(__file__).with_name("_go_evidence.go")
_ASSERT_SOURCE = Path(__file__).with_name("_go_assert.go")
# Made for Go's own tools; nobody asked for a program means these where it leaves an import out.
_OTHERS = re.compile(r"(?:internal|vendor|cmd|debug|go|runtime|testing)(?:/|$)|.*/(?:internal|vendor)/")


@functools.cache
def root() -> Path:
    """The folder of the Go tools.

    Raises:
        MissingTool: Go is not installed.
    """
    return Path(_go("env", "GOROOT").strip()).resolve()


def tool(name: str) -> Path:
    return Path(_go_tools(), name)


@functools.cache
def _go_tools() -> str:
    return _go("env", "GOTOOLDIR").strip()


@functools.cache
def version() -> str:
    digest = hashlib.sha256(_ASSERT_SOURCE.read_bytes() + EVIDENCE.read_bytes()).hexdigest()[:12]
    return f"{_go('version').strip()}; {digest}"


@functools.cache
def folder() -> Path:
    """Where the compiled packages stand: ``CROSSTUNE_GO_PACKAGES`` or crosstune's own folder. The first
    one who asks compiles them, which takes some seconds.

    Raises:
        MissingTool: Go is not installed.
        EnvironmentFault: they cannot be compiled or written.
    """
    named = os.environ.get("CROSSTUNE_GO_PACKAGES")
    home = Path(named or Path(sys.prefix, "share", "crosstune", "go")).resolve()
    key = hashlib.sha256(f"{root()} {version()}".encode()).hexdigest()[:16]
    place = home / key
    try:
        home.mkdir(parents=True, exist_ok=True)
        with (home / f"{key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.is_dir():
                _compile(place)
    except (OSError, subprocess.CalledProcessError) as fault:
        told = getattr(fault, "stderr", "") or fault
        raise EnvironmentFault(
            f"{place}: Go's packages cannot be compiled there: {told}; "
            "name a folder that can be written in CROSSTUNE_GO_PACKAGES"
        ) from None
    return place


@functools.cache
def archives() -> Mapping[str, Path]:
    """The compiled file of every package that a program may import."""
    rows = Path(folder(), "packages.txt").read_text("utf-8").splitlines()
    return {path: Path(folder(), file) for path, _, file in (row.partition("=") for row in rows)}


@functools.cache
def standard() -> tuple[str, ...]:
    """The import paths that a forgotten import may mean."""
    return tuple(path for path in archives() if not _OTHERS.match(path) and path != ASSERT)


def _compile(place: Path) -> None:
    with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
        aside = Path(scratch, "packages")
        aside.mkdir()
        shown = "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}"
        rows = _go("list", "-export", "-f", shown, "std", cache=scratch).split()
        files = {path: Path(file) for path, _, file in (row.partition("=") for row in rows)}
        for number, (path, file) in enumerate(files.items()):
            if not file.is_relative_to(root()):  # not shipped with Go, so compiled just now
                files[path] = aside / f"{number}.a"
                shutil.copyfile(file, files[path])
        table = aside / "importcfg"
        table.write_text("".join(f"packagefile {path}={file}\n" for path, file in files.items()), "utf-8")
        files[ASSERT] = aside / "assert.a"
        command = [str(tool("compile")), "-p", ASSERT, "-complete", "-pack", "-importcfg", str(table)]
        subprocess.run(
            [*command, "-o", str(files[ASSERT]), str(_ASSERT_SOURCE)],
            check=True,
            capture_output=True,
            text=True,
        )
        listed = [f"{path}={_from(aside, file)}\n" for path, file in files.items()]
        Path(aside, "packages.txt").write_text("".join(listed), "utf-8")
        aside.rename(place)


def _from(folder: Path, file: Path) -> Path:
    return file.relative_to(folder) if file.is_relative_to(folder) else file


def _go(*words: str, cache: str = "") -> str:
    found = shutil.which("go")
    if not found:
        raise MissingTool("go", "compiling Go", INSTALL)
    own = {"GOCACHE": cache} if cache else {}
    # Nothing of the user's settings may change how programs are compiled.
    settings = {
        "CGO_ENABLED": "0",
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
        "GOENV": "off",
    }
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), **settings, **own}
    done = subprocess.run([found, *words], env=environment, check=True, capture_output=True, text=True)
    return done.stdout
