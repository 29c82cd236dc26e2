"""Kinds of values: the plain parts of each, and how a cell shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from crosstune.tables._format import (
    ABSENT,
    MINUS,
    bounds,
    duration,
    p_value,
    percent,
    points,
    signed,
    visible,
)

Plain = str | int | float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the page or the terminal: ``main``, then ``sub`` (a gain below its rate), then ``bounds``.

    ``value`` sorts the column. ``sure``: False for a difference that may be 0. ``shade`` runs from -1 (loss)
    to 1 (gain). ``tuned``: the model was tuned on this task. ``tone``: good, bad or open. ``span``: low,
    value and high of an interval on a scale from -1 to 1. ``about`` describes the cell in words,
    ``details`` are listed after it on the page, ``link`` leads to the data behind it.
    """

    main: str
    sub: str | None = None
    bounds: str = ""
    value: float | None = None
    sure: bool = True
    shade: float = 0.0
    tuned: bool = False
    tone: str = ""
    span: tuple[float, float, float] | None = None
    about: str = ""
    details: str = ""
    link: str = ""


class Titled(NamedTuple):
    """A value with a title for readers, and the ``fields`` that JSON keeps of it."""

    title: str
    fields: tuple[Any, ...]


class Estimate(Protocol):
    """A value and its 95 % interval."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


class Tested(Estimate, Protocol):
    """A difference in points with its test; ``stars`` mark significance, ``beyond``: before correction."""

    @property
    def p(self) -> float: ...
    @property
    def p_holm(self) -> float: ...
    @property
    def stars(self) -> str: ...
    @property
    def beyond(self) -> bool: ...
    @property
    def significant(self) -> bool: ...
    @property
    def problems(self) -> int: ...
    @property
    def seeds(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Number:
    """How a number is written: ``digits`` after the point for readers (CSV has every digit), ``plus``: a plus
    sign before positive values; a value from 0 to ``least`` is shown as below it."""

    digits: int = 1
    plus: bool = False
    least: float = 0.0

    def text(self, value: Plain) -> str:
        if value is None:
            return ABSENT
        if isinstance(value, str):
            return visible(value)
        if isinstance(value, int):
            return f"{value:,}"
        if 0 <= value < self.least:
            return f"< {self.least}"
        text = f"{abs(value):,.{self.digits}f}"
        if float(text.replace(",", "")) == 0:
            return text
        return (MINUS if value < 0 else "+" if self.plus else "") + text


@dataclass(frozen=True, slots=True)
class Part:
    """One of the plain values in a column's value, and how it is written."""

    read: Callable[[Any], Plain] = lambda value: value
    number: Number = Number()


def _shown(value: Any) -> Cell:
    return Cell(str(value))


@dataclass(frozen=True, slots=True)
class Kind:
    """``parts`` are what CSV, Markdown and LaTeX write, ``show`` makes the cell of the page and the terminal.

    ``raw`` gives the values that JSON keeps, one for each key; by default those of the parts. ``nested``
    gives an object for a single key instead. ``numeric``: aligned right; ``wrap``: text that a terminal
    may break between words; ``page_only``: a drawing that a terminal leaves out.
    """

    parts: tuple[Part, ...] = (Part(),)
    show: Callable[[Any], Cell] = _shown
    raw: Callable[[Any], Sequence[Any]] | None = None
    nested: Callable[[Any], Mapping[str, Any]] | None = None
    numeric: bool = False
    wrap: bool = False
    page_only: bool = False

    def json(self, keys: Sequence[str], value: Any) -> dict[str, Any]:
        if value is None:
            return dict.fromkeys(filter(None, keys))
        if self.nested:
            return {key: self.nested(value) for key in keys if key}
        values = self.raw(value) if self.raw else [part.read(value) for part in self.parts]
        return {key: each for key, each in zip(keys, values, strict=False) if key}


def number(digits: int = 1, *, plus: bool = False, least: float = 0.0) -> Kind:
    """A kind of numbers, written as `Number` says."""
    notation = Number(digits, plus, least)
    return Kind((Part(number=notation),), lambda value: Cell(notation.text(value), value=value), numeric=True)


