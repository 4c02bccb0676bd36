//! One turn: what was asked → what the expert says of its own flake, out of the one judgement over the whole graph.

use std::collections::BTreeMap;

use super::Library;
use super::answer::{Found, answer};
use super::change::instruct::{Search, edit, ticked};
use super::change::judged::Why;
use super::change::judgement::ChangeJudgement;
use super::error::LibrarianError;
use super::route::asks;
use super::text::request::RequestText;
use poag_core::council::message::{
    Body, Decision, Phase, Step, TURN_VERSION, TurnInput, TurnResult, Verdict,
};
use poag_core::expert::Expert;

/// Notes of one result.
const NOTES: usize = 16;
/// Words that are said to stand nowhere.
const UNKNOWN: usize = 6;

/// What a request comes to, for all experts.
pub struct Reading {
    /// The request.
    pub request: RequestText,
    /// The passages that answer it; empty where nothing is asked.
    pub found: Vec<Found>,
    /// The files that it changes; none where no change is asked for.
    pub judgement: ChangeJudgement,
}

impl Reading {
    /// Owner → what it owns, as the end of a sentence.
    #[must_use]
    pub fn owners(&self) -> BTreeMap<String, String> {
        let mut owners: BTreeMap<String, String> = BTreeMap::new();
        for one in &self.found {
            owners
                .entry(one.expert.clone())
                .or_insert_with(|| format!("it owns `{}`, which answers best", one.path));
        }
        for (expert, file) in self.judgement.owners() {
            let likelihood = (file.likelihood * 100.0).round();
            owners.insert(
                expert.to_owned(),
                format!(
                    "it owns `{}`, which changes with a likelihood of {likelihood} %",
                    file.path
                ),
            );
        }
        owners
    }

    /// The same for somebody who thinks: also the owners of files that may well have to do with it, at most `most`.
    #[must_use]
    pub fn worth_asking(&self, most: usize) -> BTreeMap<String, String> {
        let mut owners = self.owners();
        for file in &self.judgement.near {
            if owners.len() >= most {
                break;
            }
            owners.entry(file.expert.clone()).or_insert_with(|| {
                format!("it owns `{}`, which may have to do with it", file.path)
            });
        }
        owners
    }
}

/// Takes a turn.
///
/// # Errors
/// When the input is of another version, the graph lacks the speaker, or knowledge cannot be read.
pub fn turn(
    library: &Library,
    speaker: &str,
    input: &TurnInput,
) -> Result<TurnResult, LibrarianError> {
    if input.schema_version != TURN_VERSION {
        return Err(LibrarianError::Version {
            found: input.schema_version,
            expected: TURN_VERSION,
        });
    }
    let expert = library
        .graph
        .expert(speaker)
        .filter(|_| input.expert == speaker)
        .ok_or_else(|| LibrarianError::Unknown {
            name: speaker.into(),
        })?;
    let mut own = match &input.previous {
        Some(previous) => TurnResult {
            asks: Vec::new(),
            ..previous.clone()
        },
        None => empty(),
    };
    for text in questions(input) {
        let reading = library.reading(&text)?;
        look(library, expert, input, &reading, &mut own)?;
    }
    for message in &input.unread {
        let from = message.from.as_deref().unwrap_or("the person who asked");
        match &message.body {
            Body::NoReply { reason, .. } => {
                own.notes.push(format!("`{from}` gave no answer: {reason}"))
            }
            Body::Objection { reason } => own.notes.push(format!(
                "`{from}` objects, and nothing further was found for it: {reason}"
            )),
            // What the files of all experts say is in the judgement already, whoever says it first.
            Body::Ask { .. } | Body::Reply { .. } | Body::Notice { .. } => {}
        }
    }
    own.notes.truncate(NOTES);
    Ok(own)
}

/// What is asked in this turn, each once: the request, and what a neighbour asks in other words.
#[must_use]
pub fn questions(input: &TurnInput) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for message in &input.unread {
        let Body::Ask { text, .. } = &message.body else {
            continue;
        };
        let text = match text.contains(input.request.as_str()) {
            true => &input.request,
            false => text,
        };
        if !all.contains(text) {
            all.push(text.clone());
        }
    }
    all
}

