//! Session files: one JSON document a line, each naming its parent. A checkpoint is such a file.
//!
//! Claude Code keeps them in `projects/FOLDER/SESSION.jsonl` below its configuration.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

/// The session in a checkpoint's folder.
pub const FILE: &str = "session.jsonl";

/// How a session ended.
#[derive(Debug, Default)]
pub struct Last {
    /// What sort of error its last words are, in a word such as `rate_limit`; none for words of the model.
    pub error: Option<String>,
    /// How long it waited last before it asked the API again. What the API asks for is in it, unless that is
    /// more than it is ready to wait: then it gives up at once and tells nobody.
    pub waited: Option<Duration>,
}

fn find(config: &Path, session: &str) -> Option<PathBuf> {
    let folders = fs::read_dir(config.join("projects")).ok()?.flatten();
    let mut files = folders.map(|folder| folder.path().join(format!("{session}.jsonl")));
    files.find(|file| file.is_file())
}

/// How a session ended; nothing where there is none.
pub fn last(config: &Path, session: &str) -> Last {
    let text = find(config, session).and_then(|file| fs::read_to_string(file).ok());
    ended(&text.unwrap_or_default())
}

pub(super) fn ended(text: &str) -> Last {
    let mut last = Last::default();
    for line in text.lines().rev() {
        let Ok(line) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        match line["type"].as_str() {
            Some("assistant") if last.error.is_none() => match line["error"].as_str() {
                Some(error) => last.error = Some(error.to_owned()),
                None => return last,
            },
            Some("system") if line["subtype"] == "api_error" => {
                last.waited = line["retryInMs"]
                    .as_f64()
                    .and_then(|waited| Duration::try_from_secs_f64(waited / 1000.0).ok());
                return last;
            }
            Some("user") => return last,
            _ => {}
        }
    }
    last
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
pub(super) fn kept(text: &str) -> String {
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
        let text = r#"{"type":"assistant","error":"unknown"}
{"type":"system","subtype":"api_error","retryInMs":900}
{"type":"user"}
{"type":"system","subtype":"api_error","retryInMs":500.5}
{"type":"system","subtype":"api_error","retryInMs":7184.5}
{"type":"assistant","error":"rate_limit"}
{"type":"last-prompt"}
"#;
        fs::write(folder.join("s.jsonl"), text).unwrap();
        let found = last(config.path(), "s");
        assert_eq!(found.error.as_deref(), Some("rate_limit"));
        assert_eq!(found.waited, Some(Duration::from_micros(7_184_500)));
        let none = last(config.path(), "t");
        assert_eq!((none.error, none.waited), (None, None));
        let text = "{\"type\":\"system\",\"subtype\":\"api_error\",\"retryInMs\":1}\n{\"type\":\"assistant\"}\n";
        fs::write(folder.join("u.jsonl"), text).unwrap();
        assert_eq!(last(config.path(), "u").waited, None);
    }
}
