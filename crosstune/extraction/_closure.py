"""Choose the definition that an answer means, and everything in the answer that it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crosstune.extraction._declaration import class_of, import_names, members_of
from crosstune.extraction._items import Item, Kind, class_body, has_body, is_name, is_stub, names_of
from crosstune.languages import Syntax
from crosstune.parsing import decoded, leaves

if TYPE_CHECKING:
    from tree_sitter import Node

_DECLARATIONS = ("lexical_declaration", "variable_declaration")


class Pool:
    """All items of an answer, in their order, and who defines what."""

    def __init__(self, syntax: Syntax, found: Sequence[Item]) -> None:
        self.syntax, self.items = syntax, list(found)
        self._place = {item: place for place, item in enumerate(self.items)}
        self._by_name: dict[str, list[Item]] = defaultdict(list)
        self._attached: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            if item.kind is Kind.ATTACHED:
                for owner in item.owners:
                    self._attached[owner].append(item)
            elif item.kind in (Kind.DEFINITION, Kind.PROTOTYPE):
                for name in item.names:
                    self._by_name[name].append(item)
            if item.node.type == "decorated_definition":
                for owner in _decorating_objects(item.node):
                    self._attached[owner].append(item)
        self._free: dict[Item, frozenset[str]] = {}
        self._traits: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            for name in self._methods_given(item):
                self._traits[name].append(item)
        self.own_imports = [item for item in self.items if item.kind is Kind.IMPORT and self.spaces(item)]

    def _methods_given(self, item: Item) -> Iterator[str]:
        """The methods that a trait or an assignment (``Array.prototype.sum = …``) gives to other types."""
        gives = self.syntax.gives_methods
        if item.node.type in self.syntax.traits and (gives is None or gives.search(item.text)):
            for member in members_of(self.syntax, item.node):
                yield from member.names
        elif self.syntax.extensions and item.kind in (Kind.ATTACHED, Kind.STATEMENT):
            match = self.syntax.extensions.match(item.text)
            if match and not any(owner in self._by_name for owner in item.owners):
                yield next(filter(None, match.groups()))

    def spaces(self, item: Item) -> list[Item]:
        """The modules of the answer itself from which an import takes names."""
        first = next((leaf for leaf in leaves(item.node) if is_name(self.syntax, leaf)), None)
        named = self._by_name.get(decoded(first.text or b""), ()) if first is not None else ()
        found = [each for each in named if each.node.type in self.syntax.spaces]
        return [each for each in found if not self.syntax.ordered or self.place(each) < self.place(item)]

    def imports_for(self, item: Item) -> Iterator[Item]:
        """The answer's imports from its own modules on which ``item`` may rely."""
        for each in self.own_imports:
            names = import_names(self.syntax, each)
            is_before = not self.syntax.ordered or self.place(each) < self.place(item)
            is_open = (not names or any(name.endswith("*") for name in names)) and each.block == item.block
            if each is not item and is_before and (is_open or names & item.uses):
                yield each

    def place(self, item: Item) -> int:
        return self._place[item]

    def answer(self, name: str, *, in_class: bool = False) -> Item | None:
        """The item with the last complete definition of ``name``: at the top level or as a method of a
        class (``in_class``: only functions count). Without a complete one, the last that there is."""
        holders = [item for item in self.items if item.kind is not Kind.PROTOTYPE and self.holds(item, name)]
        if in_class:
            holders = [item for item in holders if self.is_function(item)]
        whole = [item for item in holders if self._is_complete(item, name)]
        found = [item for item in whole if not item.loose] or whole or holders
        found = found or [each for each in self.own_imports if name in import_names(self.syntax, each)]
        return found[-1] if found else None

    def holds(self, item: Item, name: str) -> bool:
        """Whether the item defines ``name``, at the top level or as a method."""
        if item.kind not in (Kind.DEFINITION, Kind.ATTACHED):
            return False
        if name in item.names:
            return item.uses != {name} or self.is_function(item)
        return class_of(self.syntax, item.node, name) is not None

    def _is_complete(self, item: Item, name: str) -> bool:
        if not item.whole or self._is_stub(item, name):
            return False
        return item.node.type not in self.syntax.functions or has_body(item.node)

    def is_class(self, item: Item) -> bool:
        return item.node.type in self.syntax.classes

    def _is_stub(self, item: Item, name: str) -> bool:
        if name in item.names:
            return is_stub(item.node)
        owner = class_of(self.syntax, item.node, name)
        if owner is None:
            return False
        body = class_body(self.syntax, owner)
        methods = [
            each for each in (body.named_children if body else []) if name in names_of(self.syntax, each)
        ]
        return bool(methods) and all(is_stub(each) for each in methods)

    def definers(self, name: str, block: int) -> list[Item]:
        """The items that define ``name`` for code in ``block``: those of its block, else of the last that
        defines it; where a name is defined again, the last, with what that is made of."""
        found = [item for item in self._by_name.get(name, ()) if item.kind is Kind.DEFINITION]
        found = [item for item in found if item.whole] or found
        if not found:
            return []
        blocks = [item.block for item in found]
        chosen = block if block in blocks else blocks[-1]
        return self._latest(name, [item for item in found if item.block == chosen])

    def _latest(self, name: str, found: list[Item]) -> list[Item]:
        last = found[-1]
        if self.syntax.overloads and self.is_function(last):
            heads = {self._head(item): item for item in found if self.is_function(item)}
            return list(heads.values())
        kept = [last]
        if last.node.type == "expression_statement":  # it assigns what a declaration before it declares
            kept[:0] = [item for item in found[:-1] if item.node.type in _DECLARATIONS][-1:]
        for item in reversed(found[:-1]):
            if self.is_function(kept[0]) or (name not in kept[0].uses and self.is_function(item)):
                break
            kept.insert(0, item)
        return kept

    def is_function(self, item: Item) -> bool:
        """Whether the item is a function or class, or a variable whose value is a function."""
        kinds = self.syntax.functions | self.syntax.classes | {"decorated_definition", "template_declaration"}
        return item.node.type in kinds or _value_type(item.node) in self.syntax.functions | {"lambda"}

    def is_plain_function(self, item: Item) -> bool:
        """Whether nothing of the item runs before it is called."""
        return item.node.type in self.syntax.functions

    def _head(self, item: Item) -> str:
        text = item.text.partition("{")[0]
        return "".join(text.split())

    def sets_up(self, item: Item) -> bool:
        """Whether a statement sets up the run time."""
        pattern = self.syntax.kept_statements
        return pattern is not None and pattern.search(item.text) is not None

    def prototypes(self, name: str) -> list[Item]:
        return [item for item in self._by_name.get(name, ()) if item.kind is Kind.PROTOTYPE]

    def traits(self, item: Item) -> Iterator[Item]:
        """The traits of the answer whose methods ``item`` may call."""
        for name in sorted((item.members | item.uses) - item.names):
            yield from self._traits.get(name, ())

    def attached(self, item: Item) -> Iterator[Item]:
        """What belongs to the item's types, but not to types of the same names in other blocks."""
        for name in sorted(item.names):
            defined = {definer.block for definer in self._by_name[name]} - {item.block}
            yield from (each for each in self._attached.get(name, ()) if each.block not in defined)

    def free_names(self, item: Item) -> frozenset[str]:
        """The names that ``item`` uses and does not bind itself."""
        if item not in self._free:
            bound = _bound_inside(self.syntax, item.node) if self.is_function(item) else set()
            self._free[item] = item.uses - bound
        return self._free[item]


