"""The large study of the measurement, in small: every model and cell is there, and nothing is lost."""

from crosstune.analysis import analyse
from tests.analysis import scale


def test_the_measured_study_is_whole() -> None:
    found = analyse(scale.run(problems=20, samples=3))
    assert len(found.run.judged) == 7 * 10 * 20 * 3
    assert len(found.rates) == 70
    assert len(found.gains) == 63
    assert [one.language for one in found.exchanges if one.takes is None] == ["html"]  # never asked
    assert len(found.exchanges) == 8
    assert len(found.balances) == 21
    assert {one.equal_size for one in found.mixed} == {True}
    assert {one.k for several in found.at_k.values() for one in several} == {1, 2}
