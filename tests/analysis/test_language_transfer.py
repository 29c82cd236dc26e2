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
FINDINGS = analyse(RUN)
PYTHON, JAVASCRIPT = "python", "javascript"
TASKS = ("synthesize", "fix")


def _verdicts(model: str, language: str, task: str) -> np.ndarray:
    """The passed samples as a table of seeds x problems, from the rows."""
    rows = [row for row in RUN.judged if (row.model, row.language, row.task) == (model, language, task)]
    rows.sort(key=lambda row: (row.seed, row.problem))
    return np.array([row.status is Status.PASSED for row in rows], dtype=float).reshape(3, 60)


def _flow(giver: str, taker: str) -> np.ndarray:
    """The gains of the giver's model on the taker's cells, a problem's mean over its tasks."""
    parts = [_verdicts(giver, taker, task) - _verdicts("base", taker, task) for task in TASKS]
    return np.asarray(np.mean(parts, axis=0))


def test_what_a_language_gives_is_the_mean_gain_of_its_models_elsewhere() -> None:
    result = {one.language: one for one in FINDINGS.exchanges}
    assert list(result) == [PYTHON, JAVASCRIPT]
    given = crossed_difference(_flow(PYTHON, JAVASCRIPT))
    gives = result[PYTHON].gives
    assert gives
    assert (gives.value, gives.p) == pytest.approx((100 * given.value, given.p))
    assert (gives.low, gives.high) == pytest.approx((100 * given.low, 100 * given.high))
    assert (gives.problems, gives.seeds) == (60, 3)
    takes = result[JAVASCRIPT].takes
    assert takes
    assert takes.value == gives.value


def test_the_net_is_paired() -> None:
    expected = crossed_difference(_flow(PYTHON, JAVASCRIPT) - _flow(JAVASCRIPT, PYTHON), bound=2)
    net = FINDINGS.exchanges[0].net
    assert net
    assert (net.value, net.low, net.high) == pytest.approx(
        (100 * expected.value, 100 * expected.low, 100 * expected.high)
    )
    (balance,) = FINDINGS.balances
    assert (balance.first, balance.second) == (PYTHON, JAVASCRIPT)
    assert balance.difference.value == pytest.approx(balance.there.value - balance.back.value)
    assert balance.difference.value == pytest.approx(net.value)


def test_a_language_without_models_gives_nothing() -> None:
    result = analyse(replace(RUN, judged=[row for row in RUN.judged if row.model != "javascript"]))
    assert [one.language for one in result.exchanges] == [PYTHON, JAVASCRIPT]
    assert result.exchanges[0].takes is None
    assert result.exchanges[1].gives is None
    assert all(one.net is None for one in result.exchanges)
    assert result.balances == ()
    mixed = analyse(replace(RUN, judged=[row for row in RUN.judged if row.model in ("base", "mixed")]))
    assert (mixed.exchanges, mixed.balances, mixed.mixed) == ((), (), ())


def test_a_mixed_model_is_compared_with_mono_ones_on_their_tasks() -> None:
    result = {(one.gain.model, one.gain.against, one.gain.task_key.language) for one in FINDINGS.mixed}
    assert result == {(m, one, one) for m in ("mixed", "ability") for one in (PYTHON, JAVASCRIPT)}
    first = FINDINGS.mixed[0]
    model, other, task_key = first.gain.model, first.gain.against, first.gain.task_key
    pairs = _verdicts(model, task_key.language, task_key.task) - _verdicts(
        other, task_key.language, task_key.task
    )
    assert first.gain.value == pytest.approx(100 * pairs.mean())
    assert [one.gain.p_holm for one in FINDINGS.mixed] == holm([one.gain.p for one in FINDINGS.mixed])


def test_equal_size_compares_the_corpora() -> None:
    assert all(one.equal_size for one in FINDINGS.mixed)
    smaller = tuple(
        replace(corpus, composition=corpus.composition[:1]) if corpus.name == "mixed" else corpus
        for corpus in RUN.corpora
    )
    result = {one.gain.model: one.equal_size for one in analyse(replace(RUN, corpora=smaller)).mixed}
    assert result == {"mixed": False, "ability": True}
    assert not any(one.equal_size for one in analyse(replace(RUN, corpora=())).mixed)


def test_models_of_another_base_are_not_compared() -> None:
    models = tuple(replace(m, base="other") if m.name == "mixed" else m for m in RUN.models)
    assert {one.gain.model for one in analyse(replace(RUN, models=models)).mixed} == {"ability"}


def test_relations_follow_from_what_was_taught() -> None:
    def of(model: str) -> list[Relation | None]:
        return [FINDINGS.relation(model, task_key) for task_key in FINDINGS.task_keys]

    trained, composed = Relation.TRAINED, Relation.COMPOSED
    assert of("python") == [trained, Relation.LANGUAGE, Relation.TASK, Relation.NEITHER]
    assert of("ability") == [trained, trained, trained, composed]
    assert of("base") == of("control") == [None] * 4


