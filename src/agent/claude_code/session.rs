//! Session files: one JSON document a line, each naming its parent. A checkpoint is such a file.
//!
//! Claude Code keeps them in `projects/FOLDER/SESSION.jsonl` below its configuration.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// The session in a checkpoint's folder.
pub const FILE: &str = "session.jsonl";

/// What stands in the last line that the model, or Claude Code in its place, said.
#[derive(Debug, Default, Deserialize)]
pub struct Last {
    /// What sort of error it is, in a word such as `rate_limit`; none for words of the model.
    pub error: Option<String>,
}

fn find(config: &Path, session: &str) -> Option<PathBuf> {
    let folders = fs::read_dir(config.join("projects")).ok()?.flatten();
    let mut files = folders.map(|folder| folder.path().join(format!("{session}.jsonl")));
    files.find(|file| file.is_file())
}

/// What was said last; nothing where there is no session.
pub fn last(config: &Path, session: &str) -> Last {
    let text = find(config, session).and_then(|file| fs::read_to_string(file).ok());
    let text = text.unwrap_or_default();
    let lines = text
        .lines()
        .rev()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let said = lines.into_iter().find(|line| line["type"] == "assistant");
    said.and_then(|line| serde_json::from_value(line).ok())
        .unwrap_or_default()
}

/// Copies a session into a folder, read-only.
pub fn seal(config: &Path, session: &str, into: &Path) -> io::Result<()> {
    let file = find(config, session)
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "it left none"))?;
    let kept = kept(&fs::read_to_string(file)?);
    if kept.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is empty"));
    }
    let target = into.join(FILE);
    fs::write(&target, kept)?;
    fs::set_permissions(&target, fs::Permissions::from_mode(0o444))
}

/// The lines of a session that forks want: all up to a broken end, less what it had cost so far, which
/// every fork would count again.
fn kept(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        let Ok(value) = serde_json::from_str::<Value>(line) else {
            break;
        };
        if value["type"] != "cost-state" {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_keeps_whole_lines_and_no_costs() {
        let text = "{\"type\":\"user\"}\n{\"type\":\"cost-state\",\"totalCostUSD\":1}\n{\"type\":\"assistant\"}\n{\"type\":\"us";
        assert_eq!(
            kept(text),
            "{\"type\":\"user\"}\n{\"type\":\"assistant\"}\n"
        );
    }

    #[test]
    fn the_last_words_are_found_behind_what_follows_them() {
        let config = tempfile::tempdir().unwrap();
        let folder = config.path().join("projects/-tmp-x");
        fs::create_dir_all(&folder).unwrap();
        let text = "{\"type\":\"assistant\",\"error\":\"unknown\"}\n{\"type\":\"assistant\",\"error\":\"rate_limit\"}\n{\"type\":\"last-prompt\"}\n";
        fs::write(folder.join("s.jsonl"), text).unwrap();
        assert_eq!(
            last(config.path(), "s").error.as_deref(),
            Some("rate_limit")
        );
        assert_eq!(last(config.path(), "t").error, None);
    }
}