def _rate(rate: Estimate) -> Cell:
    return Cell(percent(rate.value), bounds=bounds(100 * rate.low, 100 * rate.high), value=rate.value)


def _test(one: Tested) -> Cell:
    return Cell(
        points(one.value) + one.stars,
        bounds=bounds(one.low, one.high),
        value=one.value,
        sure=one.beyond,
        shade=(one.value > 0) - (one.value < 0),
    )


def shaded(scale: float) -> Kind:
    """`TEST`, shaded by the difference; ``scale`` points are the full shade."""
    return replace(
        TEST, show=lambda one: replace(_test(one), shade=max(-1.0, min(1.0, one.value / (scale or 1.0))))
    )


def _nested_test(one: Tested) -> dict[str, Any]:
    return {
        "points": one.value,
        "low": one.low,
        "high": one.high,
        "p": one.p,
        "p_holm": one.p_holm,
        "significant": one.significant,
        "problems": one.problems,
        "seeds": one.seeds,
    }


_SIGNED = Number(plus=True)
_P = Number(4, least=0.0001)

TEXT = Kind()
"""Any string; a terminal never breaks it."""
PROSE = Kind(wrap=True)
"""A string that a terminal may break between words."""
NUMBERS = Kind(numeric=True)
"""A string of numbers, aligned right like a number."""
TITLED = Kind((Part(lambda one: one.title),), lambda one: Cell(one.title), lambda one: one.fields)
"""A `Titled`: JSON keeps its fields, one for each key."""
COUNT = Kind((Part(),), lambda value: Cell(f"{value:,}", value=value), numeric=True)
"""A whole number."""
FLAG = Kind(
    (Part(lambda value: "yes" if value else "no"),),
    lambda value: Cell("yes" if value else ABSENT),
    lambda value: (value,),
)
"""True or False."""
PERCENT = Kind(
    (Part(lambda value: 100 * value),),
    lambda value: Cell(percent(value), value=value),
    lambda value: (value,),
    numeric=True,
)
"""A fraction of 1, shown in percent; JSON keeps the fraction."""
POINTS = Kind((Part(number=_SIGNED),), lambda value: Cell(points(value), value=value), numeric=True)
"""A difference in percentage points."""
SECONDS = Kind((Part(),), lambda value: Cell(duration(value), value=value), numeric=True)
"""A duration; CSV and JSON keep the seconds."""
P_VALUE = Kind((Part(number=_P),), lambda value: Cell(p_value(value), value=value), numeric=True)
CORRELATION = Kind(
    (Part(number=Number(2)),), lambda value: Cell(signed(value), value=value, shade=value), numeric=True
)
"""Pearson's r."""
RATE = Kind(
    (
        Part(lambda rate: 100 * rate.value),
        Part(lambda rate: 100 * rate.low),
        Part(lambda rate: 100 * rate.high),
    ),
    _rate,
    lambda rate: (rate.value, rate.low, rate.high),
    numeric=True,
)
"""An `Estimate` in fractions of 1, shown in percent; its parts are the value and both bounds."""
TEST = Kind(
    (
        Part(lambda one: one.value, _SIGNED),
        Part(lambda one: one.low, _SIGNED),
        Part(lambda one: one.high, _SIGNED),
        Part(lambda one: one.p, _P),
        Part(lambda one: one.p_holm, _P),
        Part(lambda one: one.stars),
        Part(lambda one: one.problems),
        Part(lambda one: one.seeds),
    ),
    _test,
    nested=_nested_test,
    numeric=True,
)
"""A `Tested` difference: value, bounds, p, p after Holm's correction, mark, problems and seeds. JSON gets
them as one object."""
DIFFERENCE = replace(TEST, raw=lambda one: (one.value, one.low, one.high), nested=None)
"""The same, of which JSON keeps the value and both bounds."""
NAMED = Kind((Part(lambda cell: cell.main),), lambda cell: cell)
"""A `Cell` made by the caller that names a row."""
CELL = Kind((Part(lambda cell: cell.value),), lambda cell: cell)
"""A `Cell` made by the caller; its plain value is `Cell.value`."""
SPAN = Kind((), lambda cell: cell, page_only=True)
"""A `Cell` with a ``span``, drawn as an interval."""
