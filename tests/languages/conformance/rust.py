"""Rust."""

from crosstune.records import Status

TESTS = """\
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_add() {
        assert_eq!(add(1, 2), 3);
        assert_eq!(add(-1, 1), 0);
    }
}
"""


def _add(body: str) -> str:
    return f"fn main(){{}}\n\nfn add(a: i32, b: i32) -> i32 {{ {body} }}\n"


RIGHT = _add("a + b")
CASES = {
    "right_answer": (RIGHT, Status.PASSED),
    "wrong_answer": (_add("a - b"), Status.WRONG_ANSWER),
    "compile_error": (_add("a + "), Status.COMPILE_ERROR),
    "crash": (_add("let none: Vec<i32> = vec![]; none[b as usize]"), Status.RUNTIME_ERROR),
    "endless_loop": (_add("let mut n = a; loop { n = std::hint::black_box(n ^ b); }"), Status.TIMEOUT),
    "output_flood": (_add('loop { println!("{}", "x".repeat(1000)); }'), Status.OUTPUT_LIMIT),
    "memory": (
        _add("let mut all = vec![]; loop { all.push(vec![1u8; 1 << 20]); std::hint::black_box(&all); }"),
        Status.MEMORY_LIMIT,
    ),
    "leaves_before_the_tests": (_add("std::process::exit(0)"), Status.INCOMPLETE),
    "prints_success_and_leaves": (_add('println!("passed"); std::process::exit(0)'), Status.INCOMPLETE),
    "prints_too": (_add('println!("hello"); a + b'), Status.PASSED),
}
