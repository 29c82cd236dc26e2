"""Transfer between languages: which give more than they take."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crosstune.analysis._contrast import Contrast, corrected
from crosstune.analysis._rate_tables import RateTable, RateTables, contrast, mean
from crosstune.analysis._run import Run, TaskKey


@dataclass(frozen=True, slots=True)
class LanguageTransfer:
    """Transfer from and to one language, for the models that were tuned on a single language.

    ``gives``: the mean gain of this language's models on the other languages' tasks; ``takes``: the mean gain
    of the other languages' models on this language's tasks; ``net``: gives minus takes. None without such
    models or tasks.
    """

    language: str
    gives: Contrast | None
    takes: Contrast | None
    net: Contrast | None


@dataclass(frozen=True, slots=True)
class PairTransfer:
    """``there``: the mean gain of models of the ``first`` language on tasks of the ``second``; ``back``: the
    reverse; ``difference``: there minus back."""

    first: str
    second: str
    there: Contrast
    back: Contrast
    difference: Contrast


class TransferTables:
    """The gains between languages: ``tables[giver, taker]``, one for each model and task."""

    def __init__(
        self, rate_tables: RateTables, run: Run, models: Iterable[str], task_keys: Sequence[TaskKey]
    ) -> None:
        self.tables: dict[tuple[str, str], list[RateTable]] = {}
        for model in models:
            if (giver := own_language(run, model)) is None:
                continue
            for task_key in task_keys:
                if task_key.language == giver:
                    continue
                if gaps := rate_tables.gaps(model, run.baseline, task_key):
                    self.tables.setdefault((giver, task_key.language), []).append(gaps)

    def given(self, language: str) -> list[RateTable]:
        return [one for (giver, _), several in self.tables.items() if giver == language for one in several]

    def taken(self, language: str) -> list[RateTable]:
        return [one for (_, taker), several in self.tables.items() if taker == language for one in several]


def own_language(run: Run, model: str) -> str | None:
    """The only programming language of the model's instructions; None if there are none or several."""
    languages = {language for language, _ in run.model(model).trained if language}
    return languages.pop() if len(languages) == 1 else None


def exchanges(flows: TransferTables) -> tuple[LanguageTransfer, ...]:
    """The transfer of each language that gives or takes; empty if none gives."""
    languages = dict.fromkeys(itertools.chain.from_iterable(flows.tables))
    sides = {language: (flows.given(language), flows.taken(language)) for language in languages}
    gives = _corrected({name: contrast(mean(given)) for name, (given, _) in sides.items() if given})
    takes = _corrected({name: contrast(mean(taken)) for name, (_, taken) in sides.items() if taken})
    both = {name: tables for name, tables in sides.items() if all(tables)}
    net = _corrected(
        {name: contrast([*mean(given), *mean(taken, weight=-1)]) for name, (given, taken) in both.items()}
    )
    return tuple(
        LanguageTransfer(name, gives.get(name), takes.get(name), net.get(name)) for name in languages
    )


def balances(flows: TransferTables) -> tuple[PairTransfer, ...]:
    """The transfer of each pair of languages that both give and take, with Holm over the differences."""
    pairs = []
    for first, second in itertools.combinations(dict.fromkeys(giver for giver, _ in flows.tables), 2):
        there, back = flows.tables.get((first, second)), flows.tables.get((second, first))
        if not there or not back:
            continue
        parts = (contrast(mean(there)), contrast(mean(back)), contrast([*mean(there), *mean(back, -1)]))
        ways = [part for part in parts if part]
        if len(ways) == len(parts):
            pairs.append(PairTransfer(first, second, *ways))
    adjusted = corrected(balance.difference for balance in pairs)
    return tuple(replace(one, difference=new) for one, new in zip(pairs, adjusted, strict=True))


def _corrected(means: Mapping[str, Contrast | None]) -> dict[str, Contrast]:
    known = {name: one for name, one in means.items() if one}
    return dict(zip(known, corrected(known.values()), strict=True))
