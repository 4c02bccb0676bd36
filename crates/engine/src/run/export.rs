//! A run as lines of JSON, whole: a head, the graph, every event, every artifact, an end. What is read back
//! may come from anywhere, so that reading is strict and bounded.

use std::io::{self, BufRead, Read as _, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use thiserror::Error;

use super::artifacts::Artifacts;
use super::history::{self, RunHistory};
use super::log::GRAPH;
use crate::run::error::CouncilError;
use poag_core::council::identity;
use poag_core::expert::Graph;
use poag_ledger::{ARTIFACT_BYTES, Ledger, NAME_BYTES, Recorded};

/// Version of these lines.
pub const EXPORT_VERSION: u32 = 1;
/// Longest line that is read, in bytes: the largest artifact with every character escaped once.
const LINE_BYTES: usize = 2 * ARTIFACT_BYTES + (64 << 10);
/// Most that is read, in bytes.
const ALL_BYTES: u64 = 2 << 30;

/// Why a run could not be written out or read back.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The run itself.
    #[error(transparent)]
    Council(#[from] CouncilError),
    /// It could not be written or read.
    #[error(
        "the exported run: {0}\nrepair: see that the file can be read and the disk is not full"
    )]
    Io(#[from] io::Error),
    /// A line is not what it must be.
    #[error(
        "line {line} of the exported run: {problem}\nrepair: export it again with `poag run export`"
    )]
    Line {
        /// From 1.
        line: u64,
        /// What is wrong.
        problem: String,
    },
}

/// One line.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum ExportLine {
    Head(Head),
    Graph(Box<RawValue>),
    Event(EventLine),
    Artifact(Artifact),
    End(ExportEnd),
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Head {
    version: u32,
    run: String,
    flake: String,
    created: i64,
    finished: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EventLine {
    seq: u64,
    at: i64,
    version: u32,
    kind: String,
    body: Box<RawValue>,
}

/// Neither text nor base64: a place where nothing came.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Artifact {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

#[derive(Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExportEnd {
    events: u64,
    artifacts: u64,
}

/// Writes a run out.
///
/// # Errors
/// When there is no such run, or it cannot be read or written.
pub fn write(ledger: &dyn Ledger, run: &str, out: &mut dyn Write) -> Result<(), ExportError> {
    let failed = CouncilError::ledger(run);
    let stream = ledger.stream(run).map_err(&failed)?;
    let mut put = |line: &ExportLine| -> Result<(), ExportError> {
        serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
        Ok(out.write_all(b"\n")?)
    };
    put(&ExportLine::Head(Head {
        version: EXPORT_VERSION,
        run: stream.id,
        flake: stream.subject,
        created: stream.created,
        finished: stream.closed,
    }))?;
    let graph = ledger.artifact(run, GRAPH).map_err(&failed)?;
    let graph = graph.ok_or_else(|| {
        history::replay_error(run, 1, "the graph of the run was not kept".to_owned())
    })?;
    put(&ExportLine::Graph(raw(
        String::from_utf8_lossy(&graph).into()
    )?))?;
    let mut end = ExportEnd::default();
    for event in ledger.events(run, 0).map_err(&failed)? {
        end.events += 1;
        put(&ExportLine::Event(EventLine {
            seq: event.seq,
            at: event.at,
            version: event.version,
            kind: event.kind,
            body: raw(event.body)?,
        }))?;
    }
    let artifacts = Artifacts::of(ledger, run)?;
    for name in artifacts.names().filter(|name| *name != GRAPH) {
        end.artifacts += 1;
        let content = artifacts.read(name)?;
        put(&ExportLine::Artifact(artifact(name.to_owned(), content)))?;
    }
    put(&ExportLine::End(end))
}

fn artifact(name: String, content: Option<Vec<u8>>) -> Artifact {
    let plain = |text: &str| {
        let shows = |c: char| !c.is_control() || matches!(c, '\n' | '\t' | '\r');
        text.chars().all(shows)
    };
    let (text, base64) = match content.map(String::from_utf8) {
        None => (None, None),
        Some(Ok(text)) if plain(&text) => (Some(text), None),
        Some(Ok(text)) => (None, Some(STANDARD.encode(text))),
        Some(Err(bytes)) => (None, Some(STANDARD.encode(bytes.as_bytes()))),
    };
    Artifact { name, text, base64 }
}

