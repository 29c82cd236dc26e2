//! The candidate's side: objects that stay in its process.

use std::any::Any;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::fmt::Debug;
use std::marker::PhantomData;

use crate::{Decoder, Malformed};

thread_local! {
    /// By their numbers, which are never used again.
    static OBJECTS: RefCell<Vec<Option<Box<dyn Any>>>> = const { RefCell::new(Vec::new()) };
}

/// Keeps an object and writes its number. What `object` refers to is forgotten by the caller, not dropped.
pub fn put_object<T: 'static>(object: &T, out: &mut Vec<u8>) {
    let kept: Box<dyn Any> = Box::new(unsafe { std::ptr::read(object) });
    let number = OBJECTS.with(|objects| {
        let mut objects = objects.borrow_mut();
        objects.push(Some(kept));
        objects.len() as u32 - 1
    });
    out.push(b'h');
    out.extend(number.to_be_bytes());
}

fn taken(number: u32) -> Option<Box<dyn Any>> {
    OBJECTS.with(|objects| objects.borrow_mut().get_mut(number as usize)?.take())
}

pub(crate) fn drop_object(number: u32) {
    drop(taken(number))
}

/// An object. The tests' compiler has seen to it that nobody else refers to one that is changed.
pub(crate) fn object<T: 'static>(number: u32) -> Option<&'static mut T> {
    let place = OBJECTS.with(|objects| {
        let mut objects = objects.borrow_mut();
        let kept = objects.get_mut(number as usize)?.as_mut()?;
        kept.downcast_mut::<T>().map(|found| found as *mut T)
    });
    place.map(|found| unsafe { &mut *found })
}

pub(crate) fn taken_object<T: 'static>(number: u32) -> Option<T> {
    taken(number)?.downcast::<T>().ok().map(|kept| *kept)
}

impl<'a> Decoder<'a> {
    /// An object that the call gets for itself.
    pub fn taken<T: 'static>(&mut self) -> Result<T, Malformed> {
        let number = self.head(b'h')?;
        taken_object(number as u32).ok_or(Malformed)
    }
}

/// A value whose type may lack a trait. Methods of `&Maybe` are those for types that have it, if they do.
pub struct Maybe<'a, T>(pub &'a T);

macro_rules! maybe {
    ($($bound:ident $has:ident $lacks:ident $name:ident($this:ident $(, $other:ident: $kind:ty)*) -> $result:ty
        { $value:expr })*) => { $(
        pub trait $has<T> {
            fn $name(&self, $($other: $kind),*) -> Option<$result>;
        }
        impl<T: $bound> $has<T> for Maybe<'_, T> {
            fn $name(&self, $($other: $kind),*) -> Option<$result> {
                let $this = self.0;
                Some($value)
            }
        }
        pub trait $lacks<T> {
            fn $name(&self, $($other: $kind),*) -> Option<$result>;
        }
        impl<T> $lacks<T> for &Maybe<'_, T> {
            fn $name(&self, $(_: $kind),*) -> Option<$result> {
                None
            }
        }
    )* };
}
maybe! {
    Clone HasClone LacksClone maybe_clone(this) -> T { this.clone() }
    PartialEq HasPartialEq LacksPartialEq maybe_eq(this, other: &T) -> bool { this == other }
    PartialOrd HasPartialOrd LacksPartialOrd maybe_partial_cmp(this, other: &T) -> Option<Ordering> {
        this.partial_cmp(other)
    }
    Ord HasOrd LacksOrd maybe_cmp(this, other: &T) -> Ordering { this.cmp(other) }
    Debug HasDebug LacksDebug maybe_fmt(this, alternate: bool) -> String {
        if alternate { format!("{this:#?}") } else { format!("{this:?}") }
    }
}

/// A type that may lack a value by default, as `Maybe`.
pub struct MaybeType<T>(pub PhantomData<T>);

pub trait HasDefault<T> {
    fn maybe_default(&self) -> Option<T>;
}
impl<T: Default> HasDefault<T> for MaybeType<T> {
    fn maybe_default(&self) -> Option<T> {
        Some(T::default())
    }
}
pub trait LacksDefault<T> {
    fn maybe_default(&self) -> Option<T>;
}
impl<T> LacksDefault<T> for &MaybeType<T> {
    fn maybe_default(&self) -> Option<T> {
        None
    }
}
