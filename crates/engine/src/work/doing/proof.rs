//! Proof: what an actor claims, seen for oneself. "Done" is a claim (learned from wg and directive#3979).

use std::fs;
use std::path::{Component, Path};

use poag_core::clean;
use poag_core::work::{Assignment, Outcome, Proof};
use poag_git::work::{Difference, FileStatus, WorkGitError, Worktree};
use poag_knowledge::secrets;

use super::calls::told;
use super::outputs::missing;
use super::{CheckPlace, Doer, DoingError, inside};
use crate::{EngineError, on_own_thread, poag_lock};

/// Bytes of a changed file that are looked through for secrets.
const FILE_BYTES: u64 = 4 << 20;
/// Bytes of a failure's log.
const LOG_BYTES: usize = 128 << 10;
/// Paths that a log names.
const NAMED: usize = 20;
/// Bytes of a commit's message that an actor may fill.
const MESSAGE_BYTES: usize = 4 << 10;
/// Characters of its first line, beside the name of the expert.
const SUBJECT_CHARS: usize = 72;

/// Why a claim is not true, for the next attempt to read.
#[derive(Clone, Debug, PartialEq)]
pub struct ProofFailure {
    /// Which sort of thing is missing, in one line.
    pub reason: String,
    /// What to look at: paths, or what the checks said.
    pub log: String,
    /// What was red, where checks ran.
    pub checks: Vec<poag_core::work::CheckOutcome>,
}

impl ProofFailure {
    fn new(reason: &str, log: impl Into<String>) -> Self {
        Self {
            reason: reason.to_owned(),
            log: cut(log.into()),
            checks: Vec::new(),
        }
    }

    fn paths<'p>(reason: &str, paths: impl Iterator<Item = &'p str>) -> Self {
        let all: Vec<&str> = paths.collect();
        let mut log: Vec<String> = all
            .iter()
            .take(NAMED)
            .map(|path| clean::clean(path))
            .collect();
        if all.len() > NAMED {
            log.push(format!("and {} more", all.len() - NAMED));
        }
        Self::new(reason, log.join("\n"))
    }
}

impl Doer {
    /// Commits what an attempt left, and proves it: the worktree is as it was made, something changed, and nothing outside
    /// of the actor's own flake; no secret came in; the outputs of the task are there; the expert has learned; the checks
    /// are green. The failure is for the actor; its log says what to mend.
    ///
    /// # Errors
    /// When it cannot be found out.
    pub async fn prove(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
        outcome: &Outcome,
    ) -> Result<Result<Proof, ProofFailure>, DoingError> {
        let doer = self.clone();
        let (owned, tree, message) = (
            assignment.clone(),
            worktree.clone(),
            message(assignment, outcome),
        );
        let seen = tokio::task::spawn_blocking(move || doer.seen(&owned, &tree, &message));
        if let Err(failure) = seen.await?? {
            return Ok(Err(failure));
        }
        if let Err(failure) = self.learned(assignment, worktree).await? {
            return Ok(Err(failure));
        }
        let place = CheckPlace {
            worktree: worktree.path.clone(),
            folder: inside(&worktree.path, &assignment.folder)?,
        };
        let git = &self.repository;
        let branch = worktree.branch.as_deref().unwrap_or("HEAD");
        let commit = git.commit(branch)?;
        let checks = self.checks(&place, &assignment.checks).await?;
        if checks.iter().any(|check| !check.green) {
            let red = checks.iter().filter(|check| !check.green);
            let log: String = red.map(told).collect();
            let mut failure = ProofFailure::new("a check is red", log);
            failure.checks = checks;
            return Ok(Err(failure));
        }
        // What is proven is this commit: no check may have moved the branch, or the worktree away from it.
        match git.prove(worktree) {
            Err(WorkGitError::Tampered { what, .. }) => {
                let reason = "the worktree is not as poag made it, after the checks ran";
                return Ok(Err(ProofFailure::new(reason, what.to_string())));
            }
            other => other?,
        }
        if git.commit(branch)? != commit {
            return Ok(Err(ProofFailure::new("a check moved the branch", "")));
        }
        let difference = git.difference(&assignment.base, &commit, 0)?;
        Ok(Ok(Proof {
            tree: git.tree_of(&commit)?,
            patch: git.patch_id(&assignment.base, &commit)?,
            changed: difference.files.into_iter().map(|file| file.path).collect(),
            base: assignment.base.clone(),
            commit,
            checks,
        }))
    }

