"""Findings over several cells: who gives, mixed against mono, abilities, averages, pass@k."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crosstune.analysis import Model, Relation, Run, TaskKey, analyse
from crosstune.records import EvaluatedSample, Status
from crosstune.scoring import crossed_difference, crossed_rate, holm, pass_at_k
from tests.analysis import synthetic

RUN = synthetic.run()
FOUND = analyse(RUN)
PYTHON, JAVASCRIPT = "python", "javascript"
TASKS = ("synthesize", "fix")


def _verdicts(model: str, language: str, task: str) -> np.ndarray:
    """Seeds x problems, out of the rows themselves."""
    rows = [row for row in RUN.judged if (row.model, row.language, row.task) == (model, language, task)]
    rows.sort(key=lambda row: (row.seed, row.problem))
    return np.array([row.status is Status.PASSED for row in rows], dtype=float).reshape(3, 60)


def _flow(giver: str, taker: str) -> np.ndarray:
    """The gains of the giver's model on the taker's cells, a problem's mean over its tasks."""
    parts = [_verdicts(giver, taker, task) - _verdicts("base", taker, task) for task in TASKS]
    return np.asarray(np.mean(parts, axis=0))


def test_what_a_language_gives_is_the_mean_gain_of_its_models_elsewhere() -> None:
    found = {one.language: one for one in FOUND.exchanges}
    assert list(found) == [PYTHON, JAVASCRIPT]
    given = crossed_difference(_flow(PYTHON, JAVASCRIPT))
    gives = found[PYTHON].gives
    assert gives
    assert (gives.value, gives.p) == pytest.approx((100 * given.value, given.p))
    assert (gives.low, gives.high) == pytest.approx((100 * given.low, 100 * given.high))
    assert (gives.problems, gives.seeds) == (60, 3)
    takes = found[JAVASCRIPT].takes
    assert takes
    assert takes.value == gives.value


def test_the_net_is_paired() -> None:
    expected = crossed_difference(_flow(PYTHON, JAVASCRIPT) - _flow(JAVASCRIPT, PYTHON), bound=2)
    net = FOUND.exchanges[0].net
    assert net
    assert (net.value, net.low, net.high) == pytest.approx(
        (100 * expected.value, 100 * expected.low, 100 * expected.high)
    )
    (balance,) = FOUND.balances
    assert (balance.first, balance.second) == (PYTHON, JAVASCRIPT)
    assert balance.difference.value == pytest.approx(balance.there.value - balance.back.value)
    assert balance.difference.value == pytest.approx(net.value)


def test_who_gives_nothing_is_not_there() -> None:
    found = analyse(replace(RUN, judged=[row for row in RUN.judged if row.model != "javascript"]))
    assert [one.language for one in found.exchanges] == [PYTHON, JAVASCRIPT]
    assert found.exchanges[0].takes is None
    assert found.exchanges[1].gives is None
    assert all(one.net is None for one in found.exchanges)
    assert found.balances == ()
    mixed = analyse(replace(RUN, judged=[row for row in RUN.judged if row.model in ("base", "mixed")]))
    assert (mixed.exchanges, mixed.balances, mixed.mixed) == ((), (), ())


def test_a_mixed_model_meets_the_mono_ones_on_their_own_cells() -> None:
    found = {(one.gain.model, one.gain.against, one.gain.task_key.language) for one in FOUND.mixed}
    assert found == {(m, one, one) for m in ("mixed", "ability") for one in (PYTHON, JAVASCRIPT)}
    first = FOUND.mixed[0]
    model, other, task_key = first.gain.model, first.gain.against, first.gain.task_key
    pairs = _verdicts(model, task_key.language, task_key.task) - _verdicts(
        other, task_key.language, task_key.task
    )
    assert first.gain.value == pytest.approx(100 * pairs.mean())
    assert [one.gain.p_holm for one in FOUND.mixed] == holm([one.gain.p for one in FOUND.mixed])


def test_equal_size_is_of_the_corpora() -> None:
    assert all(one.equal_size for one in FOUND.mixed)
    smaller = tuple(
        replace(corpus, composition=corpus.composition[:1]) if corpus.name == "mixed" else corpus
        for corpus in RUN.corpora
    )
    found = {one.gain.model: one.equal_size for one in analyse(replace(RUN, corpora=smaller)).mixed}
    assert found == {"mixed": False, "ability": True}
    assert not any(one.equal_size for one in analyse(replace(RUN, corpora=())).mixed)


def test_another_base_is_no_fair_match() -> None:
    models = tuple(replace(m, base="other") if m.name == "mixed" else m for m in RUN.models)
    assert {one.gain.model for one in analyse(replace(RUN, models=models)).mixed} == {"ability"}


def test_relations_of_cells() -> None:
    def of(model: str) -> list[Relation | None]:
        return [FOUND.relation(model, task_key) for task_key in FOUND.task_keys]

    trained, composed = Relation.TRAINED, Relation.COMPOSED
    assert of("python") == [trained, Relation.LANGUAGE, Relation.TASK, Relation.NEITHER]
    assert of("ability") == [trained, trained, trained, composed]
    assert of("base") == of("control") == [None] * 4


