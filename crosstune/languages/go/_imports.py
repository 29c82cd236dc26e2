"""Merge the package clauses and imports of the parts of a Go program."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

_QUIET = re.compile(
    r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"|`[^`]*(?:`|\Z)|'(?:\\.|[^'\\\n])+'"
)
_COMMENT = re.compile(r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)")
_PACKAGE = re.compile(r"^[ \t]*package\s+\w+[ \t]*;?", re.MULTILINE)
# Its strings are blanks.
_IMPORT = re.compile(r"(?:^|(?<=;))[ \t]*import\b(?:\s*\([^()]*\)|[^\n;]*);?", re.MULTILINE)
_PATH_FOLLOWS = re.compile(
    r"(?:\s|//[^\n]*\n|/\*[\s\S]*?(?:\*/|\Z))*(?:[\w.]+[ \t]*)?(?:\"[^\"\n]*\"|`[^`\n]*`)[ \t]*;?"
)
# These directives give access to other packages' names, or make the compiler refuse a file.
_DIRECTIVE = re.compile(r"//go:(?=linkname|cgo_|build)")
_QUALIFIER = re.compile(r"(?<![\w.])(\w+)[ \t]*\.")
_SPEC = re.compile(r'(?:(\w+|\.)[ \t]+)?["`]([^"`\n]+)["`]')


@dataclass(frozen=True, order=True)
class Import:
    """``alias`` is empty if the package is used by its own name."""

    path: str
    alias: str = ""

    @property
    def name(self) -> str:
        words = self.path.split("/")
        versioned = len(words) > 1 and re.fullmatch(r"v\d+", words[-1])
        return self.alias or words[-2 if versioned else -1]

    def __str__(self) -> str:
        return f"import {self.alias} `{self.path}`"  # raw, because of escapes


@dataclass(frozen=True)
class Part:
    """Go code without its package clause and imports, and those imports."""

    code: str
    imports: tuple[Import, ...]


def split(code: str) -> Part:
    """Separate the imports from the code. Line numbers stay the same. Directives that affect code outside the
    program become comments."""
    imports: list[Import] = []
    code = _DIRECTIVE.sub("// go:", code.removeprefix("\ufeff"))
    blank = blanked(code)
    spans = [match.span() for match in _PACKAGE.finditer(blank)]
    for match in _IMPORT.finditer(blank):
        start, end = match.span()
        if not match[0].rstrip(" ;").endswith(")"):
            path_end = _PATH_FOLLOWS.match(code, start + match[0].index("import") + len("import"))
            end = path_end.end() if path_end else end
        specs = _COMMENT.sub("", code[start:end]).strip().removeprefix("import")
        imports += [Import(path, alias) for alias, path in _SPEC.findall(specs)]
        spans.append((start, end))
    kept, at = [], 0
    for start, end in sorted(spans):
        kept += [code[at:start], "\n" * code.count("\n", start, end)]
        at = max(at, end)
    return Part("".join([*kept, code[at:]]), tuple(imports))


def header(part: Part, known: Iterable[Import], standard: Sequence[str]) -> list[Import]:
    """The imports that ``part`` needs: those of its own and of the ``known`` ones that it uses, and standard
    packages that it uses although no part imports them."""
    blank = blanked(part.code)
    by_name: dict[str, Import] = {}
    qualifiers = _qualifiers(blank)
    for each in (*part.imports, *known):
        if each.alias not in ("_", ".") and each.name not in by_name and each.name in qualifiers:
            by_name[each.name] = each
    kept = [each for each in part.imports if each.alias in ("_", ".")]
    return sorted({*kept, *by_name.values(), *_missing(blank, set(by_name), standard)})


def used(part: Part) -> list[Import]:
    """The imports of ``part`` that it uses by name."""
    qualifiers = _qualifiers(blanked(part.code))
    return [each for each in part.imports if each.alias not in ("_", ".") and each.name in qualifiers]


def assertions_of(part: Part, paths: Collection[str]) -> set[str]:
    """The names that ``part`` uses of testify's packages, where these are in ``paths``."""
    blank, found = blanked(part.code), set()
    for package in ("assert", "require"):
        path = f"github.com/stretchr/testify/{package}"
        if path in paths:
            name = next((each.name for each in part.imports if each.path == path), package)
            found |= set(re.findall(rf"(?<![\w.]){re.escape(name)}\s*\.\s*([A-Z]\w*)", blank))
    return found


def words(code: str) -> set[str]:
    """The names in ``code``, except those that follow a dot."""
    return set(re.findall(r"(?<![\w.])[a-zA-Z_]\w*", blanked(code)))


def _missing(blank: str, present: set[str], standard: Sequence[str]) -> Iterable[Import]:
    choices: dict[str, str] = {}
    for path in sorted(standard, key=lambda path: (len(path), path), reverse=True):
        choices[Import(path).name] = path  # the shortest wins: math/rand, not crypto/rand
    for name in set(re.findall(r"(?<![\w.])([a-z]\w*)[ \t]*\.\s*[A-Z]", blank)) - present:
        # A name that also occurs without a dot is a variable of the program.
        if name in choices and not re.search(rf"(?<![\w.]){name}\b(?![ \t]*\.)", blank):
            yield Import(choices[name])


def _qualifiers(blank: str) -> set[str]:
    """The names that precede a dot."""
    return set(_QUALIFIER.findall(blank))


@functools.lru_cache(maxsize=64)  # asked several times for each part of a program
def blanked(code: str) -> str:
    """``code`` with strings and comments turned into spaces, newlines kept."""
    return _QUIET.sub(_spaces, code)


def _spaces(match: re.Match[str]) -> str:
    return "\n".join(" " * len(line) for line in match[0].split("\n"))
