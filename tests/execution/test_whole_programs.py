"""Whole programs are compiled with the standards, options and limits of contest judges."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crosstune.execution import Judge, requirements
from crosstune.records import Case, Program, Status


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def judged(judge: Judge, language: str, candidate: str, stdout: str) -> None:
    """Check that the program passes, or skip the test where the language cannot be run."""
    if missing := [each.what for each in requirements(language) if not each.met]:
        pytest.skip(f"{language} cannot be run here: {missing[0]} is missing")
    (verdict,) = judge.run([Program("x", language, candidate, cases=(Case("", stdout),))])
    assert verdict.status is Status.PASSED, verdict


CPP = """\
#include <bits/stdc++.h>
using namespace std;
auto twice(auto x) { return 2 * x; }
int main() {
    vector<int> numbers{3, 1};
    ranges::sort(numbers);
    pair both(numbers[0], optional<int>(2));
    typeof(both.first) common = gcd(12, 18);
    auto owned = make_unique<int>(common);
    cout << twice(*owned) << " " << __cplusplus / 100 << endl;
}
// NUMBER
"""


def test_cpp_is_gnu_cpp_20(judge: Judge) -> None:
    for number in range(6):  # also with a precompiled header
        judged(judge, "cpp", CPP.replace("NUMBER", str(number)), "12 2020")


def test_tested_cpp_programs_keep_their_standard(judge: Judge) -> None:
    if not all(each.met for each in requirements("cpp")):
        pytest.skip("C++ cannot be run here")
    code = "#include <bits/stdc++.h>\nusing namespace std;\nlong standard() { return __cplusplus; }\n"
    tests = "int main() { assert(standard() == 201103L); }\n"
    programs = [Program("x", "cpp", f"{code}// {number}\n", tests) for number in range(6)]
    assert {verdict.status for verdict in judge.run(programs)} == {Status.PASSED}


def test_c_is_gnu_c_17(judge: Judge) -> None:
    code = '#include <stdio.h>\nint main(void) { typeof(1L) x = __STDC_VERSION__; printf("%ld\\n", x); }\n'
    judged(judge, "c", code, "201710")


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_native_programs_are_optimised(judge: Judge, language: str) -> None:
    code = '#include <stdio.h>\nint main(void) {\n#ifdef __OPTIMIZE__\nputs("yes");\n#endif\nreturn 0; }\n'
    judged(judge, language, code.replace("main(void)", "main()"), "yes")


def test_rust_programs_are_optimised_and_may_overflow(judge: Judge) -> None:
    overflow = "let mut hash: i32 = 7;\nfor i in 0..100 { hash = hash * 31 + i; }\n"
    long_loop = "let sum: u64 = (0..1000000000u64).filter(|x| x % 3 == 0).count() as u64;\n"
    printed = 'println!("{} {}", hash != 0, sum);\n'
    judged(judge, "rust", f"fn main() {{\n{overflow}{long_loop}{printed}}}\n", "true 333333334")
