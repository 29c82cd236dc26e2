"""Locate Node.js and the modules that JavaScript and TypeScript programs may require."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.files import file_digest
from crosstune.languages._language import MIB, SandboxPath
from crosstune.languages._shared.limits import MAX_STACK_BYTES, RUN_LIMITS
from crosstune.languages._tools import Tool
from crosstune.records import Limits, Requirement

TOOL = Tool(name="node", package="nodejs", purpose="running JavaScript and TypeScript")

# The published harness allows 10 s of wall time; here it is CPU time, so load has no effect.
# Node alone has about a dozen threads.
LIMITS = dataclasses.replace(RUN_LIMITS, processes=64, disk_bytes=32 * MIB)

_NAMED = ("typescript", "@types/node", "lodash", "mathjs", "heap-js", "js-md5")
"""Packages that a toolchain names; the digest has all."""


# The rest of the stack is for node's own code, which runs on top of the program's.
_STACK_MARGIN_BYTES = 1 * MIB


def with_stack(limits: Limits) -> Limits:
    """The limits of a program, with the stack that they imply: half of its memory, so that an endless
    recursion reaches the stack's limit first; at most as much as that of a compiled program."""
    stack = limits.stack_bytes or min(limits.memory_bytes // 2, MAX_STACK_BYTES)
    return dataclasses.replace(limits, stack_bytes=stack)


def memory_flags(limits: Limits) -> tuple[str, ...]:
    """node's flags for limits that have a stack."""
    stack = max(limits.stack_bytes - _STACK_MARGIN_BYTES, _STACK_MARGIN_BYTES // 2)
    return f"--max-old-space-size={limits.memory_bytes // MIB}", f"--stack-size={stack // 1024}"


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
    """node and the packages that programs may require, with their versions, and a digest of all packages."""
    manifests = sorted(
        each for pattern in ("*", "@*/*") for each in modules().glob(f"{pattern}/package.json")
    )
    listed = [f"{name} {_version(name)}" for name in _NAMED if (modules() / name).is_dir()]
    digest = hashlib.sha256("".join(map(file_digest, manifests)).encode()).hexdigest()[:12]
    return f"node {version()}; {', '.join(listed)}; packages {digest}"


def _version(package: str) -> str:
    manifest = json.loads((modules() / package / "package.json").read_text("utf-8"))
    return str(manifest.get("version", "?"))
