//! A work from a template: what was decided in a debate or a council, or stands in a file, fills in its places.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use poag_core::debate::{Debate, DebateResult};
use poag_core::expert::Graph;
use poag_core::plan::Plan;
use poag_core::work::Actor;
use poag_core::work::from_file::TaskFileError;
use poag_core::work::template::{WorkTemplate, built_in};
use poag_ledger::{Ledger as _, SqliteLedger};
use serde_json::Value;

use super::WorkError;
use super::source::Sourced;
use crate::run::{self, RunKind};
use crate::{DEFAULT_BACKEND, Engine, EngineError, debate};

/// Longest account of what was decided, in bytes: a prompt has room for it and for the rest.
const DECISION_BYTES: usize = 48 << 10;

/// A work from a template.
#[derive(Clone, Debug)]
pub struct TemplateRequest {
    /// Which.
    pub template: TemplateSource,
    /// What it is about.
    pub from: Option<TemplateOrigin>,
    /// What its places are filled with, before what `from` says.
    pub values: BTreeMap<String, String>,
}

/// Where a template is.
#[derive(Clone, Debug)]
pub enum TemplateSource {
    /// One that poag brings.
    BuiltIn(String),
    /// A document of its own.
    Document(Box<Value>),
}

/// What a work from a template is about.
#[derive(Clone, Debug)]
pub enum TemplateOrigin {
    /// A debate or a council; `last` is the newest of this flake.
    Run(String),
    /// A text: a plan or the result of a debate as poag prints it, or any other.
    Text {
        /// What it is called.
        name: String,
        /// What it says.
        text: String,
    },
}

/// What was decided.
#[derive(Default)]
struct Decision {
    /// Places that it fills.
    values: BTreeMap<String, String>,
    run: Option<String>,
    participants: Vec<Actor>,
}

impl Decision {
    fn new(topic: &str, decision: &str, source: &str) -> Self {
        let all = [
            ("topic", topic.trim()),
            ("decision", within(decision.trim())),
            ("source", source),
        ];
        let values = all.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            values: values.into(),
            ..Self::default()
        }
    }

    fn plan(plan: &Plan) -> Self {
        let mut text = plan.answer.trim().to_owned();
        for (number, step) in (1..).zip(&plan.plan) {
            // Writing to a string does not fail.
            let _ = write!(text, "\n\n{number}. {}", step.trim());
        }
        let source = format!("council {}", plan.council.id);
        Self::new(&plan.request, &text, &source)
    }

    /// The proposal that won, what its author said for it, and the titles of the others.
    fn debate(result: &DebateResult) -> Result<Self, WorkError> {
        let won = result.choices.iter();
        let mut won = won.filter(|choice| Some(&choice.label) == result.winner.as_ref());
        let won = won.next().ok_or_else(|| WorkError::Undecided {
            run: result.run.clone(),
        })?;
        let mut text = won.position.trim().to_owned();
        let round = result.rounds.get(won.round.saturating_sub(1) as usize);
        let said = round.and_then(|round| round.submissions.get(&won.by));
        for argument in said.into_iter().flat_map(|said| &said.arguments) {
            let _ = write!(text, "\n\nBecause: {}", argument.text.trim());
        }
        let others = result.choices.iter();
        for other in others.filter(|choice| choice.label != won.label) {
            let title = other.position.trim().lines().next().unwrap_or_default();
            let _ = write!(text, "\n\nNot chosen: {title}");
        }
        let source = format!("debate {}", result.run);
        Ok(Self::new(&result.topic, &text, &source))
    }

    fn text(name: &str, text: &str) -> Result<Self, WorkError> {
        let document: Option<Value> = serde_json::from_str(text).ok();
        if let Some(document) = document {
            if let Ok(result) = serde_json::from_value::<DebateResult>(document.clone()) {
                return Self::debate(&result);
            }
            if let Ok(plan) = serde_json::from_value::<Plan>(document) {
                return Ok(Self::plan(&plan));
            }
        }
        let mut lines = text.lines().map(|line| line.trim_start_matches(['#', ' ']));
        let title = lines.find(|line| !line.trim().is_empty());
        Ok(Self::new(title.unwrap_or(name), text, name))
    }
}

