"""Prepare for judging Java: compile the judging class and the compile server once, and archive the compiler's
classes, so the server starts in half the time."""

from __future__ import annotations

import functools
import hashlib
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.files import text_digest
from crosstune.languages._language import CompileResult, SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._tools import Tool

TOOLS = tuple(
    Tool(name=name, package="default-jdk-headless", purpose=f"{purpose} Java")
    for name, purpose in (("javac", "compiling"), ("java", "running"))
)
JUDGE, COMPILER = "CrosstuneJudge", "CrosstuneCompiler"
EXPORTS = tuple(
    word
    for name in ("api", "main")
    for word in ("--add-exports", f"jdk.compiler/com.sun.tools.javac.{name}=ALL-UNNAMED")
)
_JUDGE_SOURCES = tuple(Path(__file__).with_name(f"{name}.java") for name in ("judge", "classes"))
_JAVAC = "jdk.compiler/com.sun.tools.javac.Main"
_COMPILER_SOURCE = Path(__file__).with_name("compiler.java")
# Replaces the tests' class while the judging class is compiled.
_STUB = "class Main { public static void main(String[] words) throws Throwable {} }"
# Concatenate strings without classes that a new virtual machine would have to load.
_OPTIONS = ("-proc:none", "-encoding", "UTF-8", "-XDstringConcat=inline")
_ARCHIVE = "compiler.jsa"
_LENGTH = struct.Struct(">I")


@functools.cache
def home() -> Path:
    """The folder of the JDK.

    Raises:
        MissingTool: no JDK is installed.
    """
    javac = shutil.which("javac")
    if not javac:
        raise MissingTool(TOOLS[0].name, TOOLS[0].purpose, TOOLS[0].install)
    return Path(javac).resolve().parent.parent


@functools.cache
def version() -> str:
    """
    Raises:
        MissingTool: no JDK is installed.
    """
    done = subprocess.run([home() / "bin" / "java", "-version"], capture_output=True, text=True, check=True)
    return done.stderr.strip()


def toolchain() -> str:
    return f"{version()}; judging class {_digest(*_JUDGE_SOURCES)}"


@functools.cache
def folder() -> Path:
    """The folder with ``judge`` and ``compiler``, two folders of classes, and, if possible, the archive.

    Raises:
        MissingTool: no JDK is installed.
        PrerequisiteError: they cannot be compiled or written.
    """
    state = (
        f"{home()} {version()} {EXPORTS} {_OPTIONS} {_ARCHIVE} {_STUB} "
        f"{_digest(*_JUDGE_SOURCES, _COMPILER_SOURCE)}"
    )
    return prepared_state.folder("java", text_digest(state)[:16], _compile)


def _digest(*sources: Path) -> str:
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _compile(target: Path) -> None:
    javac = (home() / "bin" / "javac", *_OPTIONS)
    (target / "Main.java").write_text(_STUB, "utf-8")
    prepared_state.command(
        (*javac, "-d", target / "judge", "-sourcepath", target, "-implicit:none", *_JUDGE_SOURCES), target
    )
    prepared_state.command((*javac, *EXPORTS, "-d", target / "compiler", _COMPILER_SOURCE), target)
    try:
        _archive(target)
    except subprocess.CalledProcessError as error:  # JDKs before 13 cannot make one
        (target / _ARCHIVE).unlink(missing_ok=True)
        (target / "none.txt").write_text(error.stderr, "utf-8")


def _archive(target: Path) -> None:
    """Let javac compile crosstune's sources, and archive the classes that it has loaded. The class path is
    empty, so the archive works with any class path of the server."""
    javac = (home() / "bin" / "java", f"-XX:ArchiveClassesAtExit={target / _ARCHIVE}", "-m", _JAVAC)
    sources = (_COMPILER_SOURCE, *_JUDGE_SOURCES)
    with tempfile.TemporaryDirectory() as scratch:
        prepared_state.command(
            (*javac, *_OPTIONS, *EXPORTS, "-d", scratch, "-sourcepath", target, *sources), target
        )


def archive_flags(sandbox_path: SandboxPath) -> tuple[str, ...]:
    """Flags for the compile server's virtual machine. It ignores an archive that it cannot use; logging is
    disabled because it would report that on the descriptor of the replies."""
    archive = folder() / _ARCHIVE
    return (f"-XX:SharedArchiveFile={sandbox_path(archive)}", "-Xlog:disable") if archive.is_file() else ()


def reply(data: bytes) -> CompileResult | None:
    """Decode the compile server's reply; None if it could not decide."""
    if data[:1] == b"E":
        return CompileResult(refused=True, stderr=data[1:].decode("utf-8", "replace"))
    if data[:1] != b"C":
        return None
    parts, rest = list[bytes](), data[1:]
    while rest:
        size = _LENGTH.unpack_from(rest)[0]
        parts.append(rest[_LENGTH.size : _LENGTH.size + size])
        rest = rest[_LENGTH.size + size :]
    return CompileResult(
        files={name.decode(): content for name, content in zip(parts[::2], parts[1::2], strict=True)}
    )
