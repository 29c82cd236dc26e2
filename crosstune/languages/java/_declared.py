"""What a benchmark declares in Java: the methods and constructors that the tests call, and its types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crosstune.parsing import CodeParser, decoded

if TYPE_CHECKING:
    from tree_sitter import Node

_CLOSINGS = ("", "}", "}\n}", "}\n}\n}")
"""A declaration may end at the beginning of the method that is asked for."""
_TYPES = (
    "class_declaration",
    "record_declaration",
    "enum_declaration",
    "interface_declaration",
    "annotation_type_declaration",
)
_PLAIN = """
    Object String CharSequence Number Integer Long Short Byte Double Float Boolean Character Void Comparable
    List ArrayList LinkedList Vector Stack Collection Iterable Iterator Queue Deque ArrayDeque PriorityQueue
    Set HashSet LinkedHashSet TreeSet SortedSet NavigableSet BitSet Dictionary
    Map HashMap LinkedHashMap TreeMap SortedMap NavigableMap Hashtable ConcurrentHashMap Entry AbstractMap
    SimpleEntry SimpleImmutableEntry Optional OptionalInt OptionalLong OptionalDouble BigInteger BigDecimal
    StringBuilder StringBuffer AtomicInteger AtomicLong Stream IntStream LongStream DoubleStream
    LocalDate LocalTime LocalDateTime Duration UUID DayOfWeek Month TimeUnit
    Unit Pair Triplet Quartet Quintet Sextet Septet Octet Ennead Decade KeyValue LabelValue
"""
"""Types of the platform, and of javatuples, that can be sent."""
PLAIN_TYPES = frozenset(_PLAIN.split())


_PASSES_MESSAGE = re.compile(
    r"\(\s*(?:final\s+)?String\s+(\w+)\s*\)[^{]*\{\s*super\(\s*\1\s*\);\s*\}"
    r"|\(\s*\)[^{]*\{\s*(?:super\([^)]*\);\s*)?\}"
)
"""A constructor of an error that takes its message, or nothing."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Its name, its type as declared (``int[]`` for ``int...``) and without type arguments."""

    name: str
    type: str
    erased: str


@dataclass(frozen=True, slots=True)
class Member:
    """A method or constructor (whose ``name`` is empty) of the class ``owner``; ``body`` is its
    range in the declaration's bytes. ``generic``: its result is of a type variable. ``objects``: whether its
    result (1) and its parameters (2) have objects that stay in the candidate's process."""

    owner: str
    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[int, int]
    result: str = ""
    erased: str = ""
    static: bool = False
    generic: bool = False
    objects: int = 0

    @property
    def key(self) -> str:
        """Its name in the protocol."""
        types = ",".join(each.erased for each in self.parameters)
        return f"{self.owner}.{self.name}({types})" if self.name else f"new {self.owner}({types})"


