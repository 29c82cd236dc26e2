"""Put setup, candidate and tests together to the files of one Go package, and write the main that runs it.

Tests are functions of package testing, examples with an output, or a program of their own. Their names, which
only they and crosstune's main need, get a part that the candidate cannot know: it cannot call its tests, and
may have functions of the same names, a ``main`` above all.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crosstune.errors import DataError
from crosstune.languages.go import _declaration, _functions, _imports, _originals, _packages
from crosstune.languages.go._functions import Example
from crosstune.records import Program

# What crosstune's package testing lacks; programs that may use it get Go's own.
_MORE = re.compile(r"\btesting\s*\.(?!\s*T\b)|\.\s*(?:TempDir|Setenv|Deadline)\b")
_WORDS = re.compile(r"\.(?:Log|Error|Fatal|Skip)f?\(")
_EXIT = re.compile(r"(?<![\w.])os\s*\.\s*Exit\b")
_FATAL = re.compile(r"(?<![\w.])log\s*\.\s*Fatal(?=(?:f|ln)?\b)")
_MEMBER = re.compile(r"\.\s*([A-Z]\w*)")
# Precedes the code: after it, an import that was overlooked is a syntax error.
CLOSED = "const _ = 0\n"
# What a candidate must not define if the tests use it. Names that a task may ask for, such as ``delete`` or
# ``max``, and names that older programs define themselves, such as ``any``, are not included.
_NAMES = """
append bool byte cap complex64 complex128 copy error false float32 float64 int int8 int16 int32 int64 iota
len make new nil panic recover rune string true uint uint8 uint16 uint32 uint64 uintptr
"""
_PREDECLARED = frozenset(_NAMES.split())

# These share a package with the candidate, so they use no name that the candidate could define.
_MAIN = """\
package main

import (
	NAME_evidence "crosstune/evidence"
	NAME_testing "testing"IMPORTS
)

func main() {
	NAME_evidence.Begin()
	NAME_evidence.End(NAME_testing.Judge(func(NAME *NAME_testing.T) {
CALLS
	}))
}
"""
_MAIN_OF_PROGRAM = """\
package main

import NAME_evidence "crosstune/evidence"

func NAME_exit(status int) { NAME_evidence.Exit(status) }

func main() { NAME_evidence.Run(CALLS) }
"""
# In a separate package. Tests run inside an outer test, because a parallel test continues after its function
# has first returned.
_MAIN_APART = """\
package main

import (
	NAME_evidence "crosstune/evidence"
	"program"
	NAME_testing "testing"IMPORTS
)

func main() {
	begun := 0
	counted := func(test func(*NAME_testing.T)) func(*NAME_testing.T) {
		return func(t *NAME_testing.T) { begun++; test(t) }
	}
	all := func(NAME *NAME_testing.T) {
CALLS
	}
	// Skipped tests count as passed there.
	judged := func(t *NAME_testing.T) { NAME_evidence.Report(t.Run("all", all) && begun == COUNT) }
	tests := []NAME_testing.InternalTest{{Name: "tests", F: judged}}
START
}
"""
_START = """\
	match := func(string, string) (bool, error) { return true, nil }
	NAME_testing.Main(match, tests, nil, nil)"""
_START_BY_TESTS = """\
	m := NAME_testing.MainStart(dependencies{}, tests, nil, nil, nil)
	program.TESTMAIN(m)
	os.Exit(int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))"""
_DEPENDENCIES = """
type dependencies struct{ testdeps.TestDeps }

