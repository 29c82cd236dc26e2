//! Types that many programs exchange. At a low level of optimisation their instances are exported by this
//! crate and need not be compiled again with each program.

use std::collections::{BTreeMap, HashMap};

use crate::{Answer, Call, Decode, Encode, Question};

/// `A` and `B` differ by nothing but the lifetime that their strings have.
fn exchanged<'a, T: Encode + Decode<'a>>(call: &mut Call<'a>, question: &mut Question, mut answer: Answer<'a>) {
    let value: T = call.argument();
    call.returned(&value);
    call.changed(0, &value);
    question.argument(&value);
    let result: Option<T> = answer.result();
    answer.end(result);
}

macro_rules! instances {
    ($($kind:ty,)*) => {
        /// Never called.
        pub fn instances<'a>(call: &mut Call<'a>, question: &mut Question, frame: &'a [u8]) {
            $( exchanged::<$kind>(call, question, Answer::new(frame)); )*
        }
    };
}

instances! {
    (), bool, char, i32, i64, u32, u64, usize, u8, f32, f64, String, &'a str,
    Vec<bool>, Vec<char>, Vec<i32>, Vec<i64>, Vec<u32>, Vec<u64>, Vec<usize>, Vec<u8>, Vec<f32>, Vec<f64>,
    Vec<String>, Vec<&'a str>, Vec<Vec<i32>>, Vec<Vec<i64>>, Vec<Vec<char>>, Vec<Vec<String>>, Vec<Vec<f64>>,
    Option<i32>, Option<i64>, Option<usize>, Option<f64>, Option<char>, Option<String>, Option<&'a str>,
    Option<Vec<i32>>, Vec<Option<i32>>, (i32, i32), (i64, i64), (f32, f32), (f64, f64), (usize, usize),
    (i32, i32, i32), (String, i32), (String, bool), (String, String), Vec<(i32, i32)>, Vec<(String, i32)>,
    HashMap<String, i32>, HashMap<char, i32>, HashMap<&'a str, &'a str>, HashMap<String, String>,
    BTreeMap<String, i32>,
}
