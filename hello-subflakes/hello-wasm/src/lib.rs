//! The exports of the WebAssembly module. `docs/exports.md` is their contract with the page.

mod memory;
mod reply;

pub use reply::HEADER_LEN;

/// The version of the exports. A page refuses a module with another one.
pub const ABI_VERSION: u32 = 1;

/// The version of the exports of this module, [`ABI_VERSION`].
#[unsafe(no_mangle)]
pub extern "C" fn hello_abi_version() -> u32 {
    ABI_VERSION
}

/// Room for `len` bytes, to be filled by the caller and handed back to [`hello_free`].
#[unsafe(no_mangle)]
pub extern "C" fn hello_alloc(len: usize) -> *mut u8 {
    memory::give(vec![0; len])
}

/// Takes back what [`hello_alloc`] or [`hello_greet`] gave.
///
/// # Safety
///
/// `ptr` must come from this module, have `len` bytes, and not have been taken back before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hello_free(ptr: *mut u8, len: usize) {
    // SAFETY: the caller's promise.
    drop(unsafe { memory::take(ptr, len) });
}

/// The reply to a request for the greeting of a name: status, length and text, see `docs/exports.md`.
///
/// The caller hands the reply back to [`hello_free`] with [`HEADER_LEN`] + length.
///
/// # Safety
///
/// `name` must be readable for `name_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hello_greet(
    name: *const u8,
    name_len: usize,
    locale: u32,
    ending: u32,
) -> *mut u8 {
    // SAFETY: the caller's promise.
    let name = unsafe { memory::view(name, name_len) };
    memory::give(reply::encode(hello_rs::greeting_from_codes(
        name, locale, ending,
    )))
}
