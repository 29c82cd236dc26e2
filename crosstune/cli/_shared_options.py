"""Options that several commands share, defined once as the fields of a dataclass."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any, TypeVar

D = TypeVar("D")


def with_options(kind: type[D]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A decorator for a command: its first parameter is a ``kind``, a dataclass whose fields are options.

    Typer reads the options from the signature; the fields' annotations are as those of parameters.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(command).parameters.values())[1:]
        shared = [
            inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=_default(field))
            for field in dataclasses.fields(typing.cast("Any", kind))
        ]
        names = [parameter.name for parameter in own]

        @functools.wraps(command)
        def called(**values: Any) -> None:
            given = {name: values.pop(name) for name in names}
            command(kind(**values), **given)

        hints = typing.get_type_hints(kind, include_extras=True)
        hints |= typing.get_type_hints(command, include_extras=True)
        parameters = [each.replace(annotation=hints[each.name]) for each in (*shared, *own)]
        called.__annotations__ = {each.name: hints[each.name] for each in parameters}
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        del called.__wrapped__
        return called

    return decorate


def _default(field: dataclasses.Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default
