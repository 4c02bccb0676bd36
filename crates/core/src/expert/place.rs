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

    /// A path from its repository's root as a path of its flake; none where it lies outside of the flake's folder.
    #[must_use]
    pub fn path_within<'p>(&self, path: &'p str) -> Option<&'p str> {
        match self.dir() {
            "" => Some(path),
            dir => path.strip_prefix(dir)?.strip_prefix('/'),
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

#[cfg(test)]
mod tests {
    use crate::testing;

    #[test]
    fn a_path_is_within_the_folder_of_its_flake_and_not_of_a_namesake() {
        let graph = testing::graph(vec![testing::flake("lib", &[])]);
        let expert = graph.expert("lib").unwrap();
        assert_eq!(expert.path_within("flakes/lib/src/a.rs"), Some("src/a.rs"));
        assert_eq!(expert.path_within("flakes/library/src/a.rs"), None);
        assert_eq!(expert.path_within("README.md"), None);
    }
}
