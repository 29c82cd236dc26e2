"""Free Pascal's units: where they are, and the usual ones with object files that are linked faster.

The compiler gives each procedure and variable a section of its own, thousands in a unit, all of which a
program without dead-code elimination contains. In the prepared units the sections of a kind are one
(merged.ld). Nothing else is in their folders, of which the compiler examines every file."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._shared import compiled, prepared_state
from crosstune.languages._tools import Tool

TOOL = Tool(
    name="fpc",
    package="fp-compiler fp-units-rtl fp-units-base fp-units-fcl binutils",
    purpose="compiling Pascal",
)
_USUAL = ("rtl", "rtl-objpas", "rtl-extra", "fcl-base")
_SUFFIXES = (".ppu", ".o", ".a")
_MERGED = Path(__file__).with_name("merged.ld")


@functools.cache
def compiler() -> Path:
    """The compiler behind the driver, whose settings in /etc are not seen.

    Raises:
        MissingTool: it is not installed.
    """
    done = subprocess.run((compiled.executable(TOOL), "-PB"), capture_output=True, text=True, check=True)
    return Path(shutil.which(done.stdout.strip()) or done.stdout.strip()).resolve()


def options(text: str, sandbox_path: Callable[[Path], str]) -> tuple[str, ...]:
    """The compiler's options for the folders in which it looks for the units of a program. The more there
    are, the longer it looks, so those of other units are left out where the text has no such word."""
    usual = (sandbox_path(prepared() / name) for name in _USUAL)
    is_usual = _other_units().isdisjoint(re.findall(r"[a-z_]\w*", text.lower()))
    return tuple(f"-Fu{each}" for each in (*usual, *(() if is_usual else (f"{_installed()}/*",))))


@functools.cache
def prepared() -> Path:
    """The folder of the usual units.

    Raises:
        MissingTool: the compiler is not installed.
        PrerequisiteError: it cannot be made.
    """
    stats = ((each, each.stat()) for each in _files())
    stamp = "\n".join(f"{each} {stat.st_size} {stat.st_mtime_ns}" for each, stat in stats)
    source = Path(__file__).read_text("utf-8")
    key = text_digest(f"{source}{_MERGED.read_text('utf-8')}\0{stamp}")[:16]
    return prepared_state.folder("pascal", key, _make)


def _make(target: Path) -> None:
    linker = compiled.executable(Tool(name="ld", package="binutils", purpose="linking Pascal"))
    for name in _USUAL:
        (target / name).mkdir()
    for file in _files():
        made = target / file.parent.name / file.name
        if file.suffix == ".o":
            prepared_state.command((linker, "-r", "-T", _MERGED, "--strip-debug", "-o", made, file), target)
        else:
            shutil.copyfile(file, made)


@functools.cache
def _installed() -> Path:
    (folder,) = Path(compiler().parent, "units").iterdir()  # that of the target
    return folder


@functools.cache
def _files() -> tuple[Path, ...]:
    found = (each for name in _USUAL for each in (_installed() / name).glob("*"))
    return tuple(sorted(each for each in found if each.suffix in _SUFFIXES))


@functools.cache
def _other_units() -> frozenset[str]:
    """The names, up to a dot, of the installed units that are not usual."""
    names = frozenset(each.stem.lower().partition(".")[0] for each in _installed().glob("*/*.ppu"))
    return names - {each.stem.lower() for each in _files()}
