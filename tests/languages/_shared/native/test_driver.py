"""The commands that the drivers gcc and g++ would run."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosstune.errors import PrerequisiteError
from crosstune.languages._shared.native import driver


@pytest.mark.parametrize("compiler", ["gcc", "g++"])
def test_commands_of_the_driver_are_parsed(compiler: str) -> None:
    commands = driver.commands(compiler, ("-O1",), ("-lm",), "program.c")
    assert commands.compile[0].rpartition("/")[2] in ("cc1", "cc1plus")
    assert "-O1" in commands.compile
    assert {"program.c", "program.s"} <= set(commands.compile)
    assert {"program.s", "program.o"} <= set(commands.assemble)
    assert {"program.o", "program", "-lm"} <= set(commands.link)
    assert not any("plugin" in word for word in commands.link)
    before = commands.linked(("first.o",), ("-lm",))
    assert before.index("first.o") + 1 == before.index("program.o")
    assert "-lm" not in before


def test_compiler_other_than_gcc_is_an_error(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho not gcc >&2\n", "utf-8")
    other.chmod(0o755)
    with pytest.raises(PrerequisiteError, match="not a GCC compiler.*not gcc"):
        driver.commands(str(other), (), (), "program.c")
