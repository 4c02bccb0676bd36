//! What a participant says is untrusted: it counts only where its shape, its sizes, its labels and every citation are right.

use serde_json::Value;
use thiserror::Error;

use super::payload::{Cited, DEBATE_VERSION, DebateAnswer, DebateWant, Submission};
use super::{Debate, Debater};
use crate::council::check::{self, Tree, depth_within};
use crate::expert::{Expert, Graph};
use crate::vote::{Ballot, Election, VoteError};

/// Most bytes of JSON of one answer.
pub const ANSWER_BYTES: usize = 64 << 10;
const POSITION_BYTES: usize = 16 << 10;
const ARGUMENTS: usize = 32;
const ARGUMENT_BYTES: usize = 4 << 10;
const CITATIONS: usize = 32;

/// Why an answer does not count. The text is also what the participant is told.
#[derive(Debug, Error)]
pub enum UnfitAnswer {
    /// Too many bytes of JSON.
    #[error("the answer has {bytes} bytes of JSON, {ANSWER_BYTES} are allowed\nrepair: say less")]
    Large {
        /// Its size.
        bytes: usize,
    },
    /// Lists in lists in lists.
    #[error("the answer is nested too deeply\nrepair: follow the schema of an answer")]
    Deep,
    /// Another shape.
    #[error(
        "the answer has another form: {0}\nrepair: follow the schema of an answer, with no other fields"
    )]
    Shape(#[from] serde_json::Error),
    /// Another version.
    #[error(
        "the answer has schemaVersion {found}, answers have {DEBATE_VERSION}\nrepair: follow the schema of an answer"
    )]
    Version {
        /// Its version.
        found: u32,
    },
    /// A submission where a ranking is wanted, the other way round, both or neither.
    #[error("{0}")]
    Other(&'static str),
    /// A list or text beyond its bound.
    #[error("{what} has {size} {unit}, {bound} are allowed\nrepair: say less")]
    Bound {
        /// Which list or text.
        what: &'static str,
        /// Its size.
        size: usize,
        /// What is counted.
        unit: &'static str,
        /// The bound.
        bound: usize,
    },
    /// Nothing is said.
    #[error("the position is empty\nrepair: say what should be done, its first line as a title")]
    Empty,
    /// A label that does not stand.
    #[error("it names '{label}', {problem}\nrepair: name labels of `choices`")]
    Label {
        /// The label.
        label: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A citation of a submission that is not there.
    #[error(
        "it cites the submission of '{label}' in round {round}, and there is none that is open to read\nrepair: cite from `submissions`"
    )]
    NoSubmission {
        /// The round.
        round: u32,
        /// The label.
        label: String,
    },
    /// A citation of an expert that is not there.
    #[error(
        "it cites the expert '{0}', which is not in this graph\nrepair: leave `expert` out for the flake that you were given"
    )]
    NoExpert(String),
    /// A citation of a file that is not there.
    #[error(transparent)]
    File(#[from] check::Invalid),
    /// A ranking that is none.
    #[error(transparent)]
    Ranking(#[from] VoteError),
}

/// The files of an expert of the graph.
pub type TreeOf<'t> = dyn Fn(&Expert) -> Box<dyn Tree> + 't;

/// Turns an answer into what is wanted of a participant now, or says why it does not count. `bytes` is its size as JSON
/// without spaces, see [`check::json_bytes`].
///
/// # Errors
/// When the shape, a size, a label or a citation is not right.
pub fn accept(
    output: &Value,
    bytes: usize,
    (debate, debater): (&Debate, &str),
    graph: &Graph,
    trees: &TreeOf<'_>,
) -> Result<DebateAnswer, UnfitAnswer> {
    if bytes > ANSWER_BYTES {
        return Err(UnfitAnswer::Large { bytes });
    }
    if !depth_within(output) {
        return Err(UnfitAnswer::Deep);
    }
    // A list of its fields would do for serde.
    if !output.is_object() {
        return Err(UnfitAnswer::Other(
            "the answer is no JSON object\nrepair: follow the schema of an answer",
        ));
    }
    let mut answer: DebateAnswer = serde::Deserialize::deserialize(output)?;
    if answer.schema_version != DEBATE_VERSION {
        let found = answer.schema_version;
        return Err(UnfitAnswer::Version { found });
    }
    match (debate.want(), &mut answer.submission, &answer.ranking) {
        (DebateWant::Ranking, None, Some(ranking)) => ranked(debate, debater, ranking)?,
        (DebateWant::Ranking, _, _) => {
            return Err(UnfitAnswer::Other(
                "a ranking is wanted now, and no submission\nrepair: give `ranking`, and null as `submission`",
            ));
        }
        (_, Some(submission), None) => {
            sizes(submission)?;
            labels(debate, submission)?;
            if let Some(debater) = debate.start().panel.get(debater) {
                citations(debate, debater, submission, graph, trees)?;
            }
        }
        _ => {
            return Err(UnfitAnswer::Other(
                "a submission is wanted now, and no ranking\nrepair: give `submission`, and null as `ranking`",
            ));
        }
    }
    Ok(answer)
}

fn ranked(debate: &Debate, debater: &str, ranking: &[Vec<String>]) -> Result<(), UnfitAnswer> {
    let election = Election {
        choices: debate.ballot().to_vec(),
        ballots: vec![Ballot {
            by: debater.to_owned(),
            ranking: ranking.to_vec(),
        }],
    };
    let withdrawn = |label: &&String| {
        !election.choices.contains(label) && debate.labels().any(|known| known == **label)
    };
    if let Some(label) = ranking.iter().flatten().find(withdrawn) {
        return Err(UnfitAnswer::Label {
            label: label.clone(),
            problem: "which was withdrawn or is not voted on",
        });
    }
    election.tally()?;
    Ok(())
}

fn sizes(submission: &Submission) -> Result<(), UnfitAnswer> {
    if submission.position.trim().is_empty() {
        return Err(UnfitAnswer::Empty);
    }
    let position = submission.position.len();
    within("the position", position, "bytes", POSITION_BYTES)?;
    within(
        "arguments",
        submission.arguments.len(),
        "entries",
        ARGUMENTS,
    )?;
    for argument in &submission.arguments {
        within("an argument", argument.text.len(), "bytes", ARGUMENT_BYTES)?;
        let citations = argument.citations.len();
        within(
            "the citations of an argument",
            citations,
            "entries",
            CITATIONS,
        )?;
    }
    Ok(())
}

fn within(
    what: &'static str,
    size: usize,
    unit: &'static str,
    bound: usize,
) -> Result<(), UnfitAnswer> {
    match size > bound {
        true => Err(UnfitAnswer::Bound {
            what,
            size,
            unit,
            bound,
        }),
        false => Ok(()),
    }
}

fn labels(debate: &Debate, submission: &Submission) -> Result<(), UnfitAnswer> {
    let standing = debate.standing();
    for (at, label) in submission.supports.iter().enumerate() {
        let wrong = |problem| {
            let label = label.chars().take(80).collect();
            Err(UnfitAnswer::Label { label, problem })
        };
        if !standing.iter().any(|choice| choice.label == *label) {
            return wrong(match debate.labels().any(|known| known == *label) {
                true => "which does not stand",
                false => "which is no label",
            });
        }
        if submission.supports[..at].contains(label) {
            return wrong("twice");
        }
    }
    Ok(())
}

fn citations(
    debate: &Debate,
    debater: &Debater,
    submission: &mut Submission,
    graph: &Graph,
    trees: &TreeOf<'_>,
) -> Result<(), UnfitAnswer> {
    let arguments = submission.arguments.iter_mut();
    for cited in arguments.flat_map(|argument| &mut argument.citations) {
        match cited {
            Cited::Submission { round, label } => {
                if debate.revealed(*round, label).is_none() {
                    let (round, label) = (*round, label.chars().take(80).collect());
                    return Err(UnfitAnswer::NoSubmission { round, label });
                }
            }
            Cited::File {
                expert,
                path,
                lines,
            } => {
                let name = expert.get_or_insert_with(|| debater.expert.clone());
                let Some(known) = graph.expert(name) else {
                    let name = name.chars().take(80).collect();
                    return Err(UnfitAnswer::NoExpert(name));
                };
                check::citation(path, *lines, (known, graph), trees(known).as_ref())?;
            }
        }
    }
    Ok(())
}
