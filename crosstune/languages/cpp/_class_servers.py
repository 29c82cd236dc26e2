"""The text that calls a candidate's classes in C++ for the tests' process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crosstune.languages.cpp._class_names import STEP, in_namespaces, known, type_of, typedef
from crosstune.languages.cpp._classes import Class, Method

_BINARY = re.compile(r"operator\s*(==|!=|<=>|<=?|>=?|\+=?|-=?|\*=?|/=?|%=?|&&?|\|\|?|\^)$")


def server(found: Sequence[Class], instances: Sequence[str], used: set[str]) -> tuple[str, str]:
    """The text that calls the candidate's classes, and the entries of the server's table. ``used`` are the
    names of methods that the tests use."""
    text, entries = known(found, instances, tests=False), ""
    for number, each in enumerate(found):
        methods = [method for method in each.methods if method.name in used or method.how == "constructor"]
        text += in_namespaces(each, _calls(number, each, methods))
        named = (
            [each.self]
            if not each.template
            else [f"::{instance}" for instance in instances if instance.partition("<")[0] == each.qualified]
        )
        for own in named:
            arguments = own[own.index("<") :] if each.template else ""
            calls = "::".join(("", *each.scope, f"crosstune_class_{number}{arguments}"))
            entries += "".join(_entries(each, methods, own, calls))
    return text, entries


def _entries(each: Class, methods: Sequence[Method], own: str, calls: str) -> Iterator[str]:
    rows = {method.key: f"{calls}::crosstune_call_{method.key.rpartition('/')[2]}" for method in methods}
    if not any(method.how == "constructor" for method in each.methods):
        rows["make"] = f"{calls}::crosstune_make"
    for name in each.fields:
        rows |= {name: f"{calls}::crosstune_get_{name}", f"{name}=": f"{calls}::crosstune_set_{name}"}
    operations = {"copy": "copy", "move": "move", "copy=": "assign", "move=": "assign_moved", "~": "destroy"}
    rows |= {key: f"crosstune::Operations<{own}>::{value}" for key, value in operations.items()}
    for key, call in rows.items():
        yield f'{{crosstune::Remote<{own}>::name(), "{key}", {call}}}, '


def _calls(number: int, each: Class, methods: Sequence[Method]) -> str:
    text = f"{each.plain_template}struct crosstune_class_{number} {{\ntypedef {each.self} crosstune_self;\n"
    used = " ".join(f"{method.type.head} {method.type.tail}" for method in methods)
    for name in each.nested:
        if re.search(rf"\b{name}\b", used):
            text += f"typedef typename crosstune_self::{name} {name};\n"
    for method in methods:
        text += _call(each, method)
    if not any(method.how == "constructor" for method in each.methods):
        made = "crosstune::put_new<crosstune_self>(new crosstune_self())"
        text += f"static void crosstune_make() {{\n{_answered(made, [])}}}\n"
    for name in each.fields:
        target = f"crosstune::target<crosstune_self>().{name}"
        text += f"static void crosstune_get_{name}() {{ crosstune::answer_field({target}); }}\n"
        text += f"static void crosstune_set_{name}() {{ crosstune::set_field({target}); }}\n"
    return f"{text}}};"


def _call(each: Class, method: Method) -> str:
    kind = f"crosstune::Function<{type_of(method)}>"
    names = [f"crosstune_{at}" for at in range(len(method.type.parameters))]
    held = "".join(_argument(kind, at, name, _is_kept(method, at)) for at, name in enumerate(names))
    passed = [f"{name}.pass()" for name in names]
    call = _expression(each, method, passed)
    if method.how == "constructor":
        call = f"crosstune::put_new<crosstune_self>({call})"
    elif method.type.head == "void":
        call = f"{call}; crosstune::put_tag('N')"
    else:
        call = f"{kind}::answer({call})"
    number = method.key.rpartition("/")[2]
    return f"{typedef(method)}static void crosstune_call_{number}() {{\n{held}{_answered(call, names)}}}\n"


def _argument(kind: str, at: int, name: str, kept: bool) -> str:
    """An argument of a call; one that the object may keep is never destroyed."""
    held = f"crosstune::Argument<typename {kind}::template Parameter<{at}>::type>"
    return f"  {held} &{name} = *new {held}();\n" if kept else f"  {held} {name};\n"


def _is_kept(method: Method, at: int) -> bool:
    """Whether the object may keep a reference to an argument: one to something constant only from its
    constructor, since a method may be called often."""
    parameter = method.type.parameters[at]
    refers = parameter.is_reference or parameter.is_pointer
    return refers and (method.how == "constructor" or not parameter.is_constant)


def _answered(call: str, names: Sequence[str]) -> str:
    changed = "".join(f"  {name}.changed({at});\n" for at, name in enumerate(names))
    return (
        f"  crosstune::begin_result();\n  try {{ {call}; }} catch (...) {{ crosstune::raised(); }}\n"
        f"  crosstune::begin_changes();\n{changed}  crosstune::end_changes();\n"
    )


def _expression(each: Class, method: Method, passed: Sequence[str]) -> str:
    arguments = ", ".join(passed)
    if method.how == "constructor":
        return f"new crosstune_self({arguments})"
    if method.how == "static":
        return f"crosstune_self::{method.name}({arguments})"
    target = "crosstune::target<crosstune_self>()"
    overloaded = any(other.name == method.name and "const" not in other.after for other in each.methods)
    if "const" in method.after and overloaded:
        target = f"static_cast<const crosstune_self &>({target})"
    # The candidate may define an operator outside of its class.
    if step := STEP.match(method.name):
        return f"({target}{step[1]})" if passed else f"({step[1]}{target})"
    if _BINARY.match(method.name):
        return operation(method.name, [target, *passed])
    return f"{target}.{method.name}({arguments})"


def operation(name: str, operands: Sequence[str]) -> str:
    """A call of a function or operator, as the tests write it."""
    if binary := _BINARY.match(name):
        return f"({f' {binary[1]} '.join(operands)})" if len(operands) == 2 else f"({binary[1]}{operands[0]})"
    return f"{name}({', '.join(operands)})"
