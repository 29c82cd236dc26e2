"""Compile Go's standard packages and crosstune's once, so judging a program compiles only the program."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.languages._shared import prepared_state
from crosstune.languages._tools import Tool

TOOL = Tool(name="go", package="golang-go", purpose="compiling Go")
ASSERT = "github.com/stretchr/testify/assert"
OWN_PACKAGES = "crosstune/"
"""The beginning of import paths that programs must not use."""
EVIDENCE, WORDS, TESTING = f"{OWN_PACKAGES}evidence", f"{OWN_PACKAGES}words", "testing"
# In this order, because each is compiled against the previous ones; `TESTING` then replaces Go's own.
_SOURCES = {
    ASSERT: "assert.go",
    EVIDENCE: "evidence.go",
    TESTING: "testing.go",
    WORDS: "words.go",
}
# Packages for Go's own tools: a forgotten import never means one of these.
_OTHERS = re.compile(
    r"(?:internal|vendor|cmd|debug|go|runtime/\w+|testing|crosstune)(?:/|$)|.*/(?:internal|vendor)/"
)


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
    sources = b"".join(_source(name).read_bytes() for name in _SOURCES.values())
    return f"{_go('version').strip()}; {hashlib.sha256(sources).hexdigest()[:12]}"


def _source(name: str) -> Path:
    return Path(__file__).with_name(name)


@functools.cache
def folder() -> Path:
    """The folder with the compiled packages. The first call compiles them, which takes some seconds.

    Raises:
        MissingTool: Go is not installed.
        PrerequisiteError: they cannot be compiled or written.
    """
    tools = [tool(name).stat() for name in ("compile", "link")]
    state = [f"{one.st_size} {one.st_mtime_ns}" for one in tools]
    key = hashlib.sha256(" ".join([str(root()), version(), *state]).encode()).hexdigest()[:16]
    return prepared_state.folder("go", key, _compile)


@functools.cache
def archives(small: bool) -> Mapping[str, Path]:
    """The compiled file of every package that a program may import; ``small``: with crosstune's `TESTING`."""
    rows = Path(folder(), "packages.txt").read_text("utf-8").splitlines()
    files = {path: Path(folder(), file) for path, _, file in (row.partition("=") for row in rows)}
    own = {path: Path(folder(), f"{name}.a") for path, name in _SOURCES.items()}
    always = {path: own[path] for path in (ASSERT, EVIDENCE)}
    return {**files, **(own if small else always)}


@functools.cache
def standard() -> tuple[str, ...]:
    """The import paths that a forgotten import can mean."""
    paths = (path for path in archives(False) if not _OTHERS.match(path) and path != ASSERT)
    return (*paths, "unsafe")


@functools.cache
def assertions() -> frozenset[str]:
    """The exported names of crosstune's package `ASSERT`."""
    code = _source(_SOURCES[ASSERT]).read_text("utf-8")
    return frozenset(re.findall(r"^(?:func|type) (?:\(.*?\) )?([A-Z]\w*)", code, re.MULTILINE))


def _compile(target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        shown = "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}"
        rows = _go("list", "-export", "-f", shown, "std", cache=scratch).split()
        files = {path: Path(file) for path, _, file in (row.partition("=") for row in rows)}
        for number, (path, file) in enumerate(files.items()):
            if not file.is_relative_to(root()):  # not shipped with Go, so compiled just now
                files[path] = target / f"{number}.a"
                shutil.copyfile(file, files[path])
    listed = [f"{path}={_from(target, file)}\n" for path, file in files.items()]
    Path(target, "packages.txt").write_text("".join(listed), "utf-8")
    table = target / "importcfg"
    for path, name in _SOURCES.items():
        table.write_text("".join(f"packagefile {each}={file}\n" for each, file in files.items()), "utf-8")
        files[path] = target / f"{name}.a"
        words = ("-p", path, "-complete", "-pack", "-dwarf=false", "-importcfg", table, "-o", files[path])
        prepared_state.command([tool("compile"), *words, _source(name)], target)


def _from(folder: Path, file: Path) -> Path:
    return file.relative_to(folder) if file.is_relative_to(folder) else file


def _go(*words: str, cache: str = "") -> str:
    go = shutil.which("go")
    if not go:
        raise MissingTool(TOOL.name, TOOL.purpose, TOOL.install)
    own = {"GOCACHE": cache} if cache else {}
    # The user's settings must not change how programs are compiled.
    settings = {
        "CGO_ENABLED": "0",
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
        "GOENV": "off",
    }
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), **settings, **own}
    done = subprocess.run([go, *words], env=environment, check=True, capture_output=True, text=True)
    return done.stdout
