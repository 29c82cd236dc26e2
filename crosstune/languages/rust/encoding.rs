//! Encode values.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

/// A value that can be sent. Pointers are what they point to.
pub trait Encode {
    fn encode(&self, out: &mut Vec<u8>);

    fn encode_list(items: &[Self], out: &mut Vec<u8>)
    where
        Self: Sized,
    {
        head(b'l', items.len(), out);
        for item in items {
            item.encode(out);
        }
    }
}

fn head(tag: u8, count: usize, out: &mut Vec<u8>) {
    out.push(tag);
    out.extend((count as u32).to_be_bytes());
}

pub fn text(text: &str, out: &mut Vec<u8>) {
    out.extend((text.len() as u32).to_be_bytes());
    out.extend(text.as_bytes());
}

/// The beginning of a record; the names and values of its fields follow.
pub fn record(name: &str, fields: u32, out: &mut Vec<u8>) {
    out.push(b'r');
    text(name, out);
    out.extend(fields.to_be_bytes());
}

/// A standard type that is made of a value.
fn made_of<T: Encode + ?Sized>(name: &str, value: &T, out: &mut Vec<u8>) {
    out.push(b'K');
    text(name, out);
    value.encode(out);
}

fn integer(value: i128, out: &mut Vec<u8>) {
    if let Ok(small) = i64::try_from(value) {
        out.push(b'i');
        out.extend(small.to_be_bytes());
    } else {
        shortest(&value.to_be_bytes(), out);
    }
}

/// `bytes` are two's complement.
fn shortest(mut bytes: &[u8], out: &mut Vec<u8>) {
    while bytes.len() > 1 && matches!((bytes[0], bytes[1] >> 7), (0, 0) | (0xff, 1)) {
        bytes = &bytes[1..];
    }
    head(b'I', bytes.len(), out);
    out.extend(bytes);
}

macro_rules! integers {
    ($($kind:ty)*) => { $(
        impl Encode for $kind {
            fn encode(&self, out: &mut Vec<u8>) {
                integer(*self as i128, out)
            }
        }
    )* };
}
integers! { i8 i16 i32 i64 i128 isize u16 u32 u64 usize }

impl Encode for u8 {
    fn encode(&self, out: &mut Vec<u8>) {
        integer(*self as i128, out)
    }

    fn encode_list(items: &[u8], out: &mut Vec<u8>) {
        head(b'b', items.len(), out);
        out.extend(items);
    }
}

impl Encode for u128 {
    fn encode(&self, out: &mut Vec<u8>) {
        match i128::try_from(*self) {
            Ok(value) => integer(value, out),
            Err(_) => {
                let mut bytes = vec![0];
                bytes.extend(self.to_be_bytes());
                shortest(&bytes, out)
            }
        }
    }
}

impl Encode for f64 {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(b'd');
        out.extend(self.to_bits().to_be_bytes());
    }
}

impl Encode for f32 {
    fn encode(&self, out: &mut Vec<u8>) {
        f64::from(*self).encode(out)
    }
}

impl Encode for bool {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(if *self { b'T' } else { b'F' })
    }
}

impl Encode for char {
    fn encode(&self, out: &mut Vec<u8>) {
        head(b'c', *self as usize, out)
    }
}

impl Encode for str {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(b's');
        text(self, out)
    }
}

impl Encode for String {
    fn encode(&self, out: &mut Vec<u8>) {
        self.as_str().encode(out)
    }
}

impl Encode for () {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(b'N')
    }
}

impl Encode for Ordering {
    fn encode(&self, out: &mut Vec<u8>) {
        made_of("Ordering", &(*self as i8), out)
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            None => out.push(b'N'),
            Some(value) => made_of("Some", value, out),
        }
    }
}

impl<T: Encode, E: Encode> Encode for Result<T, E> {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Ok(value) => made_of("Ok", value, out),
            Err(value) => made_of("Err", value, out),
        }
    }
}

macro_rules! pointers {
    ($($kind:ty)*) => { $(
        impl<T: Encode + ?Sized> Encode for $kind {
            fn encode(&self, out: &mut Vec<u8>) {
                (**self).encode(out)
            }
        }
    )* };
}
pointers! { &T &mut T Box<T> Rc<T> Arc<T> }

impl<T: Encode + ToOwned + ?Sized> Encode for Cow<'_, T> {
    fn encode(&self, out: &mut Vec<u8>) {
        (**self).encode(out)
    }
}

impl<T: Encode> Encode for RefCell<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        self.borrow().encode(out)
    }
}

impl<T: Encode + Copy> Encode for Cell<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        self.get().encode(out)
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, out: &mut Vec<u8>) {
        T::encode_list(self, out)
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn encode(&self, out: &mut Vec<u8>) {
        T::encode_list(self, out)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, out: &mut Vec<u8>) {
        T::encode_list(self, out)
    }
}

macro_rules! collections {
    ($($tag:literal $kind:ty)*) => { $(
        impl<T: Encode> Encode for $kind {
            fn encode(&self, out: &mut Vec<u8>) {
                head($tag, self.len(), out);
                for item in self {
                    item.encode(out);
                }
            }
        }
    )* };
}
collections! { b'l' VecDeque<T> b'l' LinkedList<T> b'l' BinaryHeap<T> b'S' BTreeSet<T> }

impl<T: Encode, S> Encode for HashSet<T, S> {
    fn encode(&self, out: &mut Vec<u8>) {
        head(b'S', self.len(), out);
        for item in self {
            item.encode(out);
        }
    }
}

impl<K: Encode, V: Encode> Encode for BTreeMap<K, V> {
    fn encode(&self, out: &mut Vec<u8>) {
        head(b'm', self.len(), out);
        for (key, value) in self {
            key.encode(out);
            value.encode(out);
        }
    }
}

impl<K: Encode, V: Encode, S> Encode for HashMap<K, V, S> {
    fn encode(&self, out: &mut Vec<u8>) {
        head(b'm', self.len(), out);
        for (key, value) in self {
            key.encode(out);
            value.encode(out);
        }
    }
}

macro_rules! tuples {
    ($($count:literal: $($kind:ident)*;)*) => { $(
        impl<$($kind: Encode),*> Encode for ($($kind,)*) {
            #[allow(non_snake_case)]
            fn encode(&self, out: &mut Vec<u8>) {
                let ($($kind,)*) = self;
                head(b't', $count, out);
                $($kind.encode(out);)*
            }
        }
    )* };
}
tuples! {
    1: A; 2: A B; 3: A B C; 4: A B C D; 5: A B C D E; 6: A B C D E F; 7: A B C D E F G; 8: A B C D E F G H;
    9: A B C D E F G H I; 10: A B C D E F G H I J; 11: A B C D E F G H I J K; 12: A B C D E F G H I J K L;
}
