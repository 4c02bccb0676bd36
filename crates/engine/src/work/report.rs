//! A work as documents.

use std::collections::{BTreeMap, BTreeSet};

use poag_core::plan::Plan;
use poag_core::work::grade;
use poag_git::work::WorkRepository;

use super::drive::SHOWN;
use super::{OpenWork, WorkError};
use crate::work_report::{HistoryLine, PlanBeside, WorkReport, findings, junit, page};
use crate::{Engine, EngineError};

/// A work as one HTML page, its checks as JUnit and its findings as SARIF.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WorkDocuments {
    /// HTML that needs nothing else.
    pub page: String,
    /// JUnit XML.
    pub junit: String,
    /// SARIF 2.1.0.
    pub sarif: String,
}

impl Engine {
    /// The documents about a work.
    ///
    /// # Errors
    /// When the ledger or git fails.
    pub fn report_work(&self, work: &str) -> Result<WorkDocuments, EngineError> {
        let works = self.works()?;
        let open = works.open(work)?;
        let repository = self.repository_of(&open)?;
        let plan = match &open.board().start.run {
            Some(run) => crate::run::history(&works.ledger, run)
                .ok()
                .filter(crate::run::RunHistory::is_finished)
                .and_then(|history| history.plan().ok()),
            None => None,
        };
        documents(&open, &repository, plan.as_ref())
    }
}

fn documents(
    work: &OpenWork<'_>,
    repository: &WorkRepository,
    plan: Option<&Plan>,
) -> Result<WorkDocuments, EngineError> {
    let board = work.board();
    let mut changes = BTreeMap::new();
    let mut changed = BTreeSet::new();
    for (id, record) in &board.tasks {
        let Some(proof) = &record.proof else { continue };
        let difference = repository.difference(&proof.base, &proof.commit, SHOWN);
        changes.insert(id.clone(), difference.map_err(WorkError::from)?);
        if record.phase.word() == "landed" {
            changed.extend(proof.changed.iter().cloned());
        }
    }
    let graph = work.graph()?;
    let folders = graph.experts.values().filter(|expert| expert.is_local());
    let folders: BTreeMap<String, String> = folders
        .map(|expert| (expert.name.clone(), expert.dir().to_owned()))
        .collect();
    let named = plan
        .map(|plan| grade::named(plan, &folders))
        .unwrap_or_default();
    let graded = grade::grade(&named.keys().cloned().collect(), &changed);
    let history: Vec<HistoryLine> = work
        .events()?
        .into_iter()
        .map(|entry| HistoryLine {
            at: entry.at,
            tasks: entry.event.tasks().into_iter().cloned().collect(),
            text: entry.event.sentence(),
        })
        .collect();
    let report = WorkReport {
        board,
        now: work.now(),
        plan: plan.map(|plan| PlanBeside {
            plan,
            named: &named,
            grade: &graded,
        }),
        changes: &changes,
        history: &history,
    };
    let unwritten =
        |error: String| WorkError::Replay(format!("the checks cannot be written: {error}"));
    Ok(WorkDocuments {
        page: page(&report),
        junit: junit(board).map_err(|error| unwritten(error.to_string()))?,
        sarif: serde_json::to_string_pretty(&findings(board))?,
    })
}
