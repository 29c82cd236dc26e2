"""Go, compiled by `go test`. The sandbox has no cache, so every program compiles the library again."""

from crosstune.languages.go import _assertions, _imports, _packages
from crosstune.records import Program
from crosstune.sandbox import SandboxRunner
from tests.languages.plain_way import PlainCommands, PlainWay, tool


def _commands(program: Program, _: SandboxRunner) -> PlainCommands:
    parts = [_imports.split(text) for text in (program.setup, program.candidate, program.tests)]
    code = "\n".join(part.code for part in parts)
    known = [each for part in parts for each in part.imports]
    header = _imports.header(_imports.Part(code, ()), known, _packages.standard())
    lines = "\n".join(map(str, header))
    library = {name: _assertions.source(name) for name in ("assert.go", "assert_values.go")}
    library["methods.go"] = _assertions.methods("assert.go")
    return PlainCommands(
        {
            "src/p/p_test.go": f"package main\n{lines}\n{code}",
            **{f"src/{_packages.ASSERT}/{name}": text for name, text in library.items()},
        },
        (tool("go"), "test", "-c", "-o", "program", "p"),
        {"GOPATH": "/box", "GOCACHE": "/box/cache", "GO111MODULE": "off", "CGO_ENABLED": "0", "GOFLAGS": ""},
    )


PLAIN = PlainWay(_commands, slow=True)
