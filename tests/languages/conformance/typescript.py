"""TypeScript."""

from crosstune.records import Status

TESTS = "console.assert(add(1, 2) === 3);\nconsole.assert(add(-1, 1) === 0);\n"
RIGHT = "const add = (a: number, b: number): number => a + b;\n"
CASES = {
    "right_answer": (RIGHT, Status.PASSED),
    "wrong_answer": (RIGHT.replace("a + b", "a - b"), Status.WRONG_ANSWER),
    "compile_error": (RIGHT.replace("a + b", "'text'"), Status.COMPILE_ERROR),
    "crash": (RIGHT.replace("a + b", "a + (undefined as any).b"), Status.RUNTIME_ERROR),
    "endless_loop": (RIGHT.replace("a + b", "{ for (;;); }"), Status.TIMEOUT),
    "output_flood": (
        RIGHT.replace("a + b", "{ for (;;) console.log('x'.repeat(1000)); }"),
        Status.OUTPUT_LIMIT,
    ),
    "memory": (
        RIGHT.replace("a + b", "{ const all: any[] = []; for (;;) all.push(new Array(1e5).fill(1.5)); }"),
        Status.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (f"{RIGHT}process.exit(0);\n", Status.INCOMPLETE),
    "prints_success_and_leaves": (f"{RIGHT}console.log('passed'); process.exit(0);\n", Status.INCOMPLETE),
    "prints_too": (f"console.log('hello');\n{RIGHT}", Status.PASSED),
}
