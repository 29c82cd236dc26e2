"""What others call a programming language, in this project's words."""

from __future__ import annotations

import functools

from crosstune.languages import LANGUAGES


def language_name(text: str) -> str:
    """The name on the shelf of the language whose name or title is ``text``; else ``text`` in small
    letters with hyphens for blanks (``Objective-C++`` becomes ``objective-c++``). Empty stays empty."""
    plain = text.strip().lower()
    return _known().get(plain) or "-".join(plain.split())


@functools.cache
def _known() -> dict[str, str]:
    languages = LANGUAGES.all()
    by_title = {language.title.lower(): name for name, language in languages.items()}
    return by_title | {name: name for name in languages}
