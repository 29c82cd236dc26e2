//! A stand-in for rand 0.4: `gen_range(low, high)` takes two arguments, as HumanEvalPack's tests write it,
//! where later versions of the real crate take a range. The numbers are only good enough for tests.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

pub trait Rng {
    fn next_u64(&mut self) -> u64;

    /// A number from `low` to `high`, without `high`. Panics if the range is empty.
    fn gen_range<T: Uniform>(&mut self, low: T, high: T) -> T
    where
        Self: Sized,
    {
        T::between(low, high, self)
    }

    fn gen<T: Random>(&mut self) -> T
    where
        Self: Sized,
    {
        T::random(self)
    }
}

pub trait Uniform: Sized {
    fn between<R: Rng>(low: Self, high: Self, source: &mut R) -> Self;
}

pub trait Random: Sized {
    fn random<R: Rng>(source: &mut R) -> Self;
}

macro_rules! whole {
    ($($kind:ty),*) => {$(
        impl Uniform for $kind {
            fn between<R: Rng>(low: Self, high: Self, source: &mut R) -> Self {
                assert!(low < high, "gen_range: low must be less than high");
                let width = (high as i128 - low as i128) as u128;
                (low as i128 + (source.next_u64() as u128 % width) as i128) as $kind
            }
        }

        impl Random for $kind {
            fn random<R: Rng>(source: &mut R) -> Self {
                source.next_u64() as $kind
            }
        }
    )*};
}

whole!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

macro_rules! broken {
    ($($kind:ty),*) => {$(
        impl Uniform for $kind {
            fn between<R: Rng>(low: Self, high: Self, source: &mut R) -> Self {
                assert!(low < high, "gen_range: low must be less than high");
                low + <$kind as Random>::random(source) * (high - low)
            }
        }

        impl Random for $kind {
            /// From 0 up to, without, 1.
            fn random<R: Rng>(source: &mut R) -> Self {
                (source.next_u64() >> 40) as $kind / (1u64 << 24) as $kind
            }
        }
    )*};
}

broken!(f32, f64);

impl Random for bool {
    fn random<R: Rng>(source: &mut R) -> Self {
        source.next_u64() & 1 == 1
    }
}

pub struct ThreadRng(u64);

impl Rng for ThreadRng {
    /// One step of SplitMix64 (Steele, Lea and Flood, 2014).
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }
}

pub fn thread_rng() -> ThreadRng {
    ThreadRng(RandomState::new().build_hasher().finish())
}

pub fn random<T: Random>() -> T {
    thread_rng().gen()
}
