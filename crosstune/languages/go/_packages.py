"""Compile Go's standard packages and crosstune's once, so judging a program compiles only the program."""

from __future__ import annotations

import functools
import hashlib
import itertools
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
from crosstune.languages.go import _assertions

TOOL = Tool(name="go", package="golang-go", purpose="compiling Go")
ASSERT = "github.com/stretchr/testify/assert"
REQUIRE = "github.com/stretchr/testify/require"
OWN_PACKAGES = "crosstune/"
"""The beginning of import paths that programs must not use."""
EVIDENCE, WORDS, TESTING = f"{OWN_PACKAGES}evidence", f"{OWN_PACKAGES}words", "testing"
EXAMPLES = f"{OWN_PACKAGES}examples"
VALUES, DYNAMIC, STUB = f"{OWN_PACKAGES}values", f"{OWN_PACKAGES}dynamic", f"{OWN_PACKAGES}stub"
"""The exchange of values with another process: all that is cheap to link, what needs reflect, and how tests
ask."""
_FEW, _MORE = "assert.go", "assert_more.go"
_EXCHANGE = {
    VALUES: ("values.go", "typed.go", "server.go", "objects.go"),
    DYNAMIC: ("dynamic.go", "dynamic_get.go", "dynamic_types.go", "dynamic_update.go"),
    STUB: ("stub.go", "remote.go"),
}
_SOURCES = (
    *(_FEW, "assert_values.go", _MORE, "evidence.go", "examples.go", "testing.go", "words.go"),
    *itertools.chain(*_EXCHANGE.values()),
)
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
    sources = "".join(map(_assertions.source, (*_SOURCES, "_assertions.py")))
    return f"{_go('version').strip()}; {hashlib.sha256(sources.encode()).hexdigest()[:12]}"


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
def archives(small: bool = False, more: bool = True) -> Mapping[str, Path]:
    """The compiled file of every package that a program may import. ``small``: with crosstune's `TESTING`;
    ``more``: with all assertions (`more_assertions`)."""
    rows = Path(folder(), "packages.txt").read_text("utf-8").splitlines()
    files = {path: Path(folder(), file) for path, _, file in (row.partition("=") for row in rows)}
    return {
        **files,
        EVIDENCE: Path(folder(), "evidence.a"),
        EXAMPLES: Path(folder(), "examples.a"),
        **{path: Path(folder(), _archive(path)) for path in _EXCHANGE},
        ASSERT: Path(folder(), "assert_more.a" if more else "assert.a"),
        REQUIRE: Path(folder(), "require_more.a" if more else "require.a"),
        **({TESTING: Path(folder(), "testing.a"), WORDS: Path(folder(), "words.a")} if small else {}),
    }


@functools.cache
def known() -> frozenset[str]:
    """The import paths of all packages that tests may use."""
    own = {path for path in archives() if path.startswith(OWN_PACKAGES)}
    return frozenset({*archives(), "unsafe"} - own)


@functools.cache
def standard() -> tuple[str, ...]:
    """The import paths that a forgotten import can mean."""
    paths = (path for path in archives() if not _OTHERS.match(path) and path not in (ASSERT, REQUIRE))
    return (*paths, "unsafe")


def assertions() -> frozenset[str]:
    """The exported names of crosstune's packages `ASSERT` and `REQUIRE`."""
    return _assertions.names(_FEW) | more_assertions() | _assertions.names("assert_values.go")


def more_assertions() -> frozenset[str]:
    """Those assertions that take longer to link."""
    return _assertions.names(_MORE)


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
    texts = {name: _assertions.source(name) for name in _SOURCES}
    texts |= {f"methods_{name}": _assertions.methods(name) for name in (_FEW, _MORE)}
    texts |= {"require.go": _assertions.require(ASSERT, _FEW)}
    texts |= {"require_more.go": _assertions.require(ASSERT, _FEW, _MORE)}
    for name, text in texts.items():
        Path(target, name).write_text(text, "utf-8")
    few = (_FEW, "assert_values.go", f"methods_{_FEW}")
    # In this order, because each is compiled against the previous ones; `TESTING` then replaces Go's own.
    for archive, path, sources in (
        ("assert.a", ASSERT, few),
        ("require.a", REQUIRE, ("require.go",)),
        ("assert_more.a", ASSERT, (*few, _MORE, f"methods_{_MORE}")),
        ("require_more.a", REQUIRE, ("require_more.go",)),
        ("evidence.a", EVIDENCE, ("evidence.go",)),
        ("examples.a", EXAMPLES, ("examples.go",)),
        *((_archive(path), path, names) for path, names in _EXCHANGE.items()),
        ("testing.a", TESTING, ("testing.go",)),
        ("words.a", WORDS, ("words.go",)),
    ):
        table = target / "importcfg"
        table.write_text("".join(f"packagefile {each}={file}\n" for each, file in files.items()), "utf-8")
        files[path] = target / archive
        # Without inlining, the compiler of each candidate has no code of these to read.
        plain = ("-l",) if path in _EXCHANGE else ()
        words = (
            *plain,
            "-p",
            path,
            "-complete",
            "-pack",
            "-dwarf=false",
            "-importcfg",
            table,
            "-o",
            files[path],
        )
        prepared_state.command([tool("compile"), *words, *sources], target)


def _archive(path: str) -> str:
    return f"{path.removeprefix(OWN_PACKAGES)}.a"


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
