"""Which rows can be translated: their tests are, and their own Python code passes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crosstune.errors import UsageError
from crosstune.languages import LANGUAGES
from crosstune.records import Verdict
from crosstune.sources.translate import _counts as stages
from crosstune.sources.translate._comparisons import Untranslatable
from crosstune.sources.translate._counts import Counts
from crosstune.sources.translate._proof import RunsPrograms, last_line
from crosstune.sources.translate._rows import PythonRow
from crosstune.sources.translate._settings import TranslateSettings
from crosstune.sources.translate._tasks import Task, task_of


class Preparation:
    """Makes tasks of rows, and drops the other rows with their reasons."""

    def __init__(self, settings: TranslateSettings, judge: RunsPrograms, counts: Counts) -> None:
        self._settings, self._judge, self._counts = settings, judge, counts
        self._language = LANGUAGES.load(settings.language)

    def tasks(self, rows: Iterable[PythonRow]) -> list[Task]:
        """The tasks whose Python code returns what their calls expect, in the order of the rows."""
        tasks = [task for row in rows if (task := self._task(row))]
        running = [(task, [self._judge.submit(each) for each in task.python()]) for task in tasks]
        return [
            task for task, futures in running if self._is_sound(task, [each.result() for each in futures])
        ]

    def _task(self, row: PythonRow) -> Task | None:
        self._counts.reached(stages.ROWS)
        if row.language not in ("", "python"):
            self._counts.drop(row.id, "not in Python", row.language)
            return None
        if not row.tests.strip():
            self._counts.drop(row.id, "no tests")
            return None
        self._counts.reached(stages.TESTED)
        try:
            task = self._translatable(row)
        except Untranslatable as error:
            self._counts.drop(row.id, f"tests not translated: {error}", error.detail)
            return None
        self._counts.untranslated.update(task.function.untranslated)
        self._counts.reached(stages.TRANSLATED)
        return task

    def _translatable(self, row: PythonRow) -> Task:
        """
        Raises:
            Untranslatable: its tests, or too many of them, are not translated, or its exercise is not.
        """
        task = task_of(row, self._language)
        if len(task.cases) < self._settings.least_tests:
            raise Untranslatable("too few of them are")
        try:
            self._judge.digest(task.program(task.shown))  # which checks the calls
        except UsageError as error:
            raise Untranslatable("values that its declaration does not hold", str(error)) from None
        return task

    def _is_sound(self, task: Task, verdicts: Sequence[Verdict]) -> bool:
        as_written, *with_integers = verdicts
        if not as_written.passed:
            reason = f"its Python code fails its tests: {as_written.status}"
            self._counts.drop(task.row.id, reason, last_line(as_written))
            return False
        if not all(each.passed for each in with_integers):
            why = "the result depends on whether a number is an integer"
            self._counts.drop(task.row.id, f"tests not translated: {why}")
            return False
        self._counts.reached(stages.SOUND)
        return True