fn empty() -> TurnResult {
    TurnResult {
        schema_version: TURN_VERSION,
        edits: Vec::new(),
        answer: None,
        asks: Vec::new(),
        verdict: Verdict::Accept,
        notes: Vec::new(),
        steps: Vec::new(),
        decisions: Vec::new(),
    }
}

/// Adds what the expert's own flake has of a reading.
fn look(
    library: &Library,
    expert: &Expert,
    input: &TurnInput,
    reading: &Reading,
    own: &mut TurnResult,
) -> Result<(), LibrarianError> {
    if own.answer.is_none() {
        own.answer = answer(expert, &reading.found);
    }
    let files = reading.judgement.files.iter();
    let mine: Vec<_> = files.filter(|file| file.expert == expert.name).collect();
    if !mine.is_empty() {
        let pool = library.shelf.ranker(&library.graph)?;
        let search = Search::new(&reading.request, pool.of.corpus());
        for file in &mine {
            if !own.edits.iter().any(|known| known.path == file.path) {
                own.edits.push(edit(expert, file, &search));
            }
        }
    }
    if let Some(guide) = &reading.judgement.guide
        && guide.expert == expert.name
        && own.steps.is_empty()
    {
        for (number, step) in (1..).zip(&guide.steps) {
            let title = match number {
                1 => format!(", “{}”", guide.title),
                _ => String::new(),
            };
            own.steps.push(Step {
                phase: Phase::Change,
                what: format!("step {number} of `{}`{title}: {step}", guide.path),
                proof: None,
            });
        }
        if let Some(Why::Lists(names)) = mine
            .iter()
            .map(|file| &file.why)
            .find(|why| matches!(why, Why::Lists(_)))
        {
            own.decisions.push(Decision {
                question: format!(
                    "What is the new one beside {} called, and what is its default?",
                    ticked(names)
                ),
                proposal:
                    "a name of the same form, and a default that leaves what is there as it is"
                        .into(),
            });
        }
    }
    let first = input.unread.iter().any(|message| message.from.is_none());
    let mut notes = Vec::new();
    if first {
        notes.extend(reading.judgement.notes.iter().cloned());
        notes.extend(unknown(library, reading)?);
        if !reading.judgement.files.is_empty() {
            notes.extend(library.shelf.note());
        }
        if reading.request.usage && reading.request.change {
            notes.push(format!(
                "taken for a question and for a change: {}",
                reading.request.why
            ));
        }
    }
    for note in notes {
        if !own.notes.contains(&note) {
            own.notes.push(note);
        }
    }
    own.asks
        .extend(asks(&library.graph, input, &reading.owners()));
    Ok(())
}

/// Which words of the request stand in no file: identifiers always, others where nothing was found.
fn unknown(library: &Library, reading: &Reading) -> Result<Option<String>, LibrarianError> {
    let names = reading.request.names();
    let nothing = reading.found.is_empty() && reading.judgement.files.is_empty();
    let surfaces = reading.request.surfaces();
    if nothing && surfaces.is_empty() {
        return Ok(Some("the request holds no word to search for".into()));
    }
    let asked: Vec<(&String, &String)> = surfaces
        .iter()
        .filter(|(_, word)| nothing || names.contains(word))
        .filter(|(term, word)| super::text::words::whole(word) == **term)
        .collect();
    // The files are read for a change only: a question alone does not need them.
    if asked.is_empty() {
        return Ok(None);
    }
    let pool = library.shelf.ranker(&library.graph)?;
    let corpus = pool.of.corpus();
    let mut words: Vec<&str> = Vec::new();
    for (term, word) in asked {
        if corpus.holders(term) == 0 && !words.contains(&word.as_str()) {
            words.push(word);
        }
    }
    words.truncate(UNKNOWN);
    let searched = corpus.paths.len();
    let note = || format!("searched {searched} files: none holds {}", ticked(&words));
    Ok((!words.is_empty()).then(note))
}
