//! Hands blocks of bytes over the border of the module and takes them back.

use std::{ptr, slice};

/// Gives a block away: the caller owns it until it is taken back.
pub(crate) fn give(block: Vec<u8>) -> *mut u8 {
    // Without spare capacity, so that the length alone is enough to take it back.
    Box::into_raw(block.into_boxed_slice()).cast()
}

/// Takes back a block of `len` bytes.
///
/// # Safety
///
/// The block comes from [`give`], has `len` bytes, and was not taken back before.
pub(crate) unsafe fn take(block: *mut u8, len: usize) -> Box<[u8]> {
    // SAFETY: `give` made it from a box of that length, by the caller's promise.
    unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(block, len)) }
}

/// A look at bytes that stay the caller's.
///
/// # Safety
///
/// `start` is readable for `len` bytes as long as the view lives.
pub(crate) unsafe fn view<'a>(start: *const u8, len: usize) -> &'a [u8] {
    if len == 0 {
        // Address 0 is a fair one for no bytes, and a slice may not be there.
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(start, len) }
}
