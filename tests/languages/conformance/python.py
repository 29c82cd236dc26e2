"""Python."""

from crosstune.records import Label

TESTS = "def check(add):\n    assert add(1, 2) == 3\n    assert add(-1, 1) == 0\n\ncheck(add)\n"
RIGHT = "def add(a, b):\n    return a + b\n"
CASES = {
    "right_answer": (RIGHT, Label.PASSED),
    "wrong_answer": ("def add(a, b):\n    return a - b\n", Label.WRONG_ANSWER),
    "compile_error": ("def add(a, b:\n    return a + b\n", Label.COMPILE_ERROR),
    "crash": ("def add(a, b):\n    return a + [][b]\n", Label.RUNTIME_ERROR),
    "endless_loop": ("def add(a, b):\n    while True:\n        pass\n", Label.TIMEOUT),
    "output_flood": ("def add(a, b):\n    while True:\n        print('x' * 1000)\n", Label.OUTPUT_LIMIT),
    "memory": ("def add(a, b):\n    return len(bytearray(1 << 30))\n", Label.MEMORY_LIMIT),
    "leaves_before_the_tests": (f"{RIGHT}raise SystemExit(0)\n", Label.INCOMPLETE),
    "prints_success_and_leaves": (
        f"{RIGHT}import os\nos.write(1, b'passed')\nos._exit(0)\n",
        Label.INCOMPLETE,
    ),
    "prints_too": (f"print('hello')\n{RIGHT}", Label.PASSED),
}
