//! Why an expert knows what it knows, and what it did in a run.

use super::checkpoint::{Meta, Uses};
use super::project::find;
use super::run::{self, Run, RunKind};
use super::{Engine, EngineError, Project};
use poag_core::council::assemble;
use poag_core::expert::Expert;
use poag_core::plan::Plan;

/// The latest checkpoint of an expert.
#[derive(Clone, Debug)]
pub struct Latest {
    /// What is known of it.
    pub meta: Meta,
    /// How it was used.
    pub uses: Uses,
    /// Whether it holds what the expert would be given now.
    pub current: bool,
}

/// What one expert did in a run.
#[derive(Clone, Debug)]
pub struct PartInRun {
    /// The expert.
    pub expert: String,
    /// What came of the run, or would if it ended here: who was asked, verdicts, failures.
    pub plan: Plan,
}

impl Project {
    /// The latest checkpoint of an expert; none where it has none.
    ///
    /// # Errors
    /// When checkpoints cannot be read, or the expert's pack cannot be built.
    pub fn latest_checkpoint(&self, expert: &Expert) -> Result<Option<Latest>, EngineError> {
        let store = self.engine.store()?;
        let entries = store.list()?.into_iter();
        let mut metas = entries.filter_map(|entry| entry.meta.ok());
        let Some(meta) = metas.find(|meta| meta.key_parts.expert == expert.name) else {
            return Ok(None);
        };
        Ok(Some(Latest {
            uses: store.uses(&meta.key)?,
            current: self.holds_all(expert, &meta)?,
            meta,
        }))
    }
}

impl Engine {
    /// What an expert did in a run of a flake; a run is named by the beginning of its id; without one it is the latest, without an expert the one that was
    /// asked first.
    ///
    /// # Errors
    /// When there is no such run or expert, or the ledger cannot be read.
    pub fn part_in_run(
        &self,
        flake: &str,
        run: Option<&str>,
        expert: Option<&str>,
    ) -> Result<PartInRun, EngineError> {
        let ledger = self.ledger()?;
        let run = match run {
            Some(run) => Some(run::find(&ledger, run)?),
            None => {
                let all = run::list(&ledger, Some(flake), None)?.into_iter();
                let mut councils = all.filter(|run: &Run| run.kind == RunKind::Council);
                councils.next().map(|run| run.id)
            }
        };
        let run = run.ok_or_else(|| EngineError::NoRun {
            flake: flake.to_owned(),
        })?;
        let history = run::history(&ledger, &run)?;
        let expert = find(&history.graph, expert.unwrap_or(&history.graph.root))?;
        Ok(PartInRun {
            expert: expert.name.clone(),
            plan: assemble(&history.council()?),
        })
    }
}
