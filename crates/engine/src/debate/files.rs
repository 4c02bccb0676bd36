//! What was said, as pages in the flake.

use std::path::{Path, PathBuf};

use poag_core::debate::{Debate, participant_page, result_page};

use super::DebateError;
use crate::inside::{self, Permissions};

/// The page of what came of it.
const RESULT: &str = "result.md";

/// The folder in which pages are written.
#[derive(Clone, Debug)]
pub(super) struct DebatePages {
    /// Of the flake.
    root: PathBuf,
    /// Below it.
    out: PathBuf,
}

impl DebatePages {
    /// Where a debate writes; none where it does not.
    pub fn of(root: Option<PathBuf>, out: Option<&str>) -> Result<Option<Self>, DebateError> {
        match (root, out) {
            (_, None) => Ok(None),
            (None, Some(_)) => Err(DebateError::NotHere),
            (Some(root), Some(out)) => Ok(Some(Self {
                root,
                out: PathBuf::from(out),
            })),
        }
    }

    /// Refuses a folder that holds another debate, or that does not lie in the flake.
    pub fn refuse_occupied(&self) -> Result<(), DebateError> {
        let place = |name: &str| self.out.join(name);
        // Says too whether anything on the way leads elsewhere.
        let result = inside::read(&self.root, &place(RESULT), u64::MAX - 1)?;
        let rounds = self.root.join(place("round-1"));
        match result.is_some() || rounds.symlink_metadata().is_ok() {
            true => Err(DebateError::Occupied(self.root.join(&self.out))),
            false => Ok(()),
        }
    }

    /// Writes the rounds that have closed.
    pub fn rounds(&self, debate: &Debate) -> Result<(), DebateError> {
        for (number, round) in (1..).zip(debate.closed()) {
            for (name, submission) in &round.submissions {
                let panel = &debate.start().panel;
                let label = panel.get(name).map(|one| one.label.as_str());
                let page = participant_page(number, label.unwrap_or_default(), name, submission);
                self.write(&format!("round-{number}/{name}.md"), &page)?;
            }
        }
        Ok(())
    }

    /// Writes all of a debate that is over.
    pub fn all(&self, debate: &Debate) -> Result<(), DebateError> {
        self.rounds(debate)?;
        match debate.result() {
            Some(result) => self.write(RESULT, &result_page(result)),
            None => Ok(()),
        }
    }

    fn write(&self, name: &str, text: &str) -> Result<(), DebateError> {
        let path = self.out.join(Path::new(name));
        Ok(inside::write(
            &self.root,
            &path,
            text.as_bytes(),
            Permissions::Kept,
        )?)
    }
}
