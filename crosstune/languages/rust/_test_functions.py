"""The tests' part of a tested program: its test functions, made callable for the judge's main function."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crosstune.languages.rust import _attributes, _test_macros
from crosstune.languages.rust._attributes import Attributes
from crosstune.languages.rust._originals import PATHS
from crosstune.languages.rust._source import (
    Item,
    Source,
    below,
    body,
    imports,
    items,
    leading,
    names,
    path,
    text_of,
    words,
)

if TYPE_CHECKING:
    from tree_sitter import Node

# What the candidate can use of the tests, too, if these are a module of their own.
_PUBLISHED = frozenset(
    {"const_item", "enum_item", "function_item", "mod_item", "static_item", "struct_item", "trait_item"}
    | {"type_item", "union_item", "use_declaration"}
)
_MARKS = frozenset({"test", "should_panic", "ignore"})
# The macros that decide or build what is expected; a candidate may export its own.
_MACROS = (
    *("assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "debug_assert_ne", "format"),
    *("matches", "panic", "todo", "unimplemented", "unreachable", "vec"),
)


@dataclass(frozen=True)
class TestFunction:
    """``node`` is it, ``path`` leads to it from the tests' root, ``conditions`` are its ``cfg`` attributes
    and those of its modules. ``expected`` is None where it must not panic, else the string literal that the
    message contains. ``returns``: it has a result, which may be an error."""

    node: Node
    path: str
    conditions: str = ""
    expected: str | None = None
    ignored: bool = False

    @property
    def returns(self) -> bool:
        return self.node.child_by_field_name("return_type") is not None


@dataclass(frozen=True)
class Tests:
    """``functions`` are all that are marked as tests, or else the ``main`` function; ``registered``: there
    are more, which macros define. ``names`` are those that the tests define or import outside of modules.
    ``inner``: the tests are the content of a module."""

    text: str
    functions: tuple[TestFunction, ...]
    attributes: Attributes = field(default_factory=Attributes)
    names: frozenset[str] = frozenset()
    registered: bool = False
    inner: bool = False


def functions(root: Node) -> list[TestFunction]:
    """All that are marked as tests outside of macros, or else the ``main`` function."""
    marked = [function for module, modules in _modules(root) for function in _marked(module, modules)]
    if marked or _test_macros.defining(root):
        return marked
    return [TestFunction(item.node, "main") for item in items(root) if is_main(item)]


def is_main(item: Item) -> bool:
    return item.node.type == "function_item" and item.name == "main"


def _modules(container: Node, modules: tuple[Item, ...] = ()) -> Iterator[tuple[Node, tuple[Item, ...]]]:
    """The content of the file and of its modules, each with the modules that lead to it."""
    yield container, modules
    for item in items(container):
        if (content := body(item.node)) is not None:
            yield from _modules(content, (*modules, item))


def _marked(container: Node, modules: tuple[Item, ...]) -> Iterator[TestFunction]:
    for item in items(container):
        if item.node.type == "function_item" and item.has_attribute("test"):
            conditions = [
                words(each)
                for part in (*modules, item)
                for each in part.attributes
                if path(each) == "cfg" and words(each) != "#[cfg(test)]"
            ]
            yield TestFunction(
                item.node,
                "::".join(text_of(part.name_node) for part in (*modules, item)),
                " ".join(conditions),
                _expected(item),
                item.has_attribute("ignore"),
            )


def _expected(item: Item) -> str | None:
    for each in item.attributes:
        if path(each) == "should_panic":
            texts = [node for node in below(each) if node.type.endswith("string_literal")]
            return text_of(texts[0]) if texts else '""'
    return None


def read(
    text: str, name: str, macros: str, key: str, link_section: str, *, bound: Collection[str] = ()
) -> Tests | None:
    """The tests as they become part of a program; None where they cannot be parsed.

    ``name`` is that of the judge's crate, ``macros`` precede the items of every module, and ``key`` shows
    the judge that the tests have ended the program themselves. Tests that macros define are put into a
    section by the attribute ``link_section``. The names ``bound`` are the standard library's, not the
    candidate's.
    """
    source = Source.of(text)
    if source.root is None:
        return None
    attributes = _attributes.taken(source, source.root)
    found = functions(source.root)
    registered = bool(_test_macros.defining(source.root))
    if registered:
        _test_macros.register(source, source.root, name, link_section)
    for module, modules in _modules(source.root):
        _open(source, module, modules, name, macros, bound=bound)
        _publish_tests(source, module)
        _let_leave(source, module, name, key)
    for item in items(source.root):
        if is_main(item):
            source.replace(item.name_node, f"{name}_main_of_tests")
        if item.node.type in _PUBLISHED and not item.has_attribute("test"):
            publish(source, item.node)
    if [each.path for each in found] == ["main"]:
        found = [TestFunction(found[0].node, f"{name}_main_of_tests")]
    own = names(source.root) - {"main"}
    if not _has_only_modules(source.root):
        own |= {*_assertions(source.root, macros), *_unbound(source.root, bound)}
    inner = any(words(each).startswith("super::") for each in _imported(source.root))
    return Tests(source.text(), tuple(found), attributes, frozenset(own), registered, inner)


def _imported(root: Node) -> Iterator[Node]:
    """The arguments of the imports outside of modules."""
    for item in items(root):
        argument = item.node.child_by_field_name("argument")
        if item.node.type == "use_declaration" and argument:
            yield argument


def _open(
    source: Source,
    module: Node,
    modules: tuple[Item, ...],
    name: str,
    macros: str,
    *,
    bound: Collection[str],
) -> None:
    """Import the standard library's assertions, and what it has under the names ``bound``: a module also uses
    what the crate's root exports, macros included, but these take precedence."""
    at = 0
    if not modules and _has_only_modules(module):
        return
    if modules:
        at = [module.children[0], *leading(module)][-1].end_byte
        if len(modules) > 1:
            publish(source, modules[-1].node)
    imported = (*_assertions(module, macros), *(PATHS[each] for each in _unbound(module, bound)))
    source.insert(at, f" use ::{name}::standard::{{{', '.join(imported)}}}; {macros} ")


