//! What all requests share: the engine, the flakes that are served, who may do what, and what goes on.

use std::sync::{Arc, Mutex, PoisonError};

use poag_engine::{Engine, EngineError, Project, ProjectRef, RunLedger, on_own_thread};
use tokio::sync::watch;

use crate::driving::Driving;
use crate::feed::Feed;
use crate::limits::Rate;
use crate::login::Logins;
use crate::mcp::Doors;
use crate::metrics::Metrics;
use crate::problem::{Problem, ProblemKind};
use crate::runs::FinishedRuns;
use crate::sessions::Talking;
use crate::settings::ServeSettings;
use crate::tokens::TokenStore;

/// Open ledgers that are kept for the next reader.
const KEPT: usize = 8;

/// A flake that is served.
#[derive(Clone, Debug)]
pub(crate) struct ServedFlake {
    /// What it is called in addresses.
    pub name: String,
    /// How runs and works name it.
    pub subject: String,
    /// The flake.
    pub target: ProjectRef,
}

pub(crate) struct Server {
    pub engine: Engine,
    pub settings: ServeSettings,
    pub flakes: Vec<ServedFlake>,
    pub tokens: TokenStore,
    pub logins: Logins,
    pub feed: Arc<Feed>,
    pub driving: Driving,
    pub talking: Talking,
    pub doors: Doors,
    pub metrics: Metrics,
    /// What is told of runs that came to their end.
    pub finished: FinishedRuns,
    /// Requests that change something, by caller.
    pub changes: Rate,
    /// Requests of nobody.
    pub strangers: Rate,
    /// Names of hosts that are this one, as they stand in `Host`.
    pub hosts: Vec<String>,
    /// What the cookie of a browser is called: cookies know no ports.
    pub cookie: String,
    /// Becomes true when the server stops.
    pub stopping: watch::Receiver<bool>,
    readers: Mutex<Vec<RunLedger>>,
}

/// What a server is made of once it listens.
pub(crate) struct Parts {
    pub engine: Engine,
    pub settings: ServeSettings,
    pub tokens: TokenStore,
    pub feed: Arc<Feed>,
    pub hosts: Vec<String>,
    pub port: u16,
    pub stopping: watch::Receiver<bool>,
}

impl Server {
    pub fn new(parts: Parts) -> Self {
        let bounds = parts.settings.bounds;
        Self {
            flakes: named(&parts.settings.flakes),
            tokens: parts.tokens,
            logins: Logins::default(),
            feed: parts.feed,
            driving: Driving::new(bounds.questions),
            talking: Talking::default(),
            doors: Doors::default(),
            metrics: Metrics::default(),
            finished: FinishedRuns::default(),
            changes: Rate::new(bounds.changes_per_second),
            strangers: Rate::new(bounds.strangers_per_second),
            hosts: parts.hosts,
            cookie: format!("poag-{}", parts.port),
            stopping: parts.stopping,
            readers: Mutex::default(),
            engine: parts.engine,
            settings: parts.settings,
        }
    }

    /// The served flake of that name; without a name the only one.
    pub fn flake(&self, name: Option<&str>) -> Result<&ServedFlake, Problem> {
        match (name, &self.flakes[..]) {
            (Some(name), all) => {
                let found = all.iter().find(|flake| flake.name == name);
                found.ok_or_else(|| Problem::not_served(&format!("flake {name:?}")))
            }
            (None, [one]) => Ok(one),
            (None, _) => Err(Problem::new(
                ProblemKind::Unusable,
                "several flakes are served, and none is named",
                "name one in `flake`; GET /v1/flakes lists them",
            )),
        }
    }

    /// The served flake that a run or a work is of.
    pub fn of_subject(&self, subject: &str) -> Option<&ServedFlake> {
        self.flakes.iter().find(|flake| flake.subject == subject)
    }

    /// Opens a served flake, apart from what else goes on.
    pub async fn open(&self, flake: &ServedFlake) -> Result<Project, Problem> {
        let (engine, target) = (self.engine.clone(), flake.target.clone());
        let open = async move || engine.open(&target).await;
        Ok(on_own_thread::<_, EngineError>(open).await?)
    }

    /// Reads the runs of the ledger, apart from what else goes on.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&RunLedger) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let server = Arc::clone(self);
        blocking(move || {
            let kept = server.readers().pop();
            let runs = match kept {
                Some(runs) => runs,
                None => server.engine.runs()?,
            };
            let read = read(&runs);
            let mut kept = server.readers();
            if kept.len() < KEPT {
                kept.push(runs);
            }
            read
        })
        .await
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<RunLedger>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does what waits for files on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(EngineError::from(error).into()),
    }
}

/// Names for flakes: that of the folder each lies in, with a number where another has it.
fn named(flakes: &[ProjectRef]) -> Vec<ServedFlake> {
    let mut all: Vec<ServedFlake> = Vec::new();
    for target in flakes {
        let subject = target.flake.to_string();
        if all.iter().any(|flake| flake.subject == subject) {
            continue;
        }
        let base = base_name(target, &subject);
        let taken = |name: &str| all.iter().any(|flake| flake.name == name);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let mut names = std::iter::once(base.clone()).chain(numbered);
        let name = names.find(|name| !taken(name)).unwrap_or(base.clone());
        all.push(ServedFlake {
            name,
            subject,
            target: target.clone(),
        });
    }
    all
}

fn base_name(target: &ProjectRef, subject: &str) -> String {
    let text = subject.split(['?', '#']).next().unwrap_or_default();
    let of_text = text.rsplit(['/', ':']).find(|part| !part.is_empty());
    let dir = subject.split_once("dir=").map(|(_, dir)| dir);
    let dir = dir.and_then(|dir| dir.split('&').next()?.rsplit('/').next());
    let folder = target.pack.as_deref().and_then(|folder| folder.file_name());
    let folder = folder.map(|name| name.to_string_lossy().into_owned());
    let name = folder.or_else(|| dir.or(of_text).map(str::to_owned));
    let name: String = name
        .unwrap_or_default()
        .chars()
        .map(|c| match c.is_ascii_alphanumeric() || "-_.".contains(c) {
            true => c,
            false => '-',
        })
        .take(64)
        .collect();
    match name.trim_matches('.') {
        "" => "flake".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poag_engine::FlakeRef;

    #[test]
    fn flakes_are_called_by_their_folder_and_told_apart() {
        let flakes: Vec<ProjectRef> = [
            "github:owner/hello",
            "git+https://example.org/a/hello",
            "git+https://example.org/x?dir=sub/hello-py",
            "github:owner/hello",
            "path:/",
        ]
        .map(|text| ProjectRef::flake(FlakeRef::Remote(text.into())))
        .into();
        let names: Vec<String> = named(&flakes).into_iter().map(|flake| flake.name).collect();
        assert_eq!(names, ["hello", "hello-2", "hello-py", "path"]);
    }
}
