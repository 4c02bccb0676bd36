//! Where the flake of an expert lives.

use serde_json::Value;

use super::{Expert, Location};

impl Expert {
    /// Where its flake lives, as a person would write it: a folder of this repository, or a flake reference.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.location {
            Location::Local { dir } if dir.is_empty() => "./".into(),
            Location::Local { dir } => format!("./{dir}"),
            Location::Pack { source } => source.display().to_string(),
            Location::Locked {
                dir,
                source,
                reference,
            } => {
                let base = reference
                    .as_ref()
                    .and_then(locked)
                    .unwrap_or_else(|| source.display().to_string());
                if dir.is_empty() {
                    base
                } else {
                    format!("{base}?dir={dir}")
                }
            }
        }
    }

    /// A path of its flake with the flake, so that no other file is meant by it: from the repository's root; behind the
    /// expert's name where the flake lives elsewhere.
    #[must_use]
    pub fn place_of(&self, path: &str) -> String {
        match (self.is_local(), self.dir()) {
            (false, _) => format!("{} {path}", self.name),
            (true, "") => path.to_owned(),
            (true, dir) => format!("{dir}/{path}"),
        }
    }
}

/// A locked reference of flake.lock as a flake reference.
fn locked(reference: &Value) -> Option<String> {
    let text = |key: &str| reference.get(key).and_then(Value::as_str);
    let kind = text("type")?;
    let rev = text("rev").map(|rev| format!("/{rev}")).unwrap_or_default();
    match (text("owner"), text("repo"), text("url").or(text("path"))) {
        (Some(owner), Some(repo), _) => Some(format!("{kind}:{owner}/{repo}{rev}")),
        (_, _, Some(url)) if kind == "git" => {
            let rev = text("rev")
                .map(|rev| format!("?rev={rev}"))
                .unwrap_or_default();
            Some(format!("git+{url}{rev}"))
        }
        (_, _, Some(url)) => Some(format!("{kind}:{url}")),
        _ => None,
    }
}
