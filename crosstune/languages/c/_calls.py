"""How the judge itself calls functions of C candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages import _call_names as call_names
from crosstune.languages._arguments import (
    ANY,
    BOOL,
    FLOAT,
    CallPlan,
    CallTarget,
    FreeWriter,
    Likeness,
    Shape,
    integer,
)
from crosstune.languages._shared.native.candidate import without_bom
from crosstune.languages.c import _convention
from crosstune.languages.c._convention import INTEGERS, CType, Member, Structure
from crosstune.records import Program

_TEXT = Shape("optional", (Shape("text", name="without zeros"),))
_CHARACTER = Shape("character", most=127)


def plan(program: Program, calls: tuple[str, ...]) -> CallPlan:
    """
    Raises:
        DataError: a call names nothing that is declared, or a parameter is of no type of values.
    """
    if methods := [each for each in calls if call_names.named(each)[0]]:
        raise DataError(f"a case calls {methods[0]}; in C cases call functions")
    points = tuple(dict.fromkeys((*call_names.entry_points(program.entry_points, calls), *calls)))
    try:
        declared = _convention.read(without_bom(program.declaration), points)
    except _convention.NoValue as error:
        raise DataError(str(error)) from None
    shapes = _Shapes(declared.structures)
    targets = {
        each.name: CallTarget(each.name, parameters=tuple(map(shapes.of_member, each.members)))
        for each in declared.functions
    }
    return CallPlan(
        targets=targets,
        entry_points=points,
        declaration=program.declaration,
        candidate=program.candidate,
        write=FreeWriter(b"l").value,
        likeness=Likeness(empty_is_none=True),
    )


@dataclass(frozen=True)
class _Shapes:
    structures: Mapping[str, Structure]

    def of_member(self, member: Member) -> Shape:
        shape = self.of(member.type)
        return Shape("optional", (shape,)) if member.has else shape

    def of(self, kind: CType) -> Shape:
        match kind.kind:
            case "integer":
                bits, signed = INTEGERS[kind.name]
                return integer(bits, signed=signed)
            case "list":
                return self._list(kind.inner)
            case "rows":
                return Shape("list", (self._list(kind.inner),))
            case "pointer":
                return Shape("optional", (self.of(kind.inner),))
            case "struct":
                return self._structure(self.structures[kind.name.removeprefix("struct ")])
        return {"bool": BOOL, "float": FLOAT, "char": _CHARACTER, "text": _TEXT}[kind.kind]

    def _list(self, item: CType) -> Shape:
        """A list, which may be none; of entries, a map."""
        structure = self.structures.get(item.name.removeprefix("struct ")) if item.kind == "struct" else None
        if structure is not None and structure.is_entry:
            key, value = (self.of_member(each) for each in structure.members)
            return Shape("optional", (Shape("map", (key, value)),))
        return Shape("optional", (Shape("list", (self.of(item),)),))

    def _structure(self, structure: Structure) -> Shape:
        if structure.alternatives:
            return ANY
        if [each.name for each in structure.members] == ["items"]:
            return self.of(structure.members[0].type)
        return Shape("tuple", tuple(map(self.of_member, structure.members)))
