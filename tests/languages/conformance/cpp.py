"""C++."""

from crosstune.records import Label

TESTS = "#include <assert.h>\nint main() {\n  assert(add(1, 2) == 3);\n  assert(add(-1, 1) == 0);\n}\n"
_HEAD = "#include <cstdlib>\n#include <iostream>\n#include <vector>\n#include <unistd.h>\n"


def _add(body: str) -> str:
    return f"{_HEAD}int add(int a, int b) {{ {body} }}\n"


RIGHT = _add("return a + b;")
CASES = {
    "right_answer": (RIGHT, Label.PASSED),
    "wrong_answer": (_add("return a - b;"), Label.WRONG_ANSWER),
    "compile_error": (_add("return a + ;"), Label.COMPILE_ERROR),
    "crash": (_add("std::vector<int> none; return none.at(b);"), Label.RUNTIME_ERROR),
    "endless_loop": (_add("for (volatile int i = 0;;) i = i + 1;"), Label.TIMEOUT),
    "output_flood": (_add("for (;;) std::cout << std::string(1000, 'x');"), Label.OUTPUT_LIMIT),
    "memory": (
        _add("std::vector<std::vector<int>> all; for (;;) all.emplace_back(1 << 18, 1);"),
        Label.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (
        f"{RIGHT}struct Leave {{ Leave() {{ std::exit(0); }} }} leave;\n",
        Label.INCOMPLETE,
    ),
    "prints_success_and_leaves": (
        f'{RIGHT}struct Leave {{ Leave() {{ std::cout << "passed" << std::flush; _exit(0); }} }} leave;\n',
        Label.INCOMPLETE,
    ),
    "prints_too": (_add('std::cout << "hello"; return a + b;'), Label.PASSED),
}