func (dependencies) MatchString(string, string) (bool, error) { return true, nil }
"""
_EXAMPLE = """\
		NAME.Run("EXAMPLE", CALL(func(t *NAME_testing.T) {
			got := NAME_examples.Output(FUNCTION, UNORDERED)
			if got != NAME_examples.Text(TEXT, UNORDERED) {
				t.Errorf("got:\\n" + got)
			}
		}))"""
_STACK = """
func init() { NAME_debug.SetMaxStack(BYTES) }
"""


@dataclass(frozen=True)
class Assembly:
    """The source files of a program. ``apart``: crosstune's main is a package of its own; ``small`` and
    ``more``: see `_packages.archives`."""

    files: dict[str, str]
    apart: bool
    small: bool
    more: bool

    @property
    def packages(self) -> dict[str, tuple[str, ...]]:
        """The source files of each package, in the order to compile them."""
        others = tuple(name for name in self.files if name != "main.go")
        return {"program": others, "main": ("main.go",)} if self.apart else {"main": (*others, "main.go")}


def assemble(program: Program, stack_bytes: int = 0) -> Assembly:
    """
    Raises:
        DataError: there is no test.
    """
    secret = f"crosstune_{secrets.token_hex(8)}"
    setup, candidate, tests = (split_part(text) for text in (program.setup, program.candidate, program.tests))
    declared = _declaration.read(program.declaration, program.entry_points)
    if declared.given:
        candidate = replace(candidate, code=_originals.with_given(candidate.code, declared))
    runner = _Runner(tests, secret, is_small((setup, candidate, tests)), stack_bytes)
    tests = replace(tests, code=runner.renamed(tests.code))
    code = f"{setup.code.strip()}\n\n{candidate.code}" if setup.code.strip() else candidate.code
    first = _imports.Part(without_main(code, secret), (*_imports.used(setup), *candidate.imports))
    if not runner.has_main:
        tests = replace(tests, code=without_main(tests.code, secret, code))
    known = (*setup.imports, *candidate.imports, *tests.imports, *declared.imports)
    # The candidate's alias for a package is not what the tests mean by that name.
    meant = (*setup.imports, *(each for each in candidate.imports if not each.alias))
    standard = _packages.standard()
    evidence = _imports.Import(_packages.EVIDENCE, "_")
    package = "program" if runner.apart else "main"
    header = _imports.header(tests, meant, standard)
    code, first_code = _originals.errors(tests.code, header, secret)
    if first_code:
        tests = replace(tests, code=code)
        header = _imports.header(tests, meant, standard)
    texts = [_imports.blanked(part.code) for part in (first, tests)]
    return Assembly(
        files={
            **({"first.go": f"package {package}\n{first_code}"} if first_code else {}),
            "candidate.go": source_file(package, first, _imports.header(first, known, standard), CLOSED),
            "tests.go": source_file(package, tests, [evidence, *header], CLOSED),
            "names.go": _names(package, f"{setup.code}\n{tests.code}"),
            "main.go": runner.main(uses_words=any(map(_WORDS.search, texts))),
        },
        apart=runner.apart,
        small=runner.small,
        more=any(_packages.more_assertions() & set(_MEMBER.findall(text)) for text in texts),
    )


def split_part(text: str) -> _imports.Part:
    """A part of a program whose imports cannot name crosstune's own packages."""
    part = _imports.split(text)
    imports = [
        replace(each, path=f"no/{each.path}") if each.path.startswith(_packages.OWN_PACKAGES) else each
        for each in part.imports
    ]
    return replace(part, imports=tuple(imports))


def without_main(code: str, secret: str, definition: str = "") -> str:
    """``code`` in which the function main that it, or the code ``definition``, defines has another name."""
    if _functions.defines_main(definition or code):
        return _renamed(code, {"main": f"{secret}_main"})
    return code


def source_file(package: str, part: _imports.Part, imports: Iterable[_imports.Import], more: str) -> str:
    lines = "\n".join(map(str, imports))
    return f"package {package}\n{lines}\n{more}\n{part.code}\n"


def is_small(parts: Sequence[_imports.Part]) -> bool:
    """Whether crosstune's small package testing is enough."""
    imports = [each for part in parts for each in part.imports]
    renamed = any(each.path == "testing" and each.alias for each in imports)
    subpackages = any(each.path.startswith("testing/") for each in imports)
    more = any(_MORE.search(_imports.blanked(part.code)) for part in parts)
    return not renamed and not subpackages and not more


