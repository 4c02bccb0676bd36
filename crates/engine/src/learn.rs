//! Experts learn their flakes: `poag.lock` records what they know, and backends that keep what they read are primed.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::backends::{BackendChoice, Backends};
use super::poag_lock::{self, LearnedFiles, LockWritten};
use super::run::BackendSelection as _;
use super::{EngineError, Project};
use poag_agent::TurnOutput;
use poag_core::council::event::Joined;
use poag_core::expert::{Expert, Freshness, Status};
use poag_knowledge::files::Files;
use poag_knowledge::hash;
use poag_knowledge::pack::{Pack, PackOptions};
use poag_nix::{FlakeRef, nar};

/// The files of an expert, those that it learns by their content with their digests.
fn known_files(expert: &Expert) -> Result<LearnedFiles, EngineError> {
    let mut files = Files::of(&expert.knowledge)?;
    let mut unread = Vec::new();
    if let Some(learned) = &expert.knowledge.learned {
        let (read, others): (Vec<_>, Vec<_>) = files
            .files
            .into_iter()
            .partition(|file| learned.contains(&file.path));
        files.files = read;
        unread = others.into_iter().map(|file| file.path).collect();
    }
    Ok(LearnedFiles {
        read: hash::digests(&files, nar::link_sri)?,
        unread,
    })
}

/// What became of one expert that learned.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The expert.
    pub expert: String,
    /// Its folder below the root of the repository; empty for the root itself.
    pub dir: String,
    /// How many files it knows.
    pub files: usize,
    /// How many tokens its pack has.
    pub tokens: usize,
    /// How what it knew differed, where `poag.lock` was written; none where it stood there already.
    pub changes: Option<Freshness>,
    /// What stood in the place of `poag.lock` and is no file of it, and where it is now, in words.
    pub replaced: Option<String>,
}

/// What happens while experts are primed.
#[derive(Debug)]
pub enum Priming {
    /// An expert begins to read its flake to a backend.
    Begun {
        /// The expert.
        expert: String,
        /// The backend.
        backend: String,
    },
    /// The backend of an expert keeps nothing.
    Unneeded {
        /// The expert.
        expert: String,
    },
    /// An expert has its checkpoint.
    Primed {
        /// The expert.
        expert: String,
        /// How it came to it.
        participant: Box<Joined>,
    },
    /// An expert could not be primed.
    Failed {
        /// The expert.
        expert: String,
        /// Why, and what it cost.
        output: Box<TurnOutput>,
    },
}

impl Project {
    /// Lets experts learn: builds their packs and writes their `poag.lock`; `learned` is told of each as soon as it
    /// has. What was written is in place, whatever happens to the next expert, and git knows of new files.
    ///
    /// # Errors
    /// When an expert is of another repository, its files cannot be read, or its `poag.lock` cannot be written.
    pub fn learn(
        &self,
        experts: &[&Expert],
        learned: &mut dyn FnMut(Learned),
    ) -> Result<(), EngineError> {
        let mut new = Vec::new();
        let each = |expert: &&Expert| self.learn_one(expert, &mut new).map(&mut *learned);
        let done = experts.iter().try_for_each(each);
        poag_git::intend_to_add(&new);
        done
    }

    fn learn_one(&self, expert: &Expert, new: &mut Vec<PathBuf>) -> Result<Learned, EngineError> {
        let folder = self.folder(expert)?;
        let mut learned = expert.clone();
        if expert.freshness.status != Status::Fresh {
            let options = PackOptions::default();
            learned.knowledge.learned = Pack::chosen(&self.graph, expert, &options)?;
        }
        let known = known_files(&learned)?;
        let text = poag_lock::render(&self.graph, expert, &known);
        let tokens = self.known(&learned)?.tokens;
        let root = match &self.target.flake {
            FlakeRef::Local { repository, .. } => repository,
            FlakeRef::Remote(_) => &folder,
        };
        let written = poag_lock::write(root, &folder, &text)?;
        let changed = written != LockWritten::Already;
        if changed {
            new.push(folder.join(poag_lock::NAME));
        }
        Ok(Learned {
            expert: expert.name.clone(),
            dir: expert.dir().to_owned(),
            files: known.read.len() + known.unread.len(),
            tokens,
            changes: changed.then(|| expert.freshness.clone()),
            replaced: match written {
                LockWritten::New(replaced) => replaced,
                LockWritten::Already => None,
            },
        })
    }

    /// The files of the repository that git does not track and so no flake sees, sorted; none where it is no
    /// repository of git.
    #[must_use]
    pub fn untracked(&self) -> Vec<String> {
        match &self.target.flake {
            FlakeRef::Local {
                git: true,
                repository,
                ..
            } => poag_git::untracked(repository),
            _ => Vec::new(),
        }
    }

    /// Primes the experts whose backend keeps what it read, `jobs` of one backend at the same time; `told` hears of
    /// each. An expert that cannot be primed stops no other.
    ///
    /// # Errors
    /// When an expert that is named is unknown, there is no such backend, or the engine has no folders.
    pub async fn prime(
        &self,
        experts: &[&Expert],
        choice: &BackendChoice,
        jobs: usize,
        told: &mut dyn FnMut(Priming),
    ) -> Result<(), EngineError> {
        let backends = Backends::new(&self.engine, &self.target, &self.graph, choice)?;
        let backends = Arc::new(backends.at_a_time(jobs));
        let mut under_way = JoinSet::new();
        for expert in experts {
            let backend = backends.backend(expert);
            if backend == poag_librarian::NAME {
                continue;
            }
            let expert = Expert::clone(expert);
            told(Priming::Begun {
                expert: expert.name.clone(),
                backend,
            });
            let backends = Arc::clone(&backends);
            under_way.spawn(async move { (backends.prime(&expert).await, expert.name) });
        }
        while let Some(ended) = under_way.join_next().await {
            let (primed, expert) = ended?;
            told(match primed {
                Ok(None) => Priming::Unneeded { expert },
                Ok(Some(participant)) => Priming::Primed {
                    expert,
                    participant: Box::new(participant),
                },
                Err(output) => Priming::Failed { expert, output },
            });
        }
        Ok(())
    }
}
