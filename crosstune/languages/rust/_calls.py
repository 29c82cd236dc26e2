"""How the judge itself calls functions of Rust candidates."""

from __future__ import annotations

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
    if methods := [each for each in calls if call_names.named(each)[0]]:
        raise DataError(f"a case calls {methods[0]}; in Rust cases call functions")
    points = call_names.entry_points(program.entry_points, calls)
    found = _declaration.read(program.declaration, points)
    if found.why_shared:
        raise DataError(found.why_shared)
    known = {each.name: each for each in found.functions}
    if missing := [each for each in calls if each not in known]:
        raise DataError(f"a case calls {missing[0]}, which is not declared")
    return CallPlan(
        targets={
            each: CallTarget(each, parameters=tuple(map(_shape, known[each].parameters))) for each in calls
        },
        entry_points=points,
        declaration=program.declaration,
        candidate=program.candidate,
        write=written,
        likeness=Likeness(),
    )


def _shape(kind: Type) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    parts = tuple(map(_shape, kind.arguments))
    if kind.name in _SCALARS:
        return _SCALARS[kind.name]
    if kind.name in _HELD:
        return parts[0]
    if kind.name in _COLLECTIONS:
        return Shape(_COLLECTIONS[kind.name], parts, name="Some" if kind.name == "Option" else "")
    if kind.name == "()":
        return Shape("tuple", parts) if parts else NOTHING
    raise DataError(f"a parameter of the type {kind.text()} cannot be given")
