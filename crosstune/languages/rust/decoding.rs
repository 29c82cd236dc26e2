//! Decode values into the types that are declared. How deep they nest is bounded by these types, none of
//! which contains itself.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::Hash;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::Arc;

/// Not the encoding of a value of the type.
#[derive(Debug)]
pub struct Malformed;

/// A value that can be received; `'a` is how long the frame lives that it may borrow from.
pub trait Decode<'a>: Sized {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed>;

    fn decode_list(from: &mut Decoder<'a>) -> Result<Vec<Self>, Malformed> {
        let count = from.head(b'l')?;
        from.items(count)
    }
}

/// Whether a number was read of which something too long could be made.
pub static HAS_LARGE: AtomicBool = AtomicBool::new(false);
const LARGE: i128 = 10_000;

fn note_large(is_large: bool) {
    if is_large {
        HAS_LARGE.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

pub struct Decoder<'a> {
    left: &'a [u8],
}

/// An integer; only a `u128` can be beyond `i128`.
enum Wide {
    Usual(i128),
    Large(u128),
}

impl<'a> Decoder<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Decoder { left: bytes }
    }

    pub fn rest(&self) -> &'a [u8] {
        self.left
    }

    pub fn skip(&mut self, count: usize) {
        self.left = &self.left[count..];
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        if count > self.left.len() {
            return Err(Malformed);
        }
        let (taken, left) = self.left.split_at(count);
        self.left = left;
        Ok(taken)
    }

    pub fn byte(&mut self) -> Result<u8, Malformed> {
        Ok(self.take(1)?[0])
    }

    pub fn number(&mut self) -> Result<u32, Malformed> {
        let bytes = self.take(4)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        let size = self.number()?;
        std::str::from_utf8(self.take(size as usize)?).map_err(|_| Malformed)
    }

    fn tag(&mut self, tag: u8) -> Result<(), Malformed> {
        if self.byte()? == tag { Ok(()) } else { Err(Malformed) }
    }

    /// The number after a tag.
    pub fn head(&mut self, tag: u8) -> Result<usize, Malformed> {
        self.tag(tag)?;
        Ok(self.number()? as usize)
    }

    fn items<T: Decode<'a>>(&mut self, count: usize) -> Result<Vec<T>, Malformed> {
        let mut items = Vec::with_capacity(count.min(self.left.len()).min(256));
        for _ in 0..count {
            items.push(T::decode(self)?);
        }
        Ok(items)
    }

    /// The items of a collection, in their order.
    fn each<T: Decode<'a>>(&mut self, tag: u8, mut put: impl FnMut(T)) -> Result<(), Malformed> {
        for _ in 0..self.head(tag)? {
            put(T::decode(self)?);
        }
        Ok(())
    }

    fn entries<K: Decode<'a>, V: Decode<'a>>(&mut self, mut put: impl FnMut(K, V)) -> Result<(), Malformed> {
        for _ in 0..self.head(b'm')? {
            let key = K::decode(self)?;
            put(key, V::decode(self)?);
        }
        Ok(())
    }

    /// The name of a standard type that is made of the value that follows.
    fn made_of(&mut self) -> Result<&'a str, Malformed> {
        self.tag(b'K')?;
        self.text()
    }

    /// The name of a record and the number of its fields; their names and values follow.
    pub fn record(&mut self) -> Result<(&'a str, u32), Malformed> {
        self.tag(b'r')?;
        Ok((self.text()?, self.number()?))
    }

    pub fn field<T: Decode<'a>>(&mut self, name: &str) -> Result<T, Malformed> {
        if self.text()? == name { T::decode(self) } else { Err(Malformed) }
    }

    fn integer(&mut self) -> Result<Wide, Malformed> {
        let bytes = match self.byte()? {
            b'i' => self.take(8)?,
            b'I' => {
                let size = self.number()?;
                self.take(size as usize)?
            }
            _ => return Err(Malformed),
        };
        let negative = bytes.first().is_some_and(|byte| byte >> 7 == 1);
        match bytes.len() {
            1..=16 => {
                let start = if negative { -1 } else { 0 };
                let value = bytes.iter().fold(start, |value, byte| value << 8 | i128::from(*byte));
                note_large(value > LARGE);
                Ok(Wide::Usual(value))
            }
            17 if bytes[0] == 0 => {
                let value = bytes.iter().fold(0, |value, byte| value << 8 | u128::from(*byte));
                Ok(Wide::Large(value))
            }
            _ => Err(Malformed),
        }
    }
}

macro_rules! integers {
    ($($kind:ty)*) => { $(
        impl<'a> Decode<'a> for $kind {
            fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
                match from.integer()? {
                    Wide::Usual(value) => value.try_into().map_err(|_| Malformed),
                    Wide::Large(value) => value.try_into().map_err(|_| Malformed),
                }
            }

            fn decode_list(from: &mut Decoder<'a>) -> Result<Vec<Self>, Malformed> {
                if from.left.first() != Some(&b'b') {
                    let count = from.head(b'l')?;
                    return from.items(count);
                }
                let count = from.head(b'b')?;
                from.take(count)?.iter().map(|byte| (*byte).try_into().map_err(|_| Malformed)).collect()
            }
        }
    )* };
}
integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

