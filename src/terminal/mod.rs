//! The one door to standard output and standard error of the command line.
//!
//! Text of a repository, an agent, nix or git can hold escape sequences that change a terminal, and characters
//! that hide or turn around what a person reads. All text goes through [`clean`] on its way to a terminal; only
//! colours of [`paint`] become escape sequences. Bytes that a person pipes elsewhere stay as they are.

pub mod live;
pub mod paint;

use std::io::{self, IsTerminal, Write};

use poag_core::clean;

use anstream::{AutoStream, ColorChoice};

/// Where text goes, and so what becomes of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Target {
    /// A terminal, or something that is to look like one (`CLICOLOR_FORCE`).
    shown: bool,
    /// Colours are wanted: see <https://bixense.com/clicolors/> and <https://no-color.org>.
    coloured: bool,
}

impl Target {
    #[expect(clippy::disallowed_methods, reason = "this module is the door")]
    fn output() -> Self {
        Self::of(&io::stdout())
    }

    #[expect(clippy::disallowed_methods, reason = "this module is the door")]
    fn error() -> Self {
        Self::of(&io::stderr())
    }

    fn of(stream: &impl anstream::stream::RawStream) -> Self {
        let coloured = AutoStream::choice(stream) != ColorChoice::Never;
        Self {
            shown: stream.is_terminal() || coloured,
            coloured,
        }
    }
}

/// Whether standard output is a terminal.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this module is the door")]
pub fn output_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this module is the door")]
pub fn error_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether a person can be asked: what is typed and what is asked are at a terminal.
#[must_use]
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && error_is_terminal()
}

/// Prints text that poag made for people, on standard output. Foreign text in it is cleaned wherever it goes.
///
/// # Errors
/// When standard output cannot be written.
pub fn people(text: &str) -> io::Result<()> {
    let coloured = Target::output().coloured;
    write_out(paint::rendered(text, coloured, clean::clean).as_bytes())
}

/// Prints a document, on standard output: as it is, but cleaned where a terminal shows it.
///
/// # Errors
/// When standard output cannot be written.
pub fn document(text: &str) -> io::Result<()> {
    match Target::output().shown {
        true => write_out(clean::clean(text).as_bytes()),
        false => write_out(text.as_bytes()),
    }
}

/// Prints JSON, on standard output: as it is; where a terminal shows it, with `\u` escapes in the place of
/// what would change the terminal, so that it means the same.
///
/// # Errors
/// When standard output cannot be written.
pub fn json(json: &[u8]) -> io::Result<()> {
    match Target::output().shown {
        true => write_out(clean::json(&String::from_utf8_lossy(json)).as_bytes()),
        false => write_out(json),
    }
}

#[expect(clippy::disallowed_methods, reason = "this module is the door")]
fn write_out(bytes: &[u8]) -> io::Result<()> {
    live::aside(|| {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    })
}

/// Prints JSON lines, one after the other, on standard output. Each `write` must be whole characters.
#[must_use]
pub fn json_lines() -> impl Write {
    io::BufWriter::with_capacity(1 << 16, JsonLines { rest: Vec::new() })
}

/// See [`json_lines`]: holds back what follows the last line break, until the line is whole.
struct JsonLines {
    rest: Vec<u8>,
}

impl Write for JsonLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        if let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') {
            let lines: Vec<u8> = self.rest.drain(..=end).collect();
            json(&lines)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        json(&std::mem::take(&mut self.rest))
    }
}

/// Prints a line, on standard error. Foreign text in it is cleaned wherever it goes.
pub fn note(line: &str) {
    write_error(&format!("{line}\n"));
}

/// Prints a question, on standard error; the answer is typed behind it.
pub fn question(text: &str) {
    write_error(text);
}

#[expect(clippy::disallowed_methods, reason = "this module is the door")]
fn write_error(text: &str) {
    let text = paint::rendered(text, Target::error().coloured, clean::clean);
    // Where standard error is closed, nobody is there to be told.
    let _ = live::aside(|| io::stderr().lock().write_all(text.as_bytes()));
}

/// Prints what a panic says like everything else: a message can quote foreign text.
pub fn clean_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let trace = std::backtrace::Backtrace::capture();
        note(&panic.to_string());
        if trace.status() == std::backtrace::BacktraceStatus::Captured {
            note(&trace.to_string());
        }
    }));
}