    /// Commits what was left, and looks at it; what needs no program but git.
    fn seen(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
        message: &str,
    ) -> Result<Result<(), ProofFailure>, DoingError> {
        let git = &self.repository;
        // Before it is committed: what is in the object database stays there.
        let large = self.large(assignment, worktree)?;
        if !large.is_empty() {
            let reason = "it left files that are larger than may be";
            return Ok(Err(ProofFailure::paths(
                reason,
                large.iter().map(String::as_str),
            )));
        }
        let left = match git.commit_left(worktree, message, &self.identity) {
            Ok(left) => left,
            Err(WorkGitError::Tampered { what, .. }) => {
                let reason = "the worktree is not as poag made it";
                return Ok(Err(ProofFailure::new(reason, what.to_string())));
            }
            Err(error @ WorkGitError::Embedded { .. }) => {
                let reason = "it holds another repository";
                return Ok(Err(ProofFailure::new(reason, error.to_string())));
            }
            Err(error) => return Err(error.into()),
        };
        let difference = git.difference(&assignment.base, &left.commit, 0)?;
        if difference.files.is_empty() {
            let reason = "nothing was changed";
            let log = "it was claimed to be done, and its branch holds what it began with";
            return Ok(Err(ProofFailure::new(reason, log)));
        }
        if let Some(failure) = outside(assignment, &difference) {
            return Ok(Err(failure));
        }
        if let Some(failure) = leading_out(worktree, assignment, &difference)? {
            return Ok(Err(failure));
        }
        let paths = difference.files.iter().map(|file| file.path.as_str());
        let kept = git.unfiltered(&left.commit, &paths.collect::<Vec<_>>())?;
        if !kept.is_empty() {
            let reason = "it changed files that Git LFS keeps, and poag runs no filter";
            return Ok(Err(ProofFailure::paths(
                reason,
                kept.iter().map(String::as_str),
            )));
        }
        if let Some(failure) = with_secrets(worktree, &difference) {
            return Ok(Err(failure));
        }
        let folder = inside(&worktree.path, &assignment.folder)?;
        Ok(match missing(&folder, &assignment.task.outputs) {
            missing if missing.is_empty() => Ok(()),
            missing => Err(ProofFailure::paths(
                "declared outputs are not there",
                missing.iter().map(String::as_str),
            )),
        })
    }

    /// Files that are larger than an attempt may leave, and that were not so before it.
    fn large(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
    ) -> Result<Vec<String>, DoingError> {
        let most = self.limits.artifact_bytes;
        let Some(known) = poag_git::known(&worktree.path) else {
            // Of a worktree that is not as poag made it, more is said in a moment.
            return Ok(Vec::new());
        };
        let mut large = Vec::new();
        for path in known {
            let facts = fs::symlink_metadata(worktree.path.join(&path));
            let bytes = facts.map_or(0, |facts| facts.len());
            if bytes > most && self.repository.bytes_of(&assignment.base, &path)? != Some(bytes) {
                large.push(format!("{path}: {bytes} bytes, {most} are allowed"));
            }
        }
        Ok(large)
    }

    /// Lets the expert learn what its flake is now, and commits its `poag.lock`. A folder that has none keeps none.
    async fn learned(
        &self,
        assignment: &Assignment,
        worktree: &Worktree,
    ) -> Result<Result<(), ProofFailure>, DoingError> {
        let folder = inside(&worktree.path, &assignment.folder)?;
        if !folder.join(poag_lock::NAME).is_file() {
            return Ok(Ok(()));
        }
        // The flake that declares the expert: its own, or one above.
        let flakes = folder.ancestors();
        let mut flakes = flakes.take_while(|up| up.starts_with(&worktree.path));
        let Some(flake) = flakes.find(|up| up.join("flake.nix").is_file()) else {
            return Ok(Ok(()));
        };
        let learned = self.learn_in(flake, &assignment.task.expert).await;
        if let Err(error) = learned {
            let reason = "its expert cannot learn what it is now";
            return Ok(Err(ProofFailure::new(reason, error.to_string())));
        }
        let message = format!("poag.lock: learn {}", assignment.task.expert);
        self.repository
            .commit_left(worktree, &message, &self.identity)?;
        Ok(Ok(()))
    }

    async fn learn_in(&self, flake: &Path, expert: &str) -> Result<(), EngineError> {
        let engine = self.project.engine.clone();
        let (reference, expert) = (flake.to_string_lossy().into_owned(), expert.to_owned());
        on_own_thread(async move || {
            let project = engine.open(&engine.flake(&reference)?).await?;
            let expert = project.expert(Some(&expert))?;
            project.learn(&[expert], &mut |_| ())
        })
        .await
    }
}

