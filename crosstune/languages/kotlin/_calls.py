"""How the judge itself calls functions of Kotlin candidates."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import ANY, CallPlan, Shape
from crosstune.languages._shared import curly
from crosstune.languages._shared.declared_code import closing, enclosing, separated
from crosstune.languages._shared.jvm import calls as machine
from crosstune.languages._shared.jvm.calls import PRIMITIVES, SCALARS, Function
from crosstune.languages._type_text import TypeText, parsed
from crosstune.languages.kotlin import _assembly
from crosstune.languages.kotlin._assembly import LEXIS
from crosstune.records import Program

_OWNER = re.compile(r"\b(companion\s+object|object|class)(?:\s+(\w+))?")
_RESULT = re.compile(r"\s*:\s*([^={]+)")
_LISTS = ("List", "MutableList", "Collection", "MutableCollection", "Iterable", "ArrayList")
_PLAIN = {
    **dict.fromkeys(_LISTS, "list"),
    **dict.fromkeys(("Set", "MutableSet", "LinkedHashSet", "HashSet"), "set"),
    **dict.fromkeys(("Map", "MutableMap", "LinkedHashMap", "HashMap"), "map"),
    **dict.fromkeys(("Pair", "Triple"), "tuple"),
}
_OTHERS = {
    **dict.fromkeys(("LinkedList", "ArrayDeque", "PriorityQueue", "Stack", "Vector"), "list"),
    **dict.fromkeys(("TreeSet",), "set"),
    **dict.fromkeys(("TreeMap",), "map"),
}
_ANY = ("Any", "Number", "Comparable")


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises: see `machine.plan`.
    """
    return machine.plan(program, calls, function)


def function(declaration: str, call: str) -> Function:
    """The function that a call names.

    Raises:
        DataError: it is not declared, or with types that are none of values.
    """
    found = declared(declaration, call)
    parameters = tuple(map(_parameter, separated(found.parameters.replace("->", "→"))))
    return Function(f"{found.path}{found.name}", parameters, found.result)


@dataclass(frozen=True)
class Declared:
    """A function as it is declared. ``path`` is the object on which it is called, with a dot; empty if there
    is none."""

    path: str
    name: str
    parameters: str
    result: str


def declared(declaration: str, call: str) -> Declared:
    """The function that a call names.

    Raises:
        DataError: it is not declared.
    """
    owner, _, name = call_names.named(call)
    code = curly.masked(declaration, LEXIS)
    heads = list(re.finditer(rf"\bfun\s+(?:<[^>]*>\s*)?{re.escape(name)}\s*\(", code))
    if not heads:
        raise DataError(f"a case calls {call}, which is not declared")
    places = [(head.end(), enclosing(code[: head.start()], _OWNER)) for head in heads]
    found = [place for place in places if owner in ("", _last(place[1]))]
    if not found:
        where = _last(places[-1][1]) or "no class"
        raise DataError(f"a case calls {call}, but {name} is declared in {where}")
    begin, owners = found[-1]
    end = closing(code, begin)
    result = _RESULT.match(declaration, end + 1)
    return Declared(_path(owners), name, declaration[begin:end], result[1].strip() if result else "")


def _last(owners: list[re.Match[str]]) -> str:
    """The name of the innermost class or object."""
    return next((each[2] for each in reversed(owners) if each[2]), "")


def _path(owners: list[re.Match[str]]) -> str:
    """The object on which a function is called, with a dot; empty if there is none."""
    if not owners:
        return ""
    path = ".".join(each[2] for each in owners if each[2])
    return f"{path}{'()' if owners[-1][1] == 'class' else ''}."


def _parameter(text: str) -> tuple[str, Shape]:
    _, colon, kind = text.partition("=")[0].partition(":")
    if not colon or "vararg" in text:
        raise DataError(f"the parameter {text} cannot be given")
    return kind.strip(), shape(kind.strip())


def shape(text: str) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    try:
        if re.search(r"[^\w\s.<>,?]", text):
            raise ValueError(text)
        plain = re.sub(r"\b(?:in|out)\s+|\b(?:java|kotlin)\.[\w.]*\.|\bkotlin\.", "", text)
        return _shape(parsed(plain.replace("?", " ? ")))
    except (KeyError, ValueError, IndexError):
        raise DataError(f"a parameter of the type {text} cannot be given") from None


def _shape(kind: TypeText) -> Shape:
    """
    Raises:
        KeyError, IndexError: it is no type of values.
    """
    name, *words = kind.name.split()
    found = _without_null(TypeText(name, kind.arguments))
    return Shape("optional", (found,)) if words == ["?"] and found is not ANY else found


def _without_null(kind: TypeText) -> Shape:
    name, parts = kind.name, tuple(map(_shape, kind.arguments))
    if name in _ANY:
        return ANY
    if name == "BigInteger":
        return Shape("large")
    if name == "Array":
        return machine.array(_bare(kind.arguments[0]), parts[0], boxed=True)
    if name.endswith("Array") and name[:-5] in PRIMITIVES:
        return machine.array(TypeText(name[:-5]), SCALARS[name[:-5]], boxed=False)
    if name not in _PLAIN and name not in _OTHERS:
        return SCALARS[name]
    collection = {**_PLAIN, **_OTHERS}[name]
    wanted = {"map": 2, "Pair": 2, "Triple": 3}
    if len(parts) != wanted.get(name, wanted.get(collection, 1)):
        raise KeyError(name)
    found = Shape(collection, parts)
    return Shape("made", (found,), name=f"java.util.{name}") if name in _OTHERS else found


def _bare(kind: TypeText) -> TypeText:
    """A type without the mark that it may be null."""
    return TypeText(kind.name.split()[0], tuple(map(_bare, kind.arguments)))


def files(program: Program) -> dict[str, str]:
    """The candidate, and an object that calls its functions with the types that are declared."""
    candidate = _assembly.joined(program)
    place = _assembly.package_of(candidate)
    known = (*_assembly.imports_of(program.declaration), *_assembly.imports_of(candidate))
    head = "\n".join((*((f"package {place}",) if place else ()), *dict.fromkeys(known)))
    cases = "".join(_case(call, function(program.declaration, call)) for call in program.entry_points)
    calls = (
        f'@file:Suppress("UNCHECKED_CAST")\n{head}\nobject {machine.CALLS} {{\n'
        f"@JvmStatic fun call(name: String, a: Array<Any?>): Any? = when (name) {{\n{cases}"
        "else -> throw IllegalStateException(name)\n}\n}\n"
    )
    return {"Candidate.kt": candidate, "Calls.kt": calls}


def calls_class(program: Program) -> str:
    """The name of the class of that object."""
    place = _assembly.package_of(_assembly.joined(program))
    return f"{place}.{machine.CALLS}" if place else machine.CALLS


def _case(call: str, found: Function) -> str:
    given = ", ".join(f"a[{at}] as {kind}" for at, (kind, _) in enumerate(found.parameters))
    result = found.result or "Unit"
    return f'"{call}" -> {{ val made: {result} = {found.path}({given}); made }}\n'
