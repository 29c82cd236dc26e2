"""Variables that tests pass to a candidate, which apart has copies of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from tree_sitter import Node

from crosstune.languages._shared.native.calls_in_tests import (
    NAMES,
    Callee,
    Tests,
    Variable,
    arguments_of,
    called,
    declared_name,
    root_of,
    statement_of,
)
from crosstune.languages._shared.native.nodes import descendants, text_of

# Each argument is compared with all uses of its variable.
_MOST_CALLS = 2000
_CHANGING_METHODS = """
push_back pop_back push_front pop_front emplace emplace_back emplace_front insert insert_or_assign erase
clear resize assign append replace push pop swap sort remove unique merge reset reverse
"""


def objections(tests: Tests) -> Iterator[str]:
    for call, callee in tests.calls:
        if twice := _passed_twice(tests, call, callee):
            yield f"the tests pass {twice} to {called(call)} twice"
    yield from _kept_by_functions(tests)
    yield from _kept_by_objects(tests)


def _passed_twice(tests: Tests, call: Node, callee: Callee) -> str:
    if not callee.changing:
        return ""
    arguments = dict(enumerate(arguments_of(call)))
    given = {
        at: tests.variable(root)
        for at, each in arguments.items()
        if at in callee.referring and (root := root_of(each)) is not None and root.type in NAMES
    }
    for (one, first), (other, second) in combinations(given.items(), 2):
        if first == second and {one, other} & callee.changing:
            return first[0]
    return ""


def _kept_by_functions(tests: Tests) -> Iterator[str]:
    """Arguments that are changed before another function is called, which may know them, or looked at after
    it."""
    changing = any(callee.changing for _, callee in tests.calls)
    if not changing or len({called(call) for call, _ in tests.calls}) < 2:
        return
    if len(tests.calls) > _MOST_CALLS:
        yield "the tests call too often to follow what becomes of the arguments"
    for call, callee in tests.calls:
        arguments = arguments_of(call)
        for at in callee.changing & frozenset(range(len(arguments))):
            root = root_of(arguments[at])
            if root is None or root.type not in NAMES:
                continue
            variable = tests.variable(root)
            changed = _first_change(tests, variable, call.end_byte)
            if changed is not None and _other_call(tests, call, variable, changed.end_byte):
                yield f"the tests change {variable[0]} after it was passed to {called(call)}"
            if other := _may_change_later(tests, call, variable):
                yield f"the tests look at {variable[0]}, which {other} may know from {called(call)}"


def _may_change_later(tests: Tests, call: Node, variable: Variable) -> str:
    """Another function that is called without a variable, which is looked at afterwards."""
    last = max((each.start_byte for each in tests.uses[variable]), default=0)
    for other, _ in tests.calls_after(call.end_byte):
        if other.end_byte > last or variable[1] == -1:
            break
        if called(other) != called(call) and variable not in tests.variables_in(other):
            return called(other)
    return ""


def _other_call(tests: Tests, call: Node, variable: Variable, after: int) -> bool:
    """Whether the next call is one of another function that is not given the variable."""
    for other, _ in tests.calls_after(after)[:1]:
        return called(other) != called(call) and variable not in tests.variables_in(other)
    return False


def _first_change(tests: Tests, variable: Variable, after: int) -> Node | None:
    return next((each for each in tests.uses[variable] if each.start_byte > after and _changes(each)), None)


def _changes(name: Node) -> bool:
    """Whether a variable, or a part of it, is changed where it is used."""
    node, parent = name, name.parent
    while parent is not None and parent.child_by_field_name("argument") == node:
        if parent.type == "update_expression":
            return True
        if parent.type == "field_expression" and parent.parent and parent.parent.type == "call_expression":
            return text_of(parent.child_by_field_name("field")) in _CHANGING_METHODS.split()
        node, parent = parent, parent.parent
    return (
        parent is not None
        and parent.type == "assignment_expression"
        and parent.child_by_field_name("left") == node
    )


def _kept_by_objects(tests: Tests) -> Iterator[str]:
    """Arguments of objects, which are changed, or looked at, while the object is still used."""
    for statement in tests.nodes["declaration"] if tests.classes else ():
        names = [each for each in descendants(statement) if each.type in NAMES]
        made = tests.classes.keys() & set(map(text_of, names))
        owner = declared_name(statement.child_by_field_name("declarator"))
        if owner is None or not made:
            continue
        may_change = any(tests.classes[each] for each in made)
        for each in names:
            is_argument = each != owner and text_of(each) not in made
            if is_argument and _is_kept(tests, owner, tests.variable(each), statement, may_change):
                yield f"the tests use {text_of(each)}, which {text_of(owner)} may have kept"


def _is_kept(tests: Tests, owner: Node, variable: Variable, made: Node, may_change: bool) -> bool:
    """Whether a variable is changed before the object that was made with it is used or, if the object may
    change it, is looked at after that."""
    after = made.end_byte
    used = [each.start_byte for each in tests.uses[tests.variable(owner)] if each.start_byte > after]
    if variable[1] == -1 or not used:
        return False
    changed = _first_change(tests, variable, after)
    if changed is not None and statement_of(changed).end_byte < used[-1]:
        return True
    looks = [each.start_byte for each in tests.uses[variable] if each.start_byte > after]
    return may_change and bool(looks) and used[0] < looks[-1]
