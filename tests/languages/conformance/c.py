"""C."""

from crosstune.records import Label

TESTS = "#include <assert.h>\nint main(void) {\n  assert(add(1, 2) == 3);\n  assert(add(-1, 1) == 0);\n}\n"
_HEAD = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"


def _add(body: str) -> str:
    return f"{_HEAD}int add(int a, int b) {{ {body} }}\n"


RIGHT = _add("return a + b;")
CASES = {
    "right_answer": (RIGHT, Label.PASSED),
    "wrong_answer": (_add("return a - b;"), Label.WRONG_ANSWER),
    "compile_error": (_add("return a + ;"), Label.COMPILE_ERROR),
    "crash": (_add("return *(volatile int *)0;"), Label.RUNTIME_ERROR),
    "endless_loop": (_add("for (volatile int i = 0;;) i++;"), Label.TIMEOUT),
    "output_flood": (_add('for (;;) puts("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");'), Label.OUTPUT_LIMIT),
    "memory": (
        _add("for (int i = 0;; i++) { char *p = malloc(1 << 20); if (!p) abort(); memset(p, i, 1 << 20); }"),
        Label.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (
        f"{RIGHT}__attribute__((constructor)) void leave(void) {{ exit(0); }}\n",
        Label.INCOMPLETE,
    ),
    "prints_success_and_leaves": (
        RIGHT
        + '__attribute__((constructor)) void leave(void) { puts("passed"); fflush(stdout); _exit(0); }\n',
        Label.INCOMPLETE,
    ),
    "prints_too": (f'{_HEAD}int add(int a, int b) {{ puts("hello"); return a + b; }}\n', Label.PASSED),
}
