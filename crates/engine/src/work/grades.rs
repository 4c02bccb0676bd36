//! How right plans were, by what landed of the works that carried them out: for lists, and for the experts next time.

use std::collections::{BTreeMap, BTreeSet};

use poag_core::council::message::EarlierPlan;
use poag_core::expert::Graph;
use poag_core::plan::Plan;
use poag_core::work::grade::{self, PlanGrade};
use poag_core::work::{Board, WorkPhase};
use poag_ledger::SqliteLedger;
use schemars::JsonSchema;
use serde::Serialize;

use super::{OpenWork, WorkLedger};
use crate::{Engine, EngineError};

/// Works that are looked at for what an expert is told, the newest first.
const LOOKED_AT: u32 = 20;
/// Plans that an expert is told of, and paths of each list of one.
const TOLD: usize = 3;
const PATHS: usize = 10;
/// Characters of a request that an expert is told.
const REQUEST: usize = 200;

/// A plan beside what was changed when it was carried out.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GradedPlan {
    /// The work that carried it out.
    pub work: String,
    /// The run that it came from.
    pub run: String,
    /// The flake that was asked.
    pub flake: String,
    /// When the work began, in milliseconds since 1970 in UTC.
    pub began: i64,
    /// What was asked for.
    pub request: String,
    /// Whether the person's branch holds it.
    pub landed: bool,
    /// How right it was about what has come to the work's branch; paths from the repository's root.
    pub grade: PlanGrade,
    /// Expert → the same of its own flake; paths from there.
    pub experts: BTreeMap<String, PlanGrade>,
}

impl Engine {
    /// The grades of the plans of which anything has come to a work's branch, the newest work first: of one flake or of all.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn plan_grades(&self, flake: Option<&str>) -> Result<Vec<GradedPlan>, EngineError> {
        self.works()?.grades(flake, None)
    }
}

impl WorkLedger {
    fn grades(
        &self,
        flake: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Vec<GradedPlan>, EngineError> {
        let graded = self.newest(flake, limit)?.into_iter().filter_map(|stream| {
            // A work of another version has no grade that can be read.
            let work = self.open(&stream.id).ok()?;
            graded(&self.ledger, &work, stream.created)
        });
        Ok(graded.collect())
    }

    /// What the experts of a flake are told of their earlier plans: how right they were, of what their persons took.
    pub(crate) fn earlier_plans(
        &self,
        flake: &str,
    ) -> Result<BTreeMap<String, Vec<EarlierPlan>>, EngineError> {
        let mut told: BTreeMap<String, Vec<EarlierPlan>> = BTreeMap::new();
        let graded = self.grades(Some(flake), Some(LOOKED_AT))?;
        for plan in graded.into_iter().filter(|plan| plan.landed) {
            for (expert, grade) in plan.experts {
                let of = told.entry(expert).or_default();
                if of.len() < TOLD {
                    of.push(earlier(&plan.request, &grade));
                }
            }
        }
        Ok(told)
    }
}

fn earlier(request: &str, grade: &PlanGrade) -> EarlierPlan {
    let some = |paths: &BTreeSet<String>| paths.iter().take(PATHS).cloned().collect();
    EarlierPlan {
        request: request.chars().take(REQUEST).collect(),
        changed_as_named: some(&grade.hit),
        named_in_vain: some(&grade.unneeded),
        changed_unnamed: some(&grade.missed),
    }
}

fn graded(ledger: &SqliteLedger, work: &OpenWork<'_>, began: i64) -> Option<GradedPlan> {
    let board = work.board();
    let run = board.start.run.clone()?;
    let changed = changed(board);
    if changed.is_empty() {
        return None;
    }
    let plan = plan_of(ledger, &run)?;
    let folders = folders(&work.graph().ok()?);
    let named: BTreeSet<String> = grade::named(&plan, &folders).into_keys().collect();
    let grade = grade::grade(&named, &changed);
    Some(GradedPlan {
        work: work.id().to_owned(),
        run,
        flake: board.start.flake.clone(),
        began,
        request: board.start.request.clone(),
        landed: matches!(board.phase, WorkPhase::Landed { .. }),
        experts: grade::by_expert(&grade, &folders),
        grade,
    })
}

/// The plan of a run that is finished; none where it is gone.
pub(super) fn plan_of(ledger: &SqliteLedger, run: &str) -> Option<Plan> {
    let history = crate::run::history(ledger, run).ok()?;
    let history = Some(history).filter(crate::run::RunHistory::is_finished)?;
    history.plan().ok()
}

/// Paths that tasks changed which have come to the work's branch, from the repository's root.
pub(super) fn changed(board: &Board) -> BTreeSet<String> {
    let landed = board.tasks.values();
    let landed = landed.filter(|record| record.phase.word() == "landed");
    let proofs = landed.filter_map(|record| record.proof.as_ref());
    proofs
        .flat_map(|proof| proof.changed.iter().cloned())
        .collect()
}

/// The folder of each expert of the repository, from its root.
pub(super) fn folders(graph: &Graph) -> BTreeMap<String, String> {
    let local = graph.experts.values().filter(|expert| expert.is_local());
    local
        .map(|expert| (expert.name.clone(), expert.dir().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expert_is_told_little_of_a_long_plan() {
        let paths = (0..50).map(|at| format!("src/{at}.rs")).collect();
        let grade = PlanGrade {
            unneeded: paths,
            ..PlanGrade::default()
        };
        let told = earlier(&"x".repeat(1000), &grade);
        assert_eq!((told.request.len(), told.named_in_vain.len()), (200, 10));
        assert!(told.changed_as_named.is_empty() && told.changed_unnamed.is_empty());
    }
}
