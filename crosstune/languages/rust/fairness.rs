//! Finds out whether a type of the candidate decides comparisons that it must not decide.
//!
//! An equality that is written by hand may be any: of fractions, up to a tolerance, of sets. But if it takes values
//! for equal that look different, it must tell others apart, of those that the tests compare.

use std::any::type_name;
use std::collections::BTreeSet;
use std::fmt::{self, Debug, Write};
use std::mem::{needs_drop, size_of, size_of_val};
use std::slice::from_raw_parts;
use std::sync::Mutex;

const MOST_KEPT: usize = 12;
const MOST_SHOWN: usize = 1 << 16;

/// Panics if a type of the candidate would decide about a value that does not contain it. `tests` are the
/// paths of the tests' own types and modules.
pub fn fair<Left: ?Sized, Right: ?Sized>(_: &Left, _: &Right, tests: &[&str]) {
    if own(type_name::<Left>(), tests) != own(type_name::<Right>(), tests) {
        panic!("assertion failed: a type of the program's own must not decide about another value");
    }
}

/// A result of a function whose declared type has nothing of the candidate's.
pub fn given<Value>(value: Value, tests: &[&str]) -> Value {
    if !own(type_name::<Value>(), tests).is_empty() {
        panic!("assertion failed: the result is of a type of the program's own");
    }
    value
}

/// The candidate's types that occur in a type's name.
fn own<'name>(name: &'name str, tests: &[&str]) -> BTreeSet<&'name str> {
    let of_tests = |word: &str| tests.iter().any(|path| word == *path || word.starts_with(&format!("{path}::")));
    name.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .filter(|word| word.starts_with("program::") && !of_tests(word))
        .collect()
}

/// Two values that are compared. Methods are found by what their types can do.
pub struct Pair<'a, Left: ?Sized, Right: ?Sized>(pub &'a Left, pub &'a Right);

pub trait Compared {
    fn crosstune_compared(&self, tests: &[&str]);
}
pub trait Incomparable {
    fn crosstune_compared(&self, _: &[&str]) {}
}
pub trait Ordered {
    fn crosstune_ordered(&self, tests: &[&str]);
}
pub trait Unordered {
    fn crosstune_ordered(&self, _: &[&str]) {}
}
impl<Left: ?Sized, Right: ?Sized> Incomparable for &Pair<'_, Left, Right> {}
impl<Left: ?Sized, Right: ?Sized> Unordered for &Pair<'_, Left, Right> {}

impl<Left: PartialEq<Right> + Clone + Debug, Right: Clone + Debug> Compared for Pair<'_, Left, Right> {
    fn crosstune_compared(&self, tests: &[&str]) {
        let names = (type_name::<Left>(), type_name::<Right>());
        if !own(names.0, tests).is_empty() && !names.0.contains('&') && !names.1.contains('&') {
            SEEN.lock().unwrap_or_else(|error| error.into_inner()).add(self, names);
        }
    }
}

impl<Value: PartialOrd> Ordered for Pair<'_, Value, Value> {
    fn crosstune_ordered(&self, tests: &[&str]) {
        if own(type_name::<Value>(), tests).is_empty() {
            return;
        }
        let (left, right) = (self.0, self.1);
        let order = left.partial_cmp(right);
        let is_same = [left < right, left > right] == [right > left, right < left]
            && [left < right, left > right] == [order.is_some_and(|o| o.is_lt()), order.is_some_and(|o| o.is_gt())];
        if !is_same || order != right.partial_cmp(left).map(|o| o.reverse()) {
            panic!("assertion failed: the order of {} is none", type_name::<Value>());
        }
    }
}

static SEEN: Mutex<Seen> = Mutex::new(Seen { values: Vec::new(), alike: Vec::new(), apart: Vec::new() });
type Names = (&'static str, &'static str);

/// Copies of what the tests have compared; the types that take values for equal that look different, and those
/// that tell some values apart.
struct Seen {
    values: Vec<(Names, String, usize)>,
    alike: Vec<Names>,
    apart: Vec<Names>,
}

impl Seen {
    fn add<Left, Right>(&mut self, pair: &Pair<Left, Right>, names: Names)
    where
        Left: PartialEq<Right> + Clone + Debug,
        Right: Clone + Debug,
    {
        let (left, right) = (shown(pair.0), shown(pair.1));
        if !are_equal(pair.0, pair.1) {
            self.apart.push(names);
        } else if left != right || (size_of::<Left>() == size_of::<Right>() && bytes(pair.0) != bytes(pair.1)) {
            self.alike.push(names);
        }
        if self.apart.contains(&names) {
            return;
        }
        let others: Vec<_> = self.values.iter().filter(|each| each.0 == names).collect();
        for (_, _, place) in &others {
            // The names, which are those of the types, say what is there.
            let other = unsafe { &*(*place as *const (Left, Right)) };
            if !are_equal(&other.0, pair.1) || !are_equal(pair.0, &other.1) {
                self.apart.push(names);
                return;
            }
        }
        let both = format!("{left}\0{right}");
        if others.len() < MOST_KEPT && others.iter().all(|each| each.1 != both) {
            let copied = Box::into_raw(Box::new((pair.0.clone(), pair.1.clone())));
            self.values.push((names, both, copied as usize));
        }
    }
}

/// The type whose equality has told nothing apart, if there is one.
pub fn all_equal() -> Option<&'static str> {
    let seen = SEEN.lock().unwrap_or_else(|error| error.into_inner());
    seen.alike.iter().find(|names| !seen.apart.contains(names)).map(|names| names.0)
}

fn are_equal<Left: PartialEq<Right>, Right>(left: &Left, right: &Right) -> bool {
    let equal = left == right;
    if (left == right) != equal || (left != right) == equal {
        panic!("assertion failed: an equality of {} is none", type_name::<Left>());
    }
    equal
}

/// What `Debug` shows of a value, whatever the order: that of hashed ones is random.
fn shown<Value: Debug>(value: &Value) -> String {
    let mut text = Short(String::new());
    let _ = write!(text, "{value:?}");
    let mut letters: Vec<char> = text.0.chars().collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        if self.0.len() > MOST_SHOWN { Err(fmt::Error) } else { Ok(()) }
    }
}

/// The bytes of a value that consists of nothing else, and shows nothing of itself.
fn bytes<Value: Debug>(value: &Value) -> &[u8] {
    if needs_drop::<Value>() || shown(value).contains(|c: char| c.is_ascii_digit()) {
        return &[];
    }
    unsafe { from_raw_parts(value as *const Value as *const u8, size_of_val(value)) }
}
