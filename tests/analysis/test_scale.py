"""The measured study on a small scale: every model and task is there, and nothing is lost."""

from crosstune.analysis import analyse
from tests.analysis import scale


def test_the_measured_study_is_complete() -> None:
    result = analyse(scale.run(problems=20, samples=3))
    assert len(result.run.judged) == 7 * 10 * 20 * 3
    assert len(result.rates) == 70
    assert len(result.gains) == 63
    assert [one.language for one in result.exchanges if one.takes is None] == ["html"]  # never asked
    assert len(result.exchanges) == 8
    assert len(result.balances) == 21
    assert {one.equal_size for one in result.mixed} == {True}
    assert {one.k for several in result.at_k.values() for one in several} == {1, 2}
