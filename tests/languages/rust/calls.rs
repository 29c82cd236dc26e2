use std::collections::HashMap;
fn nested(rows: &Vec<Vec<i32>>) -> Vec<Vec<i32>> {}
fn word(text: &str) -> String {}
fn number(value: f64) -> f64 {}
fn flag(value: bool) -> bool {}
fn grow(items: &mut Vec<usize>) {}
fn swap(pair: (i64, String)) -> (String, i64) {}
fn counts(given: HashMap<String, i32>) -> HashMap<String, i32> {}
fn maybe(value: Option<i32>) -> Option<i32> {}
fn leave(how: i32) -> i32 {}
----
use std::collections::HashMap;
fn nested(rows: &Vec<Vec<i32>>) -> Vec<Vec<i32>> { rows.clone() }
fn word(text: &str) -> String { text.to_string() }
fn number(value: f64) -> f64 { value }
fn flag(value: bool) -> bool { value }
fn grow(items: &mut Vec<usize>) { items.push(items.len()) }
fn swap(pair: (i64, String)) -> (String, i64) { (pair.1, pair.0) }
fn counts(given: HashMap<String, i32>) -> HashMap<String, i32> { given }
fn maybe(value: Option<i32>) -> Option<i32> { value }
fn leave(how: i32) -> i32 {
    if how == 0 { panic!("no") }
    if how == 1 { std::process::exit(0) }
    while how == 2 {}
    how
}
