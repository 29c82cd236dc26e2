// The tests' assertions, where the candidate's own types may compare as they like; see _judging.py.
mod NAME {
    /// The candidate's types in a type.
    fn own(name: &str) -> ::std::collections::BTreeSet<&str> {
        name.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .filter(|word| word.starts_with("program::"))
            .collect()
    }

    /// Refuses to let one of the candidate's types decide over a value that holds none of it.
    pub fn fair<Left: ?Sized, Right: ?Sized>(_: &Left, _: &Right) {
        if own(::std::any::type_name::<Left>()) != own(::std::any::type_name::<Right>()) {
            ::std::panic!("assertion failed: a type of the program's own decides over another value");
        }
    }
}
// In the tests:
use ::std::assert_ne;
macro_rules! assert_eq {
    ($left:expr, $right:expr $(,)?) => { assert_eq!($left, $right, "") };
    ($left:expr, $right:expr, $($told:tt)+) => {
        match (&$left, &$right) {
            (left, right) => {
                crate::NAME::fair(left, right);
                ::std::assert_eq!(*left, *right, $($told)+)
            }
        }
    };
}
// Looks for one comparison; what it is not sure about stays as it is.
macro_rules! assert {
    (@left $all:tt [$($left:tt)+] == $($rest:tt)+) => { assert!(@right $all [$($left)+] [] $($rest)+) };
    (@left {$($all:tt)*} $left:tt && $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@left {$($all:tt)*} $left:tt || $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@left {$($all:tt)*} $left:tt , $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@left $all:tt [$($left:tt)*] $next:tt $($rest:tt)*) => { assert!(@left $all [$($left)* $next] $($rest)*) };
    (@left {$($all:tt)*} $left:tt) => { ::std::assert!($($all)*) };
    (@right {$($all:tt)*} $left:tt $right:tt && $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@right {$($all:tt)*} $left:tt $right:tt || $($rest:tt)*) => { ::std::assert!($($all)*) };
    (@right $all:tt [$($left:tt)+] [$($right:tt)+] $(, $($told:tt)*)?) => {
        match (&($($left)+), &($($right)+)) {
            (left, right) => {
                crate::NAME::fair(left, right);
                ::std::assert!(*left == *right $(, $($told)*)?)
            }
        }
    };
    (@right $all:tt $left:tt [$($right:tt)*] $next:tt $($rest:tt)*) => {
        assert!(@right $all $left [$($right)* $next] $($rest)*)
    };
    ($($all:tt)*) => { assert!(@left {$($all)*} [] $($all)*) };
}
