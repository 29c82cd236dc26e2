"""What stands ready for judging Java: the judging class and the compile server, compiled once, and an archive
of the compiler's own classes, with which the server starts in half the time."""

from __future__ import annotations

import functools
import hashlib
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from crosstune.errors import MissingTool
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
# Stands for the tests' class while the judging class is compiled.
_STUB = "class Main { public static void main(String[] words) throws Throwable {} }"
# Strings are joined without the machinery that a new virtual machine would have to load.
_OPTIONS = ("-proc:none", "-encoding", "UTF-8", "-XDstringConcat=inline")
_ARCHIVE = "compiler.jsa"
_LENGTH = struct.Struct(">I")


@functools.cache
def home() -> Path:
    """The folder of the development kit.

    Raises:
        MissingTool: none is installed.
    """
    found = shutil.which("javac")
    if not found:
        raise MissingTool(TOOLS[0].name, TOOLS[0].purpose, TOOLS[0].install)
    return Path(found).resolve().parent.parent


@functools.cache
def version() -> str:
    """
    Raises:
        MissingTool: none is installed.
    """
    done = subprocess.run([home() / "bin" / "java", "-version"], capture_output=True, text=True, check=True)
    return done.stderr.strip()


def toolchain() -> str:
    return f"{version()}; judging class {_digest(*_JUDGE_SOURCES)}"


@functools.cache
def folder() -> Path:
    """Where ``judge`` and ``compiler`` stand, two folders of classes, and the archive, if it could be made.

    Raises:
        MissingTool: no development kit is installed.
        PrerequisiteError: they cannot be compiled or written.
    """
    state = (
        f"{home()} {version()} {EXPORTS} {_OPTIONS} {_ARCHIVE} {_STUB} "
        f"{_digest(*_JUDGE_SOURCES, _COMPILER_SOURCE)}"
    )
    return prepared_state.folder("java", hashlib.sha256(state.encode()).hexdigest()[:16], _compile)


def _digest(*sources: Path) -> str:
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _compile(place: Path) -> None:
    javac = (home() / "bin" / "javac", *_OPTIONS)
    (place / "Main.java").write_text(_STUB, "utf-8")
    prepared_state.command(
        (*javac, "-d", place / "judge", "-sourcepath", place, "-implicit:none", *_JUDGE_SOURCES), place
    )
    prepared_state.command((*javac, *EXPORTS, "-d", place / "compiler", _COMPILER_SOURCE), place)
    try:
        _archive(place)
    except subprocess.CalledProcessError as error:  # kits before the 13th make none
        (place / _ARCHIVE).unlink(missing_ok=True)
        (place / "none.txt").write_text(error.stderr, "utf-8")


def _archive(place: Path) -> None:
    """Let javac compile our own sources, and keep the classes that it has loaded by then. The class path is
    empty meanwhile, so the archive holds for any on which the server is started."""
    javac = (home() / "bin" / "java", f"-XX:ArchiveClassesAtExit={place / _ARCHIVE}", "-m", _JAVAC)
    sources = (_COMPILER_SOURCE, *_JUDGE_SOURCES)
    with tempfile.TemporaryDirectory() as scratch:
        prepared_state.command(
            (*javac, *_OPTIONS, *EXPORTS, "-d", scratch, "-sourcepath", place, *sources), place
        )


def archive_flags(place: SandboxPath) -> tuple[str, ...]:
    """For the virtual machine of the compile server. An archive that it cannot use, it leaves aside, and says
    so where answers are expected, if it is not silenced."""
    found = folder() / _ARCHIVE
    return (f"-XX:SharedArchiveFile={place(found)}", "-Xlog:disable") if found.is_file() else ()


def reply(data: bytes) -> CompileResult | None:
    """What the compile server's answer says; None: it could not tell."""
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
