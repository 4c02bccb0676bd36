//! Which packages use which, as far as `path = "…"` in a `Cargo.toml` and relative `file:` dependencies of a
//! `package.json` tell.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::super::experts::Packages;
use crate::BenchError;
use poag_git::history;

#[expect(clippy::unwrap_used, reason = "a fixed pattern, tried by the tests")]
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\bpath\s*=\s*"([^"\n]+)"|:\s*"(?:file|link):([^"\n]+)""#).unwrap()
});

/// Of each package that others use, those others.
pub fn dependents(
    repository: &Path,
    commit: &str,
    packages: &Packages,
) -> Result<BTreeMap<usize, BTreeSet<usize>>, BenchError> {
    let mut manifests = history::snapshot(repository, commit)?;
    manifests.retain(|file| {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let own = packages.holding(&file.path);
        matches!(name, "Cargo.toml" | "package.json") && own > 0 && packages.folders[own] == folder
    });
    let ids: Vec<&str> = manifests.iter().map(|file| file.id.as_str()).collect();
    let texts = history::contents(repository, &ids)?;
    let mut all: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (file, text) in manifests.iter().zip(texts) {
        let user = packages.holding(&file.path);
        for used in links(&packages.folders[user], &text.unwrap_or_default()) {
            let used = packages.holding(&format!("{used}/."));
            if used > 0 && used != user {
                all.entry(used).or_default().insert(user);
            }
        }
    }
    Ok(all)
}

/// The folders that a manifest of `folder` points to, from the top of the repository.
fn links(folder: &str, manifest: &str) -> Vec<String> {
    let found = LINK.captures_iter(manifest).filter_map(|found| {
        let link = found.get(1).or_else(|| found.get(2))?.as_str();
        let mut parts: Vec<&str> = folder.split('/').collect();
        for part in link.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        Some(parts.join("/"))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_lead_to_folders_of_the_repository_and_not_out_of_it() {
        let manifest = "a = { version = \"1\", path = \"../a\" }\n[dependencies.b]\npath=\"sub/b\"\nc = { path = \"../../../c\" }\n";
        assert_eq!(links("crates/x", manifest), ["crates/a", "crates/x/sub/b"]);
        let manifest = r#"{"dependencies": {"a": "file:../a", "b": "^1"}}"#;
        assert_eq!(links("libs/x", manifest), ["libs/a"]);
    }
}
