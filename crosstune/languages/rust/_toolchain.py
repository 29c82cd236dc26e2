"""The Rust compiler, how its programs are linked, and the crates that programs may use."""

from __future__ import annotations

import functools
import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.languages._language import SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import driver, precompiled
from crosstune.languages._tools import Tool

RUSTC = Tool(name="rustc", package="rustc", purpose="compiling Rust")

# rustc runs this as its linker, because it has no option for what stands first: the judge's own part has to.
_LINK = '#!/bin/sh\nexec "$LINKER"{flavor} "${{0%/*}}/{judge}" "$@"\n'
_OWN_OUTPUT = ("-o", driver.OUTPUT, "-pie", "--build-id", "program.o")


@dataclass(frozen=True)
class Linker:
    """A linker that rustc calls without a C compiler; ``flavor`` tells it to be like GNU's."""

    program: Path
    flavor: str = ""


@functools.cache
def sysroot() -> Path:
    """
    Raises:
        MissingTool: Rust is not installed.
    """
    found = shutil.which("rustc")
    if not found:
        raise MissingTool(RUSTC.name, RUSTC.purpose, RUSTC.install)
    # rustc may be rustup's stand-in, which needs the user's home; the compiler itself does not.
    done = subprocess.run([found, "--print", "sysroot"], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip()).resolve()


def rustc() -> Path:
    return sysroot() / "bin" / "rustc"


@functools.cache
def identity() -> str:
    """All that the compiler says of itself: release, commit, host."""
    done = subprocess.run([rustc(), "-vV"], capture_output=True, text=True, check=True)
    return done.stdout


def version() -> str:
    """The compiler's release, the linker, and the judge's part that is linked in."""
    return "; ".join((identity().splitlines()[0], _linker().program.name, prepared().name))


@functools.cache
def libraries() -> Path:
    """The folder of Rust's own libraries."""
    (host,) = (line.split()[1] for line in identity().splitlines() if line.startswith("host: "))
    return sysroot() / "lib" / "rustlib" / host / "lib"


def shared_library() -> bool:
    """Whether Rust's standard library is there as a shared one, which is linked much faster."""
    return any(libraries().glob("libstd-*.so"))


@functools.cache
def _linker() -> Linker:
    own = libraries().parent / "bin" / "rust-lld"
    if own.is_file():
        return Linker(own, " -flavor gnu")
    mold = shutil.which("mold", path="/usr/bin:/usr/local/bin")
    return Linker(Path(mold or "/usr/bin/ld"))


@functools.cache
def prepared() -> Path:
    """The folder with the judge's own part, and what links it.

    Raises:
        MissingTool: no C compiler is installed.
        PrerequisiteError: it cannot be made.
    """
    linker = _linker()
    words = [driver.stamp("gcc"), precompiled.judge_digest(), _LINK, linker.flavor]

    def make(place: Path) -> None:
        precompiled.compile_judge(place, driver.found("gcc"))
        script = place / "link"
        script.write_text(_LINK.format(flavor=linker.flavor, judge=precompiled.JUDGE), "utf-8")
        script.chmod(0o755)

    return prepared_state.folder(
        "rust-link", hashlib.sha256("\0".join(words).encode()).hexdigest()[:16], make
    )


@functools.cache
def _system_words() -> tuple[str, ...]:
    """What a C compiler gives its linker beyond the program: start files, the C library, where they are."""
    link = driver.driven("gcc", (), (), "program.c").link[len(driver.linker("gcc")) :]
    return tuple(word for word in link if word not in _OWN_OUTPUT)


def link_flags(place: SandboxPath, failed: str) -> list[str]:
    """rustc's options; ``failed`` is the name under which the program knows how to tell of a panic."""
    words = [f"--defsym={failed}={precompiled.PANICKED}", "--wrap=main", *_system_words()]
    dynamic = []
    if shared_library():
        words.append(f"-rpath={place(libraries())}")
        dynamic = ["-C", "prefer-dynamic"]
    flags = ["-C", f"linker={place(prepared())}/link", "-C", "linker-flavor=ld", *dynamic]
    for word in words:
        flags += ["-C", f"link-arg={word}"]
    return flags


def link_environment(place: SandboxPath) -> Mapping[str, str]:
    return {"LINKER": place(_linker().program)}
