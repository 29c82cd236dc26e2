"""Whole programs are compiled with the standards, options and limits of contest judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge, requirements
from crosstune.execution._languages import judging_of
from crosstune.records import Case, Program, Status


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def judged(judge: Judge, language: str, candidate: str, stdout: str, standard: str = "") -> None:
    """Check that the program passes, or skip the test where the language cannot be run."""
    if missing := [each.what for each in requirements(language) if not each.met]:
        pytest.skip(f"{language} cannot be run here: {missing[0]} is missing")
    program = Program("x", language, candidate, cases=(Case("", stdout),), standard=standard)
    (verdict,) = judge.run([program])
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


def test_cpp_may_need_the_newest_standard_or_have_its_own(judge: Judge) -> None:
    for number in range(6):  # also with a precompiled header
        judged(judge, "cpp", CPP.replace("NUMBER", f"newest {number}"), "12 2021")
        judged(judge, "cpp", CPP.replace("NUMBER", str(number)), "12 2020", "gnu++20")


def test_tested_cpp_programs_have_the_usual_standard(judge: Judge) -> None:
    if not all(each.met for each in requirements("cpp")):
        pytest.skip("C++ cannot be run here")
    code = "#include <bits/stdc++.h>\nusing namespace std;\nlong standard() { return __cplusplus; }\n"
    tests = "int main() { assert(standard() == 201703L); }\n"
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


TYPESCRIPT = [
    'import * as fs from "fs";\nconst read: Buffer = fs.readFileSync(0);\nconsole.log(read.length);\n',
    'process.stdin.on("data", (part: Buffer) => {}); console.log(0);\n',
    'import * as readline from "readline";\nconst lines: readline.Interface = readline.createInterface(CLOSE',
    'import { createInterface, Interface } from "readline";\nconst lines: Interface = createInterface(CLOSE',
    'import readline from "node:readline";\nconst lines = readline.createInterface(CLOSE',
    'import readline = require("readline");\nconst lines = readline.createInterface(CLOSE',
    "const timer: NodeJS.Timeout = setTimeout(() => {}, 1);\nsetImmediate(() => console.log(0));\n",
]


@pytest.mark.parametrize("code", TYPESCRIPT)
def test_typescript_knows_the_usual_types_of_node(judge: Judge, code: str) -> None:
    close = '{ input: process.stdin });\nlines.on("close", () => console.log(0));\n'
    judged(judge, "typescript", code.replace("CLOSE", close), "0")


DEEP = {
    "c": "#include <stdio.h>\nint depth(int n) { volatile int own[16]; own[n % 16] = n;\n"
    "return n ? depth(n - 1) + own[n % 16] / n : 0; }\n"
    'int main(void) { volatile int large[4000000]; large[0] = 1; printf("%d\\n", depth(1000000)); }\n',
    "cpp": "#include <cstdio>\nint depth(int n) { volatile int own[16]; own[n % 16] = n;\n"
    "return n ? depth(n - 1) + own[n % 16] / n : 0; }\n"
    'int main() { printf("%d\\n", depth(1000000)); }\n',
    "rust": "fn depth(n: i64) -> i64 { let own = std::hint::black_box([n; 8]);\n"
    "if n == 0 { 0 } else { depth(n - 1) + own[3] / n } }\n"
    'fn main() { println!("{}", depth(1000000)); }\n',
    "java": "class Main { static int depth(int n) { return n == 0 ? 0 : depth(n - 1) + n / n; }\n"
    "public static void main(String[] words) { System.out.println(depth(200000)); } }\n",
}


@pytest.mark.parametrize("language", DEEP)
def test_recursion_may_be_deep(judge: Judge, language: str) -> None:
    judged(judge, language, DEEP[language], "200000" if language == "java" else "1000000")


def test_threads_get_their_stacks(judge: Judge) -> None:
    code = (
        "#include <bits/stdc++.h>\nint main() { std::vector<std::thread> all; std::atomic<int> sum{0};\n"
        "for (int i = 0; i < 24; i++) all.emplace_back([&] { sum++; });\n"
        "for (auto &each : all) each.join();\nstd::cout << sum; }\n"
    )
    judged(judge, "cpp", code, "24")


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_endless_recursion_and_too_much_memory_are_failures(judge: Judge, language: str) -> None:
    if not all(each.met for each in requirements(language)):
        pytest.skip(f"{language} cannot be run here")
    endless = "int f(int n) { volatile int own[64]; own[n % 64] = n; return f(n + 1) + own[n % 64]; }\n"
    large = (
        "#include <stdlib.h>\nint main(void) { char *p = (char *)malloc(3ul << 30);\n"
        "for (size_t i = 0; i < 3ul << 30; i += 512) ((volatile char *)p)[i] = 1;\nreturn 0; }\n"
    )
    programs = [
        Program("endless", language, f"{endless}int main(void) {{ return f(0); }}\n", cases=(Case("", ""),)),
        Program("large", language, large, cases=(Case("", ""),)),
    ]
    first, second = judge.run(programs)
    assert first.status is Status.RUNTIME_ERROR, first
    assert second.status is Status.MEMORY_LIMIT, second


def test_java_runs_the_class_whose_main_takes_strings(judge: Judge) -> None:
    other = "class Other { static void main(int count) {} }\n"
    main = 'class Real { public static void main(final String... words) { System.out.println("real"); } }\n'
    judged(judge, "java", other + main, "real")


RESERVES = {
    "c": "#include <stdio.h>\n#include <stdlib.h>\n"
    "int main(void) { char *volatile held = malloc(8ul << 30);\n"
    'held[1ul << 32] = 1; printf("%d\\n", held[1ul << 32]); }\n',
    "cpp": "#include <cstdio>\n#include <vector>\n"
    "int main() { std::vector<long> held; held.reserve(1l << 30);\n"
    'held.push_back(1); printf("%ld\\n", held[0]); }\n',
    "rust": "fn main() { let mut held: Vec<u64> = Vec::with_capacity(1 << 30); held.push(1);\n"
    'println!("{}", std::hint::black_box(held)[0]); }\n',
    "go": 'package main\n\nimport "os"\n\nfunc main() { held := make([]byte, 8<<30); held[7<<30] = 1\n'
    'if held[7<<30] == 1 { os.Stdout.WriteString("1\\n") } }\n',
    "python": "import numpy\nheld = numpy.empty(1 << 30)\nheld[5] = 1\nprint(int(held[5]))\n",
    "javascript": "const held = [1, 2].map(() => new WebAssembly.Memory({ initial: 1, maximum: 65536 }));\n"
    "new Uint8Array(held[1].buffer)[5] = 1; console.log(new Uint8Array(held[1].buffer)[5]);\n",
}


@pytest.mark.parametrize("language", RESERVES)
def test_memory_that_is_only_reserved_does_not_count(judge: Judge, language: str) -> None:
    judged(judge, language, RESERVES[language], "1")


ENDLESS = {
    "c": "int f(int n) { volatile int own[64]; own[n % 64] = n; return f(n + 1) + own[n % 64]; }\n"
    "int main(void) { return f(0); }\n",
    "cpp": "int f(int n) { volatile int own[64]; own[n % 64] = n; return f(n + 1) + own[n % 64]; }\n"
    "int main() { return f(0); }\n",
    "rust": "fn f(n: u64) -> u64 { let own = std::hint::black_box([n; 8]); f(n + 1) + own[3] }\n"
    'fn main() { println!("{}", f(0)); }\n',
    "go": "package main\n\nfunc f(n int) int { return f(n+1) + n }\nfunc main() { println(f(0)) }\n",
    "java": "class Main { static int f(int n) { return f(n + 1) + n; }\n"
    "public static void main(String[] words) { System.out.println(f(0)); } }\n",
    "javascript": "function f(n) { return f(n + 1) + n; }\nconsole.log(f(0));\n",
}


@pytest.mark.parametrize("language", ENDLESS)
def test_the_limit_of_the_stack_ends_endless_recursion(judge: Judge, language: str) -> None:
    if missing := [each.what for each in requirements(language) if not each.met]:
        pytest.skip(f"{language} cannot be run here: {missing[0]} is missing")
    limits = replace(judging_of(language).limits, stack_bytes=64 << 20)
    program = Program("x", language, ENDLESS[language], cases=(Case("", ""),), limits=limits)
    (verdict,) = judge.run([program])
    assert verdict.status is Status.RUNTIME_ERROR, verdict
