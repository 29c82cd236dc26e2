"""TypeScript."""

from crosstune.records import Label

TESTS = "console.assert(add(1, 2) === 3);\nconsole.assert(add(-1, 1) === 0);\n"
RIGHT = "const add = (a: number, b: number): number => a + b;\n"
CASES = {
    "right_answer": (RIGHT, Label.PASSED),
    "wrong_answer": (RIGHT.replace("a + b", "a - b"), Label.WRONG_ANSWER),
    "compile_error": (RIGHT.replace("a + b", "'text'"), Label.COMPILE_ERROR),
    "crash": (RIGHT.replace("a + b", "a + (undefined as any).b"), Label.RUNTIME_ERROR),
    "endless_loop": (RIGHT.replace("a + b", "{ for (;;); }"), Label.TIMEOUT),
    "output_flood": (
        RIGHT.replace("a + b", "{ for (;;) console.log('x'.repeat(1000)); }"),
        Label.OUTPUT_LIMIT,
    ),
    "memory": (
        RIGHT.replace("a + b", "{ const all: any[] = []; for (;;) all.push(new Array(1e5).fill(1.5)); }"),
        Label.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (f"{RIGHT}process.exit(0);\n", Label.INCOMPLETE),
    "prints_success_and_leaves": (f"{RIGHT}console.log('passed'); process.exit(0);\n", Label.INCOMPLETE),
    "prints_too": (f"console.log('hello');\n{RIGHT}", Label.PASSED),
}
