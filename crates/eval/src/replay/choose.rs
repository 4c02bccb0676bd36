//! Where the past is cut: a snapshot, and the commits after it that are asked about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::eligible::{Excluded, Whose, relevant};
use super::snapshot::worth_reading;
use crate::BenchError;
use poag_git::history::{self, Commit};

/// Commits that are looked at for one that is asked about, at first.
const LOOK: usize = 20;
/// Commits that are looked at in any case.
const LOOK_LEAST: usize = 2_000;
/// Commits that are looked at in the end.
const LOOK_MOST: usize = 200_000;
/// Snapshots that are tried where the history is too short.
const SAMPLES: usize = 32;

/// The line of first parents, and what is known of commits.
pub struct Choice<'r> {
    repository: &'r Path,
    head: String,
    line: Vec<String>,
    commits: BTreeMap<String, Commit>,
    most: usize,
    whose: Whose,
}

/// Commits that are asked about, the oldest first, with the files they touch.
pub struct Chosen {
    /// The snapshot's object id.
    pub snapshot: String,
    /// The questions to be.
    pub commits: Vec<(Commit, BTreeSet<String>)>,
    /// Commits between them that are left out.
    pub excluded: Excluded,
}

impl<'r> Choice<'r> {
    /// Reads what is needed to choose `count` commits before `revision`.
    pub fn read(
        repository: &'r Path,
        revision: &str,
        count: usize,
        whose: Whose,
    ) -> Result<Self, BenchError> {
        let head = history::resolve(repository, revision)?;
        let line = history::first_parents(repository, &head, LOOK_MOST)?;
        let mut choice = Self {
            repository,
            head,
            line,
            commits: BTreeMap::new(),
            most: count.saturating_mul(LOOK).clamp(LOOK_LEAST, LOOK_MOST),
            whose,
        };
        choice.look()?;
        Ok(choice)
    }

    fn look(&mut self) -> Result<(), BenchError> {
        let past = history::read(self.repository, &self.head, "", self.most)?;
        let commits = past.commits.into_iter();
        self.commits = commits.map(|commit| (commit.id.clone(), commit)).collect();
        Ok(())
    }

    /// The newest commit on the line of first parents that at least `count` eligible commits do not belong to: they are
    /// ancestors of `revision` and none of the snapshot. Of them those nearest to the snapshot (`--topo-order`).
    /// Where the history is too short, the commit of 32 spread evenly over it that most do not belong to.
    pub fn choose(mut self, count: usize) -> Result<Chosen, BenchError> {
        let last = self.line.len().saturating_sub(1);
        let (mut near, mut far) = (0, 1.min(last));
        // What is enough by name may be too little by content: then more of it is wanted.
        let mut wanted = count;
        loop {
            while far < last && self.eligible_by_name(far)? < wanted {
                near = far;
                far = far.saturating_mul(2).min(last);
            }
            while near + 1 < far {
                let middle = near.midpoint(far);
                match self.eligible_by_name(middle)? < wanted {
                    true => near = middle,
                    false => far = middle,
                }
            }
            let chosen = self.cut(far, count)?;
            let found = chosen.commits.len();
            if found >= count || far >= last {
                return match found >= count {
                    true => Ok(chosen),
                    false => self.spread(count),
                };
            }
            wanted += (count - found).max(1);
            near = far;
            far = (far + 1).min(last);
        }
    }

    fn spread(&mut self, count: usize) -> Result<Chosen, BenchError> {
        let last = self.line.len().saturating_sub(1);
        let mut best = (0, 0);
        for sample in 1..=SAMPLES.min(last) {
            let at = last * sample / SAMPLES.min(last);
            let found = self.eligible_by_name(at)?;
            best = best.max((found, at));
        }
        let chosen = self.cut(best.1, count)?;
        if chosen.commits.is_empty() {
            return Err(BenchError::NothingToReplay {
                looked_at: self.commits.len(),
            });
        }
        Ok(chosen)
    }

    /// The commits that do not belong to the snapshot at that place of the line, the oldest first.
    fn after(&mut self, at: usize) -> Result<Vec<String>, BenchError> {
        let mut ids = history::since(self.repository, &self.head, &self.line[at])?;
        if ids.iter().any(|id| !self.commits.contains_key(id)) && self.most < LOOK_MOST {
            self.most = (ids.len() * 2).clamp(LOOK_LEAST, LOOK_MOST);
            self.look()?;
        }
        ids.reverse();
        Ok(ids)
    }

    fn eligible_by_name(&mut self, at: usize) -> Result<usize, BenchError> {
        let ids = self.after(at)?;
        let names: BTreeSet<String> = history::names(self.repository, &self.line[at])?
            .into_iter()
            .collect();
        let known = |path: &str| names.contains(path);
        let mut excluded = Excluded::default();
        let commits = ids.iter().filter_map(|id| self.commits.get(id));
        Ok(commits
            .filter(|commit| relevant(commit, self.whose, &known, &mut excluded).is_some())
            .count())
    }

    fn cut(&mut self, at: usize, count: usize) -> Result<Chosen, BenchError> {
        let ids = self.after(at)?;
        let snapshot = self.line[at].clone();
        let tree = history::snapshot(self.repository, &snapshot)?;
        let commits: Vec<&Commit> = ids.iter().filter_map(|id| self.commits.get(id)).collect();
        let touched: BTreeSet<&str> = commits
            .iter()
            .flat_map(|commit| &commit.changes)
            .flat_map(|change| match &change.kind {
                history::ChangeKind::Renamed { from } => vec![change.path.as_str(), from.as_str()],
                _ => vec![change.path.as_str()],
            })
            .collect();
        let tree: Vec<_> = tree
            .iter()
            .filter(|file| worth_reading(file) && touched.contains(file.path.as_str()))
            .collect();
        let ids: Vec<&str> = tree.iter().map(|file| file.id.as_str()).collect();
        let texts = history::contents(self.repository, &ids)?;
        let text: BTreeSet<&str> = tree
            .iter()
            .zip(&texts)
            .filter_map(|(file, text)| text.as_ref().map(|_| file.path.as_str()))
            .collect();
        let known = |path: &str| text.contains(path);
        let mut chosen = Chosen {
            snapshot,
            commits: Vec::new(),
            excluded: Excluded::default(),
        };
        for commit in commits {
            if chosen.commits.len() == count {
                break;
            }
            if let Some(files) = relevant(commit, self.whose, &known, &mut chosen.excluded) {
                chosen.commits.push((commit.clone(), files));
            }
        }
        Ok(chosen)
    }
}
