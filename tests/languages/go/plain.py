"""Go, compiled by `go test`. The sandbox has no cache, so every program compiles the library again."""

from pathlib import Path

from crosstune.languages.go import _imports, _packages
from crosstune.records import Program
from crosstune.sandbox import SandboxRunner
from tests.languages.plain_way import PlainCommands, PlainWay, tool


def _commands(program: Program, _: SandboxRunner) -> PlainCommands:
    parts = [_imports.split(text) for text in (program.setup, program.candidate, program.tests)]
    code = "\n".join(part.code for part in parts)
    known = [each for part in parts for each in part.imports]
    header = _imports.header(_imports.Part(code, ()), known, _packages.standard())
    lines = "\n".join(map(str, header))
    source = Path(_packages.__file__).with_name("assert.go").read_text("utf-8")
    return PlainCommands(
        {"src/p/p_test.go": f"package main\n{lines}\n{code}", f"src/{_packages.ASSERT}/a.go": source},
        (tool("go"), "test", "-c", "-o", "program", "p"),
        {"GOPATH": "/box", "GOCACHE": "/box/cache", "GO111MODULE": "off", "CGO_ENABLED": "0", "GOFLAGS": ""},
    )


PLAIN = PlainWay(_commands, slow=True)