impl Engine {
    /// The tasks of a template, filled in.
    pub(super) fn fill_template(
        &self,
        ledger: &SqliteLedger,
        flake: &str,
        graph: &Graph,
        request: &TemplateRequest,
    ) -> Result<Sourced, EngineError> {
        let document = match &request.template {
            TemplateSource::BuiltIn(name) => {
                let text = built_in(name).map_err(WorkError::from)?;
                toml::from_str(text).map_err(|error| {
                    let repair = "tell those who make poag".to_owned();
                    WorkError::from(TaskFileError::Template(error.to_string(), repair))
                })?
            }
            TemplateSource::Document(document) => (**document).clone(),
        };
        let template = WorkTemplate::of(document, graph).map_err(WorkError::from)?;
        let mut decision = match &request.from {
            None => Decision::default(),
            Some(TemplateOrigin::Text { name, text }) => Decision::text(name, text)?,
            Some(TemplateOrigin::Run(word)) => self.decision(ledger, flake, word)?,
        };
        let expert = || graph.root.clone();
        let values = &mut decision.values;
        values.entry("expert".into()).or_insert_with(expert);
        let file = template.tasks(values, &request.values, graph);
        Ok(Sourced {
            run: decision.run,
            participants: decision.participants,
            ..Sourced::file(file.map_err(WorkError::from)?)
        })
    }

    /// What a run came to.
    fn decision(
        &self,
        ledger: &SqliteLedger,
        flake: &str,
        word: &str,
    ) -> Result<Decision, EngineError> {
        let run = match word {
            "last" => self.runs()?.latest(Some(flake))?,
            word => run::find(ledger, word)?,
        };
        let mut decision = match ledger.stream(&run)?.kind == RunKind::Debate.stream() {
            true => {
                let replica = debate::open(ledger, &run)?;
                let debate = &replica.state().0;
                let result = debate.result();
                let result = result.ok_or_else(|| WorkError::Undecided { run: run.clone() })?;
                Decision {
                    participants: participants(debate),
                    ..Decision::debate(result)?
                }
            }
            false => {
                let history = run::history(ledger, &run)?;
                if !history.is_finished() {
                    return Err(WorkError::NoPlan { run }.into());
                }
                Decision::plan(&history.plan()?)
            }
        };
        decision.run = Some(run);
        Ok(decision)
    }
}

/// Who took part in a debate and can write, with what each can do.
fn participants(debate: &Debate) -> Vec<Actor> {
    let start = debate.start();
    let selection = &start.selection;
    let seats = start.panel.iter();
    seats
        .filter_map(|(name, debater)| {
            let backend = selection.backends.get(name)?;
            let can = debater.capabilities.iter().cloned();
            let skills = match debater.capabilities.is_empty() {
                true => ["*".to_owned()].into(),
                false => can.collect(),
            };
            (backend != DEFAULT_BACKEND).then(|| Actor {
                name: name.clone(),
                model: selection.models.get(name).cloned(),
                command: selection.commands.get(name).cloned(),
                skills,
                ..Actor::of(backend)
            })
        })
        .collect()
}

/// As much of a text as there is room for.
fn within(text: &str) -> &str {
    &text[..text.floor_char_boundary(DECISION_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_about_its_first_line_and_is_kept_whole() {
        let decision = Decision::text("idea.md", "\n# A page that greets\n\nIn German.\n").unwrap();
        let value = |name: &str| decision.values[name].clone();
        assert_eq!(value("topic"), "A page that greets");
        assert_eq!(value("decision"), "# A page that greets\n\nIn German.");
        assert_eq!(value("source"), "idea.md");
        let long = "é".repeat(DECISION_BYTES);
        assert_eq!(within(&long).len(), DECISION_BYTES);
    }
}
