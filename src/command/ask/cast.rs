//! Who speaks for each expert: the backend its flake declares, unless the command line says otherwise.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::agent::{AgentError, Pending, Start};
use crate::command::context::find;
use crate::council::runner::{Casting, Member};
use crate::error::Error;
use crate::expert::{Expert, Graph};
use crate::librarian::{self, Librarian};

/// The backends that this poag holds.
const BACKENDS: [&str; 1] = [librarian::NAME];

/// The backends of one run.
pub struct Cast {
    librarian: Arc<Librarian>,
    /// From the command line: for all experts that it does not name.
    all: Option<String>,
    /// From the command line: expert → backend.
    named: BTreeMap<String, String>,
}

impl Cast {
    /// `words` are those of `--backend`: `BACKEND` or `EXPERT=BACKEND`.
    pub fn new(graph: &Arc<Graph>, words: &[String], cache: &Path) -> Result<Self, Error> {
        let mut cast = Self {
            librarian: Arc::new(Librarian::new(Arc::clone(graph), cache.join("librarian"))),
            all: None,
            named: BTreeMap::new(),
        };
        for word in words {
            let (expert, backend) = match word.split_once('=') {
                Some((expert, backend)) => (Some(find(graph, expert)?), backend),
                None => (None, word.as_str()),
            };
            if !BACKENDS.contains(&backend) {
                return Err(Error::Usage(format!(
                    "there is no backend '{backend}' in this poag\nrepair: use one of: {}",
                    BACKENDS.join(", ")
                )));
            }
            match expert {
                Some(expert) => drop(cast.named.insert(expert.name.clone(), backend.into())),
                None => cast.all = Some(backend.into()),
            }
        }
        Ok(cast)
    }
}

impl Casting for Cast {
    fn backend(&self, expert: &Expert) -> String {
        let named = self.named.get(&expert.name).or(self.all.as_ref());
        let chosen = named.or(expert.agent.backend.as_ref());
        chosen.map_or_else(|| librarian::NAME.into(), Clone::clone)
    }

    fn in_rounds(&self, expert: &Expert) -> bool {
        self.backend(expert) == librarian::NAME
    }

    fn member<'a>(&'a self, expert: &'a Expert) -> Pending<'a, Result<Member, AgentError>> {
        let backend = self.backend(expert);
        Box::pin(async move {
            if backend != librarian::NAME {
                return Err(AgentError::Unavailable {
                    reason: format!(
                        "the flake of '{}' asks for it, and this poag does not hold it",
                        expert.name
                    ),
                    repair: format!(
                        "ask again with --backend {}={}",
                        expert.name,
                        librarian::NAME
                    ),
                    backend,
                });
            }
            Ok(Member {
                agent: Arc::clone(&self.librarian) as _,
                pack: "".into(),
                start: Start::New,
            })
        })
    }
}
