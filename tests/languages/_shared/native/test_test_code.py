"""Tests in C and C++ that can judge no candidate are refused; all others are not."""

from __future__ import annotations

import pytest

from crosstune.execution import Judge
from crosstune.languages import LANGUAGES
from crosstune.records import Program, Status
from tests.languages.skipping import skip_without_tools

HEAD = "#include <assert.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
CHECKED = {
    "assertion": "int main() { assert(add(1, 2) == 3); }",
    "result of main": "int main() { return add(1, 2) - 3; }",
    "variable as the result": "int main() { int bad = 0; bad += add(1, 2) - 3; return bad; }",
    "abort": "int main() { if (add(1, 2) - 3) abort(); return 0; }",
    "exit": "int main() { exit(add(1, 2) - 3); }",
    "helper": "void one(void) { assert(add(1, 2) == 3); }\nint main() { one(); return 0; }",
    "helper behind main": "void one(void);\nint main() { one(); return 0; }\n"
    "void one(void) { assert(add(1, 2) == 3); }",
    "pointer to a helper": "void one(void) { assert(add(1, 2) == 3); }\nvoid (*all[])(void) = {one};\n"
    "int main() { all[0](); return 0; }",
    "macro": "#define EQ(a, b) do { if ((a) != (b)) abort(); } while (0)\n"
    "int main() { EQ(add(1, 2), 3); return 0; }",
    "macro that calls": "void one(int x) { assert(x); }\n#define RUN(x) one(x)\n"
    "int main() { RUN(add(1, 2)); return 0; }",
    "main in a condition": "#ifndef NOTHING\nint main() { assert(add(1, 2) == 3); }\n#endif",
    "header in a condition": "#if __has_include(<nowhere.h>)\n#include <nowhere.h>\n#endif\n"
    "int main() { assert(add(1, 2) == 3); }",
    "syntax unknown to the parser": "int main() { assert(({ add(1, 2); }) == 3); __extension__ 0; }",
    "end of the candidate's function": "}\nint main() { assert(add(1, 2) == 3); }",
}
OF_CPP = {
    "throw": "int main() { int sum = add(1, 2); while (sum - 3) throw sum; }",
    "constructor": "struct Run { Run() { assert(add(1, 2) == 3); } } run;\nint main() {}",
    "lambda": "int main() { auto check = [](int sum) { assert(sum == 3); }; check(add(1, 2)); }",
    "template": "template <class T> void same(T a, T b) { if (!(a == b)) std::abort(); }\n"
    "int main() { same(add(1, 2), 3); }",
    "vector::at": "#include <vector>\nint main() { std::vector<int>(4).at(add(1, 2)); }",
}
REFUSED = {
    "int main() { add(1, 2); return 0; }": "check nothing",
    'int main() { printf("%d", add(1, 2)); return EXIT_SUCCESS; }': "check nothing",
    'int main() { for (int i = 0; i < 3; i++) printf("%d", add(i, 2)); }': "check nothing",
    "void one(void) { assert(add(1, 2) == 3); }\nint main() { return 0; }": "check nothing",
    "void one(void) { assert(add(1, 2) == 3); }": "no function main",
    "int main() { assert(add(1, 2 == 3); }": "do not parse: line 4",
    "int main() { assert(add(1, 2) == ); }": "nothing follows '=='",
    "int main() { assert(add(1, 2) == 3) return 0; }": "';' is missing",
    "int main() { assert(add(1, 2) == 3);": "'{' is not closed",
    "#include <no/where.h>\nint main() { assert(add(1, 2) == 3); }": "no/where.h, which is not installed",
    '#include "solution.h"\nint main() { assert(add(1, 2) == 3); }': "solution.h, which is not installed",
    "#include <gtest/gtest.h>\nint main() { return RUN_ALL_TESTS(); }": "GoogleTest",
}


def error_of(language: str, tests: str, setup: str = "") -> str:
    skip_without_tools(language)
    judging = LANGUAGES.load(language).judging
    assert judging
    assert judging.check_tests
    return judging.check_tests(Program("", language, "", HEAD + tests, setup))


@pytest.mark.parametrize("tests", CHECKED.values(), ids=CHECKED)
@pytest.mark.parametrize("language", ["c", "cpp"])
def test_tests_that_can_fail_are_accepted(language: str, tests: str) -> None:
    assert error_of(language, tests) == ""


@pytest.mark.parametrize("tests", OF_CPP.values(), ids=OF_CPP)
def test_tests_in_cpp_that_can_fail_are_accepted(tests: str) -> None:
    assert error_of("cpp", tests) == ""


@pytest.mark.parametrize(("tests", "reason"), REFUSED.items())
@pytest.mark.parametrize("language", ["c", "cpp"])
def test_tests_that_judge_nobody_are_refused(language: str, tests: str, reason: str) -> None:
    assert reason in error_of(language, tests)


def test_setup_counts_as_part_of_the_tests() -> None:
    main = "int main() { check(add(1, 2)); return 0; }"
    assert error_of("c", main, "void check(int sum) { if (sum != 3) abort(); }\n") == ""
    assert "check nothing" in error_of("c", main, 'void check(int sum) { printf("%d", sum); }\n')


@pytest.mark.parametrize("language", ["c", "cpp"])
@pytest.mark.parametrize("name", ["exit", "std::exit", "_Exit"])
def test_exit_of_the_tests_is_their_end(judge: Judge, language: str, name: str) -> None:
    skip_without_tools(language)
    if "std::" in name and language == "c":
        pytest.skip("C has no namespaces")
    tests = f"#include <stdlib.h>\nint main() {{ if (add(1, 2) != 3) {name}(1); {name}(0); }}\n"
    bodies = ("return a + b;", "return a - b;", "exit(0);")
    code = "#include <stdlib.h>\nint add(int a, int b) { BODY }\n"
    programs = [Program("1", language, code.replace("BODY", body), tests) for body in bodies]
    statuses = [verdict.status for verdict in judge.run(programs)]
    assert statuses == [Status.PASSED, Status.WRONG_ANSWER, Status.INCOMPLETE]


def test_method_called_exit_is_the_candidates(judge: Judge) -> None:
    skip_without_tools("cpp")
    code = "struct Door { int uses = 0; void exit(int by) { uses += by; } };\n"
    tests = "int main() { Door door; door.exit(2); assert(door.uses == 2); }\n"
    assert next(judge.run([Program("1", "cpp", code, tests)])).status is Status.PASSED
