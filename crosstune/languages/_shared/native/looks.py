"""Whether tests in C or C++ look at more than the values of what crosses between processes.

Apart, results and arguments are copies. Tests share a process with the candidate where they change what a
result refers to, ask where it is, or use it after a later call, which may reuse its storage; where they pass
one variable twice; and where they change, or look at, an argument that the candidate may have kept. This is
decided from the declaration and the tests alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from tree_sitter import Node

from crosstune.languages._shared.native import given_arguments, held_results, references
from crosstune.languages._shared.native.calls_in_tests import NAMES, Callee, Tests, called
from crosstune.languages._shared.native.nodes import descendants, text_of

_MOST_NODES = 300_000
# What looks at the process or at files, which the candidate's process does not have.
_CALLS = """
perror srand srandom srand48 setenv putenv unsetenv setlocale chdir mkdir mkstemp tmpfile tmpnam fopen unlink
sigaction alarm setjmp longjmp raise atexit freopen dup dup2 pipe popen fork setvbuf open_memstream fmemopen
rdbuf create_directory create_directories remove_all temp_directory_path
"""
_OBJECTS = frozenset({"errno", "environ", "ofstream", "fstream"})


def process_use(root: Node) -> str:
    """What of the process itself the tests use, or of files; empty if nothing."""
    calls = frozenset(_CALLS.split())
    for node in descendants(root, lambda each: each.type != "preproc_include"):
        if node.type == "call_expression" and called(node) in calls:
            return called(node)
        if node.type in NAMES and text_of(node) in _OBJECTS:
            return text_of(node)
    return ""


def why_shared(
    root: Node,
    functions: Mapping[str, Callee],
    methods: Mapping[str, Callee],
    classes: Mapping[str, bool] = MappingProxyType({}),
) -> str:
    """Why values are not enough for the tests; empty if they are. ``classes``: see `Tests`."""
    if root.descendant_count > _MOST_NODES:
        return "the tests are too long to follow what they change"
    tests = Tests(root, functions, methods, classes)
    return next(_objections(tests), "")


def _objections(tests: Tests) -> Iterator[str]:
    yield from references.objections(tests)
    yield from held_results.objections(tests)
    yield from given_arguments.objections(tests)
