"""The text in C that calls the entry points of a candidate, and the one that stands for them in tests: they
read and write arguments and results, as a declaration says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crosstune.languages.c._convention import (
    INTEGERS,
    Alternative,
    CType,
    Declared,
    Function,
    Member,
    Structure,
)

_TAGS = {
    "nothing": "N",
    "bool": "TF",
    "integer": "i",
    "float": "d",
    "char": "c",
    "text": "sb",
    "list": "l",
    "rows": "l",
    "unknown": "lm",
}


def server(declared: Declared) -> str:
    """The part of a candidate's program that calls it; ``values.h`` has to be included before it."""
    return _Writer(declared.structures).server(declared)


def stubs(declared: Declared) -> str:
    """The functions that ask the candidate's process in its place."""
    return _Writer(declared.structures).stubs(declared)


@dataclass
class _Writer:
    structures: Mapping[str, Structure]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def server(self, declared: Declared) -> str:
        calls = "".join(self._call(number, each) for number, each in enumerate(declared.functions))
        entries = "".join(
            f'{{"{each.name}", crosstune_call_{number}}}, ' for number, each in enumerate(declared.functions)
        )
        return (
            f"{self._structures(declared)}{calls}"
            f"const struct crosstune_entry crosstune_entries[] = {{{entries}{{NULL, NULL}}}};\n"
        )

    def stubs(self, declared: Declared) -> str:
        return self._structures(declared) + "".join(map(self._stub, declared.functions))

    def _structures(self, declared: Declared) -> str:
        """The functions that read and write structures."""
        names = dict[str, str]()  # a structure with a tag and a name has both
        for each in declared.functions:
            for part in (*(member.type for member in each.members), each.result):
                self._collect(part, names)
        both = (("take", self._taken), ("put", self._put))
        heads = {
            (verb, each): f"static void {self._function(verb, each)}({each} *v)"
            for each in names
            for verb, _ in both
        }
        bodies = "".join(
            f"{heads[verb, each]} {{\n{write(self.structures[key])}}}\n"
            for each, key in names.items()
            for verb, write in both
        )
        return "".join(f"{head};\n" for head in heads.values()) + bodies

    def _collect(self, kind: CType, names: dict[str, str]) -> None:
        """The structures in a type, by their names in C."""
        if kind.item is not None:
            self._collect(kind.item, names)
        if kind.kind != "struct" or kind.name in names:
            return
        key = kind.name.removeprefix("struct ")
        names[kind.name] = key
        structure = self.structures[key]
        kinds = [each.type for each in structure.members] + [each.type for each in structure.alternatives]
        for each in kinds:
            self._collect(each, names)

    @staticmethod
    def _function(verb: str, name: str) -> str:
        return f"crosstune_{verb}_{name.replace(' ', '_')}"

    def _taken(self, structure: Structure) -> str:
        if structure.alternatives:
            taken = "".join(map(self._taken_alternative, structure.alternatives))
            return f"{taken}{self._whole_numbers(structure)}  crosstune_malformed();\n"
        if _is_list(structure):
            (only,) = structure.members
            return self.take(only.type, "v->items", "v->len")
        count = (
            ""
            if structure.is_entry
            else f"  if (crosstune_count('t') != {len(structure.members)}) crosstune_malformed();\n"
        )
        return count + "".join(self._taken_member(each, "v->") for each in structure.members)

    def _taken_member(self, each: Member, prefix: str) -> str:
        place = f"{prefix}{each.name}"
        taken = self.take(each.type, place, f"{place}_len", f"{place}_lens")
        if not each.has:
            return taken
        return f"  {prefix}{each.has} = !crosstune_nothing();\n  if ({prefix}{each.has}) {{\n{taken}  }}\n"

    def _taken_alternative(self, each: Alternative) -> str:
        tests = " || ".join(f"crosstune_next() == '{tag}'" for tag in self._tags(each.type))
        place = f"v->{each.place}"
        taken = self.take(
            each.type, f"{place}.items" if each.type.kind in ("list", "unknown") else place, f"{place}.len"
        )
        return f"  if ({tests}) {{\n    v->kind = {each.enumerator};\n{taken}    return;\n  }}\n"

    @staticmethod
    def _whole_numbers(structure: Structure) -> str:
        """Where there are no integers, those that are given are floating-point numbers."""
        numbers = [each for each in structure.alternatives if each.type.kind == "float"]
        return "".join(
            f"  if (crosstune_next() == 'i') {{\n    v->kind = {each.enumerator};\n"
            f"    v->{each.place} = crosstune_take_float();\n    return;\n  }}\n"
            for each in numbers[:1]
        )

    def _tags(self, kind: CType) -> str:
        if kind.kind == "list" and self._is_entry(kind.inner):
            return "m"
        if kind.kind == "struct":
            return "t"
        return _TAGS[kind.kind]

    def _is_entry(self, kind: CType) -> bool:
        return kind.kind == "struct" and self.structures[kind.name.removeprefix("struct ")].is_entry

    def _put(self, structure: Structure) -> str:
        if structure.alternatives:
            cases = "".join(map(self._put_alternative, structure.alternatives))
            return (
                f'  switch (v->kind) {{\n{cases}  default: crosstune_put_opaque("{structure.name}");\n  }}\n'
            )
        if _is_list(structure):
            (only,) = structure.members
            return self.put(only.type, "v->items", "v->len")
        head = "" if structure.is_entry else f"  crosstune_put_count('t', {len(structure.members)});\n"
        return head + "".join(self._put_member(each, "v->") for each in structure.members)

    def _put_member(self, each: Member, prefix: str) -> str:
        place = f"{prefix}{each.name}"
        put = self.put(each.type, place, f"{place}_len", f"{place}_lens")
        return (
            f"  if (!{prefix}{each.has}) crosstune_put_nothing(); else {{\n{put}  }}\n" if each.has else put
        )

    def _put_alternative(self, each: Alternative) -> str:
        place = f"v->{each.place}"
        put = self.put(
            each.type, f"{place}.items" if each.type.kind in ("list", "unknown") else place, f"{place}.len"
        )
        return f"  case {each.enumerator}: {{\n{put}    return;\n  }}\n"

    def take(self, kind: CType, place: str, length: str = "", lengths: str = "") -> str:
        """Read a value into a place; of a list, into that of its items and of its length."""
        match kind.kind:
            case "list":
                return self._take_list(kind, place, length)
            case "rows":
                return self._take_rows(kind, place, length, lengths)
            case "pointer":
                return self._take_pointer(kind, place)
        taken = {
            "unknown": f"{place} = NULL;\n  {length} = crosstune_skipped()",
            "struct": f"{self._function('take', kind.name)}(&{place})",
            "nothing": "crosstune_nothing()",
        }
        return f"  {taken.get(kind.kind) or f'{place} = crosstune_take_{_scalar(kind)}()'};\n"

    def _take_pointer(self, kind: CType, place: str) -> str:
        taken = self.take(kind.inner, f"(*{place})")
        return (
            f"  if (crosstune_nothing()) {place} = NULL; else {{\n"
            f"    {place} = crosstune_allocate(1, sizeof *{place});\n{taken}  }}\n"
        )

    def _take_list(self, kind: CType, place: str, length: str) -> str:
        at, tag = f"crosstune_{next(self.numbers)}", self._tags(kind)
        item = self.take(kind.inner, f"{place}[{at}]")
        return (
            f"  if (crosstune_nothing()) {{ {place} = NULL; {length} = 0; }} else {{\n"
            f"    {length} = crosstune_count('{tag}');\n"
            f"    {place} = crosstune_allocate({length}, sizeof *{place});\n"
            f"    for (size_t {at} = 0; {at} < {length}; {at}++) {{\n{item}    }}\n  }}\n"
        )

    def _take_rows(self, kind: CType, place: str, length: str, lengths: str) -> str:
        at = f"crosstune_{next(self.numbers)}"
        row = self._take_list(CType("list", kind.name, kind.inner), f"{place}[{at}]", f"{lengths}[{at}]")
        return (
            f"  {length} = crosstune_count('l');\n"
            f"  {place} = crosstune_allocate({length}, sizeof *{place});\n"
            f"  {lengths} = crosstune_allocate({length}, sizeof *{lengths});\n"
            f"  for (size_t {at} = 0; {at} < {length}; {at}++) {{\n{row}  }}\n"
        )

    def put(self, kind: CType, place: str, length: str = "", lengths: str = "") -> str:
        """Write the value in a place."""
        match kind.kind:
            case "list":
                return self._put_list(kind, place, length)
            case "rows":
                at = f"crosstune_{next(self.numbers)}"
                row = self._put_list(
                    CType("list", kind.name, kind.inner), f"{place}[{at}]", f"{lengths}[{at}]"
                )
                return self._listed("l", place, length, at, row)
            case "pointer":
                inner = self.put(kind.inner, f"(*{place})")
                return f"  if (!{place}) crosstune_put_nothing(); else {{\n{inner}  }}\n"
        put = {
            "unknown": f"if ({length}) crosstune_put_opaque(\"void *\"); else crosstune_put_count('m', 0)",
            "struct": f"{self._function('put', kind.name)}(({kind.name} *)&{place})",
            "nothing": "crosstune_put_nothing()",
        }
        return f"  {put.get(kind.kind) or f'crosstune_put_{_scalar(kind)}({place})'};\n"

    def _put_list(self, kind: CType, place: str, length: str) -> str:
        at = f"crosstune_{next(self.numbers)}"
        return self._listed(self._tags(kind), place, length, at, self.put(kind.inner, f"{place}[{at}]"))

    @staticmethod
    def _listed(tag: str, place: str, length: str, at: str, item: str) -> str:
        return (
            f"  if (!{place} && !{length}) crosstune_put_nothing(); else {{\n"
            f"    crosstune_put_count('{tag}', {length});\n"
            f"    for (size_t {at} = 0; {at} < {length}; {at}++) {{\n{item}    }}\n  }}\n"
        )

    def _call(self, number: int, function: Function) -> str:
        held = {each.name: f"crosstune_v_{each.name}" for each in function.parameters}
        declared = "".join(
            f"  {_stored(each.base, each.pointers, _struct(each.spelled))}{held[each.name]} = {{0}};\n"
            for each in function.parameters
            if each not in function.outputs
        )
        declared += "".join(
            f"  {_stored(each.base, each.pointers - 1, _struct(each.spelled))}{held[each.name]} = {{0}};\n"
            for each in function.outputs
        )
        taken = "".join(self._taken_member(each, "crosstune_v_") for each in function.members)
        given = ", ".join(
            f"&{held[each.name]}" if each in function.outputs else _cast(each.spelled, held[each.name])
            for each in function.parameters
        )
        changed = "".join(self._changed(at, each) for at, each in enumerate(function.members))
        return (
            f"static void crosstune_call_{number}(void) {{\n{declared}{taken}"
            f"{self._answered(function, f'{function.name}({given})')}"
            f"  crosstune_begin_changes();\n{changed}  crosstune_end();\n}}\n"
        )

    def _answered(self, function: Function, call: str) -> str:
        begin, result = "  crosstune_begin_result();\n", function.result
        if function.optional:
            put = self.put(result, "crosstune_v_out")
            stored = f"  if (!crosstune_r) crosstune_put_nothing(); else {{\n{put}  }}\n"
            return f"  bool crosstune_r = {call};\n{begin}{stored}"
        if result.kind == "nothing":
            return f"  {call};\n{begin}  crosstune_put_nothing();\n"
        stars = {"list": " *", "rows": " **", "pointer": " *"}.get(result.kind, " ")
        constant = "const " if result.kind == "text" else ""
        put = self.put(result, "crosstune_r", "crosstune_v_out_len", "crosstune_v_out_lens")
        return f"  {constant}{result.name}{stars}crosstune_r = {call};\n{begin}{put}"

    def _changed(self, at: int, each: Member) -> str:
        """The value of an argument after the call, if the function may change it."""
        variable = each.variable
        if variable.constant or not variable.pointers:
            return ""
        return f"  crosstune_begin_change({at});\n{self._put_member(each, 'crosstune_v_')}"

    def _stub(self, function: Function) -> str:
        """A function that asks for a result and for what the call has changed."""
        heads = ", ".join(f"{each.spelled} {each.name}" for each in function.parameters)
        given = "".join(self._put_member(each, "") for each in function.members)
        changed = "".join(self._changed_back(at, each) for at, each in enumerate(function.members))
        returned = (
            "" if function.result.kind == "nothing" and not function.optional else "  return crosstune_r;\n"
        )
        return (
            f"{function.returned} {function.name}({heads or 'void'}) {{\n"
            f'  crosstune_begin_question("{function.name}", {len(function.members)});\n{given}'
            f"  crosstune_ask();\n{self._answer(function)}"
            f"  for (size_t crosstune_n = crosstune_take_number(); crosstune_n; crosstune_n--)\n"
            f"    switch (crosstune_take_number()) {{\n{changed}    default: crosstune_malformed();\n    }}\n"
            f"  crosstune_finish();\n{returned}}}\n"
        )

    def _answer(self, function: Function) -> str:
        """Read a result into ``crosstune_r`` and where it is asked for."""
        result = function.result
        if function.optional:
            taken = self.take(result, "(*out)")
            return f"  bool crosstune_r = !crosstune_nothing();\n  if (crosstune_r) {{\n{taken}  }}\n"
        if result.kind == "nothing":
            return "  if (!crosstune_nothing()) crosstune_malformed();\n"
        stars = {"list": " *", "rows": " **", "pointer": " *"}.get(result.kind, " ")
        taken = self.take(result, "crosstune_r", "(*out_len)", "(*out_lens)")
        return f"  {result.name}{stars}crosstune_r = {{0}};\n{taken}"

    def _changed_back(self, at: int, each: Member) -> str:
        if each.variable.constant or each.type.kind != "list":
            return ""
        name, length = each.name, f"{each.name}_len"
        taken = self.take(each.type, "crosstune_c", "crosstune_l")
        return (
            f"    case {at}: {{\n  {each.type.name} *crosstune_c = NULL;\n  size_t crosstune_l = 0;\n{taken}"
            f"  if (crosstune_l != {length}) crosstune_malformed();\n"
            f"  for (size_t crosstune_i = 0; crosstune_i < crosstune_l; crosstune_i++)\n"
            f"    {name}[crosstune_i] = crosstune_c[crosstune_i];\n  break;\n    }}\n"
        )


def _is_list(structure: Structure) -> bool:
    return [each.name for each in structure.members] == ["items"] and structure.members[0].type.kind == "list"


def _scalar(kind: CType) -> str:
    if kind.kind == "integer":
        return "integer" if INTEGERS[kind.name][1] else "unsigned"
    return kind.kind


def _struct(spelled: str) -> str:
    return "struct " if "struct " in spelled else ""


def _stored(base: str, pointers: int, struct: str) -> str:
    return f"{struct}{base} {'*' * pointers}"


def _cast(spelled: str, name: str) -> str:
    """An argument, whose constants are those that the declaration has."""
    return f"({spelled}){name}" if spelled.count("*") > 1 else name
