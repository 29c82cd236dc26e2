"""Rust's tests of types with methods: their objects stay in the candidate's process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crosstune.execution import Judge, requirements
from crosstune.languages.rust import _separate
from crosstune.records import Program, Status

STACK = """\
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stack { items: Vec<i32> }

impl Stack {
    pub fn new() -> Self {}
    /// Adds a value.
    pub fn push(&mut self, mut value: i32) -> &mut Self {}
    pub fn pop(&mut self) -> Option<i32>;
    #[must_use]
    pub fn peek(&self) -> Option<&i32> { todo!() }
    pub fn merge(&mut self, other: &Stack) {}
    pub fn split(self, at: usize) -> Result<(Stack, Self), String> {}
    pub fn into_vec(self) -> Vec<i32> {
"""
STACK_TESTS = """
#[cfg(test)]
mod tests {
    use super::*;

    fn filled(values: &[i32]) -> Stack {
        let mut stack = Stack::new();
        for value in values {
            stack.push(*value);
        }
        stack
    }

    #[test]
    fn test_stack() {
        let mut s = Stack::new();
        s.push(1).push(2);
        assert_eq!(s.peek(), Some(&2));
        assert_eq!(s.pop(), Some(2));
        let copy = s.clone();
        assert_eq!(s.pop(), Some(1));
        assert_eq!(s.pop(), None);
        assert_eq!(copy.peek(), Some(&1));
        assert_ne!(copy, s);
        s.merge(&copy);
        assert_eq!(s, copy);
        assert_eq!(Stack::default().peek(), None);
        let (one, two) = filled(&[1, 2, 3]).split(1).unwrap();
        assert_eq!(one.into_vec(), vec![1]);
        assert_eq!(two.into_vec(), [2, 3]);
        assert_eq!(filled(&[1]).split(2).unwrap_err(), "too far");
        let mut all = vec![filled(&[1]), s];
        all.reverse();
        assert_eq!(format!("{:?}", all[1]), "Stack { items: [1] }");
    }

    #[test]
    #[should_panic]
    fn fails() {
        filled(&[1]).split(2).unwrap();
    }
}
"""
STACK_RIGHT = """
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stack { items: Vec<i32> }

impl Stack {
    pub fn new() -> Self { Stack { items: vec![] } }
    pub fn push(&mut self, value: i32) -> &mut Self { self.items.push(value); self }
    pub fn pop(&mut self) -> Option<i32> { self.items.pop() }
    pub fn peek(&self) -> Option<&i32> { self.items.last() }
    pub fn merge(&mut self, other: &Stack) { self.items.extend(&other.items) }
    pub fn split(mut self, at: usize) -> Result<(Stack, Self), String> {
        if at > self.items.len() { return Err("too far".into()); }
        let rest = self.items.split_off(at);
        Ok((self, Stack { items: rest }))
    }
    pub fn into_vec(self) -> Vec<i32> { self.items }
}
"""
FRAMES = """
use std::{fs::File, io::Write, os::fd::FromRawFd, mem::forget};
fn frame(content: &[u8]) {
    let mut file = unsafe { File::from_raw_fd(6) };
    let _ = file.write_all(&(content.len() as u32).to_be_bytes());
    let _ = file.write_all(content);
    forget(file);
}
"""
CHEATS = {
    "always equal": STACK_RIGHT.replace(", PartialEq", "")
    + "impl PartialEq for Stack { fn eq(&self, _: &Stack) -> bool { true } }",
    "never equal": STACK_RIGHT.replace(", PartialEq", "")
    + "impl PartialEq for Stack { fn eq(&self, _: &Stack) -> bool { false } }",
    "own values that are always equal": STACK_RIGHT.replace(
        "pop(&mut self) -> Option<i32> { self.items.pop()", "pop(&mut self) -> Any { Any"
    )
    + "#[derive(Debug)] pub struct Any;\n"
    "impl PartialEq<Option<i32>> for Any { fn eq(&self, _: &Option<i32>) -> bool { true } }",
    "no operator": STACK_RIGHT.replace(", PartialEq", ""),
    "another object": STACK_RIGHT.replace(
        "self.items.push(value); self", "self.items.push(value); Box::leak(Box::new(self.clone()))"
    ),
    "the same items": STACK_RIGHT.replace("#[derive(Debug, Clone,", "#[derive(Debug,")
    + "impl Clone for Stack { fn clone(&self) -> Stack { Stack::new() } }",
    "no method": STACK_RIGHT.replace("fn merge", "fn merged"),
    "exit": STACK_RIGHT.replace("self.items.pop()", "std::process::exit(0)"),
    "exit when dropped": STACK_RIGHT.replace("{ self.items }", "{ self.items.clone() }")
    .replace("mut self, at", "self, at")
    .replace("self.items.split_off(at)", "self.items[at..].to_vec()")
    + "impl Drop for Stack { fn drop(&mut self) { std::process::exit(0) } }",
    "panic": STACK_RIGHT.replace("self.items.pop()", "panic!()"),
    "a forged object": FRAMES + STACK_RIGHT.replace(
        "new() -> Self { ", 'new() -> Self { frame(b"Rh\\0\\0\\0\\x63\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"); '
    ),
    "a value for an object": FRAMES + STACK_RIGHT.replace(
        "new() -> Self { ", 'new() -> Self { frame(b"RN\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"); '
    ),
    "an object for a value": FRAMES + STACK_RIGHT.replace(
        "self.items.pop()", '{ frame(b"Rh\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"); None }'
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    if missing := [each.what for each in requirements("rust") if not each.met]:
        pytest.skip(f"Rust cannot be run here: {missing[0]} is missing")
    with Judge(workers=1, isolation="separate") as judge:
        yield judge


def program(candidate: str, tests: str, declaration: str, *names: str) -> Program:
    return Program("1", "rust", candidate, tests, declaration=declaration, entry_points=names)


def judged(judge: Judge, *parts: str) -> Status:
    (verdict,) = judge.run([program(*parts)])
    assert verdict.isolation == "separate", verdict.stderr
    return verdict.status


LINKED = """
#[derive(Debug, Clone, PartialEq)]
struct Node { value: i32, next: Option<Box<Node>> }
#[derive(Clone, PartialEq, Default)]
pub struct Stack { top: Option<Box<Node>> }

impl std::fmt::Debug for Stack {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Stack {{ items: {:?} }}", self.clone().into_vec())
    }
}
impl Stack {
    pub fn new() -> Stack { Default::default() }
    pub fn push(&mut self, value: i32) -> &mut Stack {
        self.top = Some(Box::new(Node { value, next: self.top.take() }));
        self
    }
    pub fn pop(&mut self) -> Option<i32> {
        self.top.take().map(|node| { self.top = node.next; node.value })
    }
    pub fn peek(&self) -> Option<&i32> { self.top.as_ref().map(|node| &node.value) }
    pub fn merge(&mut self, other: &Self) { for value in other.clone().into_vec() { self.push(value); } }
    pub fn split(self, at: usize) -> Result<(Self, Self), String> {
        let all = self.into_vec();
        let of = |part: &[i32]| { let mut s = Stack::new(); for v in part { s.push(*v); } s };
        if at > all.len() { Err(String::from("too far")) } else { Ok((of(&all[..at]), of(&all[at..]))) }
    }
    pub fn into_vec(mut self) -> Vec<i32> {
        let mut all = vec![];
        while let Some(value) = self.pop() { all.insert(0, value); }
        all
    }
}
"""


@pytest.mark.parametrize("name", ["Stack", "Stack::push", "new"])
@pytest.mark.parametrize("candidate", [STACK_RIGHT, LINKED])
def test_objects_have_a_state(judge: Judge, candidate: str, name: str) -> None:
    assert judged(judge, candidate, STACK_TESTS, STACK, name) is Status.PASSED


def test_every_cheat_differs() -> None:
    assert [name for name, code in CHEATS.items() if code.removeprefix(FRAMES) == STACK_RIGHT] == []


@pytest.mark.parametrize("name", CHEATS)
def test_no_cheat_passes(judge: Judge, name: str) -> None:
    status = judged(judge, CHEATS[name], STACK_TESTS, STACK, "Stack")
    assert status not in (Status.PASSED, Status.HARNESS_ERROR), status


OTHERS = {
    "a type that only the candidate defines": (
        "Cache",
        """
impl Cache {
    pub fn new(capacity: usize) -> Cache {}
    pub fn get(&mut self, key: &str) -> Option<i64> {}
    pub fn put(&mut self, key: String, value: i64) {}
}""",
        """
#[test]
fn least_recently_used() {
    let mut c = Cache::new(2);
    c.put("a".to_string(), 1);
    c.put("b".to_string(), 2);
    assert_eq!(c.get("a"), Some(1));
    c.put("c".to_string(), 3);
    assert!(c.get("b").is_none());
    assert_eq!(c.get("a"), Some(1));
}""",
        """
use std::collections::HashMap;
struct Cache { capacity: usize, values: HashMap<String, i64>, order: Vec<String> }
impl Cache {
    fn new(capacity: usize) -> Cache { Cache { capacity, values: HashMap::new(), order: vec![] } }
    fn touch(&mut self, key: &str) { self.order.retain(|each| each != key); self.order.push(key.into()); }
    fn get(&mut self, key: &str) -> Option<i64> {
        let found = self.values.get(key).copied()?;
        self.touch(key);
        Some(found)
    }
    fn put(&mut self, key: String, value: i64) {
        self.touch(&key);
        self.values.insert(key, value);
        if self.order.len() > self.capacity { let old = self.order.remove(0); self.values.remove(&old); }
    }
}""",
        ("        self.touch(key);\n", ""),
    ),
    "two types, one made of the other": (
        "Bank",
        """
#[derive(Debug, PartialEq, Clone)]
pub enum Failure { Missing, TooMuch { by: u64 } }
pub struct Account { cents: u64 }
impl Account {
    pub fn new(cents: u64) -> Self {}
    pub fn cents(&self) -> u64 {}
}
pub struct Bank;
impl Bank {
    pub fn new(accounts: Vec<Account>) -> Self {}
    pub fn take(&mut self, at: usize, cents: u64) -> Result<u64, Failure> {}
    pub fn move_all(&mut self, to: &mut Account) {}
    pub fn close(self) -> Vec<Account> {}
}
pub fn total(bank: &Bank) -> u64 {""",
        """
#[test]
fn banks() {
    let mut bank = Bank::new(vec![Account::new(5), Account::new(7)]);
    assert_eq!(bank.take(0, 2), Ok(3));
    assert_eq!(bank.take(0, 5), Err(Failure::TooMuch { by: 2 }));
    assert_eq!(bank.take(9, 5), Err(Failure::Missing));
    assert_eq!(total(&bank), 10);
    let mut own = Account::new(1);
    bank.move_all(&mut own);
    assert_eq!((own.cents(), total(&bank)), (11, 0));
    assert_eq!(bank.close().iter().map(|each| each.cents()).collect::<Vec<_>>(), vec![0, 0]);
}""",
        """
#[derive(Debug, PartialEq, Clone)]
pub enum Failure { Missing, TooMuch { by: u64 } }
pub struct Account { cents: u64 }
impl Account {
    pub fn new(cents: u64) -> Self { Self { cents } }
    pub fn cents(&self) -> u64 { self.cents }
}
pub struct Bank(Vec<Account>);
impl Bank {
    pub fn new(accounts: Vec<Account>) -> Self { Bank(accounts) }
    pub fn take(&mut self, at: usize, cents: u64) -> Result<u64, Failure> {
        let account = self.0.get_mut(at).ok_or(Failure::Missing)?;
        if cents > account.cents { return Err(Failure::TooMuch { by: cents - account.cents }); }
        account.cents -= cents;
        Ok(account.cents)
    }
    pub fn move_all(&mut self, to: &mut Account) {
        for each in &mut self.0 { to.cents += each.cents; each.cents = 0; }
    }
    pub fn close(self) -> Vec<Account> { self.0 }
}
pub fn total(bank: &Bank) -> u64 { bank.0.iter().map(|each| each.cents).sum() }""",
        ("each.cents = 0;", ""),
    ),
    "traits": (
        "Matrix",
        """
use std::{fmt, ops::{Add, Mul}};
pub trait Shape {
    fn shape(&self) -> (usize, usize);
    fn area(&self) -> usize { self.shape().0 * self.shape().1 }
}
#[derive(Clone, PartialEq, Debug)]
pub struct Matrix { rows: Vec<Vec<f64>> }
impl From<Vec<Vec<f64>>> for Matrix { fn from(rows: Vec<Vec<f64>>) -> Self {} }
impl std::str::FromStr for Matrix { type Err = String; fn from_str(text: &str) -> Result<Self, Self::Err> {} }
impl Add for Matrix { type Output = Matrix; fn add(self, other: Matrix) -> Matrix {} }
impl Mul<f64> for Matrix { type Output = Self; fn mul(self, by: f64) -> Self::Output {} }
impl fmt::Display for Matrix { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {} }
impl Shape for Matrix { fn shape(&self) -> (usize, usize) {} }
impl Iterator for Matrix { type Item = Vec<f64>; fn next(&mut self) -> Option<Self::Item> {} }""",
        """
#[test]
fn matrices() {
    let one: Matrix = vec![vec![1.0, 2.0]].into();
    let two = "1 2".parse::<Matrix>().unwrap();
    assert!("1 x".parse::<Matrix>().is_err());
    assert_eq!(one, two);
    assert_eq!((one.shape(), two.area()), ((1, 2), 2));
    let sum = (one.clone() + two) * 0.5;
    assert_eq!(sum, one);
    assert_eq!(format!("{}", sum), "1 2");
    assert_eq!(sum.to_string(), "1 2");
    assert_eq!(one.map(|row| row.len()).sum::<usize>(), 2);
}""",
        """
use std::{fmt, ops::{Add, Mul}};
pub trait Shape {
    fn shape(&self) -> (usize, usize);
    fn area(&self) -> usize { self.shape().0 * self.shape().1 }
}
#[derive(Clone, PartialEq, Debug)]
pub struct Matrix { rows: Vec<Vec<f64>> }
impl From<Vec<Vec<f64>>> for Matrix { fn from(rows: Vec<Vec<f64>>) -> Self { Matrix { rows } } }
impl std::str::FromStr for Matrix {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let row: Result<Vec<f64>, _> = text.split(' ').map(|word| word.parse::<f64>()).collect();
        Ok(Matrix { rows: vec![row.map_err(|error| error.to_string())?] })
    }
}
impl Add for Matrix {
    type Output = Matrix;
    fn add(mut self, other: Matrix) -> Matrix {
        let pairs = self.rows.iter_mut().flatten().zip(other.rows.iter().flatten());
        pairs.for_each(|(mine, theirs)| *mine += theirs);
        self
    }
}
impl Mul<f64> for Matrix {
    type Output = Self;
    fn mul(mut self, by: f64) -> Self { self.rows.iter_mut().flatten().for_each(|each| *each *= by); self }
}
impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.rows.iter().flatten().map(|each| each.to_string()).collect();
        write!(f, "{}", words.join(" "))
    }
}
impl Shape for Matrix { fn shape(&self) -> (usize, usize) { (self.rows.len(), self.rows[0].len()) } }
impl Iterator for Matrix {
    type Item = Vec<f64>;
    fn next(&mut self) -> Option<Vec<f64>> { (!self.rows.is_empty()).then(|| self.rows.remove(0)) }
}""",
        ("*mine += theirs", "*mine = *theirs"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_other_types(judge: Judge, kind: str) -> None:
    name, declaration, tests, right, wrong = OTHERS[kind]
    assert judged(judge, right, tests, declaration, name) is Status.PASSED
    assert wrong[0] in right
    assert judged(judge, right.replace(*wrong), tests, declaration, name) is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("struct Stack<T> { a: Vec<T> }\nimpl<T> Stack<T> { fn new() -> Self {} }", "Stack is not declared"),
        ("struct Stack;\nimpl Stack { fn get_mut(&mut self) -> Option<&mut i32> {} }", "&mut i32"),
        ("struct Stack;\nimpl Stack { fn each(&self, f: fn(i32)) {} }", "fn(i32)"),
        ("struct Stack;\nimpl Stack { fn iter(&self) -> impl Iterator<Item = &i32> {} }", "impl Iterator"),
        ("struct Stack;\nimpl Stack { fn map<T>(&self, a: T) {} }", "generic"),
        ("struct Stack;\nimpl Stack { fn child(&self) -> &Stack2 {} }", "Stack2"),
        ("struct Stack;\nimpl Stack { fn children(&self) -> Vec<&Stack> {} }", "Stack"),
        ("struct Stack;\nimpl Stack { fn shared(&self) -> std::rc::Rc<Stack> {} }", "Stack"),
        ("struct Stack;\nimpl Stack { fn boxed(self: Box<Self>) {} }", "method"),
        ("struct Stack;\nimpl Stack { async fn wait(&self) {} }", "async"),
        ("struct Stack;\nimpl Drop for Stack { fn drop(&mut self) {} }", "Drop"),
    ],
)
def test_declarations_that_need_the_object_itself(declaration: str, reason: str) -> None:
    found = replace(program("", STACK_TESTS, declaration, "Stack"), id="")
    assert reason in _separate.SEPARATE.why_shared(found)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("assert!(Stack::new().items.is_empty())", "no field `items`"),
        ("let s = Stack { items: vec![] };", "no field named `items`"),
        ("std::thread::spawn(|| Stack::new()).join().unwrap();", "thread::spawn"),
        ("let mut all = std::collections::HashSet::new(); all.insert(Stack::new());", "Eq"),
        ("fn same<T: Copy>(a: T) -> (T, T) { (a, a) } same(Stack::new());", "Copy"),
    ],
)
def test_what_needs_the_object_itself_is_shared(judge: Judge, body: str, reason: str) -> None:
    tests = f"#[test] fn stacks() {{ {body} }}"
    assert reason in judge.why_shared(program("", tests, STACK, "Stack"))