impl<'a> Decode<'a> for f64 {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        from.tag(b'd')?;
        let bytes = from.take(8)?.try_into().map_err(|_| Malformed)?;
        let value = f64::from_bits(u64::from_be_bytes(bytes));
        note_large(value > LARGE as f64);
        Ok(value)
    }
}

impl<'a> Decode<'a> for f32 {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        Ok(f64::decode(from)? as f32)
    }
}

impl<'a> Decode<'a> for bool {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        match from.byte()? {
            b'T' => Ok(true),
            b'F' => Ok(false),
            _ => Err(Malformed),
        }
    }
}

impl<'a> Decode<'a> for char {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        char::from_u32(from.head(b'c')? as u32).ok_or(Malformed)
    }
}

impl<'a> Decode<'a> for &'a str {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        from.tag(b's')?;
        from.text()
    }
}

impl<'a> Decode<'a> for String {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        Ok(<&str>::decode(from)?.to_owned())
    }
}

impl<'a> Decode<'a> for () {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        from.tag(b'N')
    }
}

impl<'a> Decode<'a> for Ordering {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        match (from.made_of()?, i8::decode(from)?) {
            ("Ordering", value @ -1..=1) => Ok(value.cmp(&0)),
            _ => Err(Malformed),
        }
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Option<T> {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        if from.left.first() == Some(&b'N') {
            return from.tag(b'N').map(|()| None);
        }
        if from.made_of()? == "Some" { T::decode(from).map(Some) } else { Err(Malformed) }
    }
}

impl<'a, T: Decode<'a>, E: Decode<'a>> Decode<'a> for Result<T, E> {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        match from.made_of()? {
            "Ok" => T::decode(from).map(Ok),
            "Err" => E::decode(from).map(Err),
            _ => Err(Malformed),
        }
    }
}

/// What is borrowed below the first level stays in memory.
impl<'a, T: Decode<'a> + 'a> Decode<'a> for &'a [T] {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        T::decode_list(from).map(|items| &*items.leak())
    }
}

impl<'a, T: Decode<'a> + 'a> Decode<'a> for &'a T {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        T::decode(from).map(|value| &*Box::leak(Box::new(value)))
    }
}

macro_rules! wrapped {
    ($($kind:ident)*) => { $(
        impl<'a, T: Decode<'a>> Decode<'a> for $kind<T> {
            fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
                T::decode(from).map($kind::new)
            }
        }
    )* };
}
wrapped! { Box Rc Arc RefCell Cell }

impl<'a> Decode<'a> for Box<str> {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        String::decode(from).map(String::into_boxed_str)
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Box<[T]> {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        T::decode_list(from).map(Vec::into_boxed_slice)
    }
}

impl<'a> Decode<'a> for Cow<'a, str> {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        <&str>::decode(from).map(Cow::Borrowed)
    }
}

impl<'a, T: Decode<'a>> Decode<'a> for Vec<T> {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        T::decode_list(from)
    }
}

impl<'a, T: Decode<'a>, const N: usize> Decode<'a> for [T; N] {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        T::decode_list(from)?.try_into().map_err(|_| Malformed)
    }
}

macro_rules! collections {
    ($($tag:literal $kind:ident $put:ident [$($bound:ident)*])*) => { $(
        impl<'a, T: Decode<'a> $(+ $bound)*> Decode<'a> for $kind<T> {
            fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
                let mut items = $kind::new();
                from.each($tag, |item| { items.$put(item); })?;
                Ok(items)
            }
        }
    )* };
}
collections! {
    b'l' VecDeque push_back [] b'l' LinkedList push_back [] b'l' BinaryHeap push [Ord]
    b'S' BTreeSet insert [Ord] b'S' HashSet insert [Eq Hash]
}

impl<'a, K: Decode<'a> + Ord, V: Decode<'a>> Decode<'a> for BTreeMap<K, V> {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        let mut map = BTreeMap::new();
        from.entries(|key, value| { map.insert(key, value); })?;
        Ok(map)
    }
}

impl<'a, K: Decode<'a> + Eq + Hash, V: Decode<'a>> Decode<'a> for HashMap<K, V> {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        let mut map = HashMap::new();
        from.entries(|key, value| { map.insert(key, value); })?;
        Ok(map)
    }
}

macro_rules! tuples {
    ($($count:literal: $($kind:ident)*;)*) => { $(
        impl<'a, $($kind: Decode<'a>),*> Decode<'a> for ($($kind,)*) {
            fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
                if from.head(b't')? != $count {
                    return Err(Malformed);
                }
                Ok(($($kind::decode(from)?,)*))
            }
        }
    )* };
}
tuples! {
    1: A; 2: A B; 3: A B C; 4: A B C D; 5: A B C D E; 6: A B C D E F; 7: A B C D E F G; 8: A B C D E F G H;
    9: A B C D E F G H I; 10: A B C D E F G H I J; 11: A B C D E F G H I J K; 12: A B C D E F G H I J K L;
}
