//! A server that does what a verb is asked, where one is named: `--server` or POAG_SERVER.

#![expect(clippy::disallowed_methods, reason = "the command line reads it")]

use serde::Deserialize;

use super::context::{engine, local_token, target};
use super::global::Global;
use super::runs::LAST;
use crate::engine::work::{WorkError, WorkSummary};
use crate::engine::{EngineError, RunSummary};
use crate::error::Error;
use crate::expert::Graph;
use poag_client::{OperationDef, ServerAddress, ServerCall, ServerClient, operations as op};

/// The token for a server that is reached over TCP.
const TOKEN: &str = "POAG_SERVER_TOKEN";
/// Runs of one page.
const PAGE: u32 = 200;

/// A server, and the flakes that it serves.
pub struct Remote {
    client: ServerClient,
    flakes: Vec<ServedName>,
}

/// A flake that a server serves.
#[derive(Clone, Debug, Deserialize)]
pub struct ServedName {
    /// What it is called there.
    pub name: String,
    /// How runs and works name it.
    pub flake: String,
}

/// A page of runs.
#[derive(Deserialize)]
struct Page {
    runs: Vec<RunSummary>,
    next: Option<String>,
}

impl Remote {
    /// The server that is named, if any, asked what it serves.
    pub async fn of(global: &Global) -> Result<Option<Self>, Error> {
        let Some(word) = global.server() else {
            return Ok(None);
        };
        let address: ServerAddress = word.parse()?;
        let token = match (&address, std::env::var(TOKEN)) {
            (ServerAddress::Socket(_), _) => None,
            (ServerAddress::Url(_), Ok(token)) => Some(token),
            // The one of this machine's own clients.
            (ServerAddress::Url(_), Err(_)) if address.is_local() => local_token(),
            (ServerAddress::Url(_), Err(_)) => None,
        };
        let client = ServerClient::new(address, token.as_deref())?;
        let flakes = client.call(op::LIST_FLAKES, &[]).field("flakes").await?;
        Ok(Some(Self { client, flakes }))
    }

    /// An operation of the server, with what stands in its path.
    pub fn call(&self, operation: &'static OperationDef, path: &[&str]) -> ServerCall {
        self.client.call(operation, path)
    }

    /// The served flake that is meant: the one that is named, else the one here, else the only one.
    pub fn flake(&self, global: &Global, named: Option<&str>) -> Result<&ServedName, Error> {
        match self.here(global, named)? {
            Some(flake) => Ok(flake),
            None => match &self.flakes[..] {
                [one] => Ok(one),
                _ => Err(self.not_served("none of the flakes that are served is meant")),
            },
        }
    }

    /// The same, as works and runs are found by; none where there is no flake here and none was named.
    pub fn here(&self, global: &Global, named: Option<&str>) -> Result<Option<&ServedName>, Error> {
        let word = named.or(global.flake.as_deref());
        let by_name = |word: &str| self.flakes.iter().find(|flake| flake.name == word);
        if let (Some(found), true) = (
            word.and_then(by_name),
            named.is_none() || global.flake.is_none(),
        ) {
            return Ok(Some(found));
        }
        let subject = match target(&engine(global)?, global, named) {
            Ok(target) => target.flake.to_string(),
            Err(Error::Engine(EngineError::FlakeRef(_))) if word.is_none() => return Ok(None),
            Err(error) => return Err(error),
        };
        match self.flakes.iter().find(|flake| flake.flake == subject) {
            Some(found) => Ok(Some(found)),
            None => Err(self.not_served(&format!("{subject} is not served"))),
        }
    }

    fn not_served(&self, wrong: &str) -> Error {
        let names: Vec<&str> = self
            .flakes
            .iter()
            .map(|flake| flake.name.as_str())
            .collect();
        let (server, names) = (self.client.address(), names.join(", "));
        Error::Usage(format!(
            "{wrong} by {server}\nrepair: name one of its flakes with --flake: {names}"
        ))
    }

    /// The graph of the flake that is meant, as its evaluation gives it.
    pub async fn graph_json(&self, global: &Global, named: Option<&str>) -> Result<Vec<u8>, Error> {
        let flake = &self.flake(global, named)?.name;
        Ok(self.call(op::GET_GRAPH, &[flake]).bytes().await?)
    }

    /// The same, read.
    pub async fn graph(&self, global: &Global, named: Option<&str>) -> Result<Graph, Error> {
        let json = self.graph_json(global, named).await?;
        Ok(Graph::from_json(&json)
            .map_err(crate::nix::NixError::from)
            .map_err(EngineError::from)?)
    }

