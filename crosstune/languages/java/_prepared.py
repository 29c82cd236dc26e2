"""Prepare for judging Java: compile the judging class and the compile server once, and archive the compiler's
classes, so the server starts in half the time."""

from __future__ import annotations

import functools
import hashlib
import re
import shutil
import struct
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.files import text_digest
from crosstune.languages._language import CompileResult, SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._tools import Tool
from crosstune.languages.java._packages import packages_here

TOOLS = tuple(
    Tool(name=name, package="default-jdk-headless", purpose=f"{purpose} Java")
    for name, purpose in (("javac", "compiling"), ("java", "running"))
)
JUDGE, COMPILER = "CrosstuneJudge", "CrosstuneCompiler"
EXPORTS = tuple(
    word
    for name in ("api", "code", "parser", "platform", "tree", "util")
    for word in ("--add-exports", f"jdk.compiler/com.sun.tools.javac.{name}=ALL-UNNAMED")
)
_JUDGE_SOURCES = {
    name: Path(__file__).with_name(file)
    for name, file in ((JUDGE, "judge.java"), ("CrosstuneScala", "scala.java"))
}
_COMPILER_SOURCES = tuple(
    Path(__file__).with_name(f"{name}.java")
    for name in ("assembly", "build", "classes", "compiler", "names", "platform")
)
APART, APART_JAR = "apart", "apart.jar"
_APART_SOURCES = tuple(
    Path(__file__).with_name(f"{name}.java")
    for name in (
        "calls",
        "decoder",
        "encoder",
        "iterators",
        "records",
        "remote",
        "runner",
        "server",
        "stub",
        "tests",
    )
)
_SOURCES = (*_JUDGE_SOURCES.values(), *_COMPILER_SOURCES, *_APART_SOURCES)
_RELEASES = ("8", "11", "17", "21", "25")
_JAVAC = "jdk.compiler/com.sun.tools.javac.Main"
# Concatenate strings without classes that a new virtual machine would have to load.
_OPTIONS = ("-proc:none", "-encoding", "UTF-8", "-XDstringConcat=inline")
_ARCHIVE, _PACKAGES = "compiler.jsa", "packages.txt"
_PARSE_FLAGS = ("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx192m", "-Xss16m")
_PARSE_SECONDS = 30
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


def standards() -> tuple[str, ...]:
    """The releases of Java that programs may be compiled for: the JDK's own, then those with long support."""
    javac = shutil.which("javac")
    own = _release(Path(javac).resolve().parent.parent) if javac else _RELEASES[-1]
    return (own, *(each for each in _RELEASES if int(each) < int(own)))


