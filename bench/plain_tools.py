"""The plain way in the languages whose compilers and interpreters are installed on demand: see `plain`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[..., bool]
_MAIN_OBJECT = re.compile(r"^object\s+(\w+)", re.MULTILINE)
_MODULE = re.compile(r"^-module\((\w+)\)", re.MULTILINE)


def compiled(extension: str, build: Sequence[str], *run: str) -> Callable[[str, Path, Run], bool]:
    """A program that is compiled in one file, then run."""

    def passes(text: str, folder: Path, do: Run) -> bool:
        name = f"program{extension}"
        (folder / name).write_text(text)
        return do(folder, *build, name) and do(folder, *(run or ("./program",)))

    return passes


def erlang(text: str, folder: Path, do: Run) -> bool:
    """A module, whose `test/0` is called."""
    name = named(_MODULE, text)
    (folder / f"{name}.erl").write_text(text)
    called = f"{name}:test(), halt(0)."
    return do(folder, "erlc", f"{name}.erl") and do(folder, "erl", "-noshell", "-eval", called)


def scala(text: str, folder: Path, do: Run) -> bool:
    """An object with a `main`."""
    (folder / "program.scala").write_text(text)
    name = named(_MAIN_OBJECT, text)
    return do(folder, "scalac", "program.scala") and do(folder, "scala", "-cp", ".", name)


def named(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else "Main"


WAYS = {
    "csharp": compiled(
        ".cs",
        ("mcs", "-d:DEBUG", "-d:TRACE", "-r:System.Numerics", "-out:program.exe"),
        "mono",
        "program.exe",
    ),
    "d": compiled(".d", ("ldc2", "-unittest", "-of=program")),
    "erlang": erlang,
    "haskell": compiled(".hs", ("ghc", "-O0", "-o", "program")),
    "kotlin": compiled(
        ".kt", ("kotlinc", "-include-runtime", "-d", "program.jar"), "java", "-ea", "-jar", "program.jar"
    ),
    "ocaml": compiled(".ml", ("ocamlopt", "-o", "program")),
    "pascal": compiled(".pas", ("fpc", "-Sa")),
    "scala": scala,
}


SCRIPTS: dict[str, tuple[str, Sequence[str]]] = {
    "awk": (".awk", ["gawk", "-f"]),
    "coffeescript": (".coffee", ["coffee"]),
    "commonlisp": (".lisp", ["sbcl", "--script"]),
    "elixir": (".exs", ["elixir"]),
    "r": (".R", ["Rscript"]),
    "racket": (".rkt", ["racket"]),
    "scheme": (".rkt", ["racket"]),
    "shell": (".sh", ["bash"]),
    "tcl": (".tcl", ["tclsh"]),
}
