"""How extraction finds the parts of a program in a language that has no grammar: by its lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Layout:
    """An item begins with a line that is not indented, and goes on until the next one that is not either.

    ``defines`` matches at the beginning of an item that defines something; its groups are the names, each
    perhaps several. ``belongs`` matches one that adds to what another defines, whose name is its group.
    ``continues`` matches a line that is not indented and yet goes on with the item; ``quotes`` are the marks
    of texts and comments that have several lines.
    """

    defines: re.Pattern[str]
    continues: re.Pattern[str]
    comment: str
    belongs: re.Pattern[str] | None = None
    extends: re.Pattern[str] | None = None
    """What gives a type of the language a method: it is kept unless it uses what was asked for."""
    quotes: tuple[str, ...] = ()
    exported: Callable[[str, str], str] | None = None
    """See `Syntax.exported`."""
    braces: re.Pattern[str] | None = None
    """Where braces make blocks: what may have others in it, such as texts. A body without its last brace is
    closed."""
