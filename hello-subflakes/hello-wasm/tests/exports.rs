//! The exports called natively, in the order in which a page calls them.

use std::{ptr, slice};

use hello_wasm::{
    ABI_VERSION, HEADER_LEN, hello_abi_version, hello_alloc, hello_free, hello_greet,
};

/// Status and text of the reply for a name.
fn greet(name: &str, locale: u32, ending: u32) -> (u32, String) {
    let block = hello_alloc(name.len());
    unsafe {
        ptr::copy_nonoverlapping(name.as_ptr(), block, name.len());
        let reply = hello_greet(block, name.len(), locale, ending);
        hello_free(block, name.len());
        read(reply)
    }
}

/// Reads a reply as `docs/exports.md` says, and hands it back.
unsafe fn read(reply: *mut u8) -> (u32, String) {
    let word = |at: usize| unsafe { u32::from_le_bytes(reply.add(at).cast::<[u8; 4]>().read()) };
    let (status, length) = (word(0), word(4) as usize);
    let text = unsafe { slice::from_raw_parts(reply.add(HEADER_LEN), length) }.to_vec();
    unsafe { hello_free(reply, HEADER_LEN + length) };
    (status, String::from_utf8(text).unwrap())
}

#[test]
fn the_version_is_the_one_in_the_contract() {
    let contract = include_str!("../docs/exports.md");
    assert_eq!(hello_abi_version(), ABI_VERSION);
    assert!(contract.contains(&format!("# The exports, version {ABI_VERSION}\n")));
}

#[test]
fn a_greeting_has_status_0_and_its_text() {
    assert_eq!(greet("Ada", 0, 0), (0, "Hello, Ada!".to_owned()));
    assert_eq!(greet("Ada", 3, 0), (0, "¡Hola, Ada!".to_owned()));
}

#[test]
fn an_empty_name_has_status_1_and_an_explanation() {
    let (status, text) = greet("", 0, 0);
    assert_eq!(status, 1);
    assert!(text.starts_with("the name is empty"));
}

#[test]
fn codes_that_nothing_has_are_errors() {
    assert_eq!(greet("Ada", 4, 0).0, 4);
    assert_eq!(greet("Ada", 0, 2).0, 5);
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    let name = [0xff];
    let reply = unsafe { hello_greet(name.as_ptr(), name.len(), 0, 0) };
    assert_eq!(unsafe { read(reply) }.0, 6);
}

#[test]
fn address_0_is_a_fair_one_for_an_empty_name() {
    let reply = unsafe { hello_greet(ptr::null(), 0, 0, 0) };
    assert_eq!(unsafe { read(reply) }.0, 1);
}

#[test]
fn a_fresh_block_is_zeroed() {
    let block = hello_alloc(16);
    unsafe {
        assert_eq!(slice::from_raw_parts(block, 16), [0; 16]);
        hello_free(block, 16);
    }
}
