//! Landing by the rule of the policy, where nobody has to say yes.

use std::collections::BTreeSet;

use globset::GlobBuilder;
use poag_core::work::axis::TaskPhase;
use poag_core::work::policy::{AutoLand, Landing};
use poag_core::work::{Trust, WorkEvent, WorkPhase, from_plan};

use super::Supervisor;
use crate::work::{LandRequest, WorkError};

/// Who said yes, where the rule did.
const BY: &str = "the policy of the flake";

impl Supervisor<'_, '_> {
    /// Lands a work that is through where the rule allows it, or says why not.
    pub(super) fn land_by_rule(&mut self) -> Result<(), WorkError> {
        let board = self.work.board();
        let Some(rule) = board.start.policy.auto_land.clone() else {
            return Ok(());
        };
        let landed = |phase: &TaskPhase| *phase == TaskPhase::Landed {};
        if board.phase != (WorkPhase::Running {})
            || !board.is_through()
            || board.closed_gate().is_some()
            || !board.tasks.values().any(|record| landed(&record.phase))
        {
            return Ok(());
        }
        let mut reasons = self.against(&rule)?;
        reasons.extend(wrong(&rule));
        if reasons.is_empty() {
            let request = LandRequest {
                branch: None,
                by: BY.into(),
            };
            match self.work.land(&self.with.repository, &request) {
                Ok(_) => return Ok(()),
                // A branch that has moved or is in use waits for the person as without a rule.
                Err(error @ (WorkError::Git(_) | WorkError::NoTarget)) => {
                    let text = error.to_string();
                    reasons.push(text.lines().next().unwrap_or_default().to_owned());
                }
                Err(error) => return Err(error),
            }
        }
        self.try_note(WorkEvent::HeldBack { reasons })?;
        Ok(())
    }

    /// Why the rule does not let land what was done.
    fn against(&self, rule: &AutoLand) -> Result<Vec<String>, WorkError> {
        let board = self.work.board();
        let repository = &self.with.repository;
        let mut files = repository
            .difference(&board.start.base, &board.tip, 0)?
            .files;
        // What poag wrote itself, by what was changed.
        let experts = self.with.graph.experts.values();
        let local = experts.clone().filter(|expert| expert.is_local());
        let locks: BTreeSet<String> = local.map(|expert| expert.place_of("poag.lock")).collect();
        files.retain(|file| !locks.contains(&file.path));
        let uncounted = files.iter().find(|file| file.added.is_none());
        let uncounted = uncounted
            .filter(|_| rule.lines.is_some())
            .map(|file| format!("{} is no text, and its lines cannot be counted", file.path));
        let lines = files
            .iter()
            .map(|file| file.added.unwrap_or(0) + file.removed.unwrap_or(0));
        let lines = lines.sum();
        let paths: Vec<String> = files.into_iter().map(|file| file.path).collect();
        let authors: BTreeSet<&str> = board
            .tasks
            .values()
            .filter(|record| record.phase == TaskPhase::Landed {})
            .flat_map(|record| record.attempts.iter())
            .map(|attempt| attempt.actor.as_str())
            .collect();
        let trust = authors
            .iter()
            .map(|actor| self.with.track.of(actor).trust());
        let contract_files = experts
            .filter(|expert| expert.is_local())
            .flat_map(|expert| {
                let own = paths.iter().filter_map(|path| {
                    let below = expert.path_within(path)?;
                    let touched = from_plan::touched(expert, std::iter::once(below));
                    (!touched.is_empty()).then(|| path.clone())
                });
                own.collect::<Vec<_>>()
            })
            .collect();
        let landing = Landing {
            lines,
            usage: board.spent,
            trust: trust.min().unwrap_or(Trust::Provisional),
            contract_files,
            paths,
        };
        let mut reasons = rule.against(&landing, matches);
        reasons.extend(uncounted);
        Ok(reasons)
    }
}

/// Whether a path matches a glob: `*` stays in one folder, `**` does not.
fn matches(glob: &str, path: &str) -> bool {
    let glob = GlobBuilder::new(glob).literal_separator(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(path))
}

/// Globs that are none.
fn wrong(rule: &AutoLand) -> Vec<String> {
    let wrong = rule.paths.iter().filter_map(|glob| {
        let error = GlobBuilder::new(glob).build().err()?;
        Some(format!("'{glob}' is no glob: {}", error.kind()))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_its_folder() {
        for (glob, path, expected) in [
            ("docs/**", "docs/a/b.md", true),
            ("docs/*", "docs/a/b.md", false),
            ("**/*.md", "docs/a/b.md", true),
            ("*.md", "docs/b.md", false),
            ("[", "[", false),
        ] {
            assert_eq!(matches(glob, path), expected, "{glob} {path}");
        }
        let rule = AutoLand {
            paths: BTreeSet::from(["[".to_owned()]),
            ..AutoLand::default()
        };
        assert_eq!(wrong(&rule).len(), 1);
    }
}
