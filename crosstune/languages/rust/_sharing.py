"""What Rust's tests can see of a candidate that values do not say.

What is owned or borrowed is nobody else's to change, so copies of it are as good. Left are cells behind
shared pointers, the pointers themselves, addresses, and statics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosstune.languages.rust._declaration import Declaration
from crosstune.languages.rust._types import Type

_CELLS = frozenset({"Cell", "RefCell"})
_COUNTED = frozenset({"Rc", "Arc"})
_SHARED = _COUNTED | {"&", "&mut"}
_OWNERS = re.compile(
    r"\b(?:Rc|Arc)\s*::\s*(?:get_mut|try_unwrap|into_inner|unwrap_or_clone|weak_count|downgrade)\b"
)
_ADDRESSES = re.compile(r"\bas\s*\*\s*(?:const|mut)\b|\baddr_of\w*!|\{\w*:#?p\}")
_STATICS = re.compile(
    r"\bstatic\s+(?:mut\s+(\w+)|(\w+)\s*:[^=;]*?\b(?:Atomic|Mutex|RwLock|Cell|RefCell|UnsafeCell|Once|Lazy))"
)


def why_shared(tests: str, declaration: str, declared: Declaration) -> str:
    """Why tests need the process of the candidate; empty if they do not."""
    types = list(_types(declared))
    if any(_shares_cells(each) for each in types) or any(
        part.name in _CELLS
        for record in declared.records
        for form in record.forms
        for part in _all(form.types)
    ):
        return "a cell is declared that tests and candidate both have"
    if any(part.name in _COUNTED for part in _all(types)) and (found := _OWNERS.search(tests)):
        return f"the tests use {''.join(found[0].split())}"
    if found := _ADDRESSES.search(tests):
        return f"the tests use {found[0]}"
    if found := _STATICS.search(declaration):
        return f"{found[1] or found[2]} is declared, which the candidate may change"
    return ""


def _types(declared: Declaration) -> Iterator[Type]:
    for each in declared.functions:
        yield from each.parameters
        yield each.result


def _all(types: list[Type] | tuple[Type, ...]) -> Iterator[Type]:
    for each in types:
        yield from each.all()


def _shares_cells(kind: Type) -> bool:
    """Whether a cell is behind a reference or a counted pointer."""
    return any(part.name in _CELLS for outer in kind.all() if outer.name in _SHARED for part in outer.all())
