//! Reviews: who is asked, what they are shown, and what follows from what they say.

use poag_core::agent::Usage;
use poag_core::work::axis::{ReviewRecord, Reviewer, ReviewerKind, TaskPhase, Verdict};
use poag_core::work::{BoardRefusal, TaskId, TaskRecord, WorkEvent, WorkPhase};

use super::attempts::turn_cost;
use super::turn::ReviewInput;
use super::{Job, Supervisor};
use crate::work::WorkError;
use crate::work::findings::findings;

/// The name of the rules that look at every change.
const RULES: &str = "rules";
/// How often a reviewer is asked that gave no verdict.
const TRIES: u32 = 3;
/// Bytes of a change that a reviewer is shown.
const SHOWN: usize = 256 << 10;

/// What a review came to.
pub(super) struct ReviewResult {
    pub task: TaskId,
    pub reviewer: Reviewer,
    pub tree: String,
    pub patch: Option<String>,
    pub usage: Usage,
    pub verdict: Result<Verdict, String>,
}

impl Supervisor<'_, '_> {
    /// Asks reviewers, and draws what follows from their verdicts.
    pub(super) fn review_step(&mut self) -> Result<bool, WorkError> {
        if self.work.board().phase != (WorkPhase::Running {}) {
            return Ok(false);
        }
        let board = self.work.board();
        let waiting: Vec<TaskId> = board
            .tasks
            .iter()
            .filter(|(_, record)| record.phase == TaskPhase::InReview {})
            .map(|(id, _)| id.clone())
            .collect();
        let mut moved = false;
        for id in waiting {
            moved |= self.review_task(&id)?;
        }
        Ok(moved)
    }

    fn review_task(&mut self, id: &TaskId) -> Result<bool, WorkError> {
        let board = self.work.board();
        let Some(record) = board.task(id.as_str()) else {
            return Ok(false);
        };
        let Some(proof) = record.proof.clone() else {
            return Ok(false);
        };
        let by_rules = record
            .reviews
            .iter()
            .any(|review| review.reviewer.name == RULES && review.tree == proof.tree);
        if !by_rules && let Some(verdict) = findings(board, record, &self.with.graph) {
            let reviewer = Reviewer {
                name: RULES.into(),
                kind: ReviewerKind::Rules,
                through: None,
            };
            return self.try_note(WorkEvent::Reviewed {
                task: id.clone(),
                review: Box::new(ReviewRecord {
                    reviewer,
                    tree: proof.tree,
                    patch: proof.patch,
                    verdict,
                }),
            });
        }
        let under_way = self
            .reviewing
            .iter()
            .filter(|(task, tree, _)| task == id && *tree == proof.tree)
            .count();
        let (approvals, objections) = record.tally();
        let needed = board.start.policy.approvals as usize;
        // A remark is no verdict, and asking again gives no other.
        let about = record
            .reviews
            .iter()
            .filter(|review| review.is_about(&proof.tree, proof.patch.as_deref()));
        let said: Vec<String> = about.map(|review| review.reviewer.name.clone()).collect();
        let open: Vec<String> = self
            .candidates(record)
            .into_iter()
            .filter(|name| !said.contains(name))
            .filter(|name| {
                let key = (id.clone(), proof.tree.clone(), name.clone());
                let failed = self.unreviewed.get(&key).copied().unwrap_or(0);
                failed < TRIES && !self.reviewing.contains(&key)
            })
            .collect();
        let required = |name: &&String| {
            record.task.reviewers.contains(*name) || record.task.panel.contains_key(*name)
        };
        let next = match open.iter().find(required) {
            Some(required) => Some(required),
            // Others are asked where those who must be asked are not enough.
            None if objections == 0 && approvals + under_way < needed => open.first(),
            None => None,
        };
        if let Some(name) = next {
            let name = name.clone();
            return self.ask_reviewer(id, &name);
        }
        if under_way > 0 {
            return Ok(false);
        }
        if objections > 0 {
            let verdicts = record.verdicts();
            let said: Vec<String> = verdicts
                .values()
                .filter_map(|review| match &review.verdict {
                    Verdict::Object { reason, places } => {
                        let places = places.iter().map(|place| match place.line {
                            Some(line) => format!("\n  {}:{line}", place.path),
                            None => format!("\n  {}", place.path),
                        });
                        let places: String = places.collect();
                        Some(format!(
                            "{} objects: {reason}{places}",
                            review.reviewer.name
                        ))
                    }
                    _ => None,
                })
                .collect();
            self.send_back(id, &said.join("\n"))?;
            return Ok(true);
        }
        match approvals >= needed {
            true => self.try_note(WorkEvent::Enqueued { task: id.clone() }),
            false => Ok(false),
        }
    }

