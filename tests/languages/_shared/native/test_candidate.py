"""A candidate may have a ``main`` of its own, in any form: it is compiled, but never run."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.records import Program, Status
from tests.languages.cases import cases
from tests.languages.skipping import skip_without_tools

ADD = "int add(int a, int b) { return a + b; }\n"
MAINS = {
    "arguments": "int main(int argc, char **argv) { return add(argc, 1); }\n",
    "type on its own line": "int\nmain (void)\n{\n  return add(1, 2);\n}\n",
    "void": "void main(void) { add(1, 2); }\n",
    "by a macro": "#define ENTRY int main(void)\nENTRY { return 1; }\n",
    "declared first": "int main(void);\nint main(void) { return 1; }\n",
    "one of two": "#ifdef LOCAL\nint main(void) { return 1; }\n#else\nint main(void) { return 2; }\n#endif\n",
    "comments inside": "int /* entry */ main /* nothing */ (void) // begins\n{ return 1; }\n",
    "split by a line end": "int ma\\\nin(void) { return 1; }\n",
    "exits": "#include <stdlib.h>\nint main(void) { exit(0); }\n",
    "in a comment": "// int main() {\n/* int main(void) { */\n",
    "in a string": 'const char *usage = "int main(int argc) { // ";\n',
}
OF_CPP = {
    "signed": "signed main() { return 0; }\n",
    "trailing type": "auto main() -> int { return 0; }\n",
    "no type": "main() { return 0; }\n",
    "in a raw string": 'const char *text = R"x(int main() { /* )x";\n',
    "a method, too": "struct App { int main() { return 1; } };\nint main() { return App().main(); }\n",
}


def statuses(judge: Judge, language: str, main: str) -> list[Status]:
    skip_without_tools(language)
    tests = cases(language).tests
    first = f"int add(int, int);\n{main}{ADD}"
    wrong = f"{ADD.replace('+', '-')}{main}"
    programs = [Program("1", language, code, tests) for code in (ADD + main, first, wrong)]
    return [verdict.status for verdict in judge.run(programs)]


@pytest.mark.parametrize("main", MAINS.values(), ids=MAINS)
@pytest.mark.parametrize("language", ["c", "cpp"])
def test_own_main_changes_no_verdict(judge: Judge, language: str, main: str) -> None:
    assert statuses(judge, language, main) == [Status.PASSED, Status.PASSED, Status.WRONG_ANSWER]


@pytest.mark.parametrize("main", OF_CPP.values(), ids=OF_CPP)
def test_own_main_in_cpp_changes_no_verdict(judge: Judge, main: str) -> None:
    assert statuses(judge, "cpp", main) == [Status.PASSED, Status.PASSED, Status.WRONG_ANSWER]


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_byte_order_mark_is_left_out(judge: Judge, language: str) -> None:
    skip_without_tools(language)
    program = Program(
        "1", language, f"\ufeff{ADD}", f"\ufeff{cases(language).tests}", "\ufeff#include <stdio.h>\n"
    )
    assert next(judge.run([program])).status is Status.PASSED


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_recursion_may_be_deep(judge: Judge, language: str) -> None:
    skip_without_tools(language)
    deep = (
        "int add(int a, int b) { volatile int held = a; return a == 0 ? b : add(a - 1, b) + (held > 0); }\n"
    )
    tests = "int main(void) { assert(add(200000, 0) == 200000); return 0; }\n"
    assert next(judge.run([Program("1", language, deep, tests)])).status is Status.PASSED
