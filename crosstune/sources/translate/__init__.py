"""Tested Python rows, translated to another language by a teacher model and proven by their tests.

The idea is MultiPL-T's (arXiv 2308.09895): the tests are translated mechanically, into calls with the values
that are expected, so they decide about the teacher's translations of the code. A translation is kept if it
passes, and if its tests find errors that are put into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune import hardware
from crosstune.execution import Judge
from crosstune.execution import requirements as judging_requirements
from crosstune.llm import Client, server_requirements
from crosstune.records import Example, Progress, Requirement
from crosstune.sources._quarantine import Quarantine
from crosstune.sources._source import Source
from crosstune.sources.translate._counts import STAGES
from crosstune.sources.translate._rows import read_rows
from crosstune.sources.translate._settings import TranslateSettings, targets
from crosstune.sources.translate._translator import Translator

__all__ = ["SOURCE", "STAGES", "TranslateSettings", "targets"]


def _examples(settings: TranslateSettings, work: Path, progress: Progress) -> Iterator[Example]:
    """Examples in the order of the rows.

    Raises:
        DataError: the rows cannot be read, none has tests, or no test can be translated.
        Incomplete: the budget is spent, or requests failed; a later run sends only the failed ones.
        ServiceError: the server is down or refuses every request, or gave no answer with code.
    """
    quarantine = Quarantine(work)
    rows = read_rows(settings, quarantine)
    folder = settings.server.keep or work
    work.mkdir(parents=True, exist_ok=True)
    with (
        Client(settings.server, settings.model, options=settings.options, folder=folder) as client,
        Judge(settings.workers or hardware.cores(), cache=work / "verdicts.sqlite") as judge,
    ):
        translator = Translator(settings, client, judge)
        try:
            yield from translator.examples(rows, progress)
        finally:
            translator.counts.write(work, used=client.report, quarantined=quarantine.reasons)


def _requirements(settings: TranslateSettings) -> Sequence[Requirement]:
    found = settings.rows.is_file() or settings.rows.is_dir()
    advice = "put the file or the corpus folder there, or correct `rows`"
    judging = [*judging_requirements("python"), *judging_requirements(settings.language)]
    server = server_requirements(settings.server, settings.model)
    return [Requirement(f"the Python rows {settings.rows}", found, advice), *judging, *server]


SOURCE = Source(
    name="translate",
    version=1,
    settings=TranslateSettings,
    examples=_examples,
    requirements=_requirements,
)
