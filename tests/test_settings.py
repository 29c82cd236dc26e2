from pathlib import Path

import pytest

from crosstune.errors import SettingsError
from crosstune.settings import Document, InputPath, Settings, canonical, digest


class Inner(Settings):
    rate: float = 0.1
    names: tuple[str, ...] = ()


class Outer(Settings):
    inner: Inner = Inner()
    parts: dict[str, Inner] = {}
    several: tuple[Inner, ...] = ()
    data: InputPath | None = None


def _document(folder: Path, text: str) -> Document:
    path = folder / "settings.yaml"
    path.write_text(text)
    return Document(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("inner:\n  rat: 1\n", r"settings.yaml:2: inner.rat: unknown key; known: .*did you mean 'rate'"),
        ("inner:\n\n  rate: x\n", r"settings.yaml:3: inner.rate: Input should be a valid number"),
        ("parts:\n  a:\n    rates: 2\n", r"settings.yaml:3: parts.a.rates: unknown key.*'rate'"),
        ("several:\n- rate: 1\n- nams: []\n", r"settings.yaml:3: several.1.nams: unknown key.*'names'"),
        ("iner: {}\n", r"settings.yaml:1: iner: unknown key; .*did you mean 'inner'"),
        ("inner: {}\ninner: {}\n", r"settings.yaml:2: the key 'inner' is given twice"),
        ("inner: [\n", r"settings.yaml:2: not YAML"),
        ("- 1\n", "expected a mapping of settings, found seq"),
        ("", "expected a mapping of settings, found nothing"),
        ("data: ${CROSSTUNE_NOT_SET}/x\n", r"settings.yaml:1: data: .*CROSSTUNE_NOT_SET is not set"),
    ],
)
def test_error_names_file_line_and_field(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        _document(tmp_path, text).parse(Outer)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="none.yaml: no such file"):
        Document(tmp_path / "none.yaml")


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTUNE_TEST_FOLDER", "there")
    settings = _document(tmp_path, "data: ${CROSSTUNE_TEST_FOLDER}/${CROSSTUNE_NOT_SET:-x}/y\n").parse(Outer)
    assert settings.data == (tmp_path / "there" / "x" / "y").resolve()


def test_model_is_a_folder_or_a_name(tmp_path: Path) -> None:
    document = _document(tmp_path, "inner: {}\n")
    assert document.model_path("bigcode/starcoder", local=True) == "bigcode/starcoder"
    assert document.model_path("./mine", local=True) == (tmp_path / "mine").resolve()
    (tmp_path / "models" / "own").mkdir(parents=True)
    assert document.model_path("models/own", local=True) == "models/own"
    (tmp_path / "models" / "own" / "config.json").write_text("{}")
    assert document.model_path("models/own", local=True) == (tmp_path / "models" / "own").resolve()
    assert document.model_path("models/own", local=False) == "models/own"


def test_equal_settings_have_equal_digests() -> None:
    assert canonical(Inner(rate=1)) == '{"names":[],"rate":1.0}'
    assert digest(Inner(rate=1)) == digest({"rate": 1.0, "names": []})
    assert digest(Inner(rate=1)) != digest(Inner(rate=2))


def test_value_without_a_stable_form_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"a": {1, 2}})
