"""Values of C++'s types as arguments of call cases."""

from __future__ import annotations

from crosstune.execution import Judge
from crosstune.records import CallCase, Program
from tests.languages.skipping import skip_without_tools

INCLUDES = "#include <map>\n#include <string>\n#include <variant>\n#include <vector>\nusing namespace std;\n"
KIND = "string kind(variant<map<string, int>, double, int, vector<int>, string> value) {\n"
BODY = """\
    const char *names[] = {"map", "double", "int", "vector", "string"};
    return names[value.index()];
}
"""


def test_a_variant_holds_the_type_of_the_value() -> None:
    skip_without_tools("cpp")
    values = {"map": {"a": 1}, "double": 2.0, "int": 2, "vector": [2], "string": "2"}
    cases = tuple(CallCase("kind", [value], name) for name, value in values.items())
    head = INCLUDES + KIND
    program = Program("kind", "cpp", head + BODY, cases=cases, declaration=head, entry_points=("kind",))
    with Judge() as judge:
        (verdict,) = judge.run([program])
    assert verdict.passed, verdict.stderr
