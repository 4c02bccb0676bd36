//! The C ABI called as C calls it.

use std::ptr;

use hello_rs::GreetingError;
use hello_rs::ffi::{BUFFER_TOO_SMALL, NULL_POINTER, hello_greeting};

/// Calls the ABI with a buffer of `capacity` bytes: status, length reported, buffer.
fn call(name: &[u8], locale: u32, ending: u32, capacity: usize) -> (u32, usize, Vec<u8>) {
    let mut text = vec![0xff; capacity];
    let mut length = 0;
    let status = unsafe {
        hello_greeting(
            name.as_ptr(),
            name.len(),
            locale,
            ending,
            text.as_mut_ptr(),
            text.len(),
            &raw mut length,
        )
    };
    (status, length, text)
}

#[test]
fn a_greeting_arrives_as_utf8_without_a_final_nul() {
    let (status, length, text) = call(b"Ada", 3, 0, 64);
    assert_eq!(status, 0);
    assert_eq!(&text[..length], "¡Hola, Ada!".as_bytes());
    assert_eq!(text[length], 0xff);
}

#[test]
fn an_error_arrives_as_its_status_and_its_text() {
    let (status, length, text) = call(b" ", 0, 0, 128);
    assert_eq!(status, GreetingError::EmptyName.status());
    assert_eq!(
        &text[..length],
        GreetingError::EmptyName.to_string().as_bytes()
    );
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    assert_eq!(call(&[0xff], 0, 0, 128).0, GreetingError::NotUtf8.status());
}

#[test]
fn a_buffer_too_small_is_left_alone_and_the_length_needed_is_told() {
    let (status, length, text) = call(b"Ada", 0, 0, 10);
    assert_eq!((status, length), (BUFFER_TOO_SMALL, 11));
    assert_eq!(text, [0xff; 10]);
    let (status, _, text) = call(b"Ada", 0, 0, length);
    assert_eq!((status, text.as_slice()), (0, b"Hello, Ada!".as_slice()));
}

#[test]
fn null_pointers_are_refused_where_they_matter() {
    let mut length = 0;
    let status =
        unsafe { hello_greeting(ptr::null(), 3, 0, 0, ptr::null_mut(), 0, &raw mut length) };
    assert_eq!(status, NULL_POINTER);
    let status = unsafe {
        hello_greeting(
            b"Ada".as_ptr(),
            3,
            0,
            0,
            ptr::null_mut(),
            0,
            ptr::null_mut(),
        )
    };
    assert_eq!(status, NULL_POINTER);
}

#[test]
fn the_header_gives_every_error_its_number_and_its_name() {
    let header = include_str!("../include/hello.h");
    let errors = [
        GreetingError::EmptyName,
        GreetingError::NameTooLong { chars: 65 },
        GreetingError::ControlCharacter('\u{7}'),
        GreetingError::UnknownLocale("it".into()),
        GreetingError::UnknownEnding("?".into()),
        GreetingError::NotUtf8,
    ];
    for error in errors {
        let constant = error.name().to_uppercase().replace('-', "_");
        let entry = format!("HELLO_{constant} = {}", error.status());
        let line = header
            .lines()
            .find(|line| line.trim_start().starts_with(&entry));
        assert!(
            line.is_some_and(|line| line.contains(error.name())),
            "{entry}"
        );
    }
}
