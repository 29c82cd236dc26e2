"""By which names the tests of a Python program call the candidate, and which hold what it returns."""

from __future__ import annotations

import ast

from crosstune.languages.python._nodes import nodes


def aliases(tree: ast.Module, entry_points: set[str]) -> set[str]:
    """The names that may hold an entry point: assigned from one, or parameters (``check(candidate)``)."""
    names = set(entry_points)
    for _ in range(2):
        for node in nodes(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in names:
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for position, argument in enumerate(node.args):
                    if isinstance(argument, ast.Name) and argument.id in names:
                        names |= _parameter(tree, node.func.id, position)
    return names


def _parameter(tree: ast.Module, function: str, position: int) -> set[str]:
    found = (node for node in nodes(tree) if isinstance(node, ast.FunctionDef) and node.name == function)
    return {node.args.args[position].arg for node in found if position < len(node.args.args)}


def results(tree: ast.Module, functions: set[str]) -> set[str]:
    """The names that are only assigned what these functions return."""
    assigned: dict[str, bool] = {}
    for node in nodes(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = node.value
            is_result = (
                isinstance(value, ast.Call)
                and isinstance(value.func, ast.Name)
                and value.func.id in functions
            )
            name = node.targets[0].id
            assigned[name] = assigned.get(name, True) and is_result
    return {name for name, only in assigned.items() if only}
