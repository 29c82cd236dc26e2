"""Formats by name: the plug-ins, and one for each prompt template except chat templates."""

from __future__ import annotations

from crosstune.corpus.formats._format import Format, Row
from crosstune.errors import UnknownName
from crosstune.plugins import Registry
from crosstune.prompts import PROMPTS, example_text
from crosstune.records import Example

FORMATS = Registry("crosstune.corpus.formats", "FORMAT", "format", Format)


def format_names() -> tuple[str, ...]:
    """The names of all formats; chat templates are left out, because they depend on a tokenizer."""
    return (*FORMATS.names(), *(name for name in PROMPTS.names() if not PROMPTS.load(name).chat))


def load_format(name: str) -> Format:
    """The plug-in or prompt template with this name, as a format.

    Raises:
        UnknownName: no such format.
    """
    if name in FORMATS.names():
        return FORMATS.load(name)
    if name in format_names():
        return _template_format(name)
    raise UnknownName("format", name, format_names())


def _template_format(name: str) -> Format:
    """A format whose rows are the training text before and after the prompt boundary."""
    template = PROMPTS.load(name)

    def row(example: Example) -> Row:
        before, after = example_text(template, example)
        return {"prompt": before, "completion": after}

    return Format(name, row)
