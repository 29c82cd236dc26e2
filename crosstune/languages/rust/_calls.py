"""How the judge itself calls functions of Rust candidates."""

from __future__ import annotations

from collections.abc import Mapping

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import (
    BOOL,
    FLOAT,
    NOTHING,
    UNICODE,
    CallPlan,
    CallTarget,
    Likeness,
    Shape,
    integer,
    written,
)
from crosstune.languages.rust import _declaration
from crosstune.languages.rust._records import Record
from crosstune.languages.rust._types import Type
from crosstune.records import Program

_SCALARS = {
    **{f"i{bits}": integer(bits) for bits in (8, 16, 32, 64, 128)},
    **{f"u{bits}": integer(bits, signed=False) for bits in (8, 16, 32, 64, 128)},
    "isize": integer(64),
    "usize": integer(64, signed=False),
    "f32": FLOAT,
    "f64": FLOAT,
    "bool": BOOL,
    "char": Shape("character", most=0x10FFFF),
    "str": UNICODE,
    "String": UNICODE,
}
_HELD = frozenset({"&", "&mut", "Box", "Rc", "Arc", "RefCell", "Cell", "Cow"})
_COLLECTIONS = {
    **dict.fromkeys(("[]", "[;]", "Vec", "VecDeque", "LinkedList", "BinaryHeap"), "list"),
    **dict.fromkeys(("HashMap", "BTreeMap"), "map"),
    **dict.fromkeys(("HashSet", "BTreeSet"), "set"),
    "Option": "some",
}


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    keys = {each: "::".join(filter(None, call_names.named(each.replace("::", "."))[::2])) for each in calls}
    points = call_names.entry_points(program.entry_points, (each.replace("::", ".") for each in calls))
    found = _declaration.read(program.declaration, points)
    if found.why_shared:
        raise DataError(found.why_shared)
    known = {each.key: each for each in found.functions}
    records = {each.name: each for each in found.records}
    targets = {}
    for call, key in keys.items():
        if key not in known:
            raise DataError(f"a case calls {call}, which is not declared")
        if known[key].receiver and not known[key].by_value:
            raise DataError(f"a case calls {call}, which needs an object: cases call functions without self")
        parameters = tuple(_shape(each, records) for each in known[key].parameters)
        failing = "result" if known[key].result.name == "Result" else ""
        targets[call] = CallTarget(key, parameters=parameters, failing=failing)
    return CallPlan(
        targets=targets,
        entry_points=points,
        declaration=program.declaration,
        candidate=program.candidate,
        write=written,
        likeness=Likeness(variants=True),
    )


def _shape(kind: Type, records: Mapping[str, Record]) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    parts = tuple(_shape(each, records) for each in kind.arguments)
    if kind.name in _SCALARS:
        return _SCALARS[kind.name]
    if kind.name in _HELD:
        return parts[0]
    if kind.name in _COLLECTIONS:
        return Shape(_COLLECTIONS[kind.name], parts, name="Some" if kind.name == "Option" else "")
    if kind.name == "()":
        return Shape("tuple", parts) if parts else NOTHING
    if kind.name in records:
        forms = tuple(
            Shape(
                "record", tuple(_shape(each, records) for each in form.types), form.path, fields=form.fields
            )
            for form in records[kind.name].forms
        )
        return Shape("choice", forms) if "::" in forms[0].name else forms[0]
    raise DataError(f"a parameter of the type {kind.text()} cannot be given")
