import pytest

from crosstune.errors import UnknownName
from crosstune.languages import LANGUAGES, Language
from crosstune.plugins import Registry


def test_the_shelf_holds_what_the_room_holds() -> None:
    assert {"javascript", "python"} <= set(LANGUAGES.names())
    assert all(name == language.name for name, language in LANGUAGES.all().items())


def test_an_unknown_name_is_an_error_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="unknown language 'pythn'.*did you mean 'python'"):
        LANGUAGES.load("pythn")


def test_private_modules_are_no_plug_ins() -> None:
    assert not [name for name in LANGUAGES.names() if name.startswith(("_", "-"))]


def test_a_thing_of_another_kind_is_refused() -> None:
    shelf = Registry("crosstune.languages", "LANGUAGE", "language", str)
    with pytest.raises(TypeError, match="language 'python' is a Language, not a str"):
        shelf.load("python")


def test_a_package_elsewhere_adds_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    from crosstune import plugins

    entry = EntryPoint("elsewhere", "crosstune.languages.python:LANGUAGE", "crosstune.languages")
    monkeypatch.setattr(plugins, "_entry_points", lambda _: {"elsewhere": entry})
    assert "elsewhere" in LANGUAGES.names()
    assert isinstance(LANGUAGES.load("elsewhere"), Language)
