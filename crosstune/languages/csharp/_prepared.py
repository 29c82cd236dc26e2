"""The programs of crosstune's own that judge C#: made once, with mcs."""

from __future__ import annotations

import functools
import hashlib
import shutil
import struct
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.files import text_digest
from crosstune.languages._language import CompileResult
from crosstune.languages._shared import compiled, prepared_state
from crosstune.languages._tools import Tool

MCS = Tool(name="mcs", package="mono-mcs", purpose="compiling C#")
MONO = Tool(name="mono", package="mono-runtime", purpose="running C#")
BIGNUM = "libmono-system-numerics4.0-cil"
CHECKS, JUDGE, BUILD, SERVER = "checks.dll", "judge.exe", "build.exe", "server.exe"
_NAMES = ("build", "checks", "judge", "fair", "values", "server")
_SOURCES = tuple(Path(__file__).with_name(f"{name}.cs") for name in _NAMES)
_COMPILER = "mono/4.5/mcs.exe"
_LENGTH = struct.Struct(">I")
LIBRARIES = Path("/usr/lib/mono/4.5")


def toolchain() -> str:
    return f"{compiled.version(MCS)}; {compiled.version(MONO)}; judging programs {_digest()}"


@functools.cache
def folder() -> Path:
    """
    Raises:
        MissingTool: mcs or mono is not installed.
        PrerequisiteError: they cannot be compiled or written.
    """
    return prepared_state.folder("csharp", text_digest(toolchain())[:16], _compile)


def _digest() -> str:
    return hashlib.sha256(b"".join(source.read_bytes() for source in _SOURCES)).hexdigest()[:12]


def _compile(target: Path) -> None:
    build, checks, judge, fair, values, server = _SOURCES
    mcs = shutil.which(MCS.name)
    if not mcs:
        raise MissingTool(MCS.name, MCS.purpose, MCS.install)
    commands = (
        ("-target:library", "-r:System.Numerics.dll", f"-out:{target / CHECKS}", checks, values),
        (f"-r:{target / CHECKS}", "-r:System.Core.dll", f"-out:{target / JUDGE}", judge, fair),
        (f"-r:{target / CHECKS}", f"-out:{target / SERVER}", server),
        (f"-r:{LIBRARIES / 'mcs.exe'}", f"-out:{target / BUILD}", build),
    )
    for words in commands:
        prepared_state.command((mcs, "-optimize", "-d:DEBUG", "-langversion:latest", *words), target)


def request(kind: str, files: dict[str, str]) -> bytes | None:
    """Encode a request to the compile server; None if a text is not valid Unicode."""
    try:
        texts = [files.get(name, "").encode() for name in ("candidate.cs", "tests.cs")]
    except UnicodeEncodeError:
        return None
    return kind.encode() + b"".join(_LENGTH.pack(len(text)) + text for text in texts)


def reply(data: bytes, *, target: str) -> CompileResult | None:
    """Decode the compile server's reply; None if it could not decide."""
    if data[:1] == b"E":
        return CompileResult(refused=True, stderr=data[1:].decode("utf-8", "replace"))
    return CompileResult(files={target: data[1:]}) if data[:1] == b"C" else None
