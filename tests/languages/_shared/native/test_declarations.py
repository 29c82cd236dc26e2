"""What a benchmark declares in C or C++."""

from __future__ import annotations

import pytest

from crosstune.languages._shared.native import declarations

_HELPER = "int half(int n) { return n / 2; }\n"


@pytest.mark.parametrize("ending", ["", "{", ";", " {\n  // the body\n", "{ return 1; }"])
def test_that_the_body_may_be_missing(ending: str) -> None:
    declared = declarations.parsed(
        f"{_HELPER}static inline int add(int a, int b = 2){ending}", ("add",), "cpp"
    )
    (function,) = declared.functions
    assert "half" in declared.given
    assert "add" not in declared.given
    assert function.typedef("type").split() == ["typedef", "int", "type(int", "a,", "int", "b", ");"]
    assert [each.default for each in function.parameters] == ["", "2"]


def test_that_the_last_function_may_have_another_name() -> None:
    declared = declarations.parsed(f"{_HELPER}int solutions(int n) {{", ("solution",), "cpp")
    assert [each.name for each in declared.functions] == ["solutions"]


def test_that_pointers_are_told_from_texts() -> None:
    text = "const char *add(const char *a, int *b, int c[], int &d);"
    (function,) = declarations.parsed(text, ("add",), "cpp").functions
    assert [each.is_pointer for each in function.parameters] == [False, True, True, False]
    assert not function.returns_pointer