    /// Runs, the newest first: of one flake or of all, at most `limit`.
    pub async fn runs(
        &self,
        flake: Option<&ServedName>,
        limit: Option<u32>,
    ) -> Result<Vec<RunSummary>, Error> {
        let (mut all, mut before) = (Vec::new(), None);
        let most = limit.map_or(usize::MAX, |limit| limit as usize);
        loop {
            let left = u32::try_from(most - all.len()).unwrap_or(PAGE).min(PAGE);
            if left == 0 {
                return Ok(all);
            }
            let page: Page = self
                .call(op::LIST_RUNS, &[])
                .query("flake", flake.map(|flake| &flake.name))
                .query("before", before.take())
                .query("limit", Some(left))
                .answer()
                .await?;
            all.extend(page.runs);
            before = page.next;
            if before.is_none() {
                return Ok(all);
            }
        }
    }

    /// The run that a word names, as on this machine.
    pub async fn run(&self, word: &str, global: &Global) -> Result<String, Error> {
        if word == LAST {
            let flake = self.here(global, None)?;
            let latest = self.runs(flake, Some(1)).await?.pop();
            let latest = latest.map(|one| one.run.id);
            return Ok(latest.ok_or_else(|| EngineError::NoRun {
                flake: flake.map_or("any flake", |flake| &flake.flake).to_owned(),
            })?);
        }
        let all = self.runs(None, None).await?.into_iter();
        let ids = all.map(|one| one.run.id);
        one_of(ids, word).map_err(|count| {
            let word = word.to_owned();
            EngineError::NoSuchRun { word, count }.into()
        })
    }

    /// Works, the newest first: of one flake or of all.
    pub async fn works(&self, flake: Option<&ServedName>) -> Result<Vec<WorkSummary>, Error> {
        let call = self.call(op::LIST_WORKS, &[]);
        let call = call.query("flake", flake.map(|flake| &flake.name));
        Ok(call.field("works").await?)
    }

    /// The work that a word names, as on this machine: `last` is the newest of that flake, or of all.
    pub async fn work(&self, word: &str, flake: Option<&ServedName>) -> Result<WorkSummary, Error> {
        let mut all = self.works(flake.filter(|_| word == LAST)).await?;
        let found = match word {
            LAST => all.first().map(|one| one.id.clone()).ok_or(0),
            word => one_of(all.iter().map(|one| one.id.clone()), word),
        };
        let found = found.map_err(|count| {
            let word = word.to_owned();
            EngineError::from(WorkError::NoSuchWork { word, count })
        })?;
        all.retain(|one| one.id == found);
        Ok(all.remove(0))
    }
}

/// The id that a word names: the id itself, or a beginning of it that no other has; else how many begin so.
fn one_of(ids: impl Iterator<Item = String>, word: &str) -> Result<String, usize> {
    let mut found: Vec<String> = ids
        .filter(|id| !word.is_empty() && id.starts_with(word))
        .collect();
    match (found.len(), found.iter().position(|id| id == word)) {
        (_, Some(exact)) => Ok(found.swap_remove(exact)),
        (1, None) => Ok(found.remove(0)),
        (count, None) => Err(count),
    }
}

/// Refuses what is done on this machine alone, where a server is named.
pub fn not_routed(global: &Global, what: &str) -> Result<(), Error> {
    match global.server() {
        Some(_) => Err(Error::Usage(format!(
            "{what} is done on this machine alone: leave out --server, and unset POAG_SERVER"
        ))),
        None => Ok(()),
    }
}

/// Refuses options that only what runs on this machine can follow.
pub fn no_options(given: &[(&str, bool)], instead: &str) -> Result<(), Error> {
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(Error::Usage(format!(
            "{option} cannot be given to a server\nrepair: {instead}"
        ))),
        None => Ok(()),
    }
}

/// What to do about programs that a server is to start.
pub const PROGRAMS: &str =
    "programs are allowed where the server is started: give the option to `poag serve`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_what_begins_with_it_and_nothing_else() {
        let ids = || ["0a1", "0a2", "1b"].map(str::to_owned).into_iter();
        assert_eq!(one_of(ids(), "1"), Ok("1b".to_owned()));
        assert_eq!(one_of(ids(), "0a1"), Ok("0a1".to_owned()));
        assert_eq!(one_of(ids(), "0a"), Err(2));
        assert_eq!(one_of(ids(), ""), Err(0));
        assert_eq!(one_of(ids(), "x"), Err(0));
    }
}
