"""Build the crates that judged Rust programs may use, with the compiler that judges them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from crosstune.errors import MissingTool, PrerequisiteError
from crosstune.files import text_digest
from crosstune.languages._tools import Preparation, Tool
from crosstune.languages.rust import _toolchain
from crosstune.records import Requirement

CRATES = ("rand", "regex", "md5")
"""The dependencies that the published harness lists; ``rand`` is a stand-in (see its source)."""
HOW_TO_BUILD = "crosstune doctor rust --install (needs cargo)"

_SOURCE = Path(__file__).with_name("crates")
_DEBIAN = Path("/usr/share/cargo/registry")
_PURPOSE = "building the crates of HumanEvalPack in Rust"
_CARGO = Tool(name="cargo", package="cargo", purpose=_PURPOSE, required=False)


def _debian_crate(name: str, pattern: str) -> Tool:
    return Tool(
        name=f"the source of the crate {name}",
        path=f"{_DEBIAN}/{pattern}",
        package=f"librust-{name}-dev",
        purpose=_PURPOSE,
        required=False,
    )


def home() -> Path:
    """The folder with the crates of all compilers: ``CROSSTUNE_RUST_CRATES`` or crosstune's own."""
    named = os.environ.get("CROSSTUNE_RUST_CRATES")
    return Path(named or Path(sys.prefix, "share", "crosstune", "rust")).resolve()


def folder() -> Path:
    """The folder with the crates that the installed compiler has built.

    Raises:
        MissingTool: Rust is not installed.
    """
    return home() / text_digest(_toolchain.identity())[:16]


def built() -> dict[str, Path]:
    """The crates that programs can use, by name, with the file of each library."""
    libraries = {name: sorted(folder().glob(f"lib{name}-*.rlib")) for name in CRATES}
    return {name: files[0] for name, files in libraries.items() if files}


def requirement() -> Requirement:
    what = "Rust: the crates rand, regex and md5, which every problem names, built by this compiler"
    return Requirement(what, len(built()) == len(CRATES), HOW_TO_BUILD)


def _ready() -> bool:
    return shutil.which("rustc") is not None and folder().is_dir()


def _build() -> None:
    """Build with Debian's sources where they are installed, else from cargo's own registry, and remove
    the crates of other compilers."""
    if not shutil.which("cargo"):
        raise MissingTool(_CARGO.name, _CARGO.purpose, _CARGO.install)
    target = folder()
    try:
        home().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory(dir=home()) as aside:
            new = Path(aside, "new")
            new.mkdir(mode=0o755)
            for library in _cargo_build(Path(scratch, "crates")):
                shutil.copy(library, new)
            for old in home().iterdir():
                if re.fullmatch(r"[0-9a-f]{16}", old.name):
                    shutil.rmtree(old)
            new.rename(target)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PrerequisiteError(f"cargo failed: {getattr(error, 'stderr', '') or error}") from error


def _cargo_build(package: Path) -> list[Path]:
    shutil.copytree(_SOURCE, package)
    options = _offline_options() if all(tool.installed for tool in _SOURCES[:2]) else ()
    manifest = str(package / "Cargo.toml")
    command = ("cargo", "build", "--quiet", "--release", "--manifest-path", manifest, *options)
    subprocess.run(command, check=True, capture_output=True, text=True)
    own = "libcrosstune_rust-"
    libraries = (package / "target" / "release" / "deps").glob("*.rlib")
    return [library for library in libraries if not library.name.startswith(own)]


def _offline_options() -> tuple[str, ...]:
    replaced = 'source.crates-io.replace-with="debian"'
    return ("--offline", "--config", replaced, "--config", f'source.debian.directory="{_DEBIAN}"')


_SOURCES = (
    _debian_crate("regex", "regex-1*"),
    _debian_crate("md5", "md5-0*"),
    _debian_crate("aho-corasick", "aho-corasick-*"),
    _debian_crate("memchr", "memchr-*"),
)
PREPARATION = Preparation(
    what="the crates of HumanEvalPack in Rust", ready=_ready, make=_build, tools=(_CARGO, *_SOURCES)
)
