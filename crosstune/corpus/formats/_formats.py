"""Formats by name: the plug-ins, and each prompt template with a text of its own."""

from __future__ import annotations

from crosstune.corpus.formats._format import Format, Row
from crosstune.errors import UnknownName
from crosstune.plugins import Registry
from crosstune.prompts import PROMPTS, training_text
from crosstune.records import Example

FORMATS = Registry("crosstune.corpus.formats", "FORMAT", "format", Format)


def format_names() -> tuple[str, ...]:
    """The names of all formats; chat templates depend on a tokenizer and are left out."""
    return (*FORMATS.names(), *(name for name in PROMPTS.names() if not PROMPTS.load(name).chat))


def load_format(name: str) -> Format:
    """
    Raises:
        UnknownName: a format that does not exist.
    """
    if name in FORMATS.names():
        return FORMATS.load(name)
    if name in format_names():
        return _template_format(name)
    raise UnknownName("format", name, format_names())


def _template_format(name: str) -> Format:
    """Rows are the template's text before and after the prompt boundary; joined, they are trained on."""
    template = PROMPTS.load(name)

    def row(example: Example) -> Row:
        before, after = training_text(template, example.prompt, example.completion)
        return {"prompt": before, "completion": after}

    return Format(name, row)
