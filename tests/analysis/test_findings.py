from dataclasses import replace

import numpy as np
import pytest

from crosstune.analysis import Model, Run, TaskKey, analyse
from crosstune.errors import Incomplete, UsageError
from crosstune.records import EvaluatedSample, Status
from crosstune.scoring import crossed_difference, holm
from tests.analysis import synthetic

PYTHON = TaskKey("exercises", "python", "synthesize")
JAVASCRIPT = TaskKey("exercises", "javascript", "synthesize")
RUN = synthetic.run()
FINDINGS = analyse(RUN)


def _verdicts(model: str, task_key: TaskKey) -> np.ndarray:
    """The passed samples as a table of seeds x problems, from the rows."""
    rows = [
        row
        for row in RUN.judged
        if row.model == model and (row.benchmark, row.language, row.task) == tuple(task_key)
    ]
    rows.sort(key=lambda row: (row.seed, row.problem))
    return np.array([row.status is Status.PASSED for row in rows], dtype=float).reshape(3, 60)


def test_rows_and_columns_are_in_the_order_of_the_run() -> None:
    assert FINDINGS.models == ("base", "python", "javascript", "mixed", "control", "ability")
    assert [task_key[1:] for task_key in FINDINGS.task_keys] == list(synthetic.CELLS)


def test_a_rate_is_the_mean_over_seeds_and_problems() -> None:
    rate = FINDINGS.rates["python", JAVASCRIPT]
    assert rate.value == pytest.approx(_verdicts("python", JAVASCRIPT).mean())
    assert (rate.problems, rate.seeds) == (60, 3)
    assert rate.low < rate.value < rate.high


def test_a_gain_is_paired_by_problem_and_seed() -> None:
    expected = crossed_difference(_verdicts("python", JAVASCRIPT) - _verdicts("base", JAVASCRIPT))
    gain = FINDINGS.gains["python", JAVASCRIPT]
    assert gain.value == pytest.approx(100 * expected.value)
    assert (gain.low, gain.high) == pytest.approx((100 * expected.low, 100 * expected.high))
    assert gain.p == expected.p
    assert gain.against == "base"


def test_holm_is_over_the_whole_table() -> None:
    assert len(FINDINGS.gains) == 5 * 4
    expected = holm([gain.p for gain in FINDINGS.gains.values()])
    assert [gain.p_holm for gain in FINDINGS.gains.values()] == expected


def test_effects_in_the_data_are_detected() -> None:
    assert FINDINGS.gains["javascript", PYTHON].stars == "**"
    assert FINDINGS.gains["python", JAVASCRIPT].stars == "*"  # one seed of three is far off
    assert FINDINGS.against_control["python", JAVASCRIPT].beyond
    assert not FINDINGS.gains["control", TaskKey("exercises", "python", "fix")].beyond
    assert FINDINGS.trained("python", PYTHON)
    assert not FINDINGS.trained("python", JAVASCRIPT)


def test_the_control_is_compared_with_everything_but_the_baseline_and_itself() -> None:
    assert {model for model, _ in FINDINGS.against_control} == {"python", "javascript", "mixed", "ability"}
    gain = FINDINGS.against_control["mixed", PYTHON]
    expected = _verdicts("mixed", PYTHON) - _verdicts("control", PYTHON)
    assert gain.value == pytest.approx(100 * expected.mean())


def test_without_a_control_there_is_no_such_comparison() -> None:
    assert analyse(replace(RUN, control="")).against_control == {}


def test_failures_count_every_verdict() -> None:
    counts = FINDINGS.failures["base", PYTHON]
    assert sum(counts.values()) == 180
    assert counts[Status.PASSED] == _verdicts("base", PYTHON).sum()


def _row(model: str, seed: int, problem: str, *, passed: bool) -> EvaluatedSample:
    status = Status.PASSED if passed else Status.WRONG_ANSWER
    return replace(RUN.judged[0], model=model, seed=seed, problem=problem, status=status)


def _small(judged: list[EvaluatedSample], *, given: bool) -> Run:
    base = Model(name="base", corpus="" if given else "raw")
    return Run(name="small", title="", baseline="base", models=(base, Model(name="a")), judged=judged)


def test_an_untrained_baseline_is_compared_with_every_seed() -> None:
    judged = [_row("a", seed, problem, passed=problem == "p") for seed in (4, 5) for problem in "pq"]
    judged += [_row("base", 0, problem, passed=False) for problem in "pqr"]
    gain = analyse(_small(judged, given=True)).gains["a", PYTHON]
    assert (gain.value, gain.seeds, gain.problems) == (50.0, 2, 2)


def test_a_trained_baseline_is_compared_on_the_seeds_they_share() -> None:
    judged = [_row("a", seed, "p", passed=seed == 4) for seed in (4, 5)]
    judged += [_row("base", 4, "p", passed=False)]
    result = analyse(_small(judged, given=False))
    assert (result.gains["a", PYTHON].value, result.gains["a", PYTHON].seeds) == (100.0, 1)
    judged[-1] = _row("base", 6, "p", passed=False)
    assert analyse(_small(judged, given=False)).gains == {}


def test_models_without_verdicts_are_left_out() -> None:
    result = analyse(replace(RUN, judged=[row for row in RUN.judged if row.model == "mixed"]))
    assert (result.models, result.gains, result.correlations) == (("mixed",), {}, None)
    nothing = analyse(replace(RUN, judged=[]))
    assert (nothing.models, nothing.task_keys, nothing.scores) == ((), (), ())


@pytest.mark.parametrize(("role", "nearest"), [("baseline", "bass"), ("control", "contrl")])
def test_an_unknown_baseline_or_control_is_refused(role: str, nearest: str) -> None:
    with pytest.raises(UsageError, match=f"unknown {role} '{nearest}' in this run; .* did you mean"):
        analyse(replace(RUN, **{role: nearest}))  # type: ignore[arg-type]


def test_verdicts_of_unknown_models_are_refused() -> None:
    with pytest.raises(UsageError, match="does not list: 'stranger'"):
        analyse(replace(RUN, judged=[replace(RUN.judged[0], model="stranger")]))


def test_harness_errors_are_refused_unless_allowed() -> None:
    judged = [replace(RUN.judged[0], status=Status.HARNESS_ERROR), *RUN.judged[1:]]
    with pytest.raises(Incomplete, match="1 of 4320 programs"):
        analyse(replace(RUN, judged=judged))
    rate = analyse(replace(RUN, judged=judged), allow_partial=True).rates["base", PYTHON]
    assert (rate.problems, rate.seeds) == (59, 3)


def test_with_one_seed_the_exact_test_decides_too() -> None:
    judged = [_row("base", 0, f"p{at}", passed=False) for at in range(60)]
    judged += [_row("a", 0, f"p{at}", passed=at < 5) for at in range(60)]
    gain = analyse(_small(judged, given=True)).gains["a", PYTHON]
    assert gain.low > 0
    assert gain.p == pytest.approx(2 / 2**5)
    assert not gain.beyond
