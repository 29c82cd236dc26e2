"""Who gives and who takes: what models of one language did for the others."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crosstune.analysis._contrast import Contrast, corrected
from crosstune.analysis._rate_tables import RateTable, RateTables, contrast, mean
from crosstune.analysis._run import Run, TaskKey


@dataclass(frozen=True, slots=True)
class LanguageTransfer:
    """Over the models that were tuned on one language alone.

    ``gives``: the mean gain of this language's models on the cells of the others that have such models
    or are judged; ``takes``: the mean gain of the others' models on this language's cells; ``net``:
    gives minus takes. None where no model or no cell is of that kind.
    """

    language: str
    gives: Contrast | None
    takes: Contrast | None
    net: Contrast | None


@dataclass(frozen=True, slots=True)
class PairTransfer:
    """``there``: the mean gain of models of the ``first`` language on the cells of the ``second``;
    ``back``: the other way round; ``difference``: there minus back."""

    first: str
    second: str
    there: Contrast
    back: Contrast
    difference: Contrast


class TransferTables:
    """The gains between languages: ``tables[giver, taker]``, one for each model and cell."""

    def __init__(
        self, rate_tables: RateTables, run: Run, models: Iterable[str], task_keys: Sequence[TaskKey]
    ) -> None:
        self.tables: dict[tuple[str, str], list[RateTable]] = {}
        for model in models:
            if (giver := own_language(run, model)) is None:
                continue
            for task_key in task_keys:
                found = (
                    rate_tables.gaps(model, run.baseline, task_key) if task_key.language != giver else None
                )
                if found:
                    self.tables.setdefault((giver, task_key.language), []).append(found)

    def given(self, language: str) -> list[RateTable]:
        return [table for (giver, _), found in self.tables.items() if giver == language for table in found]

    def taken(self, language: str) -> list[RateTable]:
        return [table for (_, taker), found in self.tables.items() if taker == language for table in found]


def own_language(run: Run, model: str) -> str | None:
    """The one programming language that the model's instructions were of; None for none or several."""
    languages = {language for language, _ in run.model(model).trained if language}
    return languages.pop() if len(languages) == 1 else None


def exchanges(flows: TransferTables) -> tuple[LanguageTransfer, ...]:
    """Per language that gives or takes; empty where none gives."""
    languages = dict.fromkeys(itertools.chain.from_iterable(flows.tables))
    found = {language: (flows.given(language), flows.taken(language)) for language in languages}
    gives = _corrected({name: contrast(mean(given)) for name, (given, _) in found.items() if given})
    takes = _corrected({name: contrast(mean(taken)) for name, (_, taken) in found.items() if taken})
    both = {name: tables for name, tables in found.items() if all(tables)}
    net = _corrected(
        {name: contrast([*mean(given), *mean(taken, weight=-1)]) for name, (given, taken) in both.items()}
    )
    return tuple(
        LanguageTransfer(name, gives.get(name), takes.get(name), net.get(name)) for name in languages
    )


def balances(flows: TransferTables) -> tuple[PairTransfer, ...]:
    """Per pair of languages that both give and take; Holm over the differences."""
    found = []
    for first, second in itertools.combinations(dict.fromkeys(giver for giver, _ in flows.tables), 2):
        there, back = flows.tables.get((first, second)), flows.tables.get((second, first))
        if not there or not back:
            continue
        parts = (contrast(mean(there)), contrast(mean(back)), contrast([*mean(there), *mean(back, -1)]))
        ways = [part for part in parts if part]
        if len(ways) == len(parts):
            found.append(PairTransfer(first, second, *ways))
    adjusted = corrected(balance.difference for balance in found)
    return tuple(replace(one, difference=new) for one, new in zip(found, adjusted, strict=True))


def _corrected(found: Mapping[str, Contrast | None]) -> dict[str, Contrast]:
    known = {name: one for name, one in found.items() if one}
    return dict(zip(known, corrected(known.values()), strict=True))
