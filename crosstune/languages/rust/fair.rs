macro_rules! assert_eq {
    ($left:expr, $right:expr $(,)?) => { assert_eq!($left, $right, "") };
    ($left:expr, $right:expr, $($message:tt)+) => {
        match (&$left, &$right) {
            (left, right) => {
                EQUALITY;
                ::NAME::standard::assert_eq!(*left, *right, $($message)+)
            }
        }
    };
}
macro_rules! assert_ne {
    ($left:expr, $right:expr $(,)?) => { assert_ne!($left, $right, "") };
    ($left:expr, $right:expr, $($message:tt)+) => {
        match (&$left, &$right) {
            (left, right) => {
                EQUALITY;
                ::NAME::standard::assert_ne!(*left, *right, $($message)+)
            }
        }
    };
}
