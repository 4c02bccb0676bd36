//! Why something was not done.

use std::io;

use serde::Deserialize;
use thiserror::Error;

/// What a server says about something that it did not do: a problem document, as RFC 9457 has it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ServerProblem {
    /// What kind of problem it is: `urn:poag:problem:` and a word that does not change.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status code of HTTP.
    pub status: u16,
    /// What is wrong, and in its last lines what to do, after `repair: `.
    pub detail: String,
    /// What to do.
    #[serde(default)]
    pub repair: String,
    /// The exit code of the command line where the same is not done; 1 where the server does not say.
    #[serde(default = "failure")]
    pub exit_code: u8,
}

fn failure() -> u8 {
    1
}

/// Why something was not done.
#[derive(Debug, Error)]
pub enum ClientError {
    /// No address.
    #[error(
        "{0:?} is no address of a server\nrepair: name a URL such as http://127.0.0.1:4280, or the path of a unix socket"
    )]
    Address(String),
    /// A token would be readable on its way.
    #[error(
        "{0} is another machine, and nothing encrypts what is sent there\nrepair: name it with https://, or have ssh forward a port or a socket of it"
    )]
    Clear(String),
    /// A word that names nothing.
    #[error("{0:?} names nothing\nrepair: name it as it is listed")]
    Word(String),
    /// A token that no header can carry.
    #[error(
        "the token is none\nrepair: give the one that `poag serve token new` printed, without anything around it"
    )]
    Token,
    /// Nobody answers.
    #[error(
        "the server at {server} does not answer: {reason}\nrepair: start it with `poag serve`, or name another with --server"
    )]
    Unreachable {
        /// The server.
        server: String,
        /// What went wrong, with what caused it.
        reason: String,
        /// The same.
        source: reqwest::Error,
    },
    /// The server says why not.
    #[error("{}", .0.detail)]
    Problem(Box<ServerProblem>),
    /// An answer that cannot be read.
    #[error(
        "the server at {server} answers what cannot be read: {reason}\nrepair: see that it is a server of poag, and of the same version as this one"
    )]
    Answer {
        /// The server.
        server: String,
        /// Why.
        reason: String,
    },
    /// What was received could not be written down.
    #[error("what the server sent cannot be written: {0}\nrepair: see where it is to be written")]
    Write(#[from] io::Error),
}

/// An error with what caused it, without its address.
pub(crate) fn told(error: &reqwest::Error) -> String {
    let mut words = "the connection failed".to_owned();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words = cause.to_string();
        source = cause.source();
    }
    words
}