def needed(pool: Pool, roots: Sequence[Item], name: str) -> list[Item]:
    """``roots`` and all that they need of the pool, in their order, but where something must come first.

    Not taken are examples: variables that are computed with the function ``name``.
    """
    kept: dict[Item, None] = {}
    waiting = list(roots)
    while waiting:
        item = waiting.pop()
        if item in kept:
            continue
        kept[item] = None
        waiting += _dependencies(pool, item, name, roots)
        waiting += pool.attached(item)
        waiting += [each for each in pool.own_imports if item in pool.spaces(each)]
    return _arranged(pool, sorted(kept, key=pool.place), name, roots)


def _arranged(pool: Pool, kept: Sequence[Item], name: str, roots: Sequence[Item]) -> list[Item]:
    """What runs or is read when it is defined comes after what it needs."""
    arranged: dict[Item, None] = {}
    entered: set[Item] = set()
    waiting = [(item, False) for item in reversed(kept)]
    while waiting:
        item, ready = waiting.pop()
        if ready:
            arranged[item] = None
        elif item not in entered:
            entered.add(item)
            waiting.append((item, True))
            if pool.syntax.ordered or not pool.is_plain_function(item):
                needs = _dependencies(pool, item, name, roots)
                declared = frozenset[str]().union(
                    *(each.names for each in needs if each.kind is Kind.PROTOTYPE)
                )
                waiting += [(each, False) for each in reversed(needs) if not _is_declared(each, declared)]
    return list(arranged)


def _is_declared(item: Item, declared: frozenset[str]) -> bool:
    """Whether a prototype lets the item come later."""
    return item.kind is not Kind.PROTOTYPE and bool(item.names) and item.names <= declared


def _dependencies(pool: Pool, item: Item, name: str, roots: Sequence[Item]) -> list[Item]:
    found: dict[Item, None] = {}
    uses = pool.free_names(item)
    for used in uses - item.names:
        for definer in (*pool.prototypes(used), *pool.definers(used, item.block)):
            if definer is item or (definer not in roots and _is_example(pool, definer, name)):
                continue
            found[definer] = None
    found |= dict.fromkeys(each for each in pool.traits(item) if each is not item)
    found |= dict.fromkeys(pool.imports_for(item))
    return sorted(found, key=pool.place)


def _is_example(pool: Pool, item: Item, name: str) -> bool:
    is_variable = item.kind is Kind.DEFINITION and not pool.is_function(item)
    is_variable = is_variable and item.node.type not in pool.syntax.spaces
    return is_variable and name in item.uses and name not in item.names


