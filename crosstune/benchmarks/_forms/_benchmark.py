"""A form as a benchmark."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import pydantic

from crosstune.benchmarks import _files
from crosstune.benchmarks._benchmark import Benchmark, check_has
from crosstune.benchmarks._forms._closed import program
from crosstune.benchmarks._forms._defects import known_defects
from crosstune.benchmarks._forms._form import Compare, Form, LanguageForm
from crosstune.benchmarks._forms._outputs import as_stated, with_checkers
from crosstune.benchmarks._forms._problems import problem
from crosstune.benchmarks._forms._template import BadRow, Row, filled, value
from crosstune.benchmarks._rows import libraries
from crosstune.errors import DataError
from crosstune.languages import LANGUAGES
from crosstune.records import Problem, Requirement
from crosstune.settings import Document, InputPath, Settings

_READING = 2
"""Increased when the same form and rows give other problems than before: part of the version of each form
that is a file of a user (those of crosstune's own forms are increased one by one)."""
_RANGE = re.compile(r"(\d+)\.\.(\d+)")
RowProblem = Callable[[str, str, Row], Problem]
"""From a language, a task and a row to its problem; raises `BadRow`."""


class FormSettings(Settings):
    data: InputPath
    """The folder of the rows, or the file with all of them."""
    form: InputPath | None = None
    """The form's file, for a benchmark that is none of crosstune's own."""
    allow_partial: bool = False
    """Leave out rows that make no problem, instead of refusing all."""
    cpu_seconds: Annotated[float, pydantic.Field(gt=0)] | None = None
    """CPU seconds for one program or case; default: the benchmark's, or else the language's."""


class OutputSettings(FormSettings):
    """Those of a benchmark of whole programs."""

    compare: Compare = "authors"
    """How outputs are compared: as the benchmark's authors (or its form) do, or also with the error and the
    upper and lower case that the statement allows."""
    checkers: InputPath | None = None
    """A folder of checkers (docs/judging.md) for problems with several right outputs: programs named by the
    problem's id, such as ``1025_B.py``."""


def form_benchmark(
    form: Form,
    file: Path | None = None,
    *,
    row_problem: RowProblem | None = None,
    tasks: tuple[str, ...] = ("synthesize",),
    candidate: Callable[[Problem, str], str] | None = None,
) -> Benchmark:
    """The benchmark of ``form``, which was read from ``file`` (None: it is one of crosstune's own).

    ``row_problem`` makes the problems instead of the form's texts, ``candidate``: see `Benchmark`.
    """

    def own(language: str, task: str, row: Row) -> Problem:  # noqa: ARG001 (there is one task)
        return problem(form, language, row)

    table = _Table(form, row_problem or own, tasks)
    folder = form.data or (_files.in_the_hubs_cache(form.hub) if form.hub else None)
    given = {"data": folder, "form": file, "compare": form.compare, "checkers": form.checkers}
    outputs = form.cases is not None and form.cases.runs
    return Benchmark(
        name=form.name,
        title=form.title or form.name,
        version=form.version + (1000 * _READING if file else 0),
        languages=tuple(form.languages),
        tasks=tasks,
        settings=OutputSettings if outputs else FormSettings,
        problems=table.compared if outputs else table.problems,
        program=program,
        requirements=table.requirements,
        libraries=libraries,
        hub=form.hub,
        defaults={name: str(path) for name, path in given.items() if path},
        left_out=table.left_out,
        candidate=candidate,
    )


class _Table:
    """The rows of a form's files."""

    def __init__(self, form: Form, row_problem: RowProblem, tasks: tuple[str, ...]) -> None:
        self._form, self._row_problem, self._tasks = form, row_problem, tasks

    def problems(self, settings: FormSettings, language: str, task: str) -> Sequence[Problem]:
        """The problems of one language and task, in the order of the rows.

        Raises:
            DataError: the file is missing, or rows make no problem and `FormSettings.allow_partial` is not
                set; the message names file, line and reason.
        """
        check_has(self._form.name, "language", language, self._form.languages)
        check_has(self._form.name, "task", task, self._tasks)
        problems, bad = self._read(settings, language, task)
        if bad and not settings.allow_partial:
            raise DataError(f"{_files.summary(bad)}\n{_files.LEAVING_OUT}")
        return problems

    def compared(self, settings: OutputSettings, language: str, task: str) -> Sequence[Problem]:
        """The same, with the outputs compared as ``settings`` say.

        Raises:
            DataError: as `problems`, or a checker is of no use.
        """
        found = with_checkers(self.problems(settings, language, task), settings.checkers)
        return [as_stated(each) for each in found] if settings.compare == "statement" else found

    def left_out(self, settings: FormSettings, language: str) -> Sequence[str]:
        """Each row that makes no problem: file, line and reason."""
        return [bad for task in self._tasks for bad in self._read(settings, language, task)[1]]

    def requirements(self, settings: FormSettings, language: str) -> Sequence[Requirement]:
        """The language's file of rows."""
        what = f"{self._form.title or self._form.name}'s rows"
        try:
            return [Requirement(f"{what}: {self._file(settings, language)}", True)]
        except DataError as error:
            where = f"the dataset {self._form.hub}" if self._form.hub else "see the form"
            return [Requirement(what, False, f"{error}. Get them: {where}")]

    def _file(self, settings: FormSettings, language: str) -> Path:
        part = self._form.languages[language]
        patterns = part.file or self._form.file
        patterns = (patterns,) if isinstance(patterns, str) else patterns
        return _files.find(settings.data, patterns, language, part.name)

    def _read(self, settings: FormSettings, language: str, task: str) -> tuple[list[Problem], list[str]]:
        """The problems, and the rows that make none."""
        file = self._file(settings, language)
        problems: dict[str, Problem] = {}
        bad: list[str] = []
        rows = 0
        for number, row in _files.read(file, _files.stamp_of(file)):
            try:
                if isinstance(row, _files.Damaged):
                    raise BadRow(row.reason)
                numbered = {"row_number": number, **row}
                if self._is_of(language, numbered):
                    rows += 1
                    found = self._row_problem(language, task, numbered)
                    if found.id in problems:
                        raise BadRow(f"an earlier row has the id {found.id!r} too")
                    problems[found.id] = _limited(found, settings)
            except BadRow as error:
                bad.append(f"{file}:{number}: {error}")
        if not rows and not bad:
            chosen = " and ".join(
                f"{key} {' or '.join(map(repr, texts))}" for key, texts in self._where(language).items()
            )
            raise DataError(f"{file}: no rows{f' with {chosen}' if chosen else ''}")
        return list(problems.values()), bad

    def _is_of(self, language: str, row: Row) -> bool:
        wanted = self._where(language)
        return all(any(_has(value(key, row), text) for text in texts) for key, texts in wanted.items())

    def _where(self, language: str) -> dict[str, tuple[str, ...]]:
        """The values that the rows of a language have."""
        name = {"language": self._form.languages[language].name or language}
        given = self._form.where.items()
        texts = {key: (each,) if isinstance(each, str) else each for key, each in given}
        return {key: tuple(filled(each, name) for each in several) for key, several in texts.items()}


def _has(found: Any, wanted: str) -> bool:
    """Whether a value is the wanted one, or in a range such as ``11..510``."""
    span = _RANGE.fullmatch(wanted)
    if span is None:
        return str(found) == wanted
    return str(found).isdecimal() and int(span[1]) <= int(found) <= int(span[2])


def _limited(found: Problem, settings: FormSettings) -> Problem:
    judging = LANGUAGES.load(found.language).judging
    if settings.cpu_seconds is None or judging is None:
        return found
    limits = replace(found.limits or judging.limits, cpu_seconds=settings.cpu_seconds)
    return replace(found, limits=limits)


def packaged_form(module: str) -> Form:
    """Crosstune's own form for the module of this name: the file with the end ``.yaml``, and the known
    defects in ``_NAME_defects.yaml``. Its languages are those of them that are judged, and those that say
    how they appear in this benchmark (`Language.benchmarks`)."""
    folder = Path(__file__).parent.parent
    name = module.rpartition(".")[2]
    form = Document(folder / f"{name}.yaml").parse(Form)
    judged = {each: _part(form, each) for each in _languages_of(form)}
    file = folder / f"_{name}_defects.yaml"
    defects = {"defects": known_defects(file, "row"), "wrong_solutions": known_defects(file, "solution")}
    return form.model_copy(update={"languages": judged, **defects})


def packaged(module: str, **parts: Any) -> Benchmark:
    """The benchmark of `packaged_form`; ``parts``: see `form_benchmark`."""
    return form_benchmark(packaged_form(module), **parts)


def _languages_of(form: Form) -> list[str]:
    """Those that the form names come first."""
    judged = {name: each for name, each in LANGUAGES.all().items() if each.judging}
    own = [name for name, each in judged.items() if form.name in each.benchmarks]
    return list(dict.fromkeys((*(name for name in form.languages if name in judged), *own)))


def _part(form: Form, language: str) -> LanguageForm:
    """What is different in a language: what the form says of it, and over that what the language says."""
    given = form.languages.get(language, LanguageForm()).model_dump(exclude_none=True)
    own = LANGUAGES.load(language).benchmarks.get(form.name, {})
    return LanguageForm.model_validate({**given, **({"name": own} if isinstance(own, str) else own)})