def test_an_ability_is_the_mean_gain_of_its_tasks() -> None:
    gain = FINDINGS.gains["ability", TaskKey("exercises", JAVASCRIPT, "fix")]
    assert FINDINGS.abilities["ability", Relation.COMPOSED].value == pytest.approx(gain.value)
    parts = [
        _verdicts("mixed", name, "fix") - _verdicts("base", name, "fix") for name in (PYTHON, JAVASCRIPT)
    ]
    expected = crossed_difference(np.mean(parts, axis=0))
    result = FINDINGS.abilities["mixed", Relation.LANGUAGE]
    assert (result.value, result.low, result.high) == pytest.approx(
        (100 * expected.value, 100 * expected.low, 100 * expected.high)
    )
    assert not any(model in ("base", "control") for model, _ in FINDINGS.abilities)


def test_averages_are_over_languages_with_problems_as_units() -> None:
    result = FINDINGS.averages["mixed", "exercises", "fix"]
    tables = [_verdicts("mixed", name, "fix") for name in (PYTHON, JAVASCRIPT)]
    expected = crossed_rate(np.mean(tables, axis=0))
    assert (result.value, result.low, result.high) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )
    assert result.languages == 2
    assert len(FINDINGS.averages) == 6 * 2


def test_languages_with_fewer_problems_have_the_same_weight() -> None:
    dropped = [f"scale-{number:02}" for number in range(0, 60, 3)]
    judged = [row for row in RUN.judged if row.language == PYTHON or row.problem not in dropped]
    result = analyse(replace(RUN, judged=judged))
    rates = [result.rates["mixed", TaskKey("exercises", name, "fix")].value for name in (PYTHON, JAVASCRIPT)]
    assert result.averages["mixed", "exercises", "fix"].value == pytest.approx(sum(rates) / 2)
    gives = result.exchanges[0].gives
    assert gives
    own = [result.gains["python", TaskKey("exercises", JAVASCRIPT, task)].value for task in TASKS]
    assert gives.value == pytest.approx(sum(own) / 2)


def test_a_model_without_one_language_has_no_average() -> None:
    judged = [row for row in RUN.judged if (row.model, row.language) != ("mixed", PYTHON)]
    result = analyse(replace(RUN, judged=judged))
    assert ("mixed", "exercises", "fix") not in result.averages
    assert ("python", "exercises", "fix") in result.averages


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
    (result,) = analyse(run).at_k.values()
    assert [one.k for one in result] == [1, 2, 5, 10]
    for one in result:
        assert one.value == pytest.approx(np.mean([pass_at_k(10, n, one.k) for n in passes.values()]))
        assert one.low <= one.value <= one.high
    assert FINDINGS.at_k == {}


def test_problem_tables_have_who_solves_what() -> None:
    task_key = TaskKey("exercises", JAVASCRIPT, "fix")
    table = FINDINGS.problems[task_key]
    shares = {model: _verdicts(model, JAVASCRIPT, "fix").mean(0) for model in FINDINGS.models}
    assert table.models == FINDINGS.models
    for model, row in zip(table.models, table.rates, strict=True):
        assert row == pytest.approx(shares[model])
    solved = {
        problem
        for problem, one, other in zip(table.problems, shares["ability"], shares["base"], strict=True)
        if one >= 0.5 > other
    }
    assert set(table.only("ability", "base")) == solved
    assert solved
    assert set(table.never_passed) == {
        problem
        for at, problem in enumerate(table.problems)
        if not any(share[at] for share in shares.values())
    }
    assert table.always_passed == ()
    own = FINDINGS.problems[TaskKey("exercises", PYTHON, "synthesize")]
    assert own.only("python", "python") == ()


def test_rates_are_computed_without_flagged_problems() -> None:
    flags = (
        ("exercises", PYTHON, "scale-00"),
        ("exercises", PYTHON, "scale-01"),
        ("other", PYTHON, "scale-02"),
    )
    corpora = tuple(
        replace(corpus, flagged=flags if corpus.name == "python" else ()) for corpus in RUN.corpora
    )
    result = analyse(replace(RUN, corpora=corpora)).flagged
    one = result["python", TaskKey("exercises", PYTHON, "fix")]
    assert one.flagged == 2
    assert one.without
    assert one.without.value == pytest.approx(_verdicts("python", PYTHON, "fix")[:, 2:].mean())
    assert one.without.problems == 58
    assert result["python", TaskKey("exercises", JAVASCRIPT, "fix")].flagged == 0
    assert result["javascript", TaskKey("exercises", PYTHON, "fix")].flagged == 0


def test_an_unmeasured_corpus_flags_nothing() -> None:
    assert FINDINGS.flagged == {}
    corpora = tuple(
        replace(corpus, flagged=() if corpus.name == "python" else None) for corpus in RUN.corpora
    )
    assert analyse(replace(RUN, corpora=corpora)).flagged == {}, "the base's corpus is not known"


def test_all_flagged_leaves_no_rate() -> None:
    flags = tuple(("exercises", PYTHON, f"scale-{number:02}") for number in range(60))
    corpora = tuple(replace(corpus, flagged=flags) for corpus in RUN.corpora)
    result = analyse(replace(RUN, corpora=corpora)).flagged["python", TaskKey("exercises", PYTHON, "fix")]
    assert (result.flagged, result.without) == (60, None)
