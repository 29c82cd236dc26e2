"""The registry of languages, and their names in other data."""

from __future__ import annotations

import functools

from crosstune.languages._language import Language
from crosstune.plugins import Registry

LANGUAGES = Registry("crosstune.languages", "LANGUAGE", "language", Language)


@functools.lru_cache(maxsize=4096)
def language_name(text: str) -> str:
    """The registered name of the language whose name or title is ``text``; otherwise ``text`` in lower case
    with hyphens for spaces (``Objective-C++`` becomes ``objective-c++``). An empty text stays empty.

    Hyphens count as spaces, so a name given before the language was registered is recognised."""
    plain = _plain(text)
    return plain if plain in LANGUAGES.names() else _by_title(plain)


@functools.lru_cache(maxsize=4096)
def _by_title(plain: str) -> str:
    """Languages with the same first letter are loaded first: all of them take a fifth of a second."""
    names = sorted(LANGUAGES.names(), key=lambda name: name[:1] != plain[:1])
    return next((name for name in names if _plain(LANGUAGES.load(name).title) == plain), plain)


def _plain(text: str) -> str:
    return "-".join(text.lower().split())
