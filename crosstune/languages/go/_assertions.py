"""Generate what repeats testify's assertions: methods, variants that format a message, package require."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

_FUNCTION = re.compile(
    r"^func ([A-Z]\w*)\(t TestingT, (.*?)(?:, )?_ \.\.\.interface\{\}\) bool \{", re.MULTILINE
)
_EXPORTED = re.compile(r"^(?:func|type|var) ([A-Z]\w*)|^\t([A-Z]\w*) +func\(", re.MULTILINE)
_ANY = "...interface{}"
_TIMES = '\nimport "time"\n\nvar _ time.Duration\n'


@dataclass(frozen=True)
class _Assertion:
    name: str
    parameters: str

    @property
    def arguments(self) -> str:
        return "".join(f", {each.split()[0]}" for each in self.parameters.split(", ") if each)

    @property
    def first(self) -> str:
        return f"{self.parameters}, " if self.parameters else ""


def source(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


@functools.cache
def names(file: str) -> frozenset[str]:
    """The exported names of package assert that the file defines, with those generated from it."""
    code = source(file)
    own = {one or other for one, other in _EXPORTED.findall(code)}
    return frozenset(own | {f"{each.name}f" for each in _assertions(code)})


def _assertions(code: str) -> list[_Assertion]:
    return [_Assertion(*match) for match in _FUNCTION.findall(code)]


def methods(file: str) -> str:
    """A file of package assert: methods and formatting variants of the assertions in ``file``."""
    code = source(file)
    lines = ["package assert\n", _TIMES if "time.Time" in code else ""]
    for each in _assertions(code):
        call = f"bool {{ return {each.name}(t{each.arguments}) }}"
        method = call.replace("(t", "(a.t", 1)
        lines += [
            f"func {each.name}f(t TestingT, {each.first}_ string, _ {_ANY}) {call}\n",
            f"func (a *Assertions) {each.name}({each.first}_ {_ANY}) {method}\n",
            f"func (a *Assertions) {each.name}f({each.first}_ string, _ {_ANY}) {method}\n",
        ]
    return "".join(lines)


_REQUIRE = """\
package require

import "PACKAGE"

type TestingT interface {
	Errorf(format string, args ...interface{})
	FailNow()
}

type (
	ComparisonAssertionFunc func(TestingT, interface{}, interface{}, ...interface{})
	ValueAssertionFunc      func(TestingT, interface{}, ...interface{})
	BoolAssertionFunc       func(TestingT, bool, ...interface{})
	ErrorAssertionFunc      func(TestingT, error, ...interface{})
)

type Assertions struct{ t TestingT }

func New(t TestingT) *Assertions { return &Assertions{t} }
"""


def require(package: str, *files: str) -> str:
    """The source of package require, whose assertions end the test, for the assertions in ``files``."""
    code = "\n".join(map(source, files))
    times = _TIMES if "time.Time" in code else ""
    lines = [_REQUIRE.replace("PACKAGE", package).replace("\ntype TestingT", f"{times}\ntype TestingT", 1)]
    for each in _assertions(code):
        body = f"{{\n\tif !assert.{each.name}(t{each.arguments}) {{\n\t\tt.FailNow()\n\t}}\n}}\n"
        method = f"{{ {each.name}(a.t{each.arguments}) }}\n"
        lines += [
            f"func {each.name}(t TestingT, {each.first}_ {_ANY}) {body}",
            f"func {each.name}f(t TestingT, {each.first}_ string, _ {_ANY}) {body}",
            f"func (a *Assertions) {each.name}({each.first}_ {_ANY}) {method}",
            f"func (a *Assertions) {each.name}f({each.first}_ string, _ {_ANY}) {method}",
        ]
    return "".join(lines)
