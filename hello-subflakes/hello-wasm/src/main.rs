//! Calls the exports natively, the way a page calls the module: `hello-wasm LOCALE ENDING NAME`, with
//! codes as `docs/exports.md` has them. Prints the reply as `STATUS TEXT`.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;
use std::slice;

use hello_wasm::{HEADER_LEN, hello_alloc, hello_free, hello_greet};

/// `EX_USAGE` of sysexits.h.
const EXIT_USAGE: u8 = 64;

fn main() -> io::Result<ExitCode> {
    let args: Vec<Vec<u8>> = env::args_os()
        .skip(1)
        .map(|arg| arg.into_encoded_bytes())
        .collect();
    let [locale, ending, name] = args.as_slice() else {
        return usage();
    };
    let (Some(locale), Some(ending)) = (code(locale), code(ending)) else {
        return usage();
    };
    let (status, text) = greet(name, locale, ending);
    let mut stdout = io::stdout();
    write!(stdout, "{status} ")?;
    stdout.write_all(&text)?;
    writeln!(stdout)?;
    Ok(ExitCode::SUCCESS)
}

fn usage() -> io::Result<ExitCode> {
    writeln!(
        io::stderr(),
        "usage: hello-wasm LOCALE ENDING NAME, with the codes of docs/exports.md"
    )?;
    Ok(ExitCode::from(EXIT_USAGE))
}

fn code(arg: &[u8]) -> Option<u32> {
    std::str::from_utf8(arg).ok()?.parse().ok()
}

/// Status and text of the reply; every block is handed back.
fn greet(name: &[u8], locale: u32, ending: u32) -> (u32, Vec<u8>) {
    let block = hello_alloc(name.len());
    // SAFETY: the block has that length; the reply has a header, and its length behind it.
    unsafe {
        slice::from_raw_parts_mut(block, name.len()).copy_from_slice(name);
        let reply = hello_greet(block, name.len(), locale, ending);
        hello_free(block, name.len());
        let status = u32::from_le_bytes(reply.cast::<[u8; 4]>().read());
        let length = u32::from_le_bytes(reply.add(4).cast::<[u8; 4]>().read()) as usize;
        let text = slice::from_raw_parts(reply.add(HEADER_LEN), length).to_vec();
        hello_free(reply, HEADER_LEN + length);
        (status, text)
    }
}
