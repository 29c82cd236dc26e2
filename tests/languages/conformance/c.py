"""C, and what it shares with C++."""

from crosstune.records import Status

Case = tuple[str, Status]


def tests(main: str) -> str:
    """The task's tests, with ``main`` as the language declares it."""
    return f"#include <assert.h>\n{main} {{\n  assert(add(1, 2) == 3);\n  assert(add(-1, 1) == 0);\n}}\n"


def cases(head: str, *, crash: str, loop: str, flood: str, memory: str, say: str) -> dict[str, Case]:
    """All cases: ``head`` are the includes, the others statements; ``say`` prints ``TEXT`` at once."""

    def add(body: str) -> str:
        return f"{head}int add(int a, int b) {{ {body} }}\n"

    right = add("return a + b;")

    def at_start(body: str) -> str:
        return f"{right}__attribute__((constructor)) static void leave(void) {{ {body} }}\n"

    return {
        "right_answer": (right, Status.PASSED),
        "wrong_answer": (add("return a - b;"), Status.WRONG_ANSWER),
        "compile_error": (add("return a + ;"), Status.COMPILE_ERROR),
        "crash": (add(crash), Status.RUNTIME_ERROR),
        "endless_loop": (add(loop), Status.TIMEOUT),
        "output_flood": (add(flood), Status.OUTPUT_LIMIT),
        "memory": (add(memory), Status.MEMORY_LIMIT),
        "leaves_before_the_tests": (at_start("exit(0);"), Status.INCOMPLETE),
        "prints_success_and_leaves": (
            at_start(say.replace("TEXT", "passed") + " _exit(0);"),
            Status.INCOMPLETE,
        ),
        "prints_too": (add(say.replace("TEXT", "hello") + " return a + b;"), Status.PASSED),
    }


TESTS = tests("int main(void)")
CASES = cases(
    "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n",
    crash="return *(volatile int *)0;",
    loop="for (volatile int i = 0;;) i++;",
    flood='for (;;) puts("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");',
    memory="for (int i = 0;; i++) { char *p = malloc(1 << 20); if (!p) abort(); memset(p, i, 1 << 20); }",
    say='puts("TEXT"); fflush(stdout);',
)
RIGHT = CASES["right_answer"][0]
