//! What an agent calls while it carries a task out: its tools come back here, to the attempt.
//!
//! They are the tools of every turn, under the same names: what stands in front of a conversation must not change. `check`
//! runs the checks of the task beside looking at the result, or, with `{"command": "…"}` for the result, one command that the
//! policy allows; `lookup` also gives a file of the flake by its path.

use std::fs;
use std::path::{Component, Path};

use poag_core::council::gossip::{Call, CallResult};
use poag_core::council::message::TurnResult;
use poag_core::expert::Graph;
use poag_core::work::{Assignment, CheckOutcome};
use poag_git::work::Worktree;

use super::{CheckPlace, Doer, inside};

/// Bytes of a file that are given.
const FILE_BYTES: u64 = 256 << 10;
/// Files that a search names.
const MOST_FOUND: usize = 200;

/// One attempt, as its tools see it.
pub(super) struct Desk<'a> {
    pub doer: &'a Doer,
    pub assignment: &'a Assignment,
    pub worktree: &'a Worktree,
    pub graph: &'a Graph,
}

impl Desk<'_> {
    /// The answer to a call.
    pub async fn answer(&self, call: &Call) -> CallResult {
        let answered = match call {
            Call::Check { result } => self.check(result).await,
            Call::Lookup { query } => self.lookup(query.trim()),
            Call::Contract { neighbor, contract } => self.contract(neighbor, contract),
            Call::Consult(_) => Err(
                "nobody is asked while a task is carried out\nrepair: go by the plan; what a person must decide goes into `decisions`"
                    .to_owned(),
            ),
        };
        match answered {
            Ok(text) => CallResult::Said(text),
            Err(problem) => CallResult::Failed(problem),
        }
    }

    /// Runs a command of the policy.
    async fn run(&self, command: &str) -> Result<String, String> {
        let commands = &self.assignment.commands;
        if !commands.iter().any(|allowed| allowed == command) {
            let allowed = match commands.is_empty() {
                true => "none".to_owned(),
                false => commands.join(", "),
            };
            return Err(format!(
                "`{command}` is no command of this task's policy; those are: {allowed}\nrepair: take one of them word for word, or do without"
            ));
        }
        let place = CheckPlace {
            worktree: self.worktree.path.clone(),
            folder: self.folder()?,
        };
        let ran = self.doer.checks(&place, &[command.to_owned()]).await;
        let ran = ran.map_err(|error| error.to_string())?;
        let said = ran
            .iter()
            .map(|ran| format!("{}\n{}", ran.command, ran.log));
        Ok(said.collect())
    }

    async fn check(&self, result: &serde_json::Value) -> Result<String, String> {
        if let Some(command) = result.get("command").and_then(serde_json::Value::as_str) {
            return self.run(command).await;
        }
        let mut words = match serde_json::from_value::<TurnResult>(result.clone()) {
            Ok(_) => "The result has the form of a turn.\n".to_owned(),
            Err(error) => format!("The result is no turn: {error}\n"),
        };
        let folder = self.folder()?;
        let place = CheckPlace {
            worktree: self.worktree.path.clone(),
            folder,
        };
        let checks = self.doer.checks(&place, &self.assignment.checks).await;
        for check in checks.map_err(|error| error.to_string())? {
            words.push_str(&told(&check));
        }
        if self.assignment.checks.is_empty() {
            words.push_str("The task has no checks.\n");
        }
        Ok(words)
    }

    /// A file by its path, or the files whose path or text holds all words.
    fn lookup(&self, query: &str) -> Result<String, String> {
        let folder = self.folder()?;
        if let Some(text) = file(&folder, query) {
            return Ok(text);
        }
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return Err("nothing is looked for\nrepair: give words, or the path of a file".into());
        }
        let known = poag_git::known(&folder).unwrap_or_default();
        let mut found = String::new();
        for path in &known {
            let Some(text) = file(&folder, path) else {
                continue;
            };
            let lower = text.to_lowercase();
            let holds = |word: &String| lower.contains(word) || path.to_lowercase().contains(word);
            if !words.iter().all(holds) {
                continue;
            }
            found.push_str(path);
            found.push('\n');
            for (number, line) in text.lines().enumerate() {
                let lower = line.to_lowercase();
                if words.iter().any(|word| lower.contains(word)) {
                    let line: String = line.chars().take(200).collect();
                    found.push_str(&format!("  {}: {line}\n", number + 1));
                }
            }
            if found.lines().count() > MOST_FOUND {
                found.push_str("[more is left out; use more words]\n");
                break;
            }
        }
        match found.is_empty() {
            true => Ok("No file of your flake holds these words.".into()),
            false => Ok(found),
        }
    }

    fn contract(&self, neighbor: &str, contract: &str) -> Result<String, String> {
        let expert = self.graph.expert(&self.assignment.task.expert);
        let edge = expert.and_then(|expert| expert.neighbors.get(neighbor));
        let provider = edge.and_then(|_| self.graph.expert(neighbor));
        let provided = provider.and_then(|provider| provider.provides.get(contract));
        let (Some(provider), Some(provided)) = (provider, provided) else {
            return Err(format!(
                "there is no contract {contract:?} of a neighbour {neighbor:?}\nrepair: take a name from the plan"
            ));
        };
        let mut words = format!("{contract}: {}\n", provided.summary);
        let folder = inside(&self.worktree.path, provider.dir());
        if let (true, Ok(folder)) = (provider.is_local(), folder) {
            for path in &provided.files {
                if let Some(text) = file(&folder, path) {
                    words.push_str(&format!("\n{path}:\n{text}\n"));
                }
            }
        }
        Ok(words)
    }

    fn folder(&self) -> Result<std::path::PathBuf, String> {
        let folder = inside(&self.worktree.path, &self.assignment.folder);
        folder.map_err(|error| error.to_string())
    }
}