def test_an_ability_is_the_mean_gain_of_such_cells() -> None:
    gain = FOUND.gains["ability", TaskKey("exercises", JAVASCRIPT, "fix")]
    assert FOUND.abilities["ability", Relation.COMPOSED].value == pytest.approx(gain.value)
    parts = [
        _verdicts("mixed", name, "fix") - _verdicts("base", name, "fix") for name in (PYTHON, JAVASCRIPT)
    ]
    expected = crossed_difference(np.mean(parts, axis=0))
    found = FOUND.abilities["mixed", Relation.LANGUAGE]
    assert (found.value, found.low, found.high) == pytest.approx(
        (100 * expected.value, 100 * expected.low, 100 * expected.high)
    )
    assert not any(model in ("base", "control") for model, _ in FOUND.abilities)


def test_averages_are_over_languages_with_problems_as_units() -> None:
    found = FOUND.averages["mixed", "exercises", "fix"]
    tables = [_verdicts("mixed", name, "fix") for name in (PYTHON, JAVASCRIPT)]
    expected = crossed_rate(np.mean(tables, axis=0))
    assert (found.value, found.low, found.high) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )
    assert found.languages == 2
    assert len(FOUND.averages) == 6 * 2


def test_languages_with_fewer_problems_count_the_same() -> None:
    dropped = [f"scale-{number:02}" for number in range(0, 60, 3)]
    judged = [row for row in RUN.judged if row.language == PYTHON or row.problem not in dropped]
    found = analyse(replace(RUN, judged=judged))
    rates = [found.rates["mixed", TaskKey("exercises", name, "fix")].value for name in (PYTHON, JAVASCRIPT)]
    assert found.averages["mixed", "exercises", "fix"].value == pytest.approx(sum(rates) / 2)
    gives = found.exchanges[0].gives
    assert gives
    own = [found.gains["python", TaskKey("exercises", JAVASCRIPT, task)].value for task in TASKS]
    assert gives.value == pytest.approx(sum(own) / 2)


def test_who_lacks_a_language_has_no_average() -> None:
    judged = [row for row in RUN.judged if (row.model, row.language) != ("mixed", PYTHON)]
    found = analyse(replace(RUN, judged=judged))
    assert ("mixed", "exercises", "fix") not in found.averages
    assert ("python", "exercises", "fix") in found.averages


def _sampled(passes: dict[str, int], samples: int) -> list[EvaluatedSample]:
    return [
        replace(RUN.judged[0], problem=problem, sample=number, status=status)
        for problem, passed in passes.items()
        for number in range(samples)
        for status in [Status.PASSED if number < passed else Status.WRONG_ANSWER]
    ]


def test_pass_at_k_is_unbiased_and_over_problems() -> None:
    passes = {"p": 0, "q": 3, "r": 10}
    run = Run(
        name="small", title="", baseline="base", models=(Model(name="base"),), judged=_sampled(passes, 10)
    )
    (found,) = analyse(run).at_k.values()
    assert [one.k for one in found] == [1, 2, 5, 10]
    for one in found:
        assert one.value == pytest.approx(np.mean([pass_at_k(10, n, one.k) for n in passes.values()]))
        assert one.low <= one.value <= one.high
    assert FOUND.at_k == {}


def test_problem_tables_say_who_solves_what() -> None:
    task_key = TaskKey("exercises", JAVASCRIPT, "fix")
    table = FOUND.problems[task_key]
    shares = {model: _verdicts(model, JAVASCRIPT, "fix").mean(0) for model in FOUND.models}
    assert table.models == FOUND.models
    for model, row in zip(table.models, table.rates, strict=True):
        assert row == pytest.approx(shares[model])
    solved = {
        problem
        for problem, one, other in zip(table.problems, shares["ability"], shares["base"], strict=True)
        if one >= 0.5 > other
    }
    assert set(table.only("ability", "base")) == solved
    assert solved
    assert set(table.nobody) == {
        problem
        for at, problem in enumerate(table.problems)
        if not any(share[at] for share in shares.values())
    }
    assert table.everybody == ()
    own = FOUND.problems[TaskKey("exercises", PYTHON, "synthesize")]
    assert own.only("python", "python") == ()


def test_rates_without_flagged_problems() -> None:
    flags = (
        ("exercises", PYTHON, "scale-00"),
        ("exercises", PYTHON, "scale-01"),
        ("other", PYTHON, "scale-02"),
    )
    corpora = tuple(
        replace(corpus, flagged=flags if corpus.name == "python" else ()) for corpus in RUN.corpora
    )
    found = analyse(replace(RUN, corpora=corpora)).flagged
    one = found["python", TaskKey("exercises", PYTHON, "fix")]
    assert one.flagged == 2
    assert one.without
    assert one.without.value == pytest.approx(_verdicts("python", PYTHON, "fix")[:, 2:].mean())
    assert one.without.problems == 58
    assert found["python", TaskKey("exercises", JAVASCRIPT, "fix")].flagged == 0
    assert found["javascript", TaskKey("exercises", PYTHON, "fix")].flagged == 0


def test_a_corpus_that_was_not_measured_says_nothing() -> None:
    assert FOUND.flagged == {}
    corpora = tuple(
        replace(corpus, flagged=() if corpus.name == "python" else None) for corpus in RUN.corpora
    )
    assert analyse(replace(RUN, corpora=corpora)).flagged == {}, "the base's corpus is not known"


def test_all_flagged_leaves_no_rate() -> None:
    flags = tuple(("exercises", PYTHON, f"scale-{number:02}") for number in range(60))
    corpora = tuple(replace(corpus, flagged=flags) for corpus in RUN.corpora)
    found = analyse(replace(RUN, corpora=corpora)).flagged["python", TaskKey("exercises", PYTHON, "fix")]
    assert (found.flagged, found.without) == (60, None)
