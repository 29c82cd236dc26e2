"""Types as C# writes them: ``Dictionary<string, (int, double?)>[]``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosstune.errors import DataError
from crosstune.languages._arguments import ANY, BOOL, FLOAT, TEXT, Shape, integer
from crosstune.languages._shared.declared_code import separated
from crosstune.languages._type_text import TypeText, parsed

_BITS = {"sbyte": 8, "short": 16, "int": 32, "long": 64}
_UNSIGNED = {"byte": 8, "ushort": 16, "uint": 32, "ulong": 64}
_VALUES = {
    **{name: integer(bits) for name, bits in _BITS.items()},
    **{name: integer(bits, signed=False) for name, bits in _UNSIGNED.items()},
    **{f"{'U' * ('u' in name)}Int{bits}": integer(bits) for name, bits in _BITS.items() if bits > 8},
    **dict.fromkeys(("float", "double", "decimal", "Single", "Double", "Decimal"), FLOAT),
    "bool": BOOL,
    "Boolean": BOOL,
    "char": Shape("character", most=0xFFFF),
    "Char": Shape("character", most=0xFFFF),
    "BigInteger": Shape("large"),
}
_ANY = frozenset({"object", "Object", "dynamic", "IComparable"})
_LISTS = (
    *("List", "IList", "ICollection", "IEnumerable", "IReadOnlyList", "IReadOnlyCollection"),
    *("Queue", "Stack", "LinkedList", "Collection", "ConcurrentBag", "ConcurrentQueue"),
)
_KINDS = {
    **dict.fromkeys(_LISTS, "list"),
    **dict.fromkeys(("HashSet", "ISet", "SortedSet", "IReadOnlySet"), "set"),
    **dict.fromkeys(
        ("Dictionary", "IDictionary", "IReadOnlyDictionary", "SortedDictionary", "SortedList"), "map"
    ),
    **dict.fromkeys(("Tuple", "ValueTuple", "KeyValuePair"), "tuple"),
}
_NAMED = re.compile(r"(.*\S)\s+(@?\w+)", re.DOTALL)
_TUPLE = re.compile(r"\(([^()]*)\)")
_MODIFIERS = frozenset({"this", "params", "in", "scoped", "readonly"})


@dataclass(frozen=True)
class Parameter:
    """``type`` is its source text; ``mark`` is ``ref`` or empty."""

    type: str
    mark: str
    shape: Shape


def parameters(text: str) -> tuple[Parameter, ...]:
    """Those between the parentheses of a method.

    Raises:
        DataError: one is of no type of values.
    """
    return tuple(map(_parameter, separated(text)))


def _parameter(text: str) -> Parameter:
    declared = re.sub(r"\[[A-Z]\w*(?:\([^)]*\))?\]\s*", "", text).partition("=")[0].strip()
    words = declared.split()
    mark = "ref" if "ref" in words else ""
    if "out" in words:
        raise DataError(f"the parameter {text} is a result; it cannot be given")
    while words and words[0] in (_MODIFIERS | {"ref"}):
        words = words[1:]
    match = _NAMED.fullmatch(" ".join(words))
    if not match:
        raise DataError(f"the parameter {text} has no type")
    return Parameter(written(match[1]), mark, shape(match[1]))


def written(text: str) -> str:
    """A type as mcs understands it everywhere: tuples by their name, without those of their items."""
    while match := _TUPLE.search(text):
        items = (named[1] if (named := _NAMED.fullmatch(part)) else part for part in separated(match[1]))
        text = f"{text[: match.start()]}global::System.ValueTuple<{', '.join(items)}>{text[match.end() :]}"
    return text


def shape(text: str) -> Shape:
    """
    Raises:
        DataError: it is no type of values.
    """
    try:
        return _shape(parsed(_with_names(text)))
    except (KeyError, ValueError):
        raise DataError(f"a parameter of the type {text} cannot be given") from None


def _with_names(text: str) -> str:
    """Types in which tuples have a name, and what may be null a mark: ``ValueTuple<int, string>``."""
    plain = re.sub(r"\b(?:System\.)?(?:Collections\.)?(?:Generic\.)?(?=[A-Z])", "", text)
    plain = re.sub(r"\s*\?", " ?", plain)
    return plain.replace("(", "ValueTuple<").replace(")", ">")


def _shape(kind: TypeText) -> Shape:
    """
    Raises:
        KeyError: it is no type of values.
    """
    if kind.marks:
        if kind.marks[-1] != "[]":
            raise KeyError(kind.marks)
        item = _shape(TypeText(kind.name, kind.arguments, kind.marks[:-1]))
        return Shape("optional", (Shape("list", (item,)),))
    name, *words = kind.name.split()
    parts = tuple(map(_shape, kind.arguments))
    if name in _ANY:
        return ANY
    if name in ("string", "String"):
        return Shape("optional", (TEXT,))
    if name == "Nullable":
        return Shape("optional", parts)
    found = _made(name, parts) if name in _KINDS else _VALUES[name]
    is_reference = name in _KINDS and name not in ("ValueTuple", "KeyValuePair")
    return Shape("optional", (found,)) if is_reference or "?" in words else found


def _made(name: str, parts: tuple[Shape, ...]) -> Shape:
    kind = _KINDS[name]
    if kind == "tuple" or len(parts) == (2 if kind == "map" else 1):
        return Shape(kind, parts)
    raise KeyError(name)
