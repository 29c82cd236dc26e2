"""Rust: tests and candidate in processes of their own, which exchange values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages.rust import _separate
from crosstune.records import Program, Status, Verdict

RIGHT = "fn add(a: i32, b: i32) -> i32 { a + b }"
TESTS = "#[test] fn adds() { assert_eq!(add(1, 2), 3); assert_eq!(add(-1, 1), 0); }"
DECLARATION = "fn add(a: i32, b: i32) -> i32 {"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    if missing := [each.what for each in requirements("rust") if not each.met]:
        pytest.skip(f"Rust cannot be run here: {missing[0]} is missing")
    with Judge(isolation="separate") as judge:
        yield judge


def program(candidate: str, tests: str = TESTS, declaration: str = DECLARATION, *names: str) -> Program:
    return Program("1", "rust", candidate, tests, declaration=declaration, entry_points=names or ("add",))


def verdict(judge: Judge, *parts: str) -> Verdict:
    (found,) = judge.run([program(*parts)])
    assert found.isolation == "separate", found.stderr
    return found


VALUES = """\
use std::{borrow::Cow, cmp::Ordering, collections::*, rc::Rc};
fn small(a: i8, b: u64, c: usize) -> (i8, u64, usize) { (a, b, c) }
fn wide(a: i128, b: u128) -> (i128, u128) { (a, b) }
fn numbers(a: f64, b: Vec<f32>) -> (f64, Vec<f32>) { (a, b) }
fn letters(a: char, b: String, c: bool) -> (char, String, bool) { (a, b, c) }
fn bytes(a: Vec<u8>, b: [u8; 3]) -> (Vec<u8>, [u8; 3]) { (a, b) }
fn options(a: Option<Option<i32>>, b: Option<()>) -> (Option<Option<i32>>, Option<()>) { (a, b) }
fn results(a: Result<i32, String>) -> Result<i32, String> { a }
fn nested(a: Vec<Vec<Vec<Vec<i64>>>>) -> Vec<Vec<Vec<Vec<i64>>>> { a }
fn hashed(a: HashMap<String, Vec<i32>>, b: HashSet<char>) ->
    (HashMap<String, Vec<i32>>, HashSet<char>) { (a, b) }