@dataclass(frozen=True, slots=True)
class Owner:
    """A class with members that the tests call. ``head_end`` is where its name and type parameters end,
    ``body_start`` where its members begin. Objects of it stay in the candidate's process if it is ``remote``.
    ``cut`` are its fields that are the candidate's own."""

    name: str
    head_end: int
    body_start: int
    remote: bool
    constructors: bool
    cut: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration, completed. ``unwritten`` are methods that are no entry points, whose bodies it leaves to
    the candidate. ``why_shared``: why its entry points cannot be called from elsewhere."""

    text: bytes = b""
    imports: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    members: tuple[Member, ...] = ()
    types: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    why_shared: str = ""


class _Shared(Exception):
    """Tests and candidate have to share a process, for this reason."""


def declared(declaration: str, entry_points: tuple[str, ...]) -> Declared:
    """Read a declaration: what of it are the entry points, each the name of a class, of a method or, as in
    ``Owner.method``, both. An empty name is the last method."""
    try:
        return _Reading(declaration.removeprefix("\ufeff")).read(entry_points)
    except _Shared as reason:
        return Declared(why_shared=str(reason))


@dataclass
class _Reading:
    declaration: str
    types: set[str] = field(default_factory=set)

    def read(self, entry_points: tuple[str, ...]) -> Declared:
        text, root = self._completed()
        tops = [node for node in root.named_children if node.type in _TYPES]
        self.types = set(_binary_names(tops, ""))
        if error := next(_unusual_errors(tops), ""):
            raise _Shared(f"{error} has more than a message")
        asked = {each.rpartition(".")[2] for each in entry_points}
        if asked == {""}:
            asked = {_text_of(_methods(tops[-1])[-1], "name")} if tops and _methods(tops[-1]) else asked
        whole = {_text_of(node, "name") for node in tops} & asked
        owners, members = list[Owner](), list[Member]()
        for node in tops:
            found = list(self._members(node, asked, every=_text_of(node, "name") in whole))
            if found:
                owners.append(self._owner(node, found, every=_text_of(node, "name") in whole))
                members += found
        missing = asked - {each.name for each in members} - whole
        if missing:
            raise _Shared(f"the benchmark does not declare {', '.join(sorted(missing))}")
        names = tuple(each.name for each in owners)
        asked_for = {(each.owner, each.name) for each in members}
        return Declared(
            text=text.encode(),
            imports=tuple(_text(node) for node in root.named_children if node.type == "import_declaration"),
            owners=tuple(owners),
            members=tuple(_with_objects(_with_constructors(owners, members), _with_remote(tops, owners))),
            types=tuple(sorted(self.types - set(names))),
            unwritten=tuple(
                name
                for node in tops
                for name in _unwritten([node])
                if (_text_of(node, "name"), name) not in asked_for
            ),
        )

    def _completed(self) -> tuple[str, Node]:
        parser = CodeParser("java")
        for closing in _CLOSINGS:
            text = f"{self.declaration}\n{closing}" if closing else self.declaration
            root = parser.parse(text)
            if root is not None and not root.has_error:
                return text, root
        raise _Shared("the benchmark's declaration does not parse")

    def _members(self, node: Node, asked: set[str], *, every: bool) -> Iterator[Member]:
        owner, variables = _text_of(node, "name"), _variables(node)
        methods = [each for each in _methods(node) if every or _text_of(each, "name") in asked]
        methods = [each for each in methods if "private" not in _modifiers(each)]
        values = every and node.type in ("record_declaration", "enum_declaration")
        if (methods or values) and node.type != "class_declaration":
            raise _Shared(f"{owner} is no class")
        constructors = [each for each in _body(node) if each.type == "constructor_declaration"]
        for each in (*constructors, *methods) if methods or every else ():
            yield self._member(owner, each, variables | _variables(each))

    def _member(self, owner: str, node: Node, variables: Mapping[str, str]) -> Member:
        is_method = node.type == "method_declaration"
        body = node.child_by_field_name("body") or node.children[-1]
        result = node.child_by_field_name("type") if is_method else None
        if result:
            self._check(owner, result, variables)
        return Member(
            owner=owner,
            name=_text_of(node, "name") if is_method else "",
            parameters=tuple(self._parameters(owner, node, variables)),
            body=(body.start_byte, body.end_byte),
            result=_text(result) if result else "",
            erased=_erased(result, variables) if result else "",
            static="static" in _modifiers(node),
            generic=result is not None and _text(result) in variables,
        )

    def _parameters(self, owner: str, node: Node, variables: Mapping[str, str]) -> Iterator[Parameter]:
        listed = node.child_by_field_name("parameters")
        for each in listed.named_children if listed else ():
            if each.type not in ("formal_parameter", "spread_parameter"):
                continue
            spread = each.type == "spread_parameter"
            kind = each.child_by_field_name("type") or next(
                child
                for child in each.named_children
                if child.type not in ("modifiers", "variable_declarator")
            )
            self._check(owner, kind, variables)
            named = each.child_by_field_name("name") or each.named_children[-1]
            name, _, dimensions = _text(named).partition("[")
            suffix = ("[]" if spread else "") + (f"[{dimensions}" if dimensions else "")
            if rest := each.child_by_field_name("dimensions"):
                suffix += _text(rest)
            erased = _erased(kind, variables)
            plain = erased if _names(kind) & set(variables) else _text(kind)
            yield Parameter(name.strip(), plain + suffix, erased + suffix)

    def _check(self, owner: str, kind: Node, variables: Mapping[str, str]) -> None:
        """
        Raises:
            _Shared: its values cannot be sent.
        """
        simple = {name.rpartition("$")[2] for name in self.types}
        for name in sorted(_names(kind) - set(variables) - simple - PLAIN_TYPES):
            if name not in ("java", "util", "lang", "math", "Map"):
                raise _Shared(f"an entry point of {owner} takes or returns {name}, which is no plain value")

    def _owner(self, node: Node, members: list[Member], *, every: bool) -> Owner:
        name = _text_of(node, "name")
        remote = any(each.name and not each.static for each in members) or (
            every and any(not each.name for each in members)
        )
        if remote and node.child_by_field_name("superclass"):
            raise _Shared(f"the class {name} extends another")
        if remote and "abstract" in _modifiers(node):
            raise _Shared(f"the class {name} is abstract")
        fields = [each for each in _body(node) if each.type == "field_declaration"]
        own = [each for each in fields if "static" not in _modifiers(each)] if every else []
        if any("private" not in _modifiers(each) for each in own):
            raise _Shared(f"the class {name} has fields that are not private")
        head = node.child_by_field_name("type_parameters") or node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        assert head
        assert body
        return Owner(
            name=name,
            head_end=head.end_byte,
            body_start=body.start_byte + 1,
            remote=remote,
            constructors=any(not each.name for each in members),
            cut=tuple((each.start_byte, each.end_byte) for each in own),
        )


def _unusual_errors(nodes: Iterable[Node]) -> Iterator[str]:
    """The classes of errors that cannot be made again from their messages."""
    for node in nodes:
        yield from _unusual_errors(each for each in _body(node) if each.type in _TYPES)
        above = node.child_by_field_name("superclass")
        if above and _text(above).endswith(("Exception", "Error", "Throwable")):
            state = [each for each in _body(node) if each.type == "field_declaration"]
            made = [_text(each) for each in _body(node) if each.type == "constructor_declaration"]
            named = {_text_of(each, "name") for each in _methods(node)} & {"getMessage", "toString"}
            own = any("static" not in _modifiers(each) for each in state)
            if own or named or not all(map(_PASSES_MESSAGE.search, made)):
                yield _text_of(node, "name")


def _with_remote(tops: Iterable[Node], owners: Iterable[Owner]) -> set[str]:
    """The types whose objects stay with the candidate, and those that have such objects."""
    found = {each.name for each in owners if each.remote}
    words = [(set(_binary_names([node], "")), set(re.findall(r"\w+", _text(node)))) for node in tops]
    before = -1
    while before != len(found):
        before = len(found)
        for names, used in words:
            if used & found:
                found |= {each.rpartition("$")[2] for each in names}
    return found


def _with_objects(members: Iterable[Member], types: set[str]) -> Iterator[Member]:
    for each in members:
        result = each.name == "clone" or bool(types & set(re.findall(r"\w+", each.result)))
        given = any(types & set(re.findall(r"\w+", one.type)) for one in each.parameters)
        yield replace(each, objects=result + 2 * given)


def _with_constructors(owners: list[Owner], members: list[Member]) -> Iterator[Member]:
    """The members, and the constructors that need no declaration."""
    for owner in owners:
        if owner.remote and not owner.constructors:
            yield Member(owner.name, "", (), (0, 0))
    yield from members


def _binary_names(nodes: list[Node], prefix: str) -> Iterator[str]:
    for node in nodes:
        name = prefix + _text_of(node, "name")
        yield name
        yield from _binary_names([each for each in _body(node) if each.type in _TYPES], f"{name}$")


def _body(node: Node) -> list[Node]:
    body = node.child_by_field_name("body")
    parts = body.named_children if body else []
    # After an enumeration's constants, its members are one node.
    return [
        each
        for part in parts
        for each in (part.named_children if part.type == "enum_body_declarations" else (part,))
    ]


def _methods(node: Node) -> list[Node]:
    return [each for each in _body(node) if each.type == "method_declaration"]


def _unwritten(nodes: Iterable[Node]) -> Iterator[str]:
    """The methods whose bodies are empty or return a constant, those of types within too."""
    for node in nodes:
        yield from _unwritten(each for each in _body(node) if each.type in _TYPES)
        constants = [each for each in _body(node) if each.type == "enum_constant"]
        for each in (*_methods(node), *(method for one in constants for method in _methods(one))):
            body = each.child_by_field_name("body")
            if body and all(_is_constant(part) for part in body.named_children):
                yield _text_of(each, "name")


def _is_constant(statement: Node) -> bool:
    if "comment" in statement.type or statement.type == "throw_statement":
        return True
    value = statement.named_children[-1:] if statement.type == "return_statement" else []
    return bool(value) and (value[0].type.endswith("literal") or value[0].type in ("true", "false"))


def _modifiers(node: Node) -> set[str]:
    found = next((each for each in node.children if each.type == "modifiers"), None)
    return {_text(each) for each in found.children} if found else set()


def _variables(node: Node) -> dict[str, str]:
    """The type variables that a class or method declares, and the erasure of each."""
    found = next((each for each in node.named_children if each.type == "type_parameters"), None)
    variables = dict[str, str]()
    for each in found.named_children if found else ():
        bound = next((child for child in each.named_children if child.type == "type_bound"), None)
        variables[_text(each.named_children[0])] = _erased(bound.named_children[0], {}) if bound else "Object"
    return variables


def _erased(kind: Node, variables: Mapping[str, str]) -> str:
    if kind.type == "array_type":
        return _erased(kind.named_children[0], variables) + _text(kind.named_children[-1])
    if kind.type == "generic_type":
        return _erased(kind.named_children[0], variables)
    return variables.get(_text(kind), _text(kind))


def _names(kind: Node) -> set[str]:
    """The names of types in a type."""
    waiting, names = [kind], set[str]()
    while waiting:
        node = waiting.pop()
        waiting += node.named_children
        if node.type == "type_identifier":
            names.add(_text(node))
    return names


def _text_of(node: Node, name: str) -> str:
    found = node.child_by_field_name(name)
    return _text(found) if found else ""


def _text(node: Node) -> str:
    return decoded(node.text or b"")
