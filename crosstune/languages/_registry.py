"""The registry of languages, and their names in other data."""

from __future__ import annotations

import functools

from crosstune.languages._language import Language
from crosstune.plugins import Registry

LANGUAGES = Registry("crosstune.languages", "LANGUAGE", "language", Language)


def language_name(text: str) -> str:
    """The registered name of the language whose name or title is ``text``; otherwise ``text`` in lower case
    with hyphens for spaces (``Objective-C++`` becomes ``objective-c++``). An empty text stays empty."""
    lowered = text.strip().lower()
    return _known().get(lowered) or "-".join(lowered.split())


@functools.cache
def _known() -> dict[str, str]:
    languages = LANGUAGES.all()
    by_title = {language.title.lower(): name for name, language in languages.items()}
    return by_title | {name: name for name in languages}
