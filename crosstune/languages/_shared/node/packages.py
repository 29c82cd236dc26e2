"""The npm packages that judged programs may require, and TypeScript's compiler."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from crosstune.errors import MissingTool, PrerequisiteError
from crosstune.languages._shared.node import runtime
from crosstune.languages._tools import Preparation, Tool

_LISTED = Path(__file__).with_name("npm")
_LOCK = "package-lock.json"
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


def _names() -> str:
    listed = json.loads((_LISTED / "package.json").read_text("utf-8"))
    return " and ".join(listed["dependencies"])


PREPARATION = Preparation(what=f"the npm packages {_names()}", ready=_ready, make=_install, tools=(_NPM,))
