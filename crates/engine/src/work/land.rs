//! Moves a person's branch to what a work has come to, and back.

use poag_core::work::axis::TaskPhase;
use poag_core::work::{WorkEvent, WorkPhase};
use poag_git::work::{Landing, Rollback, WorkRepository};

use super::{OpenWork, WorkError};

/// Where a work lands, and who says so.
#[derive(Clone, Debug)]
pub struct LandRequest {
    /// The branch; none is the one that was checked out when the work began.
    pub branch: Option<String>,
    /// Who says yes; a rule of the policy where nobody had to.
    pub by: String,
}

/// Full name of a branch.
fn full(branch: &str) -> String {
    match branch.starts_with("refs/") {
        true => branch.to_owned(),
        false => format!("refs/heads/{branch}"),
    }
}

impl OpenWork<'_> {
    /// Moves a person's branch forward to the tip of the work's. Done again after a death in the middle, it comes to the
    /// same.
    ///
    /// # Errors
    /// When a task has not ended, the branch has gone another way, or its checkout is in use or has changes.
    pub fn land(
        &mut self,
        repository: &WorkRepository,
        request: &LandRequest,
    ) -> Result<Landing, WorkError> {
        self.catch_up()?;
        let target = self.landable(request.branch.as_deref())?;
        let board = self.board();
        let tip = board.tip.clone();
        let short = target.strip_prefix("refs/heads/").unwrap_or(&target);
        let before = repository.commit(&target)?;
        // Where a death came between the move and the word of it, the branch is there already.
        let landing = match before == tip {
            true => Landing {
                branch: short.to_owned(),
                before: board.start.base.clone(),
                after: tip.clone(),
            },
            false => repository.land(short, &tip)?,
        };
        self.note(&WorkEvent::Landed {
            branch: target,
            from: landing.before.clone(),
            to: tip,
            by: request.by.clone(),
        })?;
        Ok(landing)
    }

    /// The branch that it would land on, by its whole name.
    ///
    /// # Errors
    /// When nothing may land yet, or nobody says where.
    pub(super) fn landable(&self, branch: Option<&str>) -> Result<String, WorkError> {
        let board = self.board();
        let target = branch.or(board.start.target.as_deref());
        let target = full(target.ok_or(WorkError::NoTarget)?);
        let open = board.tasks.values().find(|record| !record.phase.is_ended());
        if let Some(record) = open {
            return Err(WorkError::Unfinished {
                task: record.task.id.clone(),
                state: record.phase.word(),
            });
        }
        let any = board
            .tasks
            .values()
            .any(|record| record.phase == TaskPhase::Landed {});
        if !any {
            return Err(WorkError::NothingToDo);
        }
        if let Some((milestone, state)) = board.closed_gate() {
            let why = format!(
                "nothing lands before it is open, and it is: {}",
                state.words()
            );
            let milestone = milestone.name.clone();
            return Err(poag_core::work::BoardRefusal::NoGate { milestone, why }.into());
        }
        Ok(target)
    }

    /// Takes a landing back: the branch goes back while nobody else has it, else another commit reverts it.
    ///
    /// # Errors
    /// When the work has not landed, or git refuses.
    pub fn rollback(
        &mut self,
        repository: &WorkRepository,
        by: &str,
    ) -> Result<Rollback, WorkError> {
        self.catch_up()?;
        let WorkPhase::Landed {
            branch, from, to, ..
        } = &self.board().phase
        else {
            return Err(WorkError::NotLanded {
                state: self.board().phase.word(),
            });
        };
        let short = branch.strip_prefix("refs/heads/").unwrap_or(branch);
        let landing = Landing {
            branch: short.to_owned(),
            before: from.clone(),
            after: to.clone(),
        };
        let message = format!("Revert the work {}", self.id());
        let identity = repository.identity()?;
        let done = repository.rollback(&landing, &message, &identity)?;
        let to = match &done {
            Rollback::MovedBack => landing.before,
            Rollback::Reverted { commit } => commit.clone(),
        };
        self.note(&WorkEvent::RolledBack {
            to,
            by: by.to_owned(),
        })?;
        Ok(done)
    }
}
