"""Java."""

from crosstune.records import Status

TESTS = """\
public class Main {
    public static void main(String[] args) {
        Solution s = new Solution();
        List<Boolean> correct = Arrays.asList(s.add(1, 2) == 3, s.add(-1, 1) == 0);
        if (correct.contains(false)) {
            throw new AssertionError();
        }
    }
}
"""


def _add(body: str, rest: str = "") -> str:
    method = f"public int add(int a, int b) {{ {body} }}"
    return f"import java.util.*;\n\nclass Solution {{\n{rest}\n{method}\n}}\n"


RIGHT = _add("return a + b;")
CASES = {
    "right_answer": (RIGHT, Status.PASSED),
    "wrong_answer": (_add("return a - b;"), Status.WRONG_ANSWER),
    "compile_error": (_add("return a + ;"), Status.COMPILE_ERROR),
    "crash": (_add("int[] none = {}; return none[b];"), Status.RUNTIME_ERROR),
    "endless_loop": (_add("while (true) { a++; }"), Status.TIMEOUT),
    "output_flood": (_add('while (true) System.out.println("x".repeat(1000));'), Status.OUTPUT_LIMIT),
    "memory": (
        _add("List<int[]> all = new ArrayList<>(); while (true) all.add(new int[1 << 20]);"),
        Status.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (_add("return a + b;", "static { System.exit(0); }"), Status.INCOMPLETE),
    "prints_success_and_leaves": (
        _add("return a + b;", 'static { System.out.println("passed"); Runtime.getRuntime().halt(0); }'),
        Status.INCOMPLETE,
    ),
    "prints_too": (_add('System.out.println("hello"); return a + b;'), Status.PASSED),
}
