"""How the judge itself calls functions of Scala candidates."""

from __future__ import annotations

import re

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import ANY, NOTHING, CallPlan, Shape
from crosstune.languages._shared import curly
from crosstune.languages._shared.declared_code import closing, enclosing, separated
from crosstune.languages._shared.jvm import calls as machine
from crosstune.languages._shared.jvm.calls import SCALARS, Function
from crosstune.languages._type_text import TypeText, parsed
from crosstune.languages.scala import _assembly
from crosstune.languages.scala._assembly import LEXIS
from crosstune.records import Program

_OWNER = re.compile(r"\b(object|class)\s+(\w+)")
_RESULT = re.compile(r"\s*:\s*([^={]+)")
_COLLECTIONS = {
    **{name: ("list", f"immutable.{name}") for name in ("Vector", "Stream", "Queue")},
    **{name: ("list", f"mutable.{name}") for name in ("ArrayBuffer", "ListBuffer", "Buffer", "Stack")},
    **{f"mutable.{name}": ("list", f"mutable.{name}") for name in ("Seq", "Buffer", "Queue", "ArrayBuffer")},
    **{f"mutable.{name}": ("list", f"mutable.{name}") for name in ("ListBuffer", "Stack")},
    **{f"mutable.{name}": ("set", f"mutable.{name}") for name in ("Set", "HashSet", "LinkedHashSet")},
    **{f"mutable.{name}": ("map", f"mutable.{name}") for name in ("Map", "HashMap", "LinkedHashMap")},
    "IndexedSeq": ("list", "immutable.Vector"),
    "ListMap": ("map", "immutable.ListMap"),
}
"""The shape of what each is made of, and its name in the library."""
_PLAIN = {
    **dict.fromkeys(("List", "Seq", "Iterable", "Traversable", "LinearSeq"), "list"),
    "Set": "set",
    "Map": "map",
}
_SCALARS = {
    **SCALARS,
    **dict.fromkeys(("Any", "AnyVal", "AnyRef"), ANY),
    "Unit": NOTHING,
    "BigInt": Shape("made", (Shape("large"),), name="BigInt"),
}


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
    owner, _, name = call_names.named(call)
    code = curly.masked(declaration, LEXIS)
    heads = list(re.finditer(rf"\bdef\s+{re.escape(name)}\s*(?:\[[^\]]*\]\s*)?\(", code))
    if not heads:
        raise DataError(f"a case calls {call}, which is not declared")
    places = [(head.end(), enclosing(code[: head.start()], _OWNER)) for head in heads]
    found = [place for place in places if owner in ("", *(each[2] for each in place[1][-1:]))]
    if not found:
        where = places[-1][1][-1][2] if places[-1][1] else "no object"
        raise DataError(f"a case calls {call}, but {name} is declared in {where}")
    begin, owners = found[-1]
    end = closing(code, begin)
    result = _RESULT.match(declaration, end + 1)
    if not owners or not result:
        raise DataError(f"{name} is not declared in an object, with the type of its result")
    path = ".".join(each[2] for each in owners)
    path = f"(new {path})" if owners[-1][1] == "class" else path
    parameters = tuple(map(_parameter, separated(declaration[begin:end].replace("=>", "→"))))
    return Function(f"{path}.{name}", parameters, result[1].strip())


def result(declaration: str, call: str) -> tuple[str, str]:
    """The function that a call names, and the declared type of its result; empty if there is none.

    Raises:
        DataError: it is not declared.
    """
    name = call_names.named(call)[2]
    code = curly.masked(declaration, LEXIS)
    heads = list(re.finditer(rf"\bdef\s+{re.escape(name)}\s*\(", code))
    if not heads:
        raise DataError(f"{call} is not declared")
    found = _RESULT.match(declaration, closing(code, heads[-1].end()) + 1)
    return name, found[1].strip() if found else ""


def _parameter(text: str) -> tuple[str, Shape]:
    _, colon, kind = text.partition("=")[0].partition(":")
    if not colon:
        raise DataError(f"the parameter {text} cannot be given")
    return kind.strip(), shape(kind.strip())


def shape(text: str) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    try:
        if re.search(r"[^\w\s.,()\[\]]", text):
            raise ValueError(text)
        plain = re.sub(r"\b(?:scala\.|collection\.|immutable\.|Predef\.)+", "", text)
        for old, new in (("(", "Tuple<"), (")", ">"), ("[", "<"), ("]", ">")):
            plain = plain.replace(old, new)
        return _shape(parsed(plain))
    except (KeyError, ValueError, IndexError):
        raise DataError(f"a parameter of the type {text} cannot be given") from None


def _shape(kind: TypeText) -> Shape:
    """
    Raises:
        KeyError, IndexError: it is no type of values.
    """
    name, parts = kind.name, tuple(map(_shape, kind.arguments))
    if name in ("Option", "Array"):
        return (
            Shape("maybe", parts[:1], name=name)
            if name == "Option"
            else machine.array(kind.arguments[0], parts[0], boxed=False)
        )
    if re.fullmatch(r"Tuple\d*", name):
        return Shape("tuple", parts) if len(parts) > 1 else parts[0]
    return _collection(name, parts) if parts else _SCALARS[name]


def _collection(name: str, parts: tuple[Shape, ...]) -> Shape:
    """
    Raises:
        KeyError: it is none of values.
    """
    kind, made = _COLLECTIONS.get(name) or (_PLAIN[name], "")
    if len(parts) != (2 if kind == "map" else 1):
        raise KeyError(name)
    found = Shape(kind, parts)
    return Shape("made", (found,), name=f"scala.collection.{made}") if made else found


def files(program: Program) -> dict[str, str]:
    """The candidate, and an object that calls its functions with the types that are declared."""
    candidate = _assembly.joined(program)
    place = _assembly.package_of(curly.masked(candidate, LEXIS))
    known = (*_assembly.imports_of(program.declaration), *_assembly.imports_of(candidate))
    head = "\n".join((*((f"package {place[:-1]}",) if place else ()), *dict.fromkeys(known)))
    cases = "".join(_case(call, function(program.declaration, call)) for call in program.entry_points)
    calls = (
        f"{head}\nobject {machine.CALLS} {{\n"
        f"def call(name: String, a: Array[Object]): Any = name match {{\n{cases}}}\n}}\n"
    )
    return {"Candidate.scala": candidate, "Calls.scala": calls}


def calls_class(program: Program) -> str:
    """The name of the class of that object."""
    place = _assembly.package_of(curly.masked(_assembly.joined(program), LEXIS))
    return f"{place}{machine.CALLS}"


def _case(call: str, found: Function) -> str:
    given = ", ".join(f"a({at}).asInstanceOf[{kind}]" for at, (kind, _) in enumerate(found.parameters))
    return f'case "{call}" => {{ val made: {found.result} = {found.path}({given}); made }}\n'
