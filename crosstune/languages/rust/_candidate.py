"""The candidate's part of a tested program: renamed where it would collide, and without tests of its own."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from crosstune.languages.rust import _attributes
from crosstune.languages.rust._attributes import Attributes
from crosstune.languages.rust._source import Item, Source, below, body, items, names, words
from crosstune.parsing import decoded

# A candidate's own macros of these names do not reach the tests.
_STANDARD_MACROS = frozenset(
    {
        *(
            "assert",
            "assert_eq",
            "assert_ne",
            "cfg",
            "column",
            "compile_error",
            "concat",
            "dbg",
            "debug_assert",
        ),
        *("debug_assert_eq", "debug_assert_ne", "env", "eprint", "eprintln", "file", "format", "format_args"),
        *("include", "include_bytes", "include_str", "line", "matches", "module_path", "option_env", "panic"),
        *("print", "println", "stringify", "test", "thread_local", "todo", "unimplemented", "unreachable"),
        *("vec", "write", "writeln"),
    }
)
_LINKED_WORD = re.compile(r"\b(?:no_mangle|global_allocator|export_name)\b")
_LINKED = re.compile(
    r"#\[\s*(unsafe\s*\()?\s*(?:no_mangle|global_allocator|export_name\s*=\s*\"[^\"]*\")\s*(?(1)\)\s*)\]"
)


@dataclass(frozen=True)
class Candidate:
    """Its ``text`` follows the tests. ``macros`` are those that the tests need before them; ``names`` are
    those that it defines or imports in the crate's root."""

    text: str
    attributes: Attributes = field(default_factory=Attributes)
    macros: str = ""
    names: frozenset[str] = frozenset()

    def __add__(self, other: Candidate) -> Candidate:
        return Candidate(
            f"{self.text}\n\n{other.text}",
            self.attributes + other.attributes,
            self.macros + other.macros,
            self.names | other.names,
        )


def prepared(
    text: str, name: str, called: AbstractSet[str], spared: AbstractSet[str] = frozenset()
) -> Candidate:
    """``name`` is one that the candidate cannot know, ``called`` are the macros that the tests call. Imports
    from the crates ``spared`` that are not used are left out, because loading a crate takes time.

    If one of them is the candidate's, all of its macros precede the tests: they may call each other.
    """
    source = Source.of(_with_usual_names(text))
    if source.root is None:
        return Candidate(source.text())
    attributes = _attributes.taken(source, source.root)
    macros = [item for item in items(source.root) if _is_own_macro(item)]
    if not any(item.name in called for item in macros):
        macros = []
    texts = [decoded(source.data[item.start : item.node.end_byte]) for item in macros]
    for item in macros:
        source.blank(item.node, item.start)
    for item in items(source.root):
        if _is_main(item):
            _rename_main(source, item, f"{name}_main")
        elif _replaces_standard(item) or _is_spared(item, spared, text):
            source.blank(item.node, item.start)
        else:
            _remove_tests(source, item)
    return Candidate(source.text(), attributes, "\n".join(texts), frozenset(names(source.root) - {"main"}))


def _with_usual_names(text: str) -> str:
    """``text`` whose functions have no names for the linker: by these they would replace the C library's,
    which also compare texts and lists. Nor does it allocate what the tests have."""
    return _LINKED_WORD.sub("crosstune_not_supported", _LINKED.sub("", text))


def _is_own_macro(item: Item) -> bool:
    """Whether it is a macro that may reach the tests: not one named like the standard library's."""
    return item.node.type == "macro_definition" and item.name not in _STANDARD_MACROS


def _is_main(item: Item) -> bool:
    """Whether it is a main function that Rust accepts; two of them are an error."""
    if item.node.type != "function_item" or item.name != "main":
        return False
    parameters = item.node.child_by_field_name("parameters")
    modifiers = [words(each) for each in item.node.children if each.type == "function_modifiers"]
    has_parameters = bool(parameters and parameters.named_child_count)
    is_generic = item.node.child_by_field_name("type_parameters") is not None
    return not (has_parameters or is_generic or any("async" in each.split() for each in modifiers))


def _replaces_standard(item: Item) -> bool:
    """Whether another crate, or this one, would be the standard library for the tests, too."""
    if item.node.type != "extern_crate_declaration":
        return False
    alias = item.node.child_by_field_name("alias")
    return alias is not None and words(alias) in ("std", "core", "alloc") and words(alias) != item.name


def _is_spared(item: Item, spared: AbstractSet[str], text: str) -> bool:
    """Whether it imports from one of the crates, and no word of it occurs anywhere else."""
    if item.node.type != "use_declaration" or not spared:
        return False
    declared = words(item.node)
    found = re.fullmatch(r"use\s+(\w+)(?:\s*::\s*(\w+))?\s*;", declared)
    if found is None or found[1] not in spared:
        return False
    return all(len(re.findall(rf"\b{word}\b", text)) == 1 for word in found.groups() if word)


def _rename_main(source: Source, item: Item, name: str) -> None:
    """Rename it, also where it is called. The judge does not call it, but what it uses counts as in use."""
    source.insert(item.node.start_byte, "#[allow(dead_code)] ")
    source.replace(item.name_node, name)
    if source.data.count(b"main") > 1 and source.root:
        for node in below(source.root):
            called = node.child_by_field_name("function") if node.type == "call_expression" else None
            if called and called.type == "identifier" and words(called) == "main":
                source.replace(called, name)


def _remove_tests(source: Source, item: Item) -> None:
    """Remove modules that exist for tests only: these may need crates, and hide the benchmark's own."""
    if item.node.type != "mod_item":
        return
    if any(words(each).replace(" ", "") == "#[cfg(test)]" for each in item.attributes):
        source.blank(item.node, item.start)
    elif content := body(item.node):
        for inner in items(content):
            _remove_tests(source, inner)
