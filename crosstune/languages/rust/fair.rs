// The tests' assertions, if the candidate's types may compare by rules of their own; see _judging.py.
mod NAME {
    /// The candidate's types that occur in a type's name.
    fn own(name: &str) -> ::std::collections::BTreeSet<&str> {
        name.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .filter(|word| word.starts_with("program::"))
            .collect()
    }

    /// Panics if a type of the candidate would decide about a value that does not contain it.
    pub fn fair<Left: ?Sized, Right: ?Sized>(_: &Left, _: &Right) {
        if own(::std::any::type_name::<Left>()) != own(::std::any::type_name::<Right>()) {
            ::std::panic!("assertion failed: a type of the program's own must not decide about another value");
        }
    }
}
// In the tests:
use ::std::assert_ne;
macro_rules! assert_eq {
    ($left:expr, $right:expr $(,)?) => { assert_eq!($left, $right, "") };
    ($left:expr, $right:expr, $($message:tt)+) => {
        match (&$left, &$right) {
            (left, right) => {
                crate::NAME::fair(left, right);
                ::std::assert_eq!(*left, *right, $($message)+)
            }
        }
    };
}
// Looks for a single comparison; any other condition is asserted unchanged.
macro_rules! assert {
    (@left $all:tt [$($left:tt)+] == $($rest:tt)+) => { assert!(@right $all [$($left)+] [] $($rest)+) };
    (@left {$($all:tt)*} $left:tt && $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@left {$($all:tt)*} $left:tt || $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@left {$($all:tt)*} $left:tt , $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@left $all:tt [$($left:tt)*] $next:tt $($rest:tt)*) => { assert!(@left $all [$($left)* $next] $($rest)*) };
    (@left {$($all:tt)*} $left:tt) => { ::std::assert!($($all)*) };
    (@right {$($all:tt)*} $left:tt $right:tt && $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@right {$($all:tt)*} $left:tt $right:tt || $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@right $all:tt [$($left:tt)+] [$($right:tt)+] $(, $($message:tt)*)?) => {
        match (&($($left)+), &($($right)+)) {
            (left, right) => {
                crate::NAME::fair(left, right);
                ::std::assert!(*left == *right $(, $($message)*)?)
            }
        }
    };
    (@right $all:tt $left:tt [$($right:tt)*] $next:tt $($rest:tt)*) => {
        assert!(@right $all $left [$($right)* $next] $($rest)*)
    };
    ($($all:tt)*) => { assert!(@left {$($all)*} [] $($all)*) };
}
