//! Values between the processes of tests and candidate, and the messages that carry them; see docs/values.md.
//!
//! It is compiled once, with the instances that most programs need (`instances`).

mod decoding;
mod encoding;
pub mod instances;
mod objects;
mod server;
mod stub;

pub use decoding::{Decode, Decoder, Malformed, HAS_LARGE};
pub use encoding::{record, text, Encode};
pub use objects::*;
pub use server::{caught, serve, Call};
pub use stub::{refill, refuse, Answer, Object, Question};

const VERSION: u8 = 1;
const READER: i32 = 5;
const WRITER: i32 = 6;
/// The length of a frame.
const MOST_BYTES: usize = 16 << 20;

extern "C" {
    fn _exit(status: i32) -> !;
    fn read(descriptor: i32, target: *mut u8, size: usize) -> isize;
    fn write(descriptor: i32, source: *const u8, size: usize) -> isize;
}

/// Ends the process at once: nothing else runs in it.
fn leave(status: i32) -> ! {
    unsafe { _exit(status) }
}

fn interrupted() -> bool {
    std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted
}

/// Writes all of `bytes`; false if nobody reads them.
fn send(mut bytes: &[u8], descriptor: i32) -> bool {
    while !bytes.is_empty() {
        let done = unsafe { write(descriptor, bytes.as_ptr(), bytes.len()) };
        if done > 0 {
            bytes = &bytes[done as usize..];
        } else if !interrupted() {
            return false;
        }
    }
    true
}

/// Sends a frame: `bytes` begins with room for its length.
fn send_frame(mut bytes: Vec<u8>) -> bool {
    let size = (bytes.len() - 4) as u32;
    bytes[..4].copy_from_slice(&size.to_be_bytes());
    send(&bytes, WRITER)
}

/// A frame to be filled, with room for its length.
fn new_frame(kind: u8) -> Vec<u8> {
    let mut frame = Vec::with_capacity(256);
    frame.extend([0, 0, 0, 0, kind]);
    frame
}

/// Reads exactly `size` bytes; None if there are fewer. Memory grows with what arrives.
fn receive_bytes(size: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < size {
        let begun = bytes.len();
        bytes.resize(size.min(begun + (1 << 16).max(begun)), 0);
        let done = unsafe { read(READER, bytes.as_mut_ptr().add(begun), bytes.len() - begun) };
        if done == 0 || done < 0 && !interrupted() {
            return None;
        }
        bytes.truncate(begun + done.max(0) as usize);
    }
    Some(bytes)
}

fn receive_size() -> Option<usize> {
    let bytes = receive_bytes(4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
}
