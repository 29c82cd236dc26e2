//! The candidate's side: answers the calls of the tests.

use std::any::Any;
use std::io::Write;
use std::mem::{forget, take};
use std::panic::{catch_unwind, AssertUnwindSafe};

use crate::objects::{drop_object, object, taken_object};
use crate::{leave, new_frame, receive_bytes, receive_size, send_frame, text, Decode, Decoder, Encode, VERSION};

/// One call: its arguments, which are taken in their order, and its answer.
pub struct Call<'a> {
    from: Decoder<'a>,
    answer: Vec<u8>,
    changed: Vec<u8>,
    changes: u32,
    receiver: u32,
}

/// Answers calls until the tests have ended. `function` finds the function by its name.
pub fn serve(function: for<'a, 'b> fn(&'b str, &'b mut Call<'a>)) -> ! {
    let mut hello = new_frame(b'H');
    hello.push(VERSION);
    let mut open = send_frame(hello);
    while open {
        let Some(question) = receive_size().and_then(receive_bytes) else { break };
        if question.first() == Some(&b'D') {
            dropped(&question);
            continue;
        }
        open = send_frame(answer(&question, function));
    }
    let _ = std::io::stdout().flush();
    leave(0)
}

fn answer(question: &[u8], function: for<'a, 'b> fn(&'b str, &'b mut Call<'a>)) -> Vec<u8> {
    let mut from = Decoder::new(question);
    let receiver = match from.byte() {
        Ok(b'C') => 0,
        Ok(b'M') => from.number().unwrap_or_else(|_| unexpected("this question")),
        _ => unexpected("this question"),
    };
    let (Ok(name), Ok(_)) = (from.text(), from.head(b'l')) else { unexpected("this question") };
    let mut call = Call { from, answer: Vec::new(), changed: Vec::new(), changes: 0, receiver };
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| function(name, &mut call))) {
        call.panicked(panic);
    }
    call.answered()
}

/// Drops an object. How that ends is not reported: the tests could not see it either.
fn dropped(question: &[u8]) {
    let mut from = Decoder::new(&question[1..]);
    if let Ok(number) = from.number() {
        if let Err(panic) = catch_unwind(|| drop_object(number)) {
            forget(panic);
        }
    }
}

/// What a function returned, or how it panicked, where its arguments are looked at afterwards.
pub fn caught<T>(call: impl FnOnce() -> T) -> std::thread::Result<T> {
    catch_unwind(AssertUnwindSafe(call))
}

impl<'a> Call<'a> {
    pub fn argument<T: Decode<'a>>(&mut self) -> T {
        T::decode(&mut self.from).unwrap_or_else(|_| unexpected("an argument of another type"))
    }

    /// An argument that may be kept for ever.
    pub fn lasting_argument<T: Decode<'static>>(&mut self) -> T {
        let rest = self.from.rest().to_vec().leak();
        let mut from = Decoder::new(rest);
        let argument = T::decode(&mut from).unwrap_or_else(|_| unexpected("an argument of another type"));
        self.from.skip(rest.len() - from.rest().len());
        argument
    }

    /// The object whose method is called.
    pub fn receiver<T: 'static>(&mut self) -> &'static mut T {
        object(self.receiver).unwrap_or_else(|| unexpected("this object"))
    }

    /// The same, which the method gets for itself.
    pub fn taken_receiver<T: 'static>(&mut self) -> T {
        taken_object(self.receiver).unwrap_or_else(|| unexpected("this object"))
    }

    /// An argument that refers to an object.
    pub fn object<T: 'static>(&mut self) -> &'static mut T {
        let number = self.from.head(b'h').unwrap_or_else(|_| unexpected("an argument of another type"));
        object(number as u32).unwrap_or_else(|| unexpected("this object"))
    }

    /// A result with objects, which are moved.
    pub fn moved<T: Encode>(&mut self, result: T) {
        self.returned(&result);
        forget(result);
    }

    /// The same, where arguments are looked at afterwards.
    pub fn ended_moved<T: Encode>(&mut self, result: std::thread::Result<T>) {
        match result {
            Ok(value) => self.moved(value),
            Err(panic) => self.panicked(panic),
        }
    }

    pub fn returned<T: Encode>(&mut self, result: &T) {
        let mut answer = new_frame(b'R');
        result.encode(&mut answer);
        self.answer = answer;
    }

    pub fn ended<T: Encode>(&mut self, result: std::thread::Result<T>) {
        match result {
            Ok(value) => self.returned(&value),
            Err(panic) => self.panicked(panic),
        }
    }

    /// The value of an argument after the call.
    pub fn changed<T: Encode + ?Sized>(&mut self, position: u32, argument: &T) {
        self.changes += 1;
        self.changed.extend(position.to_be_bytes());
        argument.encode(&mut self.changed);
    }

    pub fn unknown(&self) {
        unexpected("this function")
    }

    fn panicked(&mut self, panic: Box<dyn Any + Send>) {
        let message = match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
            (Some(message), _) => message,
            (_, Some(message)) => *message,
            _ => "",
        };
        self.answer = new_frame(b'E');
        for each in ["panic", message, ""] {
            text(each, &mut self.answer);
        }
        forget(panic);
    }

    fn answered(mut self) -> Vec<u8> {
        let mut answer = take(&mut self.answer);
        answer.extend(self.changes.to_be_bytes());
        answer.extend(&self.changed);
        text("", &mut answer);
        text("", &mut answer);
        answer
    }
}

fn unexpected(what: &str) -> ! {
    eprintln!("the candidate was not made for {what}");
    leave(1)
}
