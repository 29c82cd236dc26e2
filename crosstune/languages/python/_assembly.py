"""Compiles a program's parts; the sandbox loads this file by its path, as it loads `_runner`.

Setup, candidate and tests are compiled apart and run one after another in one module. So nothing has to be
joined as text: each may begin with ``__future__`` imports, and the lines of a traceback are the candidate's.
"""

from __future__ import annotations
import __future__

import ast
import functools
import types
from typing import Any

_MARK = "\ufeff"
_MAIN = "__main__"
_FUTURES = 0
for _name in __future__.all_feature_names:
    _FUTURES |= getattr(__future__, _name).compiler_flag


def without_mark(source: str) -> str:
    """The text without the byte order mark that some editors put first."""
    return source[1:] if source[:1] == _MARK else source


def compiled(setup: str, candidate: str, name: str, *, imported: bool) -> list[types.CodeType]:
    """The code of ``setup``, if any, and of the candidate. An ``imported`` candidate is not the main program,
    so what it would do as such is left out.

    A setup may also be the beginning of the text that the candidate continues: then they are one.

    Raises:
        SyntaxError: the candidate does not compile; ValueError, OverflowError, RecursionError and
            MemoryError have the same reason.
    """
    setup, candidate = without_mark(setup), without_mark(candidate)
    if not setup:
        return [_code(candidate, name, 0, imported)]
    try:
        first = _setup_code(setup)
        return [first, _code(candidate, name, first.co_flags & _FUTURES, imported)]
    except SyntaxError:
        try:
            return [_code(f"{setup}\n{candidate}", name, 0, imported)]
        except SyntaxError:
            pass
        raise


@functools.cache
def _setup_code(setup: str) -> types.CodeType:
    """Kept, because that of a benchmark is compiled before the processes of its programs are forked."""
    return compile(setup, "setup.py", "exec", dont_inherit=True)


def _code(source: str, name: str, flags: int, imported: bool) -> types.CodeType:
    program: Any = source
    if imported and _MAIN in source:
        tree = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        program = _Imported().visit(tree)
    code: types.CodeType = compile(program, name, "exec", flags, dont_inherit=True)
    return code


class _Imported(ast.NodeTransformer):
    """Decides, outside of functions, that the module is not the main program.

    Its ``__name__`` remains ``__main__``, since that is part of what its objects print.
    """

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            sides = (node.left, node.comparators[0])
            if any(map(_is_name, sides)) and any(map(_is_main, sides)):
                return ast.copy_location(ast.Constant(isinstance(node.ops[0], ast.NotEq)), node)
        return node


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "__name__"


def _is_main(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == _MAIN
