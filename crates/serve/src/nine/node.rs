//! What is in the tree, by name: nothing is looked up here.

use sha2::{Digest as _, Sha256};

use super::wire::{APPEND, DIRECTORY};

/// A place in the tree.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) enum TreeNode {
    Root,
    Experts,
    Expert(String),
    OfExpert(String, ExpertFile),
    Tasks,
    /// Work and task.
    Task(String, String),
    OfTask(String, String, FileOfTask),
    Runs,
    Run(String),
    OfRun(String, RunFile),
    Events,
    Snippets,
    Snippet(String),
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum ExpertFile {
    In,
    Out,
    Status,
    Wait,
    Ctl,
    Pack,
    Contracts,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum FileOfTask {
    Status,
    Log,
    Ctl,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum RunFile {
    Plan,
    Events,
}

/// Files with their names.
type NamedFiles<T, const N: usize> = [(&'static str, T); N];

const EXPERT: NamedFiles<ExpertFile, 7> = [
    ("in", ExpertFile::In),
    ("out", ExpertFile::Out),
    ("status", ExpertFile::Status),
    ("wait", ExpertFile::Wait),
    ("ctl", ExpertFile::Ctl),
    ("pack", ExpertFile::Pack),
    ("contracts", ExpertFile::Contracts),
];
const TASK: NamedFiles<FileOfTask, 3> = [
    ("status", FileOfTask::Status),
    ("log", FileOfTask::Log),
    ("ctl", FileOfTask::Ctl),
];
const RUN: NamedFiles<RunFile, 2> = [("plan", RunFile::Plan), ("events", RunFile::Events)];

fn named<T: Copy + PartialEq>(files: &[(&'static str, T)], name: &str) -> Option<T> {
    let found = files.iter().find(|(known, _)| *known == name);
    found.map(|(_, file)| *file)
}

fn name_of<T: Copy + PartialEq>(files: &[(&'static str, T)], file: T) -> String {
    let found = files.iter().find(|(_, known)| *known == file);
    found.map_or_else(String::new, |(name, _)| (*name).to_owned())
}

impl TreeNode {
    /// What that name would be in this directory; whether it is there is another question.
    pub fn child(&self, name: &str) -> Option<Self> {
        if name.is_empty() || name == "." || name.contains(['/', '\0']) || name.len() > 255 {
            return None;
        }
        Some(match self {
            Self::Root => match name {
                "experts" => Self::Experts,
                "tasks" => Self::Tasks,
                "runs" => Self::Runs,
                "events" => Self::Events,
                "snippets" => Self::Snippets,
                _ => return None,
            },
            Self::Experts => Self::Expert(name.to_owned()),
            Self::Expert(expert) => Self::OfExpert(expert.clone(), named(&EXPERT, name)?),
            Self::Tasks => {
                // Ids of works have no dots, those of tasks may.
                let (work, task) = name.split_once('.')?;
                Self::Task(work.to_owned(), task.to_owned())
            }
            Self::Task(work, task) => Self::OfTask(work.clone(), task.clone(), named(&TASK, name)?),
            Self::Runs => Self::Run(name.to_owned()),
            Self::Run(run) => Self::OfRun(run.clone(), named(&RUN, name)?),
            Self::Snippets => Self::Snippet(name.to_owned()),
            _ => return None,
        })
    }

    /// The directory that it is in; the root's own is the root.
    pub fn parent(&self) -> Self {
        match self {
            Self::Root
            | Self::Experts
            | Self::Tasks
            | Self::Runs
            | Self::Events
            | Self::Snippets => Self::Root,
            Self::Expert(_) => Self::Experts,
            Self::OfExpert(expert, _) => Self::Expert(expert.clone()),
            Self::Task(..) => Self::Tasks,
            Self::OfTask(work, task, _) => Self::Task(work.clone(), task.clone()),
            Self::Run(_) => Self::Runs,
            Self::OfRun(run, _) => Self::Run(run.clone()),
            Self::Snippet(_) => Self::Snippets,
        }
    }

    /// What it is called in its directory.
    pub fn name(&self) -> String {
        match self {
            Self::Root => "/".into(),
            Self::Experts => "experts".into(),
            Self::Tasks => "tasks".into(),
            Self::Runs => "runs".into(),
            Self::Events => "events".into(),
            Self::Snippets => "snippets".into(),
            Self::Expert(name) | Self::Run(name) | Self::Snippet(name) => name.clone(),
            Self::Task(work, task) => format!("{work}.{task}"),
            Self::OfExpert(_, file) => name_of(&EXPERT, *file),
            Self::OfTask(_, _, file) => name_of(&TASK, *file),
            Self::OfRun(_, file) => name_of(&RUN, *file),
        }
    }

    /// What is always in this directory.
    pub fn fixed(&self) -> Vec<Self> {
        match self {
            Self::Root => vec![
                Self::Experts,
                Self::Tasks,
                Self::Runs,
                Self::Events,
                Self::Snippets,
            ],
            Self::Expert(expert) => EXPERT
                .map(|(_, file)| Self::OfExpert(expert.clone(), file))
                .into(),
            Self::Task(work, task) => TASK
                .map(|(_, file)| Self::OfTask(work.clone(), task.clone(), file))
                .into(),
            Self::Run(run) => RUN.map(|(_, file)| Self::OfRun(run.clone(), file)).into(),
            _ => Vec::new(),
        }
    }

    pub fn is_directory(&self) -> bool {
        matches!(
            self,
            Self::Root
                | Self::Experts
                | Self::Expert(_)
                | Self::Tasks
                | Self::Task(..)
                | Self::Runs
                | Self::Run(_)
                | Self::Snippets
        )
    }

    /// Whether it is written at its end alone: each part that is written is said or done.
    pub fn appends(&self) -> bool {
        matches!(
            self,
            Self::OfExpert(_, ExpertFile::In | ExpertFile::Ctl)
                | Self::OfTask(_, _, FileOfTask::Ctl)
        )
    }

    pub fn can_be_read(&self) -> bool {
        !matches!(
            self,
            Self::OfExpert(_, ExpertFile::In) | Self::OfTask(_, _, FileOfTask::Ctl)
        )
    }

    pub fn can_be_written(&self) -> bool {
        self.appends() || matches!(self, Self::Snippet(_))
    }

    /// The kind in its qid.
    pub fn kind(&self) -> u8 {
        match (self.is_directory(), self.appends()) {
            (true, _) => DIRECTORY,
            (_, true) => APPEND,
            _ => 0,
        }
    }

    /// Its mode: for its owner alone.
    pub fn mode(&self) -> u32 {
        let kind = u32::from(self.kind()) << 24;
        let snippets = matches!(self, Self::Snippets);
        kind | match (
            self.is_directory(),
            self.can_be_read(),
            self.can_be_written(),
        ) {
            (true, ..) if snippets => 0o700,
            (true, ..) => 0o500,
            (_, true, true) => 0o600,
            (_, false, _) => 0o200,
            (_, true, false) => 0o400,
        }
    }

    /// The number of it that no other file has: from a hash over where it is.
    pub fn number(&self) -> u64 {
        let mut hash = Sha256::new();
        let mut at = self.clone();
        while at != Self::Root {
            hash.update(at.name());
            hash.update("/");
            at = at.parent();
        }
        let digest = hash.finalize();
        u64::from_le_bytes(digest[..8].try_into().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(path: &str) -> Option<TreeNode> {
        let mut names = path.split('/').filter(|name| !name.is_empty());
        names.try_fold(TreeNode::Root, |at, name| at.child(name))
    }

    #[test]
    fn every_place_has_a_name_a_parent_and_a_number_of_its_own() {
        let mut places = vec![TreeNode::Root];
        for path in ["experts/a", "tasks/0198-x.a.b", "runs/1", "snippets/s"] {
            let at = walked(path).unwrap();
            assert_eq!(at.parent().child(&at.name()), Some(at.clone()), "{path}");
            places.extend(at.fixed());
            places.push(at);
        }
        places.extend(TreeNode::Root.fixed());
        let mut numbers: Vec<u64> = places.iter().map(TreeNode::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), places.len());
        for place in &places[1..] {
            assert_eq!(place.parent().child(&place.name()).as_ref(), Some(place));
        }
        assert_eq!(TreeNode::Root.parent(), TreeNode::Root);
    }

    #[test]
    fn tricks_with_names_lead_nowhere() {
        for name in ["", ".", "/", "a/b", "../x", "a\0", "etc"] {
            assert_eq!(TreeNode::Root.child(name), None, "{name:?}");
        }
        assert_eq!(TreeNode::Snippets.child(&"x".repeat(256)), None);
        assert_eq!(TreeNode::Tasks.child("nodot"), None);
        assert_eq!(TreeNode::Events.child("x"), None);
    }
}
