"""How a language's tree-sitter grammar names the parts of a program that extraction looks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Method:
    """A method of an answer's class that takes the place of a function: ``head`` is its source before the
    body, ``parameters`` are its parameters' names, the receiver excluded."""

    owner: str
    name: str
    head: str
    parameters: tuple[str, ...]
    static: bool


@dataclass(frozen=True, kw_only=True)
class Syntax:
    """Node types and fields of a grammar of ``tree-sitter-language-pack``.

    ``names`` maps a node type that defines names to the fields or child types in which they are (``*``: all
    named children; ``first TYPE``: the first child of a type). ``attached`` maps a node type to the fields
    that lead to the type it belongs to: such a node (an impl block, a method outside of its class) is kept
    whenever that type is. ``leading`` nodes (attributes) belong to the item after them, ``first`` nodes come
    before everything else, ``dropped`` nodes
    (package clauses) are left out, and ``unwrapped`` maps a node type to the field that is kept of it
    (``export``). ``members`` is the type of a class's body. ``closers`` complete a declaration whose body is
    open. ``standard_imports`` are kept even if nothing refers to what they bind, ``kept_statements`` are
    top-level statements that set up the run time. ``call_method`` writes a function that calls a method.
    """

    grammar: str
    names: Mapping[str, Path]
    imports: frozenset[str]
    functions: frozenset[str]
    identifiers: frozenset[str] = frozenset()
    """Types of name tokens beyond those with ``identifier`` in their type."""
    classes: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    attached: Mapping[str, Path] = field(default_factory=dict)
    traits: frozenset[str] = frozenset()
    """Node types whose methods other types get: needed where one of their methods is called. A class that a
    program opens again is one."""
    gives_methods: re.Pattern[str] | None = None
    """What is in each of those ``traits`` that do so; None: all do."""
    extensions: re.Pattern[str] | None = None
    """Statements that give a type of the language a method; a group is its name."""
    spaces: frozenset[str] = frozenset()
    """Node types of what a program can import from itself: modules, namespaces, enumerations."""
    initialisers: frozenset[str] = frozenset()
    """Names of functions that run before everything else without being called."""
    leading: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    dropped_imports: re.Pattern[str] | None = None
    """Imports of files that belong to the answer's author, or of test frameworks."""
    first_text: re.Pattern[str] | None = None
    """Items that come before everything else, by their source."""
    macro_names: re.Pattern[str] | None = None
    """What a macro call at the top level defines; group 1 is a name."""
    wrappers: frozenset[str] = frozenset()
    """Node types that only hold the top-level nodes of a program."""
    clauses: frozenset[str] = frozenset()
    """Node types of which several in a row, with one name, define that together."""
    rewritten: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Replacements in an answer's code before it is parsed."""
    exported: Callable[[str, str], str] | None = None
    """An answer's code with a plain definition of a name where the code defines it otherwise, as a field of
    what a module exports."""
    end: str = ""
    """What ends the last item, where the grammar reads one without it."""
    statements: bool = False
    """Whether statements outside of functions are run."""
    rewrite_import: Callable[[str], str] | None = None
    """An import as the judge can run it."""
    empty_type: str = ""
    """A type without fields, named by ``{}``, for methods whose type the answer does not define."""
    unwrapped: Mapping[str, Path] = field(default_factory=dict)
    closers: tuple[str, ...] = ("", "}", "}}", "}}}", " {}", " {}}", " {}}}")
    indented: bool = False
    """Whether indentation makes blocks."""
    ordered: bool = False
    """Whether everything has to be declared before it is used."""
    overloads: bool = False
    split_imports: Callable[[str], Mapping[str, str]] | None = None
    """An import as separate imports by the name that each binds, where binding a name twice is an error."""
    standard_imports: re.Pattern[str] | None = None
    kept_statements: re.Pattern[str] | None = None
    partial: bool = False
    """Whether the grammar misreads valid programs: a definition with errors is taken with its whole block."""
    outer: frozenset[str] = frozenset()
    """Node types that say that names in a function are those of the program (``global x``)."""
    call_method: Callable[[Method], str] | None = None
    opening: str = ""
    """What code begins with where it is a part of a page; code without it is read as if it were there."""
    removed_modifiers: Mapping[str, str] = field(default_factory=dict)
    """Node types of top-level definitions whose modifier (a prefix of their text) is removed."""

    def opened(self, code: str) -> str:
        """``code`` as the grammar reads it."""
        return code if self.opening.strip() in code else f"{self.opening}{code}"
