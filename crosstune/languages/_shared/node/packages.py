"""The npm packages that judged programs may require, and TypeScript's compiler."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from crosstune.errors import MissingTool, PrerequisiteError
from crosstune.languages._shared.node import runtime
from crosstune.languages._tools import Preparation, Tool

_LISTED = Path(__file__).with_name("npm")
_LOCK = "package-lock.json"
_PACKAGE = re.compile(r"@?[A-Za-z0-9]")
# A name with node: is never that of a package.
_MODULES = """
assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain
events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl
stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib
"""
_BUILT_IN = frozenset(_MODULES.split())
_NPM = Tool(name="npm", package="npm", purpose="packages of JavaScript and TypeScript", required=False)


def _ready() -> bool:
    """Whether the listed versions are installed; a folder named by the user is not checked."""
    if runtime.named_modules():
        return True
    lock = _folder() / _LOCK
    return (
        lock.is_file() and lock.read_bytes() == (_LISTED / _LOCK).read_bytes() and runtime.modules().is_dir()
    )


def _folder() -> Path:
    return runtime.modules().parent


def _install() -> None:
    """Install into a new folder, then replace the old one."""
    if not shutil.which("npm"):
        raise MissingTool(_NPM.name, _NPM.purpose, _NPM.install)
    try:
        _folder().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_folder().parent) as scratch:
            new = Path(scratch, "new")
            shutil.copytree(_LISTED, new)
            command = ("npm", "ci", "--silent", "--no-audit", "--no-fund", "--prefix", new)
            subprocess.run(command, check=True, capture_output=True, text=True)
            shutil.rmtree(_folder(), ignore_errors=True)
            new.rename(_folder())
    except (OSError, subprocess.CalledProcessError) as error:
        raise PrerequisiteError(f"npm ci failed: {getattr(error, 'stderr', '') or error}") from error


@functools.cache
def listed() -> dict[str, str]:
    """The packages that crosstune installs, with their versions."""
    found: dict[str, str] = json.loads((_LISTED / "package.json").read_text("utf-8"))["dependencies"]
    return found


def package_of(module: str) -> str:
    """The package that a module of this name belongs to; empty for those of Node.js and for paths."""
    words = module.split("/")
    if not _PACKAGE.match(module) or ":" in module or words[0] in _BUILT_IN:
        return ""
    return "/".join(words[:2]) if module.startswith("@") else words[0]


def is_missing(package: str) -> bool:
    """Whether a program cannot require ``package``."""
    return not (runtime.modules() / package).is_dir()


def how(package: str) -> str:
    """How to get a missing package."""
    if package in listed() or runtime.named_modules():
        return runtime.module_requirement(package).how
    names = " ".join(sorted({*listed(), package}))
    return f"npm install --prefix FOLDER {names}; then set CROSSTUNE_NODE_MODULES=FOLDER/node_modules"


PREPARATION = Preparation(
    what=f"the npm packages {', '.join(listed())}", ready=_ready, make=_install, tools=(_NPM,)
)
