"""Names of languages in other data."""

from __future__ import annotations

import pytest

from crosstune.languages import LANGUAGES, language_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("C#", "csharp"),
        ("c#", "csharp"),
        ("Csharp", "csharp"),
        ("C++", "cpp"),
        ("Common Lisp", "commonlisp"),
        ("common-lisp", "commonlisp"),
        (" JavaScript ", "javascript"),
        ("Bash", "shell"),
        ("Shell", "shell"),
        ("Objective-C++", "objective-c++"),
        ("JS", "javascript"),
        ("golang", "go"),
        ("Python3", "python"),
        ("rs", "rust"),
        ("xml", "xml"),
        ("scheme", "scheme"),
        ("klingon", "klingon"),
        ("Emacs Lisp", "emacs-lisp"),
        ("emacs-lisp", "emacs-lisp"),
        ("", ""),
    ],
)
def test_names_are_canonical(text: str, name: str) -> None:
    assert language_name(text) == name
    assert language_name(name) == name


def test_every_name_and_title_is_recognised() -> None:
    for name, language in LANGUAGES.all().items():
        assert {language_name(text) for text in (name, language.title, language.title.upper())} == {name}