    /// Who may review a task: those who must be asked first, then the other experts of the graph, by name; none who wrote it,
    /// and nobody where nobody can speak for them.
    fn candidates(&self, record: &TaskRecord) -> Vec<String> {
        if !self.with.reviewers.can_speak() {
            return Vec::new();
        }
        let authors = record.authors();
        let required = record.task.reviewers.iter();
        let others = self.with.graph.experts.keys();
        let others = others.filter(|name| !record.task.reviewers.contains(*name));
        let known = |name: &&String| self.with.graph.expert(name).is_some();
        let panel = record.task.panel.keys();
        let all = panel.chain(required.chain(others).filter(known));
        let apart = all.filter(|name| !authors.contains(name.as_str()));
        apart.cloned().collect()
    }

    fn ask_reviewer(&mut self, id: &TaskId, name: &str) -> Result<bool, WorkError> {
        let board = self.work.board();
        let Some(record) = board.task(id.as_str()) else {
            return Ok(false);
        };
        // A reviewer of the task's own looks at it with what its flake's expert can read.
        let looks_for = record.task.panel.get(name);
        let known = looks_for.map_or(name, |_| record.task.expert.as_str());
        let Some(expert) = self.with.graph.expert(known) else {
            return Ok(false);
        };
        let mut expert = expert.clone();
        name.clone_into(&mut expert.name);
        let Some(proof) = record.proof.clone() else {
            return Ok(false);
        };
        let difference = self
            .with
            .repository
            .difference(&proof.base, &proof.commit, SHOWN)?;
        let author = record.attempts.last().map(|attempt| attempt.actor.clone());
        let author = author.unwrap_or_default();
        let input = ReviewInput::new(board, record, (&proof, &difference.text), &expert);
        let (usd, output_tokens) = self
            .with
            .reviewers
            .through(&author)
            .map_or((0.0, 0), |actor| {
                turn_cost(&board.start.policy.budget, actor)
            });
        let reviewers = self.with.reviewers.clone();
        let reserved = WorkEvent::Reserved {
            turn: review_turn(id, &proof.tree, name),
            task: id.clone(),
            usd,
            output_tokens,
        };
        match self.note(reserved) {
            Ok(()) => {}
            Err(WorkError::Refused(refusal @ BoardRefusal::Budget { .. })) => {
                return self.try_note(WorkEvent::Asked {
                    task: id.clone(),
                    epoch: None,
                    question: format!("nobody can be asked for a review any more: {refusal}"),
                });
            }
            Err(error) => return Err(error),
        }
        let key = (id.clone(), proof.tree.clone(), name.to_owned());
        self.reviewing.insert(key);
        let task = id.clone();
        self.jobs.spawn(async move {
            let (through, usage, verdict) = reviewers.ask(&expert, &author, input).await;
            let reviewer = Reviewer {
                name: expert.name.clone(),
                kind: ReviewerKind::Expert,
                through: Some(through),
            };
            Job::Review(Box::new(ReviewResult {
                task,
                reviewer,
                tree: proof.tree,
                patch: proof.patch,
                usage,
                verdict,
            }))
        });
        Ok(true)
    }

    /// Writes a verdict down.
    pub(super) fn review_ended(&mut self, result: ReviewResult) -> Result<(), WorkError> {
        let name = result.reviewer.name.clone();
        let key = (result.task.clone(), result.tree.clone(), name.clone());
        self.reviewing.remove(&key);
        let settled = WorkEvent::Settled {
            turn: review_turn(&result.task, &result.tree, &name),
            usage: result.usage,
        };
        let said = match result.verdict {
            Ok(verdict) => WorkEvent::Reviewed {
                task: result.task,
                review: Box::new(ReviewRecord {
                    reviewer: result.reviewer,
                    tree: result.tree,
                    patch: result.patch,
                    verdict,
                }),
            },
            Err(why) => {
                let failures = self.unreviewed.entry(key.clone()).or_default();
                *failures += 1;
                let text = format!("no review of {name}: {why}");
                let (task, by) = (result.task, "poag".to_owned());
                WorkEvent::Said { task, by, text }
            }
        };
        // What was paid is written down together with what it gave, so that it is not paid for again.
        match self.note_with(&[settled.clone(), said], &[]) {
            Err(WorkError::Refused(_)) => {
                self.try_note(settled)?;
                self.unreviewed.insert(key, TRIES);
                Ok(())
            }
            other => other,
        }
    }
}

/// The name of a reviewer's turn, unique while it is open.
fn review_turn(task: &TaskId, tree: &str, reviewer: &str) -> String {
    format!("review/{task}/{tree}/{reviewer}")
}
