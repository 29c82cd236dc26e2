"""Programs that every language is tried with: one module for each language, found by its name.

`RIGHT` solves the task of `TESTS` (a function that adds two whole numbers, and one that is called before
with 1 and 2); `CASES` gives for each kind of program the candidate and its verdict.
"""

KINDS = (
    "right_answer",
    "wrong_answer",
    "compile_error",
    "crash",
    "endless_loop",
    "output_flood",
    "memory",
    "leaves_before_the_tests",
    "prints_success_and_leaves",
    "prints_too",
)
