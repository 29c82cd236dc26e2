import pytest

from crosstune.records import Completion, Limits, Program, Status, Verdict, from_json, to_json

PROGRAM = Program(
    id="a", language="python", candidate="x = 1", tests="assert x", limits=Limits(1, 2, 3, 4, 5, 6, 7)
)


def test_record_survives_json() -> None:
    assert from_json(Program, to_json(PROGRAM)) == PROGRAM


def test_status_is_read_back_as_a_status() -> None:
    verdict = Verdict("a", Status.TIMEOUT, "run", -9, 9, 1.0, 2.0, 3, "", "")
    copy = from_json(Verdict, to_json(verdict))
    assert copy.status is Status.TIMEOUT
    assert not copy.passed


def test_integer_is_read_as_a_float() -> None:
    line = to_json(PROGRAM).replace("2.0", "2")
    program = from_json(Program, line)
    assert program.limits is not None
    assert isinstance(program.limits.wall_seconds, float)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", "expected a JSON object, found list"),
        ("{", "Expecting"),
        ('{"idd": 1}', "unknown field 'idd' for Program"),
        ('{"id": 1, "language": "c", "candidate": "", "tests": ""}', "'id': expected str, found int"),
        ('{"id": "1"}', "missing 'language', 'candidate' for Program"),
    ],
)
def test_error_says_what_is_wrong_with_a_line(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_json(Program, line)


def test_boolean_is_not_read_as_an_integer() -> None:
    line = to_json(Completion("p", "b", "python", "fix", 0, "", "", "stop")).replace(
        '"sample": 0', '"sample": true'
    )
    with pytest.raises(ValueError, match="'sample': expected int, found bool"):
        from_json(Completion, line)
