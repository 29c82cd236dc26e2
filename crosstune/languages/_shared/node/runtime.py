"""Locate Node.js and the modules that JavaScript and TypeScript programs may require."""

from __future__ import annotations

import dataclasses
import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.files import file_digest
from crosstune.languages._language import MIB, SandboxPath
from crosstune.languages._shared.limits import RUN_LIMITS
from crosstune.languages._tools import Tool
from crosstune.records import Requirement

TOOL = Tool(name="node", package="nodejs", purpose="running JavaScript and TypeScript")

# The published harness allows 10 s of wall time; here it is CPU time, so load has no effect.
# Node alone has about a dozen threads.
LIMITS = dataclasses.replace(RUN_LIMITS, processes=64, disk_bytes=32 * MIB)

# Thread stacks and code ranges that V8 reserves.
RESERVE_BYTES = 1024 * MIB


def modules() -> Path:
    """The folder of modules that programs may require: ``CROSSTUNE_NODE_MODULES`` or crosstune's own."""
    own = Path(sys.prefix, "share", "crosstune", "javascript", "node_modules")
    return (named_modules() or own).resolve()


def named_modules() -> Path | None:
    """The folder of modules that the user has named, if any."""
    named = os.environ.get("CROSSTUNE_NODE_MODULES")
    return Path(named) if named else None


def module_requirement(name: str) -> Requirement:
    """Whether a program can require ``name``."""
    own = "crosstune doctor javascript --install (needs npm)"
    how = f"npm install --prefix {modules().parent} {name}" if named_modules() else own
    return Requirement(f"the Node.js module {name}", (modules() / name).is_dir(), how)


def mounts() -> tuple[Path, ...]:
    folders = [modules()] if modules().is_dir() else []
    if not program().is_relative_to("/usr"):
        folders.append(program().parent.parent)
    return tuple(folders)


def executable(sandbox_path: SandboxPath) -> str:
    """The path at which a program sees node."""
    return str(program()) if program().is_relative_to("/usr") else sandbox_path(program())


@functools.cache
def program() -> Path:
    """The path of node.

    Raises:
        MissingTool: node is not installed.
    """
    node = shutil.which("node")
    if not node:
        raise MissingTool(TOOL.name, TOOL.purpose, TOOL.install)
    return Path(node).resolve()


@functools.cache
def version() -> str:
    """
    Raises:
        MissingTool: node is not installed.
    """
    done = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def toolchain() -> str:
    installed = [
        f"{manifest.parent.name}:{file_digest(manifest)[:12]}"
        for manifest in sorted(modules().glob("*/package.json"))
        if modules().is_dir()
    ]
    return f"node {version()}; {' '.join(installed)}"
