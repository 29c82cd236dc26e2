"""Python."""

from crosstune.records import Status

TESTS = "def check(add):\n    assert add(1, 2) == 3\n    assert add(-1, 1) == 0\n\ncheck(add)\n"
RIGHT = "def add(a, b):\n    return a + b\n"
CASES = {
    "right_answer": (RIGHT, Status.PASSED),
    "wrong_answer": ("def add(a, b):\n    return a - b\n", Status.WRONG_ANSWER),
    "compile_error": ("def add(a, b:\n    return a + b\n", Status.COMPILE_ERROR),
    "crash": ("def add(a, b):\n    return a + [][b]\n", Status.RUNTIME_ERROR),
    "endless_loop": ("def add(a, b):\n    while True:\n        pass\n", Status.TIMEOUT),
    "output_flood": ("def add(a, b):\n    while True:\n        print('x' * 1000)\n", Status.OUTPUT_LIMIT),
    "memory": ("def add(a, b):\n    return len(bytearray(1 << 30))\n", Status.MEMORY_LIMIT),
    "leaves_before_the_tests": (f"{RIGHT}raise SystemExit(0)\n", Status.INCOMPLETE),
    "prints_success_and_leaves": (
        f"{RIGHT}import os\nos.write(1, b'passed')\nos._exit(0)\n",
        Status.INCOMPLETE,
    ),
    "prints_too": (f"print('hello')\n{RIGHT}", Status.PASSED),
}