/// The text of a file below a folder, no link followed out of it; none where it is none, no text, or too large.
fn file(folder: &Path, path: &str) -> Option<String> {
    let relative = Path::new(path.strip_prefix("./").unwrap_or(path));
    let plain = |part: Component<'_>| matches!(part, Component::Normal(name) if name != ".git");
    if path.is_empty() || !relative.components().all(plain) {
        return None;
    }
    let real = folder.join(relative).canonicalize().ok()?;
    let facts = fs::metadata(&real).ok()?;
    let fits = real.starts_with(folder) && facts.is_file() && facts.len() <= FILE_BYTES;
    fits.then(|| fs::read_to_string(real).ok()).flatten()
}

/// What a check said, for an agent.
pub(super) fn told(check: &CheckOutcome) -> String {
    let word = if check.green { "green" } else { "RED" };
    let log = match check.green {
        true => String::new(),
        false => format!("{}\n", check.log.trim_end()),
    };
    format!("{word}: {}\n{log}", check.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_flake_are_given() {
        let site = tempfile::tempdir().unwrap();
        let flake = site.path().canonicalize().unwrap().join("flake");
        fs::create_dir_all(flake.join(".git")).unwrap();
        fs::create_dir(flake.join("src")).unwrap();
        fs::write(flake.join("src/a"), "mine").unwrap();
        fs::write(flake.join(".git/config"), "git's").unwrap();
        fs::write(site.path().join("secret"), "secret").unwrap();
        fs::write(flake.join("large"), "x".repeat(300 << 10)).unwrap();
        std::os::unix::fs::symlink("../secret", flake.join("link")).unwrap();
        std::os::unix::fs::symlink("src/a", flake.join("own")).unwrap();
        for path in ["src/a", "./src/a", "own"] {
            assert_eq!(file(&flake, path).as_deref(), Some("mine"), "{path}");
        }
        let absolute = site.path().join("secret").display().to_string();
        for path in [
            "../secret",
            "link",
            ".git/config",
            "large",
            "src",
            "",
            &absolute,
        ] {
            assert_eq!(file(&flake, path), None, "{path}");
        }
    }
}