/// The first line says whose flake was changed and how, the body the same in the actor's words.
fn message(assignment: &Assignment, outcome: &Outcome) -> String {
    let task = &assignment.task;
    let title = subject(&task.expert, &task.title);
    let mut summary = clean::clean(outcome.summary.trim());
    if summary.len() > MESSAGE_BYTES {
        let end = (0..=MESSAGE_BYTES).rev();
        let end = end.into_iter().find(|at| summary.is_char_boundary(*at));
        summary.truncate(end.unwrap_or(0));
    }
    format!(
        "{title}\n\n{summary}\n\nPoag-Work: {}\nPoag-Task: {}\nPoag-Actor: {}\n",
        assignment.work, task.id, assignment.actor.name
    )
}

/// One line that begins with the expert's name, once.
fn subject(expert: &str, title: &str) -> String {
    let title = clean::clean(title);
    let line = title.lines().next().unwrap_or_default();
    let begin = format!("{expert}: ");
    let line = line.strip_prefix(begin.as_str()).unwrap_or(line);
    let line: String = match line.chars().count() > SUBJECT_CHARS {
        true => line.chars().take(SUBJECT_CHARS - 1).chain(['…']).collect(),
        false => line.to_owned(),
    };
    begin + &line
}

/// Whether a path of the repository belongs to the task: below its folder, and below no other expert's.
pub(super) fn is_own(assignment: &Assignment, path: &str) -> bool {
    let below = |folder: &str| {
        let folder = folder.trim_matches('/');
        folder.is_empty()
            || path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let others = assignment.others.iter();
    below(&assignment.folder)
        && !others
            .filter(|other| !other.is_empty())
            .any(|other| below(other))
}

fn outside(assignment: &Assignment, difference: &Difference) -> Option<ProofFailure> {
    let paths = difference.files.iter().map(|file| file.path.as_str());
    let foreign: Vec<&str> = paths.filter(|path| !is_own(assignment, path)).collect();
    (!foreign.is_empty()).then(|| {
        ProofFailure::paths(
            "it changed files outside of its own flake",
            foreign.into_iter(),
        )
    })
}

/// Links that are new or changed and lead out of the flake.
fn leading_out(
    worktree: &Worktree,
    assignment: &Assignment,
    difference: &Difference,
) -> Result<Option<ProofFailure>, DoingError> {
    let mut found = Vec::new();
    let links = difference.files.iter().filter(|file| file.mode == "120000");
    for link in links {
        let path = worktree.path.join(&link.path);
        let target = fs::read_link(&path).map_err(DoingError::io(&path, "read"))?;
        let mut depth = Path::new(&link.path).components().count() - 1;
        let top = Path::new(&assignment.folder).components().count();
        let stays = target.components().all(|part| match part {
            Component::Normal(_) => {
                depth += 1;
                true
            }
            Component::CurDir => true,
            Component::ParentDir if depth > top => {
                depth -= 1;
                true
            }
            _ => false,
        });
        if !stays {
            found.push(link.path.as_str());
        }
    }
    Ok((!found.is_empty())
        .then(|| ProofFailure::paths("links lead out of its flake", found.into_iter())))
}

fn with_secrets(worktree: &Worktree, difference: &Difference) -> Option<ProofFailure> {
    let mut found = Vec::new();
    for file in &difference.files {
        if file.status == FileStatus::Deleted || file.mode == "120000" {
            continue;
        }
        if let Some(rule) = secrets::secret_name(&file.path) {
            found.push(format!("{}: {rule}", file.path));
            continue;
        }
        let path = worktree.path.join(&file.path);
        let small = fs::metadata(&path).is_ok_and(|facts| facts.len() <= FILE_BYTES);
        let text = small.then(|| fs::read(&path).ok()).flatten();
        let text = String::from_utf8_lossy(text.as_deref().unwrap_or_default()).into_owned();
        for finding in secrets::findings(&file.path, &text) {
            found.push(format!("{}:{}: {}", file.path, finding.line, finding.rule));
        }
    }
    (!found.is_empty())
        .then(|| ProofFailure::paths("it holds secrets", found.iter().map(String::as_str)))
}

fn cut(mut text: String) -> String {
    if text.len() > LOG_BYTES {
        let begin = text.len() - LOG_BYTES;
        let begin = (begin..text.len()).find(|at| text.is_char_boundary(*at));
        text = text.split_off(begin.unwrap_or(0));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn a_commit_says_once_whose_flake_it_changes() {
        assert_eq!(subject("base", "base: be polite"), "base: be polite");
        assert_eq!(subject("base", "be polite\nand more"), "base: be polite");
        let long = subject("base", &"x".repeat(100));
        assert_eq!(long.chars().count(), "base: ".len() + 72);
        assert!(long.ends_with("x…"));
    }
}
