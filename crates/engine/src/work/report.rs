//! A work as documents.

#![expect(
    clippy::disallowed_methods,
    reason = "folders of works, in the state folder"
)]

use std::collections::BTreeMap;

use poag_core::plan::Plan;
use poag_core::work::grade;
use poag_git::work::{Opened, PullRequest, WorkRepository};

use super::drive::SHOWN;
use super::{OpenWork, WorkError, grades};
use crate::work_report::{
    HistoryLine, PlanBeside, WorkReport, findings, junit, offer, page, title,
};
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
        let run = open.board().start.run.as_deref();
        let plan = run.and_then(|run| grades::plan_of(&works.ledger, run));
        reported(&open, &repository, plan.as_ref(), documents)
    }

    /// Pushes the branch of a work that is done to a remote, and opens a pull request for it where `gh` is. No branch of the
    /// person's moves.
    ///
    /// # Errors
    /// As [`OpenWork::land`], and when the remote does not take the branch or `gh` refuses.
    pub fn offer_work(
        &self,
        work: &str,
        request: &OfferRequest,
    ) -> Result<OfferedWork, EngineError> {
        let works = self.works()?;
        let mut open = works.open(work)?;
        let repository = self.repository_of(&open)?;
        open.catch_up()?;
        let target = open.landable(request.branch.as_deref())?;
        let run = open.board().start.run.as_deref();
        let plan = run.and_then(|run| grades::plan_of(&works.ledger, run));
        let make = |report: &WorkReport<'_>| Ok((title(report), offer(report)));
        let (title, text) = reported(&open, &repository, plan.as_ref(), make)?;
        let body = self.state()?.join("work").join(open.id());
        std::fs::DirBuilder::new()
            .recursive(true)
            .create(&body)
            .map_err(EngineError::file(&body))?;
        let body = body.join("pull-request.md");
        self.write(&body, &text)?;
        let short = |name: &str| name.strip_prefix("refs/heads/").unwrap_or(name).to_owned();
        let (head, base) = (short(&open.board().start.branch), short(&target));
        repository
            .push(&head, &request.remote)
            .map_err(WorkError::from)?;
        let pull = PullRequest {
            head: &head,
            base: &base,
            title: &title,
            body: &body,
        };
        let opened = match repository
            .open_pull_request(&pull)
            .map_err(WorkError::from)?
        {
            Opened::Yes(address) => Some(address),
            Opened::NoProgram => None,
        };
        Ok(OfferedWork {
            opened,
            words: pull.words(),
            branch: head,
        })
    }
}

/// Where a work is offered.
#[derive(Clone, Debug)]
pub struct OfferRequest {
    /// The branch that it should be merged into; none is the one that was checked out when the work began.
    pub branch: Option<String>,
    /// The remote.
    pub remote: String,
}

/// A work that was offered.
#[derive(Clone, Debug)]
pub struct OfferedWork {
    /// The branch that was pushed.
    pub branch: String,
    /// The address of the pull request; none where there is no `gh` to open one.
    pub opened: Option<String>,
    /// What opens it.
    pub words: Vec<String>,
}

/// What is made from a report.
fn reported<T>(
    work: &OpenWork<'_>,
    repository: &WorkRepository,
    plan: Option<&Plan>,
    make: impl FnOnce(&WorkReport<'_>) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    let board = work.board();
    let mut changes = BTreeMap::new();
    for (id, record) in &board.tasks {
        let Some(proof) = &record.proof else { continue };
        let difference = repository.difference(&proof.base, &proof.commit, SHOWN);
        changes.insert(id.clone(), difference.map_err(WorkError::from)?);
    }
    let folders = grades::folders(&work.graph()?);
    let named = plan
        .map(|plan| grade::named(plan, &folders))
        .unwrap_or_default();
    let graded = grade::grade(&named.keys().cloned().collect(), &grades::changed(board));
    let history: Vec<HistoryLine> = work
        .events()?
        .into_iter()
        .map(|entry| HistoryLine {
            at: entry.at,
            tasks: entry.event.tasks().into_iter().cloned().collect(),
            text: entry.event.sentence(),
        })
        .collect();
    make(&WorkReport {
        board,
        now: work.now(),
        plan: plan.map(|plan| PlanBeside {
            plan,
            named: &named,
            grade: &graded,
        }),
        changes: &changes,
        history: &history,
    })
}

fn documents(report: &WorkReport<'_>) -> Result<WorkDocuments, EngineError> {
    let unwritten =
        |error: String| WorkError::Replay(format!("the checks cannot be written: {error}"));
    Ok(WorkDocuments {
        page: page(report),
        junit: junit(report.board).map_err(|error| unwritten(error.to_string()))?,
        sarif: serde_json::to_string_pretty(&findings(report.board))?,
    })
}
