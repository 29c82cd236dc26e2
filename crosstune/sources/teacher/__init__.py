"""Instruction data for one language, made by a teacher model from Python instructions.

The method is CodeM's (arXiv 2308.16824): the teacher evolves each Python seed once, in depth for languages
that are executed, in breadth for languages that are not (HTML), and then answers the new exercise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crosstune.llm import Client, server_requirements
from crosstune.records import Example, Progress, Requirement
from crosstune.sources._rows import file_requirement
from crosstune.sources._source import Source
from crosstune.sources.teacher._generator import Generator
from crosstune.sources.teacher._seeds import read_seeds
from crosstune.sources.teacher._settings import TeacherSettings

__all__ = ["SOURCE", "TeacherSettings"]


def _examples(settings: TeacherSettings, work: Path, progress: Progress) -> Iterator[Example]:
    """Examples in the order of their draws.

    Raises:
        DataError: the file of seeds cannot be read, or has none.
        Incomplete: the budget is spent, or requests failed; a later run sends only the failed ones.
        ServiceError: the server is down or refuses every request, or no draw gave an example.
    """
    seeds = read_seeds(settings.seeds, python_only=settings.select == "python")
    folder = settings.server.keep or work
    with Client(settings.server, settings.model, options=settings.options, folder=folder) as client:
        generator = Generator(settings, client)
        try:
            yield from generator.examples(seeds, progress)
        finally:
            generator.counts.write(work / "report.json", seeds=len(seeds), used=client.report)


def _requirements(settings: TeacherSettings) -> Sequence[Requirement]:
    seeds = file_requirement(
        "the seed instructions", settings.seeds, "put the file there, or correct `seeds`"
    )
    return [seeds, *server_requirements(settings.server, settings.model)]


SOURCE = Source(
    name="teacher", version=2, settings=TeacherSettings, examples=_examples, requirements=_requirements
)
