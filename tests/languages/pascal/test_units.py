"""The folders in which the compiler looks for units."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages.pascal import _units
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools


@pytest.fixture(autouse=True)
def _installed() -> None:
    skip_without_tools("pascal")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("program p;\nbegin\nend.\n", False),
        ("uses SysUtils, Classes;\n", False),
        ("uses SysUtils, FPJson;\n", True),
        ("uses Generics.Collections;\n", True),
    ],
)
def test_other_units_are_looked_for_where_a_program_may_name_one(text: str, others: bool) -> None:
    last = _units.options(text, str)[-1]
    assert last.endswith("/*") is others


def test_prepared_units_are_the_installed_ones() -> None:
    names = {each.relative_to(_units.prepared()) for each in _units.prepared().glob("*/*.*")}
    installed = _units.compiler().parent / "units"
    found = {each.relative_to(each.parents[1]) for each in installed.glob("*/*/*.*")}
    assert names
    assert names <= found


@pytest.mark.parametrize("unit", ["cthreads, Classes", "RegExpr", "Generics.Collections", "fgl, Contnrs"])
def test_programs_use_all_kinds_of_units(judge: Judge, unit: str) -> None:
    head = f"{{$mode objfpc}}\nuses {unit};\n"
    code = f"{head}function add(a, b: integer): integer;\nbegin\n  add := a + b;\nend;\n"
    verdict = next(judge.run([Program("1", "pascal", code, "begin\n  Assert(add(1, 2) = 3);\nend.\n")]))
    assert verdict.status is Status.PASSED, verdict.stderr
