import pytest

from crosstune.records import Completion, Limits, Program, Status, Verdict, from_json, to_json

PROGRAM = Program(
    id="a", language="python", candidate="x = 1", tests="assert x", limits=Limits(1, 2, 3, 4, 5, 6, 7)
)


def test_a_record_comes_back_from_its_line() -> None:
    assert from_json(Program, to_json(PROGRAM)) == PROGRAM


def test_a_label_comes_back_as_a_label() -> None:
    verdict = Verdict("a", Status.TIMEOUT, "run", -9, 9, 1.0, 2.0, 3, "", "")
    found = from_json(Verdict, to_json(verdict))
    assert found.status is Status.TIMEOUT
    assert not found.passed


def test_a_whole_number_stands_for_a_float() -> None:
    line = to_json(PROGRAM).replace("2.0", "2")
    found = from_json(Program, line)
    assert found.limits is not None
    assert isinstance(found.limits.wall_seconds, float)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", "expected a JSON object, found list"),
        ("{", "Expecting"),
        ('{"idd": 1}', "unknown field 'idd' for Program"),
        ('{"id": 1, "language": "c", "candidate": "", "tests": ""}', "'id': expected str, found int"),
        ('{"id": "1"}', "missing 3 required"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_json(Program, line)


def test_a_truth_value_is_no_count() -> None:
    line = to_json(Completion("p", "b", "python", "fix", 0, "", "", "stop")).replace(
        '"sample": 0', '"sample": true'
    )
    with pytest.raises(ValueError, match="'sample': expected int, found bool"):
        from_json(Completion, line)
