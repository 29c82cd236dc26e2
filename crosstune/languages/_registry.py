"""The registry of languages, and their names in other data."""

from __future__ import annotations

import functools

from crosstune.languages._language import Language
from crosstune.plugins import Registry

LANGUAGES = Registry("crosstune.languages", "LANGUAGE", "language", Language)

OTHER_LANGUAGES = {"xml"}
"""Blocks with these info strings are also read as another language, which they do not name."""


@functools.lru_cache(maxsize=4096)
def language_name(text: str) -> str:
    """The registered name of the language whose name, title or info string of a code block (``js``) is
    ``text``; otherwise ``text`` in lower case with hyphens for spaces (``Objective-C++`` becomes
    ``objective-c++``). An empty text stays empty.

    Hyphens count as spaces, so a name given before the language was registered is recognised."""
    plain = _plain(text)
    return plain if plain in LANGUAGES.names() else _by_title(plain)


@functools.lru_cache(maxsize=4096)
def _by_title(plain: str) -> str:
    """Languages with the same first letter are loaded first: all of them take a fifth of a second."""
    names = sorted(LANGUAGES.names(), key=lambda name: name[:1] != plain[:1])
    by_title = next((name for name in names if _plain(LANGUAGES.load(name).title) == plain), "")
    return by_title or _by_info_string(plain, names)


def _by_info_string(plain: str, names: list[str]) -> str:
    if plain in OTHER_LANGUAGES:
        return plain
    return next((name for name in names if plain in LANGUAGES.load(name).fences), plain)


def _plain(text: str) -> str:
    return "-".join(text.lower().split())
