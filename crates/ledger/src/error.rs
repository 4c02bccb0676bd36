//! What can go wrong with a ledger, and what to do then.

use std::path::PathBuf;

use thiserror::Error;

use super::Holder;
use super::schema::VERSION;

/// Why the ledger refused or failed.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A file or folder of the ledger cannot be used.
    #[error("cannot {doing} {}: {source}\nrepair: make that folder writable, or name a ledger elsewhere", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database engine failed.
    #[error("the ledger {} failed to {doing}: {source}\nrepair: see that its disk is not full and its folder is writable; if the file is damaged, move it away: only the history of runs is lost", path.display())]
    Sqlite {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A ledger on NATS cannot be reached, or its server refused.
    #[error(
        "the ledger at {address} failed to {doing}: {source}\nrepair: see that the server runs with JetStream, can be reached from here, and lets these credentials do it"
    )]
    Nats {
        /// What was tried.
        doing: &'static str,
        /// The address, without settings.
        address: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What was given is no address of a ledger on NATS. It is not repeated, as it may hold a secret.
    #[error(
        "the address of the ledger {problem}\nrepair: write nats://HOST[:PORT][/PREFIX][?creds=FILE or nkey=FILE, ca=FILE, replicas=N, lease=SECONDS], joined by '&'; secrets stand in files"
    )]
    Address {
        /// What is wrong with it.
        problem: String,
    },
    /// The file is something else.
    #[error("{} is not a ledger of poag\nrepair: name another file as the ledger, or move this one away", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by another version of poag.
    #[error("the ledger {} has schema version {found}, this poag has {VERSION} and does not read it\nrepair: run the poag that wrote it, or move the file away: only the history of runs is lost", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
    /// Somebody else appended first.
    #[error(
        "stream '{stream}' has {found} events where {expected} were expected: somebody else appended to it\nrepair: read the stream again and decide anew; of two processes on one run, stop one"
    )]
    Conflict {
        /// The stream.
        stream: String,
        /// Its last event as the writer saw it.
        expected: u64,
        /// Its last event as it is.
        found: u64,
    },
    /// The stream takes no more events.
    #[error("stream '{stream}' is closed\nrepair: start a new one")]
    Closed {
        /// The stream.
        stream: String,
    },
    /// The stream takes events still.
    #[error("stream '{stream}' has not come to its end\nrepair: let it end first")]
    Unfinished {
        /// The stream.
        stream: String,
    },
    /// There is no such stream.
    #[error(
        "the ledger holds no stream '{stream}'\nrepair: list what it holds and take an id from there"
    )]
    Unknown {
        /// The id that leads nowhere.
        stream: String,
    },
    /// The stream is there already.
    #[error("the ledger already holds a stream '{stream}'\nrepair: choose another id")]
    Exists {
        /// The stream.
        stream: String,
    },
    /// Another process drives the stream.
    #[error(
        "'{stream}' is being driven by {holder}\nrepair: wait until it ends or stop it; a process that died holds nothing"
    )]
    Claimed {
        /// The stream.
        stream: String,
        /// Who has it.
        holder: Holder,
    },
    /// Too many bytes.
    #[error("{what} has {bytes} bytes, {bound} are allowed\nrepair: make it smaller")]
    TooLarge {
        /// What it is.
        what: String,
        /// Its size.
        bytes: usize,
        /// The bound.
        bound: usize,
    },
    /// A name that cannot be one.
    #[error(
        "'{name}' cannot name a stream\nrepair: use letters, digits, '-', '_' and '.', not first a '.', at most 128 bytes"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// An artifact has no place, its place is taken, or it is full.
    #[error(
        "artifact '{name}' of stream '{stream}' {problem}\nrepair: reserve a place of a name of its own before its content comes, and fill it once"
    )]
    Place {
        /// The stream.
        stream: String,
        /// The artifact.
        name: String,
        /// What is wrong with its place.
        problem: &'static str,
    },
    /// A value that JSON cannot hold.
    #[error(
        "an event '{kind}' has no JSON form: {source}\nrepair: this is a defect of poag, report it"
    )]
    Encode {
        /// The kind of event.
        kind: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A recorded event of another shape.
    #[error(
        "event {seq} ('{kind}') cannot be read: {source}\nrepair: read it with the poag that wrote it"
    )]
    Decode {
        /// Its number.
        seq: u64,
        /// The kind of event.
        kind: String,
        /// Why.
        source: serde_json::Error,
    },
}
