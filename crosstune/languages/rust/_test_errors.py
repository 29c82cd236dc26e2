"""Why tests cannot judge any candidate: they do not parse, need a crate that is missing, or check nothing."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crosstune.languages.rust import _crates, _test_macros, _toolchain
from crosstune.languages.rust._assembly import TOO_LONG
from crosstune.languages.rust._source import Source, below, text_of, words
from crosstune.languages.rust._test_functions import TestFunction, functions
from crosstune.records import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_NO_FUNCTION = "the tests check nothing: no function is marked with #[test], and there is no main function"
_NO_CHECK = "the tests check nothing: no assertion, comparison, panic or exit is reached in them"
# Crates that no module of a candidate is likely to be named like.
_WELL_KNOWN = frozenset(
    {
        *("actix_web", "anyhow", "approx", "arbitrary", "assert_approx_eq", "assert_cmd", "assert_matches"),
        *("async_std", "async_trait", "axum", "bigdecimal", "bincode", "bitflags", "chrono", "clap"),
        *("criterion", "crossbeam", "crossbeam_channel", "dashmap", "fixedbitset", "float_cmp", "futures"),
        *("hashbrown", "hyper", "indexmap", "insta", "itertools", "lazy_static", "maplit", "mockall"),
        *("nalgebra", "ndarray", "num_bigint", "num_complex", "num_cpus", "num_integer", "num_rational"),
        *("num_traits", "once_cell", "ordered_float", "parking_lot", "petgraph", "pretty_assertions"),
        *("proptest", "quickcheck", "quickcheck_macros", "rand_chacha", "rand_distr", "rayon", "reqwest"),
        *("rstest", "rust_decimal", "serde", "serde_derive", "serde_json", "serde_yaml", "serial_test"),
        *("similar_asserts", "smallvec", "smol", "speculate", "strum", "strum_macros", "tempfile"),
        *("test_case", "thiserror", "tokio", "tokio_test", "tracing", "unicode_segmentation", "uuid"),
        *("wasm_bindgen_test", "yaml_rust"),
    }
)
# The crates of every installation, and the tools that attributes may name.
_WITH_RUST = frozenset(
    {"", "alloc", "clippy", "core", "diagnostic", "miri", "proc_macro", "rust_analyzer", "rustfmt", "self"}
    | {"std", "test"}
)
_OPERATORS = frozenset({"==", "!=", "<", ">", "<=", ">="})
_CHECKING_NODES = frozenset({"try_expression", "index_expression"})
_CHECKING_WORDS = re.compile(
    r"assert|panic|unwrap|expect|exit|abort|unreachable|todo|unimplemented|check|verif|ensure|validate|fail"
)
_HARMLESS_MACROS = frozenset(
    {"concat", "dbg", "eprint", "eprintln", "format", "print", "println", "stringify", "vec", "write"}
    | {"writeln"}
)
_RUSTC_SECONDS = 20


def check(program: Program) -> str:
    """Why the tests cannot judge any candidate; empty where that is not certain."""
    tests, setup = Source.of(program.tests), Source.of(program.setup)
    if tests.root is None:
        return TOO_LONG
    if tests.root.has_error and (error := _syntax_error(program)):
        return error
    for source in (tests, setup):
        if source.root and (crate := next(_missing_crates(source.root, source.data), "")):
            return _how_to_get(crate)
    if macro := _test_macros.marked_in_call(tests.root):
        return f"the tests cannot be run: #[test] is in the arguments of the macro {macro}"
    if _test_macros.defining(tests.root):
        return ""
    return _without_effect(functions(tests.root), [tests.root, *filter(None, [setup.root])])


def _without_effect(found: list[TestFunction], roots: list[Node]) -> str:
    """Why the test functions would not find any error."""
    if not found:
        return _NO_FUNCTION
    if odd := next((each for each in found if _is_odd(each)), None):
        return f"the test function {odd.path} is async or has parameters, which #[test] does not allow"
    run = [each for each in found if not each.ignored]
    if not run:
        return "the tests check nothing: all of them are marked with #[ignore]"
    return "" if _is_any_checked(run, roots) else _NO_CHECK


def _syntax_error(program: Program) -> str:
    """What rustc says if it cannot parse the tests, either; it does nothing else with them."""
    text = f"#![cfg(any())]\n{program.tests.removeprefix(chr(0xFEFF))}"
    options = ("--crate-type=lib", "--crate-name=tests", "--emit=metadata", "--error-format=short")
    edition = f"--edition={program.standard or '2021'}"
    with tempfile.TemporaryDirectory() as folder:
        command = (_toolchain.rustc(), edition, *options, f"--out-dir={folder}", "-")
        try:
            done = subprocess.run(
                command,
                input=text.encode("utf-8", "replace"),
                capture_output=True,
                check=False,
                timeout=_RUSTC_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return ""
    found = re.search(r"^[^:]*:(\d+):\d+: error(?:\[\w+\])?: (.*)$", done.stderr.decode(), re.MULTILINE)
    return f"the tests do not parse: line {int(found[1]) - 1}: {found[2]}" if found else ""


def _missing_crates(root: Node, data: bytes) -> Iterator[str]:
    """The crates that the code needs and that are not built."""
    suspects = {name for name in (*_WELL_KNOWN, *_crates.CRATES) if name.encode() in data}
    if not suspects and b"extern" not in data and b"::test" not in data:
        return
    built = _crates.built()
    own = {words(node.children[1]) for node in below(root) if node.type == "mod_item"}
    for name in _named_crates(root, suspects):
        if name not in built and name not in own and name not in _WITH_RUST:
            yield name


def _named_crates(root: Node, suspects: set[str]) -> Iterator[str]:
    """The first words of paths, if they are suspects, and what must be a crate."""
    for node in below(root):
        if node.type == "extern_crate_declaration":
            name = node.child_by_field_name("name")
            yield words(name) if name else ""
        elif node.type == "attribute" and node.children[0].type == "scoped_identifier":
            yield words(node.children[0]).split("::")[0]
        elif node.type == "identifier" and words(node) in suspects and _opens_path(node):
            yield words(node)


def _opens_path(node: Node) -> bool:
    """Whether ``::`` follows the word and does not precede it, or an import names it alone."""
    before, after = node.prev_sibling, node.next_sibling
    if before and before.type == "::" and before.prev_sibling:
        return False
    return bool(after and after.type == "::") or bool(node.parent and node.parent.type == "use_declaration")


def _how_to_get(crate: str) -> str:
    if crate in _crates.CRATES:
        return f"the tests need the crate {crate}, which is not built here. Get it: {_crates.HOW_TO_BUILD}"
    provided = ", ".join(_crates.CRATES)
    return (
        f"the tests need the crate {crate}, which crosstune does not provide. Use tests without it, or with "
        f"the crates that crosstune doctor rust --install builds: {provided}"
    )


def _is_odd(test: TestFunction) -> bool:
    parameters = test.node.child_by_field_name("parameters")
    modifiers = [words(each) for each in test.node.children if each.type == "function_modifiers"]
    return bool(parameters and parameters.named_child_count) or any("async" in each for each in modifiers)


def _is_any_checked(run: list[TestFunction], roots: list[Node]) -> bool:
    """Whether a test can fail other than by what it calls of the candidate.

    Methods of the tests' own types are taken to be reached: operators and destructors are called without
    their names.
    """
    if any(test.expected is not None or test.returns for test in run):
        return True
    if any(node.type == "macro_invocation" and _is_item(node) for root in roots for node in below(root)):
        return True  # what it defines is unknown
    waiting, reached = [test.node for test in run], set[str]()
    own: dict[str, list[Node]] | None = None
    while waiting:
        current = waiting.pop()
        if any(_is_check(node) for node in below(current)):
            return True
        if own is None:
            own = _own_functions(roots)
            waiting += [node for root in roots for node in below(root) if node.type == "impl_item"]
        called = {words(node) for node in below(current) if node.type.endswith("identifier")}
        for name in (called - reached) & own.keys():
            reached.add(name)
            waiting += own[name]
    return False


def _is_item(call: Node) -> bool:
    parent = call.parent
    while parent and parent.type == "expression_statement":
        parent = parent.parent
    return parent is None or parent.type in ("source_file", "declaration_list")


def _own_functions(roots: list[Node]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for root in roots:
        for node in below(root):
            if node.type in ("function_item", "macro_definition", "const_item", "static_item"):
                name = node.child_by_field_name("name")
                found.setdefault(words(name) if name else "", []).append(node)
    return found


def _is_check(node: Node) -> bool:
    if node.type in _CHECKING_NODES:
        return True
    if node.type.endswith("identifier"):
        return _CHECKING_WORDS.search(text_of(node)) is not None
    if node.type == "macro_invocation":
        return words(node.children[0]) not in _HARMLESS_MACROS
    if node.type == "binary_expression":
        return words(node.children[1]) in _OPERATORS
    return node.type in ("==", "!=")
