import inspect
import pickle

import pytest

from crosstune import errors

KINDS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.CrosstuneError)
]


def test_docstring_draws_every_class_under_its_parent() -> None:
    drawing = (errors.__doc__ or "").splitlines()
    assert len(KINDS) == 13
    depth = {name: _depth(name, drawing) for name in (kind.__name__ for kind in KINDS)}
    for kind in KINDS:
        assert depth[kind.__name__] == len(kind.__mro__) - len(errors.CrosstuneError.__mro__)


def _depth(name: str, drawing: list[str]) -> int:
    line = next(line for line in drawing if name in line.split())
    return line.index(name) // 4


@pytest.mark.parametrize(
    "error",
    [
        errors.UnknownName("language", "pyton", ["python", "go"]),
        errors.MissingTool("node", "JavaScript", "apt-get install nodejs"),
        errors.MissingExtra("trl", "train"),
        errors.DataError("x.jsonl:3: not JSON"),
    ],
)
def test_error_survives_pickling(error: errors.CrosstuneError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_unknown_name_suggests_the_nearest() -> None:
    error = errors.UnknownName("language", "pyton", ["python", "go"])
    assert str(error) == "unknown language 'pyton'; known: go, python; did you mean 'python'?"
