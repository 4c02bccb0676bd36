//! Snippets: texts with a name, kept until they are removed, for any question, session or task.

use poag_core::session::check_name;
use poag_ledger::{Batch, Filter, Ledger as _, LedgerError, NewEvent, NewStream, SqliteLedger};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SessionError;
use crate::{Engine, EngineError};

/// Longest snippet, in bytes.
pub const SNIPPET_BYTES: usize = 256 << 10;
/// The kind of stream that holds a snippet.
const KIND: &str = "snippet";
/// Version of what is written.
const VERSION: u32 = 1;

/// A snippet.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snippet {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// When it was set, in milliseconds since 1970 in UTC.
    pub at: i64,
}

/// What a stream of a snippet holds: its text as it was set, or nothing where it was removed.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SnippetText {
    text: Option<String>,
}

/// The snippets in an open ledger.
pub struct SnippetLedger {
    ledger: SqliteLedger,
}

impl Engine {
    /// The snippets of this machine.
    ///
    /// # Errors
    /// When there is no state folder, or the ledger cannot be opened.
    pub fn snippets(&self) -> Result<SnippetLedger, EngineError> {
        let ledger = self.ledger()?;
        Ok(SnippetLedger { ledger })
    }

    /// A text with snippets behind it, each under its name, as a question or a message is given them.
    ///
    /// # Errors
    /// When there is no such snippet, or the ledger cannot be read.
    pub fn with_snippets(&self, text: &str, names: &[String]) -> Result<String, EngineError> {
        if names.is_empty() {
            return Ok(text.to_owned());
        }
        let snippets = self.snippets()?;
        let mut all = text.to_owned();
        for name in names {
            let snippet = snippets.get(name)?;
            all.push_str(&format!("\n\n[{name}]\n{}", snippet.text.trim_end()));
        }
        Ok(all)
    }
}

impl SnippetLedger {
    /// Sets a snippet, in place of an older one of that name.
    ///
    /// # Errors
    /// When the name is none or the text too long, or the ledger fails.
    pub fn set(&self, name: &str, text: &str) -> Result<(), SessionError> {
        check_name(name)?;
        if text.len() > SNIPPET_BYTES {
            return Err(SessionError::LongSnippet { bytes: text.len() });
        }
        self.write(name, Some(text))
    }

    /// A snippet.
    ///
    /// # Errors
    /// When there is none of that name, or the ledger cannot be read.
    pub fn get(&self, name: &str) -> Result<Snippet, SessionError> {
        check_name(name)?;
        let missing = || SessionError::NoSuchSnippet { name: name.into() };
        self.read(name)?.ok_or_else(missing)
    }

    /// All of them, by name.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn list(&self) -> Result<Vec<Snippet>, SessionError> {
        let streams = self.ledger.streams(&Filter {
            kind: Some(KIND),
            ..Filter::default()
        })?;
        let mut all = Vec::new();
        for stream in streams {
            all.extend(self.read(&stream.subject)?);
        }
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    /// Removes a snippet.
    ///
    /// # Errors
    /// When there is none of that name, or the ledger fails.
    pub fn remove(&self, name: &str) -> Result<(), SessionError> {
        self.get(name)?;
        self.write(name, None)
    }

    fn read(&self, name: &str) -> Result<Option<Snippet>, SessionError> {
        let events = match self.ledger.events(&stream_id(name), 0) {
            Err(LedgerError::Unknown { .. }) => return Ok(None),
            events => events?,
        };
        let Some(last) = events.last() else {
            return Ok(None);
        };
        let SnippetText { text } = last.value()?;
        Ok(text.map(|text| Snippet {
            name: name.to_owned(),
            text,
            at: last.at,
        }))
    }

    fn write(&self, name: &str, text: Option<&str>) -> Result<(), SessionError> {
        let id = stream_id(name);
        let text = text.map(str::to_owned);
        let batch = Batch {
            events: vec![NewEvent::new(VERSION, "set", &SnippetText { text })?],
            ..Batch::default()
        };
        loop {
            let last = match self.ledger.events(&id, 0) {
                Err(LedgerError::Unknown { .. }) => {
                    let stream = NewStream {
                        id: &id,
                        kind: KIND,
                        subject: name,
                    };
                    match self.ledger.create(&stream, &batch) {
                        Err(LedgerError::Exists { .. }) => continue,
                        made => return made.map(drop).map_err(Into::into),
                    }
                }
                events => events?.last().map_or(0, |last| last.seq),
            };
            match self.ledger.append(&id, last, &batch) {
                Err(LedgerError::Conflict { .. }) => {}
                written => return written.map(drop).map_err(Into::into),
            }
        }
    }
}

fn stream_id(name: &str) -> String {
    format!("snippet.{name}")
}
