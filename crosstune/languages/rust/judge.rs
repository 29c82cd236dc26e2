//! The part of the judge that is linked into every tested program in Rust; see _judging.py.
//!
//! It is a crate of its own: the program's attributes, such as `forbid(unsafe_code)`, do not apply to it.

use std::any::Any;
use std::mem::forget;
use std::panic::{catch_unwind, resume_unwind};
use std::process::{ExitCode, Termination};

mod fairness;

pub use fairness::{fair, given, Compared, Incomparable, Ordered, Pair, Unordered};

/// By this path no `extern crate` of the program can stand in for the standard library.
pub use std as standard;

extern "C" {
    /// Reports a failure, and whether an assertion failed, and ends the program.
    fn crosstune_panicked(assertion: i32) -> !;
    fn _exit(status: i32) -> !;
}

/// `panics`: what the message of the panic that is expected contains.
pub struct Test {
    call: fn(),
    panics: Option<&'static str>,
}

pub const fn returns(call: fn()) -> Test {
    Test { call, panics: None }
}

pub const fn panics(call: fn(), message: &'static str) -> Test {
    Test { call, panics: Some(message) }
}

/// The tests have ended the program by themselves. `key` shows that it was not the candidate.
struct Left {
    key: u128,
    status: i32,
}

/// What the tests call instead of `std::process::exit`.
pub fn leave(key: u128, status: i32) -> ! {
    resume_unwind(Box::new(Left { key, status }))
}

/// Panics where a test has returned an error.
pub fn ended<Returned: Termination>(returned: Returned) {
    let report = format!("{:?}", returned.report());
    assert!(report == format!("{:?}", ExitCode::SUCCESS), "assertion failed: the test returned an error");
}

/// The tests that the linker has put between two addresses; there is at least one.
///
/// # Safety
/// Both are of the same section, which holds nothing else.
pub unsafe fn between<'tests>(first: *const Test, last: *const Test) -> &'tests [Test] {
    let count = last.offset_from(first) as usize;
    std::slice::from_raw_parts(first, count)
}

/// Ends a process that the candidate has forked to try out an answer: it must not see how the tests end there.
fn leave_fork(process: u32) {
    if std::process::id() != process {
        unsafe { _exit(1) }
    }
}

/// Runs the tests, and returns if they have passed.
pub fn run(key: u128, tests: &[Test]) {
    let process = std::process::id();
    for test in tests {
        let ended = catch_unwind(test.call);
        leave_fork(process);
        match (ended, test.panics) {
            (Ok(()), None) => {}
            (Ok(()), Some(_)) => {
                eprintln!("the test did not panic as expected");
                fail(true)
            }
            (Err(panic), expected) => {
                if let Some(left) = panic.downcast_ref::<Left>() {
                    if left.key != key || left.status != 0 {
                        fail(true)
                    }
                    return settle();
                }
                let message = message(panic.as_ref());
                match expected {
                    None => fail(message.starts_with("assertion")),
                    Some(expected) if !message.contains(expected) => fail(true),
                    Some(_) => {}
                }
                forget(panic); // dropping it could run code of the candidate
            }
        }
    }
    settle()
}

fn settle() {
    if let Some(name) = fairness::all_equal() {
        eprintln!("all values of {name} are equal");
        fail(true)
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    match panic.downcast_ref::<String>() {
        Some(text) => text,
        None => panic.downcast_ref::<&str>().unwrap_or(&""),
    }
}

fn fail(assertion: bool) -> ! {
    unsafe { crosstune_panicked(assertion as i32) }
}
