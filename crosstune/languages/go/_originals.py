"""Bind what tests use to what it is before code of the candidate, which is in the same package, has run.

Variables that tests declare outside functions get names that the candidate cannot know. Errors of the
standard library, which are variables, are read first of all: a candidate could assign to them. Constants and
variables that a benchmark gives are the benchmark's, whatever a candidate makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from crosstune.languages.go import _imports, _parsing, _types
from crosstune.languages.go._declaration import Declaration
from crosstune.parsing import decoded, encoded

if TYPE_CHECKING:
    from tree_sitter import Node

_ERROR = re.compile(r"(?<![\w.])(\w+)\s*\.\s*(EOF|Err[A-Z]\w*)\b")


def variables(tests: str) -> set[str]:
    """The names of the variables that tests declare outside functions, as far as they name nothing else."""
    root = _parsing.sound(tests)
    if root is None:
        return set()
    specs = (each for node in root.named_children if node.type == "var_declaration" for each in _specs(node))
    found = {_types.text(name) for spec in specs for name in spec.children_by_field_name("name")} - {"_"}
    return found - set(_others(root)) if found else found


def with_given(code: str, declared: Declaration) -> str:
    """A candidate's code, in which constants and variables of the declaration are as that gives them."""
    given = {
        name: each for each in declared.given if each.kind in ("constant", "variable") for name in each.names
    }
    root = _parsing.sound(f"{code}\n") if given else None
    data, used = encoded(code), dict[str, None]()
    for node in reversed(root.named_children if root else []):
        names = {
            _types.text(name)
            for each in _specs(node)
            for name in each.children_by_field_name("name")
            if node.type in ("const_declaration", "var_declaration")
        }
        if names and names <= given.keys():
            used |= dict.fromkeys(given[name].code for name in sorted(names))
            data = data[: node.start_byte] + data[node.end_byte :]
    return "\n".join([decoded(data), *used])


def _specs(node: Node) -> Iterator[Node]:
    for each in node.named_children:
        if each.type in ("var_spec", "const_spec"):
            yield each
        else:
            yield from _specs(each)


def _others(root: Node) -> Iterator[str]:
    """The names of fields, methods, packages, labels and keys."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        if node.type in ("field_identifier", "package_identifier", "label_name", "type_identifier"):
            yield _types.text(node)
        elif node.type == "keyed_element":
            yield _types.text(node.named_children[0])


def errors(code: str, imports: Iterable[_imports.Import], secret: str) -> tuple[str, str]:
    """Tests' code, and a file's code that defines in it what the code uses in the place of errors of standard
    packages. It must be the first file of the package: its variables are then initialised first."""
    paths = {each.name: each for each in imports}
    blank = _imports.blanked(code)
    used: dict[tuple[str, str], str] = {}
    parts, at = [], 0
    for match in _ERROR.finditer(blank):
        name, error = match[1], match[2]
        if name not in paths or _is_variable(name, blank):
            continue
        own = used.setdefault((name, error), f"{secret}_error{len(used)}")
        parts += [code[at : match.start()], own]
        at = match.end()
    if not used:
        return code, ""
    lines = [f"{each}\n" for each in _distinct(paths[name] for name, _ in used)]
    lines += [f"var {own} = {name}.{error}\n" for (name, error), own in used.items()]
    return "".join([*parts, code[at:]]), "".join(lines)


def _is_variable(name: str, blank: str) -> bool:
    return re.search(rf"(?<![\w.]){name}\b(?!\s*\.)", blank) is not None


def _distinct(imports: Iterable[_imports.Import]) -> Collection[_imports.Import]:
    return dict.fromkeys(imports).keys()
