"""What tests may lend to the candidate: functions, iterators and objects of their own.

The candidate's process may ask for anything, so it gets what a caller of them would see, and nothing of the
tests behind that: no attribute that every object has, no frame, no module. `_stub` loads this file by path.
"""

from __future__ import annotations

import functools
import io
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any


def shape_of(value: Any) -> tuple[str, str, str | None] | None:
    """What it is for the candidate: a function with its name and documentation, an iterator, or an object
    with its special methods. None for what nobody may look into, such as a frame."""
    kind = type(value)
    if isinstance(value, type) or kind in _FUNCTIONS:
        doc = getattr(value, "__doc__", None)
        name = str(getattr(value, "__name__", kind.__name__))
        return "function", name, doc if isinstance(doc, str) else None
    if isinstance(value, Iterator) and kind.__module__ in _WITH_ITERATORS:
        return "iterator", kind.__name__, None
    if kind.__module__ == "__main__" or kind in _STREAMS:
        return "object", kind.__name__, " ".join(name for name in _SPECIAL if getattr(kind, name, None))
    return None


_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial)
_WITH_ITERATORS = frozenset({"builtins", "itertools"})
_STREAMS = (io.StringIO, io.BytesIO)
_SPECIAL = frozenset(
    """
    __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __len__ __iter__ __next__ __getitem__ __setitem__
    __delitem__ __contains__ __bool__ __str__ __repr__ __int__ __float__ __index__ __abs__ __neg__ __call__
    __enter__ __exit__
    """.split()  # noqa: SIM905
).union(
    *(
        {f"__{name}__", f"__r{name}__"}
        for name in "add sub mul truediv floordiv mod pow and or xor lshift rshift matmul".split()  # noqa: SIM905
    )
)


def member_of(value: Any, name: str) -> Callable[..., Any]:
    """What the candidate may call of something lent: nothing by which it would see more than that.

    Raises:
        ValueError: it may not.
    """
    shape = shape_of(value)
    kind = shape[0] if shape else ""
    if kind == "function" and name == "__call__":
        return value  # type: ignore[no-any-return]
    if kind == "iterator" and name == "__next__":
        return functools.partial(next, value)
    if kind == "object" and name in ("__getattribute__", "__setattr__"):
        return functools.partial(_attribute, value)
    if kind == "object" and name in _SPECIAL:
        return getattr(type(value), name).__get__(value)  # type: ignore[no-any-return]
    raise ValueError(name)


def _attribute(owner: Any, name: str, *value: Any) -> Any:
    """Read an attribute, or set it to a value; none of those that every object has."""
    if type(name) is not str or name.startswith("__"):
        raise AttributeError(name)
    return setattr(owner, name, *value) if value else getattr(owner, name)


def kind_of(error: BaseException) -> str:
    """The nearest standard class."""
    found = next(base for base in type(error).__mro__ if _is_standard(base.__module__))
    return found.__name__ if found.__module__ == "builtins" else f"{found.__module__}.{found.__name__}"


def _is_standard(module: str) -> bool:
    return module != "__main__" and module.partition(".")[0] in sys.stdlib_module_names | {"numpy"}


def path_of(value: Any) -> tuple[str, str] | None:
    """The module of the standard library or of NumPy that has a function or a class, and its name there."""
    module = getattr(value, "__module__", None)
    owner = getattr(value, "__objclass__", None)
    if isinstance(owner, type) and module is None:
        module = owner.__module__
    path = getattr(value, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(path, str) or not _is_standard(module):
        return None
    found: Any = sys.modules.get(module)
    for name in path.split("."):
        found = getattr(found, name, None)
    return (module, path) if found is value else None
