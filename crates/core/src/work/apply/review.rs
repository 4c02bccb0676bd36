//! Verdicts, and what follows from enough of them.

use super::super::axis::{MergeStep, ReviewRecord, ReviewerKind, TaskStep, Verdict};
use super::super::{Board, BoardRefusal, TaskId};
use super::{EventName, kept};

impl Board {
    pub(super) fn reviewed(
        &mut self,
        at: EventName,
        task: &TaskId,
        review: &ReviewRecord,
    ) -> Result<(), BoardRefusal> {
        let record = self.find(task)?;
        let refused = |why: String, repair| BoardRefusal::NoReview {
            task: task.clone(),
            why,
            repair,
        };
        let Some(proof) = &record.proof else {
            return Err(at.no_step(task, record.phase.word()));
        };
        let name = &review.reviewer.name;
        let comments = matches!(review.verdict, Verdict::Comment { .. });
        if !comments && !matches!(record.phase, super::super::axis::TaskPhase::InReview {}) {
            return Err(at.no_step(task, record.phase.word()));
        }
        if !review.is_about(&proof.tree, proof.patch.as_deref()) {
            let why = format!(
                "it is about tree {}, which is not the one that is proven",
                review.tree
            );
            return Err(refused(why, "look at what is there now, and review that"));
        }
        if review.verdict == (Verdict::Approve {}) {
            if review.reviewer.kind == ReviewerKind::Rules {
                let why = format!("'{name}' finds things, and approves nothing");
                return Err(refused(why, "let an expert, an actor or a person approve"));
            }
            if record.authors().contains(name.as_str()) {
                let why = format!("'{name}' wrote part of it");
                return Err(refused(why, "let somebody else review it"));
            }
        }
        let before = record
            .verdicts()
            .get(name.as_str())
            .map(|known| &known.verdict);
        if !comments && before == Some(&review.verdict) {
            return Err(at.nothing());
        }
        self.find_mut(task)?.reviews.push(review.clone());
        Ok(())
    }

    pub(super) fn enqueued(&mut self, at: EventName, task: &TaskId) -> Result<(), BoardRefusal> {
        let phase = self.next_phase(at, task, TaskStep::Queue)?;
        let (approvals, objections) = self.find(task)?.tally();
        let needed = self.start.policy.approvals as usize;
        let refused = |why: String, repair| BoardRefusal::NoReview {
            task: task.clone(),
            why,
            repair,
        };
        if objections > 0 {
            let why = format!("{objections} reviewers object");
            return Err(refused(why, "send it back, or let them withdraw"));
        }
        if approvals < needed {
            let why = format!("{approvals} approve, {needed} must");
            return Err(refused(
                why,
                "ask others, or lower the number with --approvals",
            ));
        }
        self.set_phase(task, phase);
        self.queue.push_back(task.clone());
        Ok(())
    }

    pub(super) fn sent_back(
        &mut self,
        at: EventName,
        task: &TaskId,
        log: &str,
    ) -> Result<(), BoardRefusal> {
        let phase = self.next_phase(at, task, TaskStep::SendBack)?;
        let record = self.find_mut(task)?;
        record.rounds += 1;
        record.sent_back = Some(kept(log));
        if let Some(merge) = record.merge.step(MergeStep::Reset) {
            record.merge = merge;
        }
        let missing = !record.missing.is_empty();
        self.leave_queue(task);
        // Sent back out of a trajectory, it waits for what stands before it.
        match missing {
            true => self.set_phase(task, super::super::axis::TaskPhase::Waiting {}),
            false => self.set_phase(task, phase),
        }
        Ok(())
    }

    pub(super) fn leave_queue(&mut self, task: &TaskId) {
        self.queue.retain(|one| one != task);
    }
}
