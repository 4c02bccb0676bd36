//! What leaves the record of runs, and by which rule: what is old, or what is more than there is room for, the oldest first. What
//! can still go on, and what a work under way was planned by, stays whatever the rule says.

use std::collections::BTreeSet;

use poag_core::work::WorkEvent;
use poag_ledger::{Filter, Ledger as _, LedgerError};

use super::RunLedger;
use super::types::{PruneRuns, PrunedRuns};
use crate::EngineError;
use crate::run::quota::OF_TURNS;
use crate::run::{self, Run};
use crate::work;

impl RunLedger {
    /// Removes runs of every flake by a rule, or what their turns left behind word by word. The graph of a run is not among
    /// that, so that its transcript can still be made.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub fn prune(&self, request: PruneRuns) -> Result<PrunedRuns, EngineError> {
        let ledger = &self.ledger;
        let prefix = match request.artifacts_only {
            true => OF_TURNS,
            false => "",
        };
        let planned = self.planned_by()?;
        let mut pruned = PrunedRuns::default();
        // Run, and what goes with it.
        let mut ended: Vec<(Run, u64)> = Vec::new();
        for run in run::list(ledger, None, None)? {
            let is_old = request.before.is_some_and(|before| run.created <= before);
            match (run.finished, planned.contains(&run.id)) {
                (false, _) => pruned.open += usize::from(is_old || request.before.is_none()),
                (true, true) => pruned.needed += 1,
                (true, false) => {
                    let weight = ledger.weight(&run.id, prefix)?;
                    let events = match request.artifacts_only {
                        true => 0,
                        false => weight.events,
                    };
                    ended.push((run, weight.artifacts + events));
                }
            }
        }
        let mut held: u64 = ended.iter().map(|(_, bytes)| *bytes).sum();
        let size = ledger.bytes()?;
        // They come with the newest first.
        for (run, bytes) in ended.iter().rev() {
            let is_old = request.before.is_some_and(|before| run.created <= before);
            let is_too_much = request.most_bytes.is_some_and(|most| held > most);
            if !is_old && !is_too_much {
                pruned.kept += 1;
                continue;
            }
            if request.artifacts_only && *bytes == 0 {
                continue;
            }
            let removed = match (request.dry_run, request.artifacts_only) {
                (true, _) => Ok(()),
                (false, true) => ledger.remove_artifacts(&run.id, prefix),
                (false, false) => ledger.remove(&run.id),
            };
            match removed {
                Ok(()) => {
                    held = held.saturating_sub(*bytes);
                    pruned.runs += 1;
                    pruned.bytes += bytes;
                }
                // Somebody is at it in this moment.
                Err(LedgerError::Claimed { .. }) => pruned.needed += 1,
                Err(error) => return Err(error.into()),
            }
        }
        if !request.dry_run {
            // Only a file that has something to give back is worth the writing.
            if pruned.runs > 0 {
                ledger.shrink()?;
            }
            pruned.freed = size.saturating_sub(ledger.bytes()?);
        }
        Ok(pruned)
    }

    /// The runs by whose plan a work goes on that has not come to its end: it is graded by that plan.
    fn planned_by(&self) -> Result<BTreeSet<String>, EngineError> {
        let mut runs = BTreeSet::new();
        let under_way = Filter {
            kind: Some(work::KIND),
            closed: Some(false),
            ..Filter::default()
        };
        for stream in self.ledger.streams(&under_way)? {
            let first = self.ledger.first(&stream.id)?;
            let first = first.and_then(|first| first.value::<WorkEvent>().ok());
            if let Some(WorkEvent::WorkStarted(start)) = first {
                runs.extend(start.run);
            }
        }
        Ok(runs)
    }
}

#[cfg(test)]
mod tests {
    use poag_core::work::policy::WorkPolicy;
    use poag_core::work::{WORK_EVENT_VERSION, WorkStart};
    use poag_ledger::{Batch, NewEvent, NewStream};
    use serde_json::json;