def _release(folder: Path) -> str:
    """The feature release of the JDK in ``folder``, by the file that describes it."""
    try:
        found = re.search(r'^JAVA_VERSION="(\d+)', (folder / "release").read_text("utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else re.search(r"\d+", version())[0]  # type: ignore[index]


def toolchain() -> str:
    own = _digest(*_SOURCES)
    packages = " ".join(f"{jar.stem} {_digest(jar)}" for jar in packages_here())
    return "; ".join(filter(None, (version(), f"judging classes {own}", packages)))


@functools.cache
def folder() -> Path:
    """The folder with ``judge`` and ``compiler``, two folders of classes, and, if possible, the archive.

    Raises:
        MissingTool: no JDK is installed.
        PrerequisiteError: they cannot be compiled or written.
    """
    state = f"{home()} {version()} {EXPORTS} {_OPTIONS} {_ARCHIVE} {_digest(*_SOURCES)}"
    return prepared_state.folder("java", text_digest(state)[:16], _compile)


@functools.cache
def platform_packages() -> frozenset[str]:
    """The packages of the JDK's modules."""
    return frozenset((folder() / _PACKAGES).read_text("utf-8").split())


def syntax_error(tests: str) -> str:
    """javac's own word on tests that seem not to parse: ``the tests do not parse: line 3: …``; empty if they
    do."""
    java = _own_java(folder(), "parse", *_PARSE_FLAGS)
    try:
        done = subprocess.run(
            java, input=tests.encode(), capture_output=True, timeout=_PARSE_SECONDS, check=False
        )
    except (UnicodeEncodeError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def _own_java(state: Path, word: str, *flags: str) -> list[str]:
    java, classes = str(home() / "bin" / "java"), str(state / "compiler")
    return [java, *flags, *EXPORTS, "-cp", classes, COMPILER, word]


def _digest(*sources: Path) -> str:
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _compile(target: Path) -> None:
    javac = (home() / "bin" / "javac", *_OPTIONS)
    with tempfile.TemporaryDirectory() as scratch:
        public = [Path(scratch, f"{name}.java") for name in _JUDGE_SOURCES]
        for source, copy in zip(_JUDGE_SOURCES.values(), public, strict=True):
            shutil.copyfile(source, copy)
        prepared_state.command((*javac, "-d", target / "judge", *public), target)
    _compile_apart(javac, target)
    prepared_state.command((*javac, *EXPORTS, "-d", target / "compiler", *_COMPILER_SOURCES), target)
    listed = subprocess.run(_own_java(target, "packages"), capture_output=True, text=True, check=True).stdout
    (target / _PACKAGES).write_text(listed, "utf-8")
    try:
        _archive(target)
    except subprocess.CalledProcessError as error:  # JDKs before 13 cannot make one
        (target / _ARCHIVE).unlink(missing_ok=True)
        (target / "none.txt").write_text(error.stderr, "utf-8")


def _compile_apart(javac: Sequence[str | Path], target: Path) -> None:
    """The classes that join tests and candidate: as a jar, in which the compiler finds them faster, and as a
    folder, from which they start faster."""
    with tempfile.TemporaryDirectory() as scratch:
        sources = [Path(scratch, f"{source.stem.capitalize()}.java") for source in _APART_SOURCES]
        for source, copy in zip(_APART_SOURCES, sources, strict=True):
            shutil.copyfile(source, copy)
        prepared_state.command((*javac, "-d", target / APART, *sources), target)
    with zipfile.ZipFile(target / APART_JAR, "w") as jar:
        for file in sorted((target / APART).rglob("*.class")):
            jar.write(file, file.relative_to(target / APART))


def _archive(target: Path) -> None:
    """Let javac compile crosstune's sources, and archive the classes that it has loaded. The class path is
    empty, so the archive works with any class path of the server."""
    javac = (home() / "bin" / "java", f"-XX:ArchiveClassesAtExit={target / _ARCHIVE}", "-m", _JAVAC)
    with tempfile.TemporaryDirectory() as scratch:
        prepared_state.command((*javac, *_OPTIONS, *EXPORTS, "-d", scratch, *_COMPILER_SOURCES), target)


def archive_flags(sandbox_path: SandboxPath) -> tuple[str, ...]:
    """Flags for the compile server's virtual machine. It ignores an archive that it cannot use; logging is
    disabled because it would report that on the descriptor of the replies."""
    archive = folder() / _ARCHIVE
    return (f"-XX:SharedArchiveFile={sandbox_path(archive)}", "-Xlog:disable") if archive.is_file() else ()


def request(kind: str, texts: Iterable[str]) -> bytes | None:
    """Encode a request to the compile server; None if a text is not valid Unicode."""
    try:
        return kind.encode() + joined(text.encode() for text in texts)
    except UnicodeEncodeError:
        return None


def joined(parts: Iterable[bytes]) -> bytes:
    """The parts, each after its length."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def split(data: bytes) -> list[bytes]:
    """The parts of which `joined` made ``data``.

    Raises:
        struct.error: it is none.
    """
    parts = list[bytes]()
    while data:
        size = _LENGTH.unpack_from(data)[0]
        parts.append(data[_LENGTH.size : _LENGTH.size + size])
        data = data[_LENGTH.size + size :]
    return parts


def reply(data: bytes) -> CompileResult | None:
    """Decode the compile server's reply; None if it could not decide."""
    if data[:1] == b"E":
        return CompileResult(refused=True, stderr=data[1:].decode("utf-8", "replace"))
    if data[:1] != b"C":
        return None
    parts = split(data[1:])
    return CompileResult(
        files={name.decode(): content for name, content in zip(parts[::2], parts[1::2], strict=True)}
    )