def _has_only_modules(root: Node) -> bool:
    return all(body(item.node) for item in items(root))


def _assertions(module: Node, macros: str) -> list[str]:
    own = names(module)
    return [each for each in _MACROS if each not in own and f"macro_rules! {each} " not in macros]


def _unbound(module: Node, bound: Collection[str]) -> list[str]:
    """Those names that the module does not define itself."""
    return sorted(set(bound) - names(module))


def _publish_tests(source: Source, module: Node) -> None:
    for item in items(module):
        if item.node.type == "function_item" and item.has_attribute("test"):
            publish(source, item.node)
            for each in item.attributes:
                if path(each) in _MARKS:
                    source.blank(each)


def publish(source: Source, node: Node) -> None:
    """Let the whole crate see an item."""
    first = next((each for each in node.children if each.type == "visibility_modifier"), None)
    if first:
        source.replace(first, "pub(crate)")
    else:
        source.insert(node.start_byte, "pub(crate) ")


def _let_leave(source: Source, module: Node, name: str, key: str) -> None:
    """Let the judge know where the tests end the program by themselves."""
    if b"exit" not in source.data:
        return
    known = _exits(imports(module))
    for item in items(module):
        if body(item.node) is not None:
            continue
        for node in below(item.node):
            called = node.child_by_field_name("function") if node.type == "call_expression" else None
            arguments = node.child_by_field_name("arguments")
            if called and arguments and words(called) in known:
                source.replace(called, f"::{name}::leave")
                source.insert(arguments.start_byte + 1, f"{key}, ")


def _exits(imported: Mapping[str, str]) -> set[str]:
    """How a module's code may call ``std::process::exit``."""
    known = {"std::process::exit", "::std::process::exit"}
    if "process" in imported:
        known.add("process::exit")
    if imported.get("exit", "").endswith("process::exit;"):
        known.add("exit")
    return known
