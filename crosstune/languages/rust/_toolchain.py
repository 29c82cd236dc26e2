"""The Rust compiler, how its programs are linked, and the crates that programs may use."""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crosstune.errors import MissingTool
from crosstune.files import text_digest
from crosstune.languages._language import SandboxPath
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native import driver, precompiled
from crosstune.languages._tools import Tool

RUSTC = Tool(name="rustc", package="rustc", purpose="compiling Rust")

# rustc runs this as its linker: the judge's part must come first, and rustc has no option for that.
_LINK = '#!/bin/sh\nexec "$LINKER"{flavor} "${{0%/*}}/{judge}" "$@"\n'
_OWN_OUTPUT = ("-o", driver.OUTPUT, "-pie", "--build-id", "program.o")


_JUDGE_SOURCE, _VALUES_SOURCE = (Path(__file__).with_name(name) for name in ("judge.rs", "values.rs"))
_SOURCES = (
    *(_JUDGE_SOURCE, _VALUES_SOURCE),
    *map(
        _VALUES_SOURCE.with_name,
        ("decoding.rs", "encoding.rs", "fairness.rs", "instances.rs", "objects.rs", "server.rs", "stub.rs"),
    ),
)
_JUDGE_CRATE, _VALUES_CRATE = "libcrosstune_judge.rlib", "libcrosstune_values.rlib"
# At this level of optimisation a crate exports the instances of generic functions that it has.
_CRATES = {_JUDGE_CRATE: (_JUDGE_SOURCE, "2"), _VALUES_CRATE: (_VALUES_SOURCE, "1")}


@dataclass(frozen=True)
class Linker:
    """A linker that rustc calls without a C compiler; ``flavor`` makes it compatible with GNU's."""

    program: Path
    flavor: str = ""


@functools.cache
def sysroot() -> Path:
    """
    Raises:
        MissingTool: Rust is not installed.
    """
    path = shutil.which("rustc")
    if not path:
        raise MissingTool(RUSTC.name, RUSTC.purpose, RUSTC.install)
    # rustc may be rustup's proxy, which needs the user's home; the compiler itself does not.
    done = subprocess.run([path, "--print", "sysroot"], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip()).resolve()


def rustc() -> Path:
    return sysroot() / "bin" / "rustc"


@functools.cache
def identity() -> str:
    """The compiler's report about itself: release, commit, host."""
    done = subprocess.run([rustc(), "-vV"], capture_output=True, text=True, check=True)
    return done.stdout


def version() -> str:
    """The compiler's release, the linker, and the judge's part that is linked in."""
    return "; ".join((identity().splitlines()[0], _linker().program.name, prepared().name))


@functools.cache
def libraries() -> Path:
    """The folder of Rust's standard libraries."""
    (host,) = (line.split()[1] for line in identity().splitlines() if line.startswith("host: "))
    return sysroot() / "lib" / "rustlib" / host / "lib"


def shared_library() -> bool:
    """Whether Rust's standard library is installed as a shared library, which links much faster."""
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
    """The folder with the judge's part and the script that links it.

    Raises:
        MissingTool: no C compiler is installed.
        PrerequisiteError: the folder cannot be made.
    """
    linker = _linker()
    sources = [source.read_text("utf-8") for source in _SOURCES]
    words = [driver.stamp("gcc"), precompiled.judge_digest(), _LINK, linker.flavor, identity(), *sources]

    def make(target: Path) -> None:
        precompiled.compile_judge(target, driver.path_of("gcc"))
        for file, (source, level) in _CRATES.items():
            options = ("--edition", "2021", "--crate-type", "rlib", "--crate-name", source.stem)
            prepared_state.command(
                (rustc(), *options, "-C", f"opt-level={level}", "-o", file, source), target
            )
        script = target / "link"
        script.write_text(_LINK.format(flavor=linker.flavor, judge=precompiled.JUDGE), "utf-8")
        script.chmod(0o755)

    return prepared_state.folder("rust-link", text_digest("\0".join(words))[:16], make)


@functools.cache
def _system_words() -> tuple[str, ...]:
    """The linker arguments of a C compiler besides the program: start files, the C library, their paths."""
    link = driver.commands("gcc", (), (), "program.c").link[len(driver.linker("gcc")) :]
    return tuple(word for word in link if word not in _OWN_OUTPUT)


def link_flags(sandbox_path: SandboxPath, judge: str = "", values: str = "") -> list[str]:
    """rustc's options. ``judge`` is the program's name for the judge's crate, with which it is linked, and
    ``values`` that for the crate that exchanges values; either may be empty."""
    words = [*(["--wrap=main"] if judge else []), *_system_words()]
    dynamic = []
    if shared_library():
        words.append(f"-rpath={sandbox_path(libraries())}")
        dynamic = ["-C", "prefer-dynamic"]
    flavor = "ld.lld" if _linker().flavor and not judge else "ld"
    linker = f"{sandbox_path(prepared())}/link" if judge else sandbox_path(_linker().program)
    flags = ["-C", f"linker={linker}", "-C", f"linker-flavor={flavor}", *dynamic]
    for word in words:
        flags += ["-C", f"link-arg={word}"]
    for name, file in ((judge, _JUDGE_CRATE), (values, _VALUES_CRATE)):
        flags += ["--extern", f"{name}={sandbox_path(prepared())}/{file}"] if name else []
    return flags


def link_environment(sandbox_path: SandboxPath) -> Mapping[str, str]:
    return {"LINKER": sandbox_path(_linker().program)}
