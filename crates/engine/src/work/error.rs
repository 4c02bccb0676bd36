//! What can go wrong with a work. Each text ends in what to do.

use poag_core::work::from_file::TaskFileError;
use poag_core::work::matching::Nobody;
use poag_core::work::{BoardRefusal, TaskId};
use poag_git::GitError;
use poag_git::work::WorkGitError;
use poag_ledger::{LedgerError, ReplicaError};
use thiserror::Error;

use super::state::Misfit;

/// Why a work could not be begun, read or changed.
#[derive(Debug, Error)]
pub enum WorkError {
    /// The board does not allow it.
    #[error(transparent)]
    Refused(#[from] BoardRefusal),
    /// The ledger refused or failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Its events do not fit each other.
    #[error("{0}")]
    Replay(String),
    /// A file of tasks cannot be used.
    #[error(transparent)]
    TaskFile(#[from] TaskFileError),
    /// Git refused or failed.
    #[error(transparent)]
    Git(#[from] WorkGitError),
    /// What happens inside an attempt cannot happen here.
    #[error(transparent)]
    Doing(Box<super::doing::DoingError>),
    /// No work, or more than one, is meant by a word.
    #[error("{}\nrepair: `poag work list --all` lists them; name one by as much of its id as tells it apart, or as `last`", which_work(word, *count))]
    NoSuchWork {
        /// What was asked for.
        word: String,
        /// How many works begin so.
        count: usize,
    },
    /// The run has no plan yet.
    #[error(
        "run {run} has not come to its end, so that it has no plan\nrepair: `poag ask --resume={run}`, then begin the work again"
    )]
    NoPlan {
        /// The run.
        run: String,
    },
    /// A debate that nobody has won.
    #[error(
        "nobody has won debate {run}, so that there is nothing to work on\nrepair: `poag run show {run}` tells why; `poag debate --resume {run}` goes on, with --choose LABEL where it waits for you"
    )]
    Undecided {
        /// The run.
        run: String,
    },
    /// A plan that changes nothing here.
    #[error(
        "the plan changes no file of this repository, so that there is nothing to do\nrepair: ask for a change, or give a file of tasks"
    )]
    NothingToDo,
    /// A document that is neither a plan nor tasks.
    #[error(
        "this is neither a plan nor a file of tasks: {0}\nrepair: give the id of a run, the JSON that `poag ask` printed, or tasks as schema/tasks.v1.schema.json has them"
    )]
    Source(String),
    /// Nobody can write.
    #[error(
        "nobody is there to do it: {why}\nrepair: name who does with --agent claude-code, codex, gemini or acp, or a program with --agent-command"
    )]
    NoActor {
        /// Why.
        why: String,
    },
    /// The flake wants a program started.
    #[error(
        "'{of}' wants to start a program, which nobody allowed: {line}\nrepair: if you trust it, allow it with --allow-command {}, else choose who writes with --agent",
        shell_words::quote(line)
    )]
    NotAllowed {
        /// The actor or expert.
        of: String,
        /// The command, as a shell would be given it.
        line: String,
    },
    /// Nobody can do one task.
    #[error(
        "task '{task}': {nobody}\nrepair: change the task's requirements, or begin the work with an actor that has them"
    )]
    Nobody {
        /// The task.
        task: TaskId,
        /// Each actor with its reason.
        nobody: Nobody,
    },
    /// Nothing can be claimed.
    #[error("no task is ready\nrepair: `poag work show` tells what each waits for")]
    NoneReady,
    /// Somebody moved the work's branch.
    #[error(
        "{branch} was moved to {at} by somebody else\nrepair: move it back (`git update-ref`), or abort the work; nothing of it is lost"
    )]
    BranchMoved {
        /// The branch.
        branch: String,
        /// Where it is.
        at: String,
    },
    /// No milestone waits for anything.
    #[error(
        "no milestone of this work waits for anything\nrepair: `poag work show` tells where each stands"
    )]
    NoMilestone,
    /// Nobody said where it lands.
    #[error(
        "no branch was checked out when the work began, so that it has nowhere to land\nrepair: name one with --branch"
    )]
    NoTarget,
    /// A task has not ended.
    #[error(
        "task '{task}' is {state}: nothing lands before every task has landed or was abandoned\nrepair: `poag work show` tells what it waits for; `poag work abandon {task}` leaves it out"
    )]
    Unfinished {
        /// The task.
        task: TaskId,
        /// Where it stands.
        state: &'static str,
    },
    /// It has not landed.
    #[error(
        "the work is {state}, and has not landed\nrepair: there is nothing to take back; `poag work abort` ends it"
    )]
    NotLanded {
        /// How far it has come.
        state: &'static str,
    },
    /// The flake cannot be worked in from here.
    #[error(
        "{flake} is not a folder of this machine, so that nothing can be changed in it\nrepair: go to a checkout of it"
    )]
    NoCheckout {
        /// The flake.
        flake: String,
    },
    /// The policy forbids the network, and nothing would hold to it.
    #[error(
        "the flake declares work.policy.network = false, and {problem}\nrepair: name another actor with --agent, or take that out of its declaration"
    )]
    Network {
        /// Why.
        problem: String,
    },
    /// The policy would be widened.
    #[error("this allows more than the flake does ({})\nrepair: say --yes if that is meant, or leave it out", fields.join(", "))]
    Widened {
        /// The fields.
        fields: Vec<String>,
    },
}

fn which_work(word: &str, count: usize) -> String {
    match count {
        0 => format!("there is no work '{word}'"),
        _ => format!("the ids of {count} works begin with '{word}'"),
    }
}

impl From<ReplicaError<Misfit>> for WorkError {
    fn from(error: ReplicaError<Misfit>) -> Self {
        match error {
            ReplicaError::Ledger(error) => Self::Ledger(error),
            ReplicaError::Refused(Misfit::Refused(refusal)) => Self::Refused(refusal),
            other => Self::Replay(other.to_string()),
        }
    }
}

impl From<GitError> for WorkError {
    fn from(error: GitError) -> Self {
        Self::Git(error.into())
    }
}

impl From<super::doing::DoingError> for crate::EngineError {
    fn from(error: super::doing::DoingError) -> Self {
        Self::Work(WorkError::Doing(Box::new(error)))
    }
}