/// JSON as it is, on one line.
fn raw(text: String) -> Result<Box<RawValue>, ExportError> {
    let text = match text.contains('\n') {
        // Only between values can there be any.
        true => text.replace(['\n', '\r'], " "),
        false => text,
    };
    Ok(RawValue::from_string(text).map_err(io::Error::from)?)
}

/// Reads what [`write`] wrote.
///
/// # Errors
/// When a line is too long, not what it must be or not where it must be, or lines are missing.
pub fn read(from: &mut dyn BufRead) -> Result<RunHistory, ExportError> {
    let mut lines = ExportReader {
        from: &mut io::BufReader::new(from.take(ALL_BYTES)),
        line: 0,
    };
    let ExportLine::Head(head) = lines.next()? else {
        return Err(lines.wrong("it is not the head of an exported run"));
    };
    if head.version != EXPORT_VERSION {
        let found = head.version;
        let problem = format!("it has version {found}, this poag reads {EXPORT_VERSION}");
        return Err(lines.wrong(&problem));
    }
    let ExportLine::Graph(graph) = lines.next()? else {
        return Err(lines.wrong("the graph belongs here"));
    };
    let graph = Graph::from_json(graph.get().as_bytes());
    let graph = graph.map_err(|error| lines.wrong(&error.to_string()))?;
    let mut events = Vec::new();
    let mut seen = ExportEnd::default();
    loop {
        match lines.next()? {
            ExportLine::Event(event) if seen.artifacts == 0 => {
                seen.events += 1;
                if event.seq != seen.events {
                    return Err(lines.wrong(&format!("event {} belongs here", seen.events)));
                }
                events.push(Recorded {
                    seq: event.seq,
                    version: event.version,
                    kind: event.kind,
                    at: event.at,
                    body: event.body.get().to_owned(),
                });
            }
            ExportLine::Artifact(artifact) => {
                seen.artifacts += 1;
                lines.check(&artifact)?;
            }
            ExportLine::End(end) if end == seen => break,
            ExportLine::End(_) => return Err(lines.wrong("lines before it are missing")),
            _ => return Err(lines.wrong("this line does not belong here")),
        }
    }
    lines.nothing_more()?;
    let events = history::read(&head.run, events)?;
    let started = history::started(&head.run, &events)?;
    if started.run != head.run || started.graph != identity::of(&graph) {
        let problem = "the head, the graph and the first event are not of one run";
        return Err(history::replay_error(&head.run, 1, problem.into()).into());
    }
    Ok(RunHistory {
        run: head.run,
        graph,
        events,
    })
}

struct ExportReader<'a> {
    from: &'a mut dyn BufRead,
    line: u64,
}

impl ExportReader<'_> {
    fn next(&mut self) -> Result<ExportLine, ExportError> {
        self.line += 1;
        let mut text = String::new();
        let most = LINE_BYTES as u64;
        (&mut *self.from).take(most).read_line(&mut text)?;
        if !text.ends_with('\n') {
            return Err(self.wrong(match text.len() >= LINE_BYTES {
                true => "it is too long",
                false => "the run breaks off here",
            }));
        }
        serde_json::from_str(&text).map_err(|error| self.wrong(&error.to_string()))
    }

    fn nothing_more(&mut self) -> Result<(), ExportError> {
        self.line += 1;
        match self.from.fill_buf()?.is_empty() {
            true => Ok(()),
            false => Err(self.wrong("something follows the end")),
        }
    }

    fn check(&self, artifact: &Artifact) -> Result<(), ExportError> {
        let size = match (&artifact.text, &artifact.base64) {
            (Some(_), Some(_)) => return Err(self.wrong("the artifact is there twice")),
            (Some(text), None) => text.len(),
            (None, Some(base64)) => match STANDARD.decode(base64) {
                Ok(bytes) => bytes.len(),
                Err(error) => return Err(self.wrong(&error.to_string())),
            },
            (None, None) => 0,
        };
        match size > ARTIFACT_BYTES || artifact.name.len() > NAME_BYTES {
            true => Err(self.wrong("the artifact is too large")),
            false => Ok(()),
        }
    }

    fn wrong(&self, problem: &str) -> ExportError {
        ExportError::Line {
            line: self.line,
            problem: problem.chars().take(400).collect(),
        }
    }
}
