"""JavaScript."""

from crosstune.records import Status

TESTS = """\
const check = () => {
  console.assert(add(1, 2) === 3);
  console.assert(add(-1, 1) === 0);
};
check();
"""
RIGHT = "const add = (a, b) => a + b;\n"
CASES = {
    "right_answer": (RIGHT, Status.PASSED),
    "wrong_answer": ("const add = (a, b) => a - b;\n", Status.WRONG_ANSWER),
    "compile_error": ("const add = (a, b => a + b;\n", Status.COMPILE_ERROR),
    "crash": ("const add = (a, b) => a + undefined.b;\n", Status.RUNTIME_ERROR),
    "endless_loop": ("const add = (a, b) => { for (;;); };\n", Status.TIMEOUT),
    "output_flood": (
        "const add = (a, b) => { for (;;) console.log('x'.repeat(1000)); };\n",
        Status.OUTPUT_LIMIT,
    ),
    "memory": (
        "const add = (a, b) => { const all = []; for (;;) all.push(new Array(1e5).fill(1.5)); };\n",
        Status.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (f"{RIGHT}process.exit(0);\n", Status.INCOMPLETE),
    "prints_success_and_leaves": (f"{RIGHT}console.log('passed'); process.exit(0);\n", Status.INCOMPLETE),
    "prints_too": (f"console.log('hello'); console.error('there');\n{RIGHT}", Status.PASSED),
}