def needed_imports(pool: Pool, kept: Sequence[Item]) -> list[Item]:
    """The imports that ``kept`` items may rely on."""
    uses = frozenset[str]().union(*(item.uses for item in kept))
    imports = [item for item in pool.items if item.kind is Kind.IMPORT and item not in pool.own_imports]
    return [item for item in imports if _is_needed(pool.syntax, item, uses)]


def _is_needed(syntax: Syntax, item: Item, uses: frozenset[str]) -> bool:
    text = item.text.lstrip()
    if syntax.dropped_imports and syntax.dropped_imports.match(text):
        return False
    if syntax.standard_imports and syntax.standard_imports.match(text):
        return True
    names = import_names(syntax, item)
    return not names or bool(names & uses) or (syntax.standard_imports is None and "*" in names | {text[-1:]})


def needed_statements(pool: Pool, kept: Sequence[Item], name: str) -> list[Item]:
    """Top-level statements that fill the kept variables or set up the run time, and what they call."""
    if not pool.syntax.statements:
        return [
            item
            for item in pool.items
            if (item.kind is Kind.STATEMENT and _initialises(pool, item, kept))
            or (pool.sets_up(item) and item.whole and name not in item.uses)
        ]
    variables = frozenset[str]().union(*(item.names for item in kept if not pool.is_function(item)))
    blocks = {item.block for item in kept}
    found: list[Item] = []
    for item in pool.items:
        if item.block not in blocks or not item.whole or name in item.uses or item in kept:
            continue
        may_fill = item.kind is Kind.STATEMENT or item.node.type == "decorated_definition"
        if pool.sets_up(item) or (may_fill and _fills(pool, item, variables)):
            found.append(item)
    return found


def _initialises(pool: Pool, item: Item, kept: Sequence[Item]) -> bool:
    """Whether the item is a function that runs before all others and sets variables that are kept."""
    names = names_of(pool.syntax, item.node)
    variables = frozenset[str]().union(*(each.names for each in kept if not pool.is_function(each)))
    return bool(names & pool.syntax.initialisers) and bool(item.uses & variables)


def _fills(pool: Pool, item: Item, variables: frozenset[str]) -> bool:
    """Whether the item, or a function that it calls at once, refers to one of ``variables``."""
    if item.node.type == "decorated_definition":
        decorators = [child for child in item.node.named_children if child.type == "decorator"]
        used = {decoded(leaf.text or b"") for each in decorators for leaf in leaves(each)}
    else:
        used = set(item.uses)
        if used & variables:
            return not _unknown(pool, item, variables)
    called = [definer for each in used for definer in pool.definers(each, item.block)]
    return any(definer.uses & variables for definer in called if pool.is_function(definer))


def _unknown(pool: Pool, item: Item, variables: frozenset[str]) -> bool:
    """Whether the statement also refers to variables of the answer that are examples."""
    own = {each for each in item.uses - variables if pool.definers(each, item.block)}
    definers = [definer for each in own for definer in pool.definers(each, item.block)]
    return any(not pool.is_function(definer) for definer in definers)


def _decorating_objects(node: Node) -> Iterator[str]:
    """The objects whose methods decorate a definition (``@area.register``)."""
    for child in node.named_children:
        if child.type != "decorator" or not child.named_children:
            continue
        used = child.named_children[0]
        called = used.child_by_field_name("function") or used
        owner = called.child_by_field_name("object")
        if owner is not None and owner.type == "identifier":
            yield decoded(owner.text or b"")


def _value_type(node: Node) -> str:
    """The type of the value of a variable that ``node`` defines."""
    for inner in (node, *node.named_children):
        for field in ("value", "right"):
            if (value := inner.child_by_field_name(field)) is not None:
                return value.type
    return ""


def _bound_inside(syntax: Syntax, function: Node) -> set[str]:
    """Parameters and local variables of a function."""
    bound: set[str] = set()
    outer: set[str] = set()
    waiting = [function]
    while waiting:
        current = waiting.pop()
        if current.type in syntax.outer:
            outer |= {decoded(leaf.text or b"") for leaf in leaves(current) if is_name(syntax, leaf)}
        if parameters := current.child_by_field_name("parameters"):
            bound |= {name for child in parameters.named_children for name in _parameter(syntax, child)}
        if current is not function and current.type in syntax.names:
            bound |= names_of(syntax, current)
        waiting += current.named_children
    return bound - outer


def _parameter(syntax: Syntax, node: Node) -> set[str]:
    for field in ("name", "pattern", "declarator"):
        if inner := node.child_by_field_name(field):
            return names_of(syntax, inner)
    first = next((leaf for leaf in leaves(node) if leaf.type == "identifier"), None)
    return {decoded(first.text or b"")} if first is not None else set()


def parameter_names(syntax: Syntax, function: Node) -> tuple[str, ...]:
    """The parameters of a function in their order, the receiver excluded."""
    declarator: Node | None = function
    parameters = None
    while declarator is not None and parameters is None:
        parameters = declarator.child_by_field_name("parameters")
        declarator = declarator.child_by_field_name("declarator")
    if parameters is None:
        return ()
    found = (
        _parameter(syntax, child) for child in parameters.named_children if child.type != "self_parameter"
    )
    return tuple(next(iter(names)) for names in found if names)
