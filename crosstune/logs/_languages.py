"""The languages that other harnesses name by a file name's ending or a word."""

from __future__ import annotations


def language_of(word: str) -> str | None:
    """The language whose name, file extension or Markdown info string is ``word``; None: there is none."""
    from crosstune.languages import LANGUAGES

    word = word.lower().removesuffix("_test.go")
    if word in LANGUAGES.names():
        return word
    for name, language in LANGUAGES.all().items():
        if f".{word}" in language.extensions or word in language.fences:
            return name
    return None
