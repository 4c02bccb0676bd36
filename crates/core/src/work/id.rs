//! The name of a task: safe in a branch, a file name and a terminal.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest name of a task, in bytes.
const TASK_ID_BYTES: usize = 64;

/// The name of a task, unique in its work: lower-case letters, digits, `-`, `_` and `.`, a letter or digit first, at most
/// 64 bytes; as git takes it for a part of a branch's name (git-check-ref-format(1)), so neither `..` nor `.lock` at the end.
#[derive(
    Clone, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct TaskId(#[schemars(regex(pattern = r"^[a-z0-9][a-z0-9._-]{0,63}$"))] String);

impl TaskId {
    /// The name in a text.
    ///
    /// # Errors
    /// When it is none; the text says why and what to do.
    pub fn new(text: &str) -> Result<Self, String> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        let first = text
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_alphanumeric());
        let git = !text.contains("..") && !text.ends_with(".lock") && !text.ends_with('.');
        match first && text.len() <= TASK_ID_BYTES && text.chars().all(allowed) && git {
            true => Ok(Self(text.to_owned())),
            false => Err(format!(
                "{:?} cannot name a task\nrepair: use a-z, 0-9, '-', '_' and single '.', a letter or digit first, at most {TASK_ID_BYTES} bytes",
                text.chars().take(TASK_ID_BYTES).collect::<String>()
            )),
        }
    }

    /// The nearest name to any text, for tasks that are made of what has other names.
    #[must_use]
    pub fn near(text: &str) -> Self {
        let mut name: String = text
            .chars()
            .map(|c| match c.to_ascii_lowercase() {
                c if c.is_ascii_lowercase() || c.is_ascii_digit() => c,
                '_' => '_',
                _ => '-',
            })
            .take(TASK_ID_BYTES)
            .collect();
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            name.insert(0, 't');
            name.truncate(TASK_ID_BYTES);
        }
        Self(name)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TaskId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::new(&text)
    }
}

impl From<TaskId> for String {
    fn from(id: TaskId) -> Self {
        id.0
    }
}

impl std::fmt::Display for TaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for TaskId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::TaskId;

    #[test]
    fn a_name_that_git_or_a_folder_would_not_take_is_refused() {
        for name in ["hello-rs", "a", "0", "m1.core_2"] {
            assert_eq!(TaskId::new(name).unwrap().as_str(), name);
        }
        let long = "a".repeat(65);
        for name in [
            "", "A", "a/b", "..", "a..b", "-a", ".a", "a.lock", "a.", "a b", "ä", "a\n", &long,
        ] {
            let error = TaskId::new(name).unwrap_err();
            assert!(error.contains("repair:"), "{error}");
        }
    }

    #[test]
    fn any_text_has_a_name_near_it() {
        for text in [
            "Hello World",
            "",
            "ä/../b",
            "-x",
            "a.lock",
            &"x".repeat(200),
        ] {
            let near = TaskId::near(text);
            assert_eq!(TaskId::new(near.as_str()).as_ref(), Ok(&near), "{text}");
        }
    }
}
