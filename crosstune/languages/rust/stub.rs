//! The tests' side: functions ask the candidate's process.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

use crate::{leave, new_frame, receive_bytes, receive_size, send, send_frame, text};
use crate::{Decode, Decoder, Encode, Malformed, HAS_LARGE, MOST_BYTES, VERSION};

const REPORT: i32 = 4;
const MALFORMED: &str = "failed policy";
/// Results of fewer bytes, without a large number, cannot make an argument too long.
const SMALL_BYTES: usize = 1000;
/// How many bytes the candidate's process has sent.
static RECEIVED: AtomicUsize = AtomicUsize::new(0);
/// Whether the candidate's process has begun; one call is made at a time.
static BEGUN: Mutex<bool> = Mutex::new(false);

/// Ends this process with a report.
fn fail(report: &str) -> ! {
    send(report.as_bytes(), REPORT);
    leave(1)
}

fn receive() -> Vec<u8> {
    match receive_size() {
        Some(size) if size > MOST_BYTES => fail("failed output_limit"),
        size => {
            RECEIVED.fetch_add(size.unwrap_or(0), Ordering::Relaxed);
            size.and_then(receive_bytes).unwrap_or_else(|| fail("gone"))
        }
    }
}

/// A call of the candidate's function, to be filled with its arguments.
pub struct Question(Vec<u8>);

impl Question {
    pub fn call(name: &str, arguments: u32) -> Question {
        let mut question = new_frame(b'C');
        text(name, &mut question);
        question.push(b'l');
        question.extend(arguments.to_be_bytes());
        Question(question)
    }

    /// A call of a method of an object.
    pub fn method(object: &Object, name: &str, arguments: u32) -> Question {
        let mut question = new_frame(b'M');
        question.extend(object.0.to_be_bytes());
        text(name, &mut question);
        question.push(b'l');
        question.extend(arguments.to_be_bytes());
        Question(question)
    }

    pub fn argument<T: Encode + ?Sized>(&mut self, value: &T) {
        value.encode(&mut self.0)
    }

    /// The answer.
    pub fn ask(mut self) -> Vec<u8> {
        self.0.extend([b'm', 0, 0, 0, 0]);
        if self.0.len() > MOST_BYTES {
            // It may hold what the candidate has returned; the tests have chosen other arguments.
            let returned = RECEIVED.load(Ordering::Relaxed) > SMALL_BYTES || HAS_LARGE.load(Ordering::Relaxed);
            fail(if returned { "failed output_limit" } else { "unsupported" })
        }
        let mut begun = BEGUN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if !*begun && receive() != [b'H', VERSION] {
            fail(MALFORMED)
        }
        *begun = true;
        if !send_frame(self.0) {
            fail("gone")
        }
        receive()
    }
}

/// An object of the candidate's process, by its number there.
pub struct Object(u32);

impl Encode for Object {
    fn encode(&self, out: &mut Vec<u8>) {
        out.push(b'h');
        out.extend(self.0.to_be_bytes());
    }
}

impl<'a> Decode<'a> for Object {
    fn decode(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
        from.head(b'h').map(|number| Object(number as u32))
    }
}

/// The candidate's process drops it, too, if it has not moved it.
impl Drop for Object {
    fn drop(&mut self) {
        let mut message = new_frame(b'D');
        message.extend(self.0.to_be_bytes());
        let begun = BEGUN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if *begun {
            send_frame(message);
        }
    }
}

/// Ends this process because the candidate has answered with what cannot be.
pub fn refuse() -> ! {
    fail(MALFORMED)
}

/// The answer to a call.
pub struct Answer<'a> {
    from: Decoder<'a>,
    panic: Option<String>,
    read_changes: bool,
}

impl<'a> Answer<'a> {
    pub fn new(frame: &'a [u8]) -> Answer<'a> {
        let mut from = Decoder::new(frame);
        let panic = match from.byte() {
            Ok(b'R') => None,
            Ok(b'E') => Some(valid(panic_message(&mut from))),
            _ => fail(MALFORMED),
        };
        Answer { from, panic, read_changes: false }
    }

    /// The result; None if the function has panicked.
    pub fn result<T: Decode<'a>>(&mut self) -> Option<T> {
        if self.panic.is_some() { None } else { Some(valid(T::decode(&mut self.from))) }
    }

    /// Let `change` change the arguments that have other values now, by their positions.
    pub fn changed(&mut self, change: &mut dyn FnMut(u32, &mut Decoder<'a>) -> Result<(), Malformed>) {
        self.read_changes = true;
        for _ in 0..valid(self.from.number()) {
            let position = valid(self.from.number());
            valid(change(position, &mut self.from));
        }
    }

    /// Returns the result, or panics as the candidate did.
    pub fn end<T>(mut self, result: Option<T>) -> T {
        if !self.read_changes {
            self.changed(&mut |_, _| Err(Malformed));
        }
        let printed = valid(self.from.text()).len() + valid(self.from.text()).len();
        if printed > 0 || !self.from.rest().is_empty() {
            fail(MALFORMED)
        }
        // The candidate's process has printed the message.
        result.unwrap_or_else(|| resume_unwind(Box::new(self.panic.unwrap_or_default())))
    }
}

/// The message of a panic, without its kind and trace.
fn panic_message(from: &mut Decoder) -> Result<String, Malformed> {
    from.text()?;
    let message = from.text()?.to_owned();
    from.text()?;
    Ok(message)
}

fn valid<T>(decoded: Result<T, Malformed>) -> T {
    decoded.unwrap_or_else(|_| fail(MALFORMED))
}

/// A slice keeps its length, whatever the candidate's process says.
pub fn refill<'a, T: Decode<'a>>(slice: &mut [T], from: &mut Decoder<'a>) -> Result<(), Malformed> {
    let items = Vec::<T>::decode(from)?;
    if items.len() != slice.len() {
        return Err(Malformed);
    }
    for (slot, item) in slice.iter_mut().zip(items) {
        *slot = item;
    }
    Ok(())
}