class _Runner:
    """Knows how the tests are run."""

    def __init__(self, tests: _imports.Part, secret: str, small: bool, stack_bytes: int) -> None:
        """
        Raises:
            DataError: there is no test.
        """
        self._secret, self.small, self._stack_bytes = secret, small, stack_bytes
        found = [each for each in _functions.functions(tests.code) if not each.is_method]
        self._names = {each.name for each in found if _functions.is_test_name(each.name)}
        self._tests = [each.name for each in _functions.tests(found)]
        self._names.update(self._tests)
        self._examples = _functions.examples(found)
        self.has_main = "main" in self._names
        self._has_test_main = any(each.name == "TestMain" and each.takes == "M" for each in found)
        self._is_program = not self._tests and not self._examples
        self.apart = not small and not self._is_program
        if self._is_program and not self.has_main:
            raise DataError("expected functions TestName(t *testing.T) or a function main, found none")

    def renamed(self, code: str) -> str:
        """The tests' code, in which their functions have names that the candidate cannot know."""
        own = self._names | _originals.variables(code)
        code = _renamed(code, {name: self._new(name) for name in own})
        if self._is_program:
            code = _replaced(code, _EXIT, f"{self._secret}_exit")
            code = _replaced(code, _FATAL, "log.Panic")
        return code

    def _new(self, name: str) -> str:
        return f"{name}_{self._secret}"

    def main(self, uses_words: bool) -> str:
        """The file with the function main."""
        if self._is_program:
            return self._filled(_MAIN_OF_PROGRAM, self._new("main"), [])
        imports = [f'NAME_examples "{_packages.EXAMPLES}"'] if self._examples else []
        calls = "\n".join([*map(self._test, self._tests), *map(self._example, self._examples)])
        if not self.apart:
            imports += [f'_ "{_packages.WORDS}"'] if uses_words else []
            return self._filled(_MAIN, calls, imports)
        template = _MAIN_APART.replace("START", _START_BY_TESTS if self._has_test_main else _START)
        if self._has_test_main:
            imports += ['"os"', '"reflect"', '"testing/internal/testdeps"']
            template = template.replace("TESTMAIN", self._new("TestMain")) + _DEPENDENCIES
        return self._filled(template, calls, imports)

    def _filled(self, template: str, calls: str, imports: list[str]) -> str:
        stack = _STACK.replace("BYTES", str(self._stack_bytes)) if self._stack_bytes else ""
        more = "".join(f"\n\t{each}" for each in imports)
        if stack:
            template = template.replace("\n\n", '\n\nimport NAME_debug "runtime/debug"\n', 1) + stack
        count = str(len(self._tests) + len(self._examples))
        filled = template.replace("IMPORTS", more).replace("COUNT", count).replace("CALLS", calls)
        return filled.replace("NAME", self._secret)

    def _test(self, name: str) -> str:
        new = self._new(name)
        return f'\t\tNAME.Run("{name}", {f"counted(program.{new})" if self.apart else new})'

    def _example(self, example: Example) -> str:
        package = "program." if self.apart else ""
        return (
            _EXAMPLE.replace("EXAMPLE", example.name)
            .replace("CALL", "counted" if self.apart else "")
            .replace("FUNCTION", f"{package}{self._new(example.name)}")
            .replace("UNORDERED", "true" if example.is_unordered else "false")
            .replace("TEXT", json.dumps(example.output, ensure_ascii=False))
        )


def _renamed(code: str, names: dict[str, str]) -> str:
    if not names:
        return code
    words = "|".join(sorted(names))
    return _replaced(code, re.compile(rf"(?<![\w.])(?:{words})\b"), lambda match: names[match[0]])


def _replaced(code: str, pattern: re.Pattern[str], by: object) -> str:
    """``code`` with matches outside of strings and comments replaced."""
    parts, at = [], 0
    for match in pattern.finditer(_imports.blanked(code)):
        parts += [code[at : match.start()], by(match) if callable(by) else str(by)]
        at = match.end()
    return "".join([*parts, code[at:]])


def _names(package: str, code: str) -> str:
    """A file that imports something under every predeclared name that ``code`` uses. This does not hide the
    name in other files, but the package can no longer define it."""
    names = sorted(_PREDECLARED & _imports.words(code))
    lines = (f"import {name} `unsafe`\n" for name in names)
    uses = (f"const _ = {name}.Sizeof(0)\n" for name in names)
    return "".join([f"package {package}\n", *lines, *uses])
