"""How a file of Go's tests is run: as a package of its own, with a program that calls its tests by `testing`.

It prints what the binary that `go test -c` makes would print, and ends with its status.
"""

from __future__ import annotations

import re

from crosstune.errors import DataError
from crosstune.languages._language import BuildPlan, JudgeTask, WholePrograms
from crosstune.languages.go import _compilation, _imports, _packages

_TEST = re.compile(r"^func\s+(Test(?![a-z])\w*)\s*\(\s*\w+\s+\*testing\.T\s*\)", re.MULTILINE)
_OTHERS = re.compile(r"^func\s+(TestMain)\s*\(\s*\w+\s+\*testing\.M\s*\)", re.MULTILINE)
_PACKAGE = "tested"
_MAIN = """\
package main

import (
	tested "tested"
	"testing"
)

func main() {
	every := func(_, _ string) (bool, error) { return true, nil }
	testing.Main(every, []testing.InternalTest{
ROWS	}, nil, nil)
}
"""
_NO_TESTS = """\
package main

import (
	"fmt"
	_ "tested"
)

func main() { fmt.Println("testing: warning: no tests to run") }
"""


def _plan(task: JudgeTask) -> BuildPlan:
    """
    Raises:
        DataError: the file has a `TestMain`.
    """
    source = task.program.candidate
    if _OTHERS.search(_imports.blanked(source)):
        raise DataError("go_test: a file with TestMain cannot be run; let the tests prepare what they need")
    archives = _packages.archives()
    table = _compilation.table(archives, task.sandbox_path, own=_PACKAGE)
    return BuildPlan(
        files={
            "program_test.go": source,
            "main.go": _main(source),
            "importcfg": table,
        },
        build=_compilation.build({_PACKAGE: ("program_test.go",), "main": ("main.go",)}, task.sandbox_path),
        run=_compilation.run(task.limits),
        outputs=(_compilation.OUTPUT,),
    )


def _main(source: str) -> str:
    tests = dict.fromkeys(found[1] for found in _TEST.finditer(_imports.blanked(source)))
    if not tests:
        return _NO_TESTS
    rows = "".join(f'\t\t{{Name: "{name}", F: tested.{name}}},\n' for name in tests)
    return _MAIN.replace("ROWS", rows)


GO_TEST = WholePrograms(plan=_plan)
