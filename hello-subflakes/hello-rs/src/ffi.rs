//! The C ABI of `include/hello.h`: the greeting for languages that cannot link Rust.

use std::{ptr, slice};

use crate::{GreetingError, greeting_from_codes};

/// The version of this ABI. A caller refuses a library with another one.
pub const ABI_VERSION: u32 = 1;

/// Status: the text is longer than the caller's buffer; `text_len` says how long it is.
pub const BUFFER_TOO_SMALL: u32 = 100;

/// Status: a pointer that must not be null is null.
pub const NULL_POINTER: u32 = 101;

/// The version of the ABI of this library, [`ABI_VERSION`].
#[unsafe(no_mangle)]
pub extern "C" fn hello_abi_version() -> u32 {
    ABI_VERSION
}

/// Writes the greeting, or the text of the error, as UTF-8 without a final NUL into `text`.
///
/// Returns 0, the status of a [`GreetingError`], [`BUFFER_TOO_SMALL`] or [`NULL_POINTER`]. With
/// `BUFFER_TOO_SMALL`, `*text_len` is the length needed and nothing is written to `text`.
///
/// # Safety
///
/// `name` must be readable for `name_len` bytes, `text` writable for `text_capacity` bytes (or
/// null when that is 0), and `text_len` writable; `text` must not overlap `name`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hello_greeting(
    name: *const u8,
    name_len: usize,
    locale: u32,
    ending: u32,
    text: *mut u8,
    text_capacity: usize,
    text_len: *mut usize,
) -> u32 {
    if text_len.is_null() || (name.is_null() && name_len > 0) {
        return NULL_POINTER;
    }
    let name = if name_len == 0 {
        &[]
    } else {
        // SAFETY: not null, and readable for `name_len` bytes by the caller's promise.
        unsafe { slice::from_raw_parts(name, name_len) }
    };
    let (status, answer) = answer(greeting_from_codes(name, locale, ending));
    // SAFETY: not null, and writable by the caller's promise.
    unsafe { *text_len = answer.len() };
    if answer.len() > text_capacity {
        return BUFFER_TOO_SMALL;
    }
    if text.is_null() {
        return NULL_POINTER;
    }
    // SAFETY: `text` is writable for `text_capacity` bytes, at least as many as are copied.
    unsafe { ptr::copy_nonoverlapping(answer.as_ptr(), text, answer.len()) };
    status
}

fn answer(result: Result<String, GreetingError>) -> (u32, String) {
    match result {
        Ok(greeting) => (0, greeting),
        Err(error) => (error.status(), error.to_string()),
    }
}