fn ordered(a: BTreeMap<i32, char>, b: BTreeSet<i32>) -> (BTreeMap<i32, char>, BTreeSet<i32>) { (a, b) }
fn rows(a: VecDeque<i32>, b: LinkedList<i32>) -> (VecDeque<i32>, LinkedList<i32>) { (a, b) }
fn pointers(a: Box<i32>, b: Rc<String>, c: Ordering) -> (Box<i32>, Rc<String>, Ordering) { (a, b, c) }
fn first<'a>(a: &'a [&'a str], b: &String, c: &Option<i32>) -> &'a str { a[0] }
fn shared<'a>(a: Cow<'a, str>, b: &(i32, i32)) -> Cow<'a, str> { a }
fn nothing() {}
fn sorted(a: &mut Vec<i32>, b: &mut [i32], c: &mut String, d: &mut i32) -> i32 {
    a.sort(); a.push(9); b.reverse(); c.push('é'); *d += 1; a[0]
}
fn lasting(a: &'static str) -> &'static str { a }
fn failing(a: &mut Vec<i32>) -> i32 { a.push(1); panic!("no {}", a.len()) }
"""
VALUES_TESTS = """\
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_exact() {
        assert_eq!(small(-128, u64::MAX, usize::MAX), (-128, u64::MAX, usize::MAX));
        let far = [i64::MAX as i128, i64::MIN as i128 - 1, i128::MIN, i128::MAX, 1 << 71, -(1 << 71)];
        for value in [0, 1, -1].into_iter().chain(far) {
            assert_eq!(wide(value, value.unsigned_abs()), (value, value.unsigned_abs()));
        }
        assert_eq!(wide(0, u128::MAX).1, u128::MAX);
        for bits in [0, 1 << 63, 1, f64::NAN.to_bits(), 0x7ff8_0000_0000_1234, f64::INFINITY.to_bits()] {
            assert_eq!(numbers(f64::from_bits(bits), vec![]).0.to_bits(), bits);
        }
        let floats = vec![0.1, f32::MIN_POSITIVE, -f32::INFINITY];
        assert_eq!(numbers(0.1, floats.clone()), (0.1, floats));
    }

    #[test]
    fn others_stay_what_they_are() {
        assert_eq!(letters('\\u{10ffff}', "a\\0é".into(), true), ('\\u{10ffff}', "a\\0é".to_string(), true));
        assert_eq!(bytes((0..=255).collect(), [1, 2, 3]), ((0..=255).collect(), [1, 2, 3]));
        for value in [None, Some(None), Some(Some(1))] {
            assert_eq!(options(value, Some(())), (value, Some(())));
        }
        assert_eq!(results(Ok(1)), Ok(1));
        assert_eq!(results(Err("x".into())), Err("x".into()));
        assert_eq!(nested(vec![vec![], vec![vec![vec![1]]]]), vec![vec![], vec![vec![vec![1]]]]);
        assert_eq!(hashed(HashMap::from([("a".into(), vec![1])]), HashSet::from(['x'])).0["a"], [1]);
        let map = BTreeMap::from([(2, 'b'), (1, 'a')]);
        assert_eq!(ordered(map.clone(), [3].into()), (map, [3].into()));
        assert_eq!(rows([1, 2].into(), [3].into()), ([1, 2].into(), [3].into()));
        let (one, text) = (Box::new(1), Rc::new(String::from("a")));
        assert_eq!(pointers(one.clone(), text.clone(), Ordering::Less), (one, text, Ordering::Less));
        assert_eq!(first(&["a", "b"], &String::new(), &None), "a");
        assert_eq!(shared("x".into(), &(1, 2)), "x");
        assert_eq!(nothing(), ());
        assert_eq!(lasting("x"), "x");
    }

    #[test]
    fn arguments_change() {
        let (mut a, mut b, mut c, mut d) = (vec![3, 1], [1, 2, 3], String::from("c"), 1);
        assert_eq!(sorted(&mut a, &mut b[..2], &mut c, &mut d), 1);
        assert_eq!((a, b, c.as_str(), d), (vec![1, 3, 9], [2, 1, 3], "cé", 2));
    }

    #[test]
    fn panics_are_passed_on() {
        let mut a = vec![];
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| failing(&mut a)));
        assert_eq!(caught.unwrap_err().downcast_ref::<String>().unwrap(), "no 1");
        assert_eq!(a, [1]);
    }

    #[test]
    #[should_panic(expected = "no 1")]
    fn panics_are_expected() {
        failing(&mut vec![]);
    }
}
"""


def test_values_stay_what_they_are(judge: Judge) -> None:
    names = [
        line.split()[1].partition("(")[0].partition("<")[0]
        for line in VALUES.splitlines()
        if line[:3] == "fn "
    ]
    found = verdict(judge, VALUES, VALUES_TESTS, VALUES, *names)
    assert found.status is Status.PASSED, found.stderr


@pytest.mark.parametrize(
    ("candidate", "status"),
    [
        (RIGHT, Status.PASSED),
        ("fn add(a: i32, b: i32) -> i32 { a - b }", Status.WRONG_ANSWER),
        ("fn add(a: i64, b: i64) -> i64 { a + b }", Status.PASSED),
        (f"#![forbid(unsafe_code)]\n#![deny(missing_docs)]\n//! Doc.\n{RIGHT}", Status.PASSED),
        (f"{RIGHT}\nfn main() {{ println!(); }}", Status.PASSED),
        ("mod own { pub fn add(a: i32, b: i32) -> i32 { a + b } }\npub use own::*;", Status.PASSED),
        ("fn add<T: std::ops::Add<Output = T>>(a: T, b: T) -> T { a + b }", Status.PASSED),
        ("struct Vec; struct String; trait Encode {} fn add(a: i32, b: i32) -> i32 { a + b }", Status.PASSED),
        ("fn add(a: i32, b: i32) -> i32 { panic!() }", Status.RUNTIME_ERROR),
        ("fn add(a: i32, b: i32) -> i32 { std::process::exit(0) }", Status.INCOMPLETE),
        ("fn add(a: i32, b: i32) -> i32 { std::process::abort() }", Status.RUNTIME_ERROR),
        ("fn add(a: i32, b: i32) -> i32 { let v = vec![1; 64 << 20]; v.len() as i32 * add(a, b) }", None),
        ("fn add(a: i32, b: i32, c: i32) -> i32 { a }", Status.COMPILE_ERROR),
        ("fn sub(a: i32, b: i32) -> i32 { a }", Status.COMPILE_ERROR),
    ],
)  # fmt: skip
def test_candidates(judge: Judge, candidate: str, status: Status | None) -> None:
    found = verdict(judge, candidate)
    if status is None:
        assert not found.passed
    else:
        assert found.status is status, found.stderr


WRITES = """
use std::{{fs::File, io::{{Read, Write}}, os::fd::FromRawFd}};
fn file(number: i32) -> std::mem::ManuallyDrop<File> {{
    std::mem::ManuallyDrop::new(unsafe {{ File::from_raw_fd(number) }})
}}
fn frame(content: &[u8]) {{
    let _ = file(6).write_all(&(content.len() as u32).to_be_bytes());
    let _ = file(6).write_all(content);
}}
fn integer(value: i64) -> Vec<u8> {{
    let mut all = b"Ri".to_vec();
    all.extend(value.to_be_bytes());
    all.extend([0; 12]);
    all
}}
extern "C" {{
    fn fork() -> i32;
    fn close(number: i32) -> i32;
    fn dup2(from: i32, to: i32) -> i32;
    fn _exit(status: i32) -> !;
}}
fn add(a: i32, b: i32) -> i32 {{ unsafe {{ {} }} }}
"""
CHEATS = [
    'frame(b""); 0',
    'frame(b"R"); 0',
    'frame(b"X"); 0',
    'frame(b"H\\x01"); 0',
    'frame(b"RT\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"); 0',
    'frame(b"Rs\\xff\\xff\\xff\\xff"); 0',
    'frame(b"Rl\\xff\\xff\\xff\\xff"); 0',
    'frame(b"RI\\xff\\xff\\xff\\xff"); 0',
    'frame(b"RI\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"); 0',
    'frame(b"RI\\0\\0\\0\\x08\\x7f\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"); 0',
    "let mut all = integer(3); all.push(0); frame(&all); 0",
    "let mut all = integer(3); all[13] = 1; frame(&all); 0",
    "let mut all = integer(3); all.truncate(14); all.extend([0, 0, 0, 1, b'x', 0, 0, 0, 0]); frame(&all); 0",
    "frame(&integer(1 << 40)); 0",
    "frame(&integer(-1)); 0",
    'frame(b"E\\0\\0\\0\\x05panic\\0\\0\\0\\x02no"); 0',
    'frame(b"E\\0\\0\\0\\x02\\xff\\xff\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"); 0',
    "let _ = file(6).write_all(&u32::MAX.to_be_bytes()); 0",
    "let _ = file(6).write_all(&[0, 0, 0, 99, b'R']); _exit(0)",
    "let _ = file(6).write_all(&vec![b'x'; 4 << 20]); 0",
    "let mut all = vec![b'R']; all.resize(17 << 20, b'l'); frame(&all); 0",
    'let _ = file(4).write_all(b"passed"); let _ = file(4).write_all(b"passed "); 0',
    "let mut text = vec![]; let _ = file(3).read_to_end(&mut text); file(4).write_all(&text); _exit(0)",
    "close(5); close(6); 3",
    "close(6); dup2(1, 6); 3",
    "if fork() == 0 { frame(&integer(7)); _exit(0) } loop { std::hint::spin_loop() }",
    "if fork() != 0 { _exit(0) } 7",
    "std::thread::spawn(|| loop { frame(&integer(7)) }); 7",
    "for _ in 0..9 { frame(&integer(7)) } 7",
    'for entry in std::fs::read_dir("/proc/self/fd").unwrap() { println!("{:?}", entry) } 7',
    "std::process::exit(0)",
    "*(8 as *mut i32) = 3; 7",
]  # fmt: skip
TYPES = [
    """
    #[derive(Debug)] struct Int(i32);
    impl PartialEq<i32> for Int { fn eq(&self, _: &i32) -> bool { true } }
    fn add(a: i32, b: i32) -> Int { Int(7) }
    """,
    "fn add(a: i32, b: i32) -> Option<i32> { Some(a + b) }",
    'fn add(a: i32, b: i32) -> String { "3".into() }',
    "fn add(a: i32, b: i32) -> f64 { (a + b) as f64 }",
    "macro_rules! assert_eq { ($($any:tt)*) => {} }\nfn add(a: i32, b: i32) -> i32 { 7 }",
    """#![no_main]
    fn add(a: i32, b: i32) -> i32 { 7 }
    #[no_mangle] pub extern "C" fn main(_: i32, _: *const *const u8) -> i32 { 0 }
    """,
    """
    fn add(a: i32, b: i32) -> i32 { 7 }
    #[used] #[link_section = ".init_array"] static A: fn() = leave;
    fn leave() { std::process::exit(0) }
    """,
]  # fmt: skip


@pytest.mark.parametrize("candidate", [*(WRITES.format(each) for each in CHEATS), *TYPES])
def test_no_cheat_passes_or_blames_the_judge(judge: Judge, candidate: str) -> None:
    found = verdict(judge, candidate)
    assert found.status not in (Status.PASSED, Status.HARNESS_ERROR), found.stderr


def test_changed_slice_keeps_its_length(judge: Judge) -> None:
    declaration = "fn fill(a: &mut [i32]) {"
    tests = "#[test] fn fills() { let mut a = [0; 2]; fill(&mut a); assert_eq!(a, [1, 1]); }"
    assert verdict(judge, "fn fill(a: &mut [i32]) { a.fill(1) }", tests, declaration, "fill").passed
    longer = WRITES.replace("fn add(a: i32, b: i32) -> i32", "fn fill(a: &mut [i32])")
    content = 'b"RN\\0\\0\\0\\x01\\0\\0\\0\\0l\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"'
    found = verdict(judge, longer.format(f"frame({content});"), tests, declaration, "fill")
    assert found.status is Status.POLICY


@pytest.mark.parametrize(
    ("declaration", "tests", "reason"),
    [
        ("fn add(a: &dyn std::any::Any) -> i32 {", TESTS, "dyn std::any::Any"),
        ("fn add<T>(a: T) -> i32 {", TESTS, "generic"),
        ("fn add(f: fn(i32) -> i32) -> i32 {", TESTS, "fn(i32) -> i32"),
        ("struct Own { a: Box<Own> }\nfn add(a: Own) -> i32 {", TESTS, "Own"),
        ("struct Own<T> { a: T }\nfn add(a: Own<i32>) -> i32 {", TESTS, "Own<i32>"),
        ("fn add(a: i32) -> impl Iterator<Item = i32> {", TESTS, "impl Iterator"),
        ("async fn add(a: i32) -> i32 {", TESTS, "async"),
        ("fn add(a: &str) -> &mut str {", TESTS, "&mut str"),
        (DECLARATION, f"{TESTS}\nfn f() {{ std::env::set_current_dir(\".\"); }}", "set_current_dir"),
        ("struct", TESTS, "does not parse"),
    ],
)  # fmt: skip
def test_tests_that_need_more_than_values(declaration: str, tests: str, reason: str) -> None:
    found = replace(program("", tests, declaration), id="")
    assert reason in _separate.SEPARATE.why_shared(found)


@pytest.mark.parametrize(
    "declaration",
    [
        "fn add(a: i32, b: i32) -> i32",
        "/// Adds.\nfn add(a: i32, b: i32) -> i32;",
        "type Number = i32;\nfn add(a: Number, b: i32) -> Number {",
        "const ONE: i32 = 1;\nfn main() {}\n#[inline]\npub fn add(mut a: i32, b: i32) -> i32 {",
        "fn other(a: i32) -> i32 { a }\nfn add_numbers(a: i32, b: i32) -> i32 {",
    ],
)  # fmt: skip
def test_declarations(judge: Judge, declaration: str) -> None:
    name = "add_numbers" if "add_numbers" in declaration else "add"
    types = "type Number = i32;" if "Number" in declaration else ""
    candidate = types + RIGHT.replace("add", name)
    assert verdict(judge, candidate, TESTS.replace("add(", f"{name}("), declaration).passed


def test_helpers_of_the_declaration_are_the_benchmarks_own(judge: Judge) -> None:
    declaration = "fn twice(a: i32) -> i32 { 2 * a }\nfn half(a: i32) -> i32 {"
    tests = "#[test] fn halves() { assert_eq!(half(twice(7)), 7); }"
    cheat = "fn twice(a: i32) -> i32 { a }\nfn half(a: i32) -> i32 { a }"
    assert verdict(judge, cheat, tests, declaration, "half").status is Status.WRONG_ANSWER


RECORDS = """\
#[derive(Debug, PartialEq, Clone)]
struct Point { x: i32, y: Vec<Unit> }
#[derive(Debug, PartialEq, Clone)]
struct Unit;
#[derive(Debug, PartialEq, Clone)]
struct Pair(Option<Point>, pub f64);
#[derive(Debug, PartialEq, Clone)]
enum Shape { Empty, Of(Pair, Point), Named { name: String } }
"""


def test_types_of_the_declaration_are_sent_by_fields(judge: Judge) -> None:
    declaration = f"{RECORDS}fn same(a: &[Shape], b: &mut Pair) -> Vec<Shape> {{"
    tests = """#[test] fn stay() {
        let point = Point { x: 1, y: vec![Unit] };
        let named = Shape::Named { name: "a".into() };
        let all = [Shape::Empty, Shape::Of(Pair(None, 0.5), point.clone()), named];
        let mut pair = Pair(Some(point.clone()), 1.0);
        assert_eq!(same(&all, &mut pair), all.to_vec());
        assert_eq!(pair, Pair(None, 2.0));
    }"""
    candidate = f"{declaration} *b = Pair(None, 2.0); a.to_vec() }}"
    assert verdict(judge, candidate, tests, declaration, "same").passed
    forged = candidate.replace("#[derive(Debug, PartialEq, Clone)]\nenum", "#[derive(Debug, Clone)]\nenum")
    forged += "\nimpl PartialEq for Shape { fn eq(&self, _: &Shape) -> bool { true } }"
    forged = forged.replace("a.to_vec()", "vec![]")
    assert verdict(judge, forged, tests, declaration, "same").status is Status.WRONG_ANSWER
