"""JavaScript."""

from crosstune.records import Label

TESTS = """\
const check = () => {
  console.assert(add(1, 2) === 3);
  console.assert(add(-1, 1) === 0);
};
check();
"""
RIGHT = "const add = (a, b) => a + b;\n"
CASES = {
    "right_answer": (RIGHT, Label.PASSED),
    "wrong_answer": ("const add = (a, b) => a - b;\n", Label.WRONG_ANSWER),
    "compile_error": ("const add = (a, b => a + b;\n", Label.COMPILE_ERROR),
    "crash": ("const add = (a, b) => a + undefined.b;\n", Label.RUNTIME_ERROR),
    "endless_loop": ("const add = (a, b) => { for (;;); };\n", Label.TIMEOUT),
    "output_flood": (
        "const add = (a, b) => { for (;;) console.log('x'.repeat(1000)); };\n",
        Label.OUTPUT_LIMIT,
    ),
    "memory": (
        "const add = (a, b) => { const all = []; for (;;) all.push(new Array(1e5).fill(1.5)); };\n",
        Label.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (f"{RIGHT}process.exit(0);\n", Label.INCOMPLETE),
    "prints_success_and_leaves": (f"{RIGHT}console.log('passed'); process.exit(0);\n", Label.INCOMPLETE),
    "prints_too": (f"console.log('hello'); console.error('there');\n{RIGHT}", Label.PASSED),
}
