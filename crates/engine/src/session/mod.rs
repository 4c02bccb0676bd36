//! Sessions: conversations with one expert, each a stream of the ledger, driven by whichever process gets to it; and
//! snippets, texts with a name that any question or session can be given.
//!
//! A session costs nothing while nobody says anything: who says something starts the process that has it answered, which
//! ends when nothing waits any more. One that was killed leaves its message waiting for the next.

mod drive;
mod error;
mod ledger;
mod open;
mod room;
mod said;
mod snippet;

pub use error::SessionError;
pub use ledger::{SessionLedger, SessionSummary};
pub use open::{OpenSession, OpenSessionRequest};
pub use said::{given, output, summary};
pub use snippet::{SNIPPET_BYTES, Snippet, SnippetLedger};
