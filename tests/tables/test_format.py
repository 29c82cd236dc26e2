import pytest

from crosstune.tables import bounds, duration, p_value, points, signed, visible


def test_numbers_have_signs_and_digits() -> None:
    assert [points(value) for value in (3.06, -0.04, -12.0, 0)] == ["+3.1", "0.0", "\u221212.0", "0.0"]
    assert bounds(-0.04, 100) == "[0.0, 100.0]"
    assert bounds(-3.25, -1) == "[\u22123.2, \u22121.0]"
    assert [signed(value) for value in (0.416, -0.6, -0.001)] == ["0.42", "\u22120.60", "0.00"]
    assert [p_value(value) for value in (0.00099, 0.025, 1)] == ["< 0.001", "0.025", "1.000"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.25, "0.2 s"), (9.96, "10.0 s"), (59.4, "59 s"), (250, "4 min 10 s"), (7503, "2 h 05 min")],
)
def test_durations_have_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_hidden_characters_become_visible() -> None:
    assert visible("a\x00\x1b[0m\x7f\tb\nc") == "a\u2400\u241b[0m\u2421\tb\nc"
    assert visible("\u202ex\ud800\ufffe\u2028\x85") == "[U+202E]x[U+D800][U+FFFE][U+2028][U+0085]"
    assert visible("é 日本 😀") == "é 日本 😀"
