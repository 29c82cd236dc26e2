"""The judge's ``main`` for languages whose run time is started from C: one object file for all programs.

A language's ``start.c`` defines ``run(count, words)``, which starts the run time, lets it run the program and
returns whether it ended normally; it may call ``crosstune_panicked(1)`` for a failed assertion and
``crosstune_panicked(0)`` for any other error. It is compiled together with the judge's own part
(``native/judge.c``): the nonce is read before any code of the program runs, kept masked, and reported once
``run`` has returned. Only ``main`` is visible to the program, and one function by a random name, with which
tests end themselves (``CROSSTUNE_EXIT`` in ``start.c``)."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from crosstune.files import text_digest
from crosstune.languages._shared import prepared_state
from crosstune.languages._shared.native.driver import path_of

OBJECT = "judge.o"
_JUDGE = Path(__file__).parent / "native" / "judge.c"
_ONCE = Path(__file__).with_name("started.c")
_EXIT = "exit.txt"


@dataclass(frozen=True)
class Start:
    """``kind`` is the language, ``source`` its ``start.c``, ``flags`` are what compiling that needs,
    ``toolchain`` is a text that changes when the run time does. ``called`` are functions of it that other
    parts of the judge call; a program that calls them only fails. ``entry`` is ``__wrap_main`` where the
    compiler makes the program's ``main``, and the linker wraps that."""

    kind: str
    source: Path
    flags: tuple[str, ...]
    toolchain: str
    called: tuple[str, ...] = ()
    entry: str = "main"

    def folder(self) -> Path:
        """
        Raises:
            PrerequisiteError: it cannot be made.
        """
        settings = (*self.flags, self.toolchain, *self.called, self.entry)
        sources = [each.read_text("utf-8") for each in (_JUDGE, _ONCE, self.source)]
        key = text_digest("\0".join((*sources, *settings)))[:16]
        return prepared_state.folder(self.kind, key, self._make)

    def exit_name(self) -> str:
        """The function that ends the tests with a status."""
        return (self.folder() / _EXIT).read_text("utf-8")

    def _make(self, target: Path) -> None:
        name = f"crosstune_{secrets.token_hex(8)}"
        defined = (f"-DCROSSTUNE_EXIT={name}", f"-DCROSSTUNE_MAIN={self.entry}")
        included = ("-include", _ONCE, "-include", self.source, *defined)
        options = ("-O1", "-fPIE", "-fno-stack-protector", "-w", "-c")
        gcc = path_of("gcc")
        prepared_state.command((gcc, *options, _JUDGE, "-o", "report.o"), target)
        prepared_state.command(
            (gcc, *options, *self.flags, *included, "-x", "c", os.devnull, "-o", "start.o"), target
        )
        renamed = ("__wrap_main=crosstune_begin", "__real_main=crosstune_main")
        redefined = (f"--redefine-sym={each}" for each in renamed)
        prepared_state.command((path_of("objcopy"), *redefined, "report.o"), target)
        prepared_state.command((path_of("ld"), "-r", "report.o", "start.o", "-o", OBJECT), target)
        kept = tuple(f"--keep-global-symbol={each}" for each in (self.entry, name, *self.called))
        prepared_state.command((path_of("objcopy"), *kept, OBJECT), target)
        (target / _EXIT).write_text(name, "utf-8")
