"""Write the code by which tests ask the candidate's process, and by which it answers (docs/values.md)."""

from __future__ import annotations

import re
import secrets

from crosstune.languages.go import _declaration, _not_a_number, _packages, _types
from crosstune.languages.go._declaration import Declaration, Function
from crosstune.languages.go._types import GoType

_WORD = re.compile(r"\b(?:VALUES|DYNAMIC)\b")
# Variables of tests may be initialised with what the candidate returns, before any function init.
_REGISTER = """
var _ = func() bool {
CALLS
	return true
}()
"""
_SERVER = """\
package main

import NAME_values "crosstune/values"
IMPORTS

func main() {
	NAME_values.Serve(func(NAME_name string, NAME_m *NAME_values.Message) {
		switch NAME_name {
CASES
		}
	})
}
"""
_STACK = """
func init() { NAME_debug.SetMaxStack(BYTES) }
"""


def tests_code(package: str, declared: Declaration, tests: str) -> str:
    """The file with a stub for each function that is asked for."""
    secret = f"crosstune_{secrets.token_hex(8)}"
    lines = [f'package {package}\n\nimport {secret}_stub "{_packages.STUB}"\n']
    if declared.types:
        lines += [f'import {secret}_dynamic "{_packages.DYNAMIC}"\n', _registered(declared, secret)]
    if not _not_a_number.is_foreseen(tests):
        lines.append(f"\nvar _ = {secret}_stub.ForeseeNoNaN()\n")
    lines += [_object(name, secret) for name in declared.objects]
    return "".join([*lines, *(_stub(each, secret) for each in declared.functions)])


def _object(name: str, secret: str) -> str:
    """The type that stands for one whose objects stay in the candidate's process."""
    return (
        f"\ntype {name} struct{{ {secret}_object {secret}_stub.Object }}\n"
        f'\nvar _ = {secret}_stub.Stays("{name}", (*{name})(nil))\n'
    )


def _registered(declared: Declaration, secret: str) -> str:
    """Code that makes the benchmark's types known."""
    calls = (
        f'\tvar {secret}_{at} {name}\n\t{secret}_dynamic.Register("{name}", {secret}_{at})'
        for at, name in enumerate(declared.types)
    )
    return _REGISTER.replace("CALLS", "\n".join(calls))


def _stub(function: Function, secret: str) -> str:
    types = [each.text for each in function.parameters]
    if function.is_variadic:
        types[-1] = f"...{types[-1].removeprefix('[]')}"
    parameters = ", ".join(f"{secret}_{at} {each}" for at, each in enumerate(types))
    arguments = ", ".join(f"&{secret}_{at}" for at in range(len(types)))
    results = ", ".join(f"{secret}_r{at} {each.text}" for at, each in enumerate(function.results))
    targets = "".join(f", &{secret}_r{at}" for at in range(len(function.results)))
    receiver, words = "", f'Call("{function.name}"'
    if function.owner:
        receiver = f" ({secret} {function.receiver})"
        method = f"Method({secret}" if function.receiver.startswith("*") else f"ValueMethod(&{secret}"
        words = f'{method}, "{function.key}"'
    return (
        f"\nfunc{receiver} {function.name}({parameters}) ({results}) {{\n"
        f"\t{secret}_stub.{words}, []interface{{}}{{{arguments}}}{targets})\n\treturn\n}}\n"
    )


def server_code(declared: Declaration, candidate: str, secret: str, stack_bytes: int) -> str:
    """The file with the main function of the candidate's program."""
    made = (_making(each, secret) for each in declared.objects)
    calls = (_case(each, _results(each, candidate), secret) for each in declared.functions)
    cases = "\n".join((*made, *calls))
    code = _SERVER.replace("CASES", cases)
    imports = []
    if "DYNAMIC" in cases:
        imports.append(f'import {secret}_dynamic "{_packages.DYNAMIC}"')
        code += _registered(declared, secret) if declared.types else ""
    if stack_bytes:
        imports.append(f'import {secret}_debug "runtime/debug"')
        code += _STACK.replace("BYTES", str(stack_bytes))
    code = code.replace("IMPORTS", "\n".join(imports)).replace("NAME", secret)
    return _WORD.sub(lambda match: f"{secret}_{match[0].lower()}", code)


def _results(function: Function, candidate: str) -> tuple[GoType, ...]:
    """The types of the results: where the candidate has interfaces in the place of the declared types, the
    types of what they hold."""
    if "interface" not in candidate and not re.search(r"\bany\b", candidate):
        return function.results
    found = _declaration.results(candidate, function.key)
    if found is None or len(found) != len(function.results):
        return function.results
    return tuple(
        _types.found(own) if own in ("any", "interface{}") else declared
        for own, declared in zip(found, function.results, strict=True)
    )


def _making(name: str, secret: str) -> str:
    message = f"{secret}_m"
    return f'\t\tcase "new {name}":\n{message}.Result(1)\nVALUES.PutObject({message}, new({name}))'


def _case(function: Function, results: tuple[GoType, ...], secret: str) -> str:
    """Reads the arguments, calls the function with them, and writes its results."""
    lines = [f'\t\tcase "{function.key}":']
    arguments, message = [], f"{secret}_m"
    for at, each in enumerate(function.parameters):
        name = f"{secret}_{at}"
        arguments.append(name)
        lines += [f"{message}.Argument()", f"{name} := {each.reader}({message})"]
        if each.changes:
            lines.append(f"{message}.Keep(func() {{ {each.writer}({message}, {name}) }})")
    target = f"VALUES.Receiver[{function.owner}]({message})." if function.owner else ""
    call = f"{target}{function.name}({', '.join(arguments)}{'...' if function.is_variadic else ''})"
    names = [f"{secret}_r{at}" for at in range(len(results))]
    lines += [f"var {name} {each.text}" for name, each in zip(names, results, strict=True)]
    lines += [f"{', '.join(names)} = {call}" if names else call, f"{message}.Result({len(results)})"]
    lines += [f"{each.writer}({message}, {name})" for name, each in zip(names, results, strict=True)]
    return "\n\t\t\t".join(lines)
