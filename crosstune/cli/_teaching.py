"""What `crosstune evolve` and `crosstune corpus translate` share: a corpus made by a teacher."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosstune.corpus import TransformResult
    from crosstune.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Teaching:
    """``source`` makes the corpus ``out``, which ``replace`` lets replace another. ``keep`` is the folder of
    the teacher's answers; None: beside the corpus."""

    source: str
    language: str
    language_option: str
    out: Path
    keep: Path | None
    data: Sequence[str] | None
    replace: bool

    @contextlib.contextmanager
    def here(self) -> Iterator[Teaching]:
        """This, with a place on this machine for a corpus that belongs into a store. The teacher's answers
        beside it go there, too.

        Raises:
            UsageError: ``keep`` is remote.
        """
        from crosstune.storage import check_here, writing

        check_here(self.keep)
        work = [] if self.keep else [self.kept.name]
        with writing(self.out, work=work, last="funnel.json") as folder:
            yield dataclasses.replace(self, out=folder)

    @property
    def kept(self) -> Path:
        return self.keep or self.out.with_name(f"{self.out.name}.answers")

    def server(self, url: str, key_variable: str, budget: float | None, prices: str | None) -> dict[str, Any]:
        """
        Raises:
            UsageError: the prices are not two numbers.
        """
        server: dict[str, Any] = {"url": url, "key_variable": key_variable}
        server["keep"] = str(self.kept.absolute())
        server |= {"budget": budget} if budget is not None else {}
        return server | ({"prices": _prices(prices)} if prices else {})

    def settings(
        self, kind: type[Settings], own: dict[str, Any], changes: Sequence[str] | None, example: str
    ) -> Any:
        """The source's settings: the options, with what ``--set`` changes.

        Raises:
            UsageError: an option has a wrong value.
        """
        from crosstune.cli._changes import merged, nested, validated

        options = {"language": self.language_option, "server": "--budget", "server.url": "--teacher"}
        return validated(kind, merged(own, nested(changes or [], example=example)), options)

    def make(self, settings: Any, title: str, unit: str, kept: str) -> TransformResult:
        """Make the corpus, with a bar of ``title`` that counts ``unit``; a stopped run says that ``kept`` are
        in their folder."""
        from crosstune import corpus, stopping
        from crosstune.cli._asking import check
        from crosstune.cli._corpus_filter import benchmark_settings
        from crosstune.cli._measured import Measured
        from crosstune.files import check_target
        from crosstune.sources import SOURCES

        source = SOURCES.load(self.source)
        check(list(source.requirements(settings)))
        check_target(self.out.with_name(f".{self.out.name}.probe"))
        known = corpus.known_problems(benchmark_settings(self.data or []))
        where = f"{kept} are in {self.kept}; the same command continues, and asks nothing twice"
        with stopping.keeps(where), Measured(title, unit) as progress:
            return corpus.make(
                source,
                settings,
                self.out,
                work=self.kept / self.language,
                problems=known.problems,
                lacking=known.missing,
                seed=settings.seed,
                replace=self.replace,
                plot=True,
                progress=progress,
            )


def _prices(text: str) -> dict[str, float]:
    from crosstune.errors import UsageError

    try:
        price_in, price_out = (float(each) for each in text.split(","))
    except ValueError:
        raise UsageError(f"--prices {text}: expected two numbers, as in 0.5,1.5") from None
    return {"input": price_in, "output": price_out}
