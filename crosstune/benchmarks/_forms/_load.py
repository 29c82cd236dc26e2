"""Read the file of a form, and check what its keys say together."""

from __future__ import annotations

from pathlib import Path

from crosstune.benchmarks._forms._form import ComparisonForm, Form, Texts
from crosstune.benchmarks._forms._template import CHANGES, columns, unknown_change
from crosstune.errors import SettingsError, suggestion
from crosstune.languages import LANGUAGES, Language
from crosstune.records import ComparisonKind
from crosstune.settings import Document

_OF_OUTPUTS = (ComparisonKind.TOKENS, ComparisonKind.CHECKER)


def load_form(file: Path) -> Form:
    """Read the form ``file``.

    Raises:
        SettingsError: it is missing, or a key or a value is wrong; the message names the line.
    """
    document = Document(file)
    form = document.parse(Form)
    if (form.cases is not None) == any(each.tests for each in (form, *form.languages.values())):
        raise document.error(("cases",) if form.cases else (), "expected either 'tests' or 'cases'")
    _check_changes(document, form)
    for language in form.languages:
        if language not in LANGUAGES.names():
            hint = suggestion(language, LANGUAGES.names())
            raise document.error(("languages", language), f"unknown language {language!r}; {hint}")
        if LANGUAGES.load(language).judging is None:
            raise SettingsError(f"{file}: {language} is never run, so it has no benchmark")
        _check_standard(document, form, language)
    _check_cases(document, form)
    return form


def _check_changes(document: Document, form: Form) -> None:
    """
    Raises:
        SettingsError: a text changes a column in an unknown way.
    """
    places: list[tuple[tuple[str, ...], Texts]] = [((), form)]
    places += [(("languages", name), each) for name, each in form.languages.items()]
    for place, texts in places:
        for key in Texts.model_fields:
            text = getattr(texts, key)
            if isinstance(text, str) and (wrong := unknown_change(text)):
                known = ", ".join(CHANGES)
                raise document.error((*place, key), f"unknown change {wrong!r} of a column; known: {known}")


def _check_standard(document: Document, form: Form, language: str) -> None:
    """
    Raises:
        SettingsError: the language cannot be judged by the standard that the form names.
    """
    standard = form.texts(language).standard or ""
    judging = LANGUAGES.load(language).judging
    known = judging.standards if judging else ()
    if standard and not columns(standard) and standard not in known:
        raise document.error(("standard",), f"{language} has no {standard!r}; {suggestion(standard, known)}")


def _check_cases(document: Document, form: Form) -> None:
    """
    Raises:
        SettingsError: keys do not fit the cases, or a language cannot judge such.
    """
    kind = form.comparison.kind
    calls, runs = (form.cases.calls, form.cases.runs) if form.cases else (False, False)
    if not runs:
        only = "only the outputs of whole programs (cases with stdin and stdout)"
        for key in ("compare", "checkers"):
            if getattr(form, key) is not None:
                raise document.error((key,), f"{only} are compared so")
        if calls and (kind in _OF_OUTPUTS or form.comparison.ignore_case):
            raise document.error(("comparison",), f"{only} are compared so; results of calls: exact, floats")
    if kind is ComparisonKind.CHECKER:
        _check_checker(document, form.comparison)
    for language in form.languages if form.cases else ():
        if reason := _why_no_cases(LANGUAGES.load(language), calls=calls, runs=runs):
            raise document.error(("languages", language), f"{language}: {reason}")


def _check_checker(document: Document, comparison: ComparisonForm) -> None:
    for key in ("language", "source"):
        if not getattr(comparison, key):
            raise document.error(("comparison",), f"a checker needs its {key}")
    language = comparison.language
    if language not in LANGUAGES.names():
        hint = suggestion(language, LANGUAGES.names())
        raise document.error(("comparison", "language"), f"unknown language {language!r}; {hint}")
    if LANGUAGES.load(language).whole_programs is None:
        raise document.error(("comparison", "language"), f"programs in {language} cannot be checkers")


def _why_no_cases(language: Language, *, calls: bool, runs: bool) -> str:
    """Why a language cannot judge cases; empty if it can."""
    if runs and not language.whole_programs:
        return "its whole programs cannot be run"
    if not calls:
        return ""
    separate = language.judging.separate if language.judging else None
    return "" if separate and separate.calls else "cases that call a function cannot be judged in it"