    use super::*;
    use crate::run::history::RunKind;
    use crate::{Engine, EngineSettings};

    /// A run with so many bytes of a transcript, which came to its end or did not.
    fn run(runs: &RunLedger, id: &str, bytes: usize, closed: bool) {
        let stream = NewStream {
            id,
            kind: RunKind::Debate.stream(),
            subject: "/flake",
        };
        // What cannot be packed.
        let mut random = fastrand::Rng::with_seed(1);
        let content = std::iter::repeat_with(|| random.u8(..))
            .take(bytes)
            .collect();
        let batch = Batch {
            events: vec![NewEvent::new(1, "begun", &json!({})).unwrap()],
            reserve: vec![("turn/ada/1/1/stdout".into(), Some(content))],
            close: closed,
            ..Batch::default()
        };
        runs.ledger.create(&stream, &batch).unwrap();
    }

    fn work(runs: &RunLedger, of: &str) {
        let start = WorkStart {
            work: "a-work".into(),
            request: "do it".into(),
            flake: "/flake".into(),
            run: Some(of.into()),
            base: "0".repeat(40),
            target: None,
            branch: "refs/heads/poag/a-work".into(),
            actors: Vec::new(),
            reviewers: Vec::new(),
            policy: WorkPolicy::default(),
            milestones: Vec::new(),
            tasks: Vec::new(),
        };
        let event = WorkEvent::WorkStarted(Box::new(start));
        let stream = NewStream {
            id: "a-work",
            kind: work::KIND,
            subject: "/flake",
        };
        let batch = Batch {
            events: vec![NewEvent::new(WORK_EVENT_VERSION, event.kind(), &event).unwrap()],
            ..Batch::default()
        };
        runs.ledger.create(&stream, &batch).unwrap();
    }

    fn left(runs: &RunLedger) -> Vec<String> {
        let all = run::list(&runs.ledger, None, None).unwrap().into_iter();
        let mut ids: Vec<String> = all.map(|run| run.id).collect();
        ids.sort();
        ids
    }

    #[test]
    fn the_oldest_go_until_there_is_room_and_what_is_needed_stays() {
        let place = tempfile::tempdir().unwrap();
        let folder = |name: &str| place.path().join(name);
        let settings = EngineSettings::new(folder("cache"), folder("state"), place.path().into());
        let runs = Engine::new(settings).runs().unwrap();
        for (id, closed) in [
            ("a", true),
            ("b", false),
            ("c", true),
            ("d", true),
            ("e", true),
            ("f", true),
        ] {
            run(&runs, id, 10_000, closed);
        }
        work(&runs, "a");
        let claim = runs.ledger.claim("d").unwrap();
        let rule = |most_bytes: u64, artifacts_only: bool, dry_run: bool| PruneRuns {
            before: None,
            most_bytes: Some(most_bytes),
            artifacts_only,
            dry_run,
        };
        // Of c, d, e and f there is room for two; d is in use, so that e goes in its place.
        let said = runs.prune(rule(25_000, false, true)).unwrap();
        assert_eq!((said.runs, said.needed, said.open), (2, 1, 1));
        assert_eq!(left(&runs).len(), 6, "nothing went");
        let said = runs.prune(rule(25_000, true, false)).unwrap();
        assert_eq!((said.runs, said.needed, said.kept), (2, 2, 1));
        assert_eq!(left(&runs).len(), 6, "their story stays");
        let held = |id: &str| {
            runs.ledger
                .artifacts(id)
                .unwrap()
                .iter()
                .any(|(_, size)| size.is_some())
        };
        let of = ["a", "b", "c", "d", "e", "f"].map(held);
        assert_eq!(of, [true, true, false, true, false, true]);
        drop(claim);
        let said = runs.prune(rule(0, false, false)).unwrap();
        assert_eq!((said.needed, said.open, said.kept), (1, 1, 0));
        assert_eq!(
            left(&runs),
            ["a", "b"],
            "one goes on, and one is what a work is graded by"
        );
    }
}
