//! The settings that an evaluation depends on: those of nix, and those of git where a work tree is copied.

#![expect(
    clippy::disallowed_methods,
    reason = "the environment that an evaluation depends on"
)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::Unsure;
use crate::setup::{SettingsFiles, nix_folder};
use poag_env::folders::{home, xdg as own};

/// Files of settings, which include others: no more than this.
const MOST: usize = 256;

/// Files of nix that are read before a flake is evaluated, whether they are there or not.
pub(super) fn of_nix() -> Result<Vec<PathBuf>, Unsure> {
    let SettingsFiles { system, users } = SettingsFiles::of_this_process();
    let registry = system.with_file_name("registry.json");
    let mut conf = users;
    conf.push(system);
    if env::var("NIX_CONFIG").is_ok_and(|text| lets_impure(&text)) {
        return Err(Unsure::new("NIX_CONFIG may make it impure"));
    }
    let mut seen = BTreeSet::new();
    while let Some(file) = conf.pop() {
        let text = match fs::read(&file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(_) => String::new(),
        };
        if lets_impure(&text) {
            return Err(Unsure::new(format!(
                "{} may make it impure",
                file.display()
            )));
        }
        let includes = text.lines().filter_map(|line| {
            let (word, path) = line.trim().split_once(char::is_whitespace)?;
            let folder = file.parent()?;
            ["include", "!include"]
                .contains(&word)
                .then(|| folder.join(path.trim()))
        });
        let includes: Vec<_> = includes.collect();
        if seen.insert(file) {
            conf.extend(includes);
        }
        if seen.len() > MOST {
            return Err(Unsure::new("the settings of nix include too much"));
        }
    }
    seen.insert(registry);
    let config = nix_folder("NIX_CONFIG_HOME", "XDG_CONFIG_HOME", ".config");
    seen.extend(config.map(|folder| folder.join("registry.json")));
    let data = nix_folder("NIX_DATA_HOME", "XDG_DATA_HOME", ".local/share");
    seen.extend(data.map(|folder| folder.join("trusted-settings.json")));
    Ok(seen.into_iter().collect())
}

/// Whether a text of settings names one that lets an evaluation look outside its inputs.
pub(super) fn lets_impure(text: &str) -> bool {
    text.contains("pure-eval")
}

/// Files of git that decide what is a change and what a file holds: from the origin of each setting in `repository`, as
/// `git config --list --show-origin` tells it, and where others may appear.
pub(super) fn of_git(
    repository: &Path,
    origins: &[(String, String)],
) -> Result<Vec<PathBuf>, Unsure> {
    let mut files: BTreeSet<PathBuf> = ["/etc/gitconfig", "/etc/gitattributes"]
        .map(PathBuf::from)
        .into();
    files.extend(home().map(|home| home.join(".gitconfig")));
    if let Some(folder) = own("XDG_CONFIG_HOME", ".config") {
        files.extend(["config", "attributes"].map(|name| folder.join("git").join(name)));
    }
    for (origin, setting) in origins {
        match origin.strip_prefix("file:") {
            Some(file) => files.insert(repository.join(file)),
            None => return Err(Unsure::new(format!("git is told more by {origin}"))),
        };
        let (name, value) = setting.split_once('\n').unwrap_or((setting, ""));
        match name {
            "core.worktree" => return Err(Unsure::new("core.worktree is set")),
            "core.attributesfile" => {
                let path = match value.strip_prefix("~/") {
                    Some(rest) => home().map(|home| home.join(rest)),
                    None => Some(repository.join(value)),
                };
                files.extend(path);
            }
            _ => {}
        }
        if files.len() > MOST {
            return Err(Unsure::new("the settings of git include too much"));
        }
    }
    Ok(files.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_settings_are_found_where_git_read_them() {
        let origins = [
            ("file:.git/config", "core.bare\nfalse"),
            ("file:/home/x/more", "core.attributesfile\n/a/b"),
        ]
        .map(|(origin, setting)| (origin.to_owned(), setting.to_owned()));
        let files = of_git(Path::new("/r"), &origins).unwrap();
        for file in ["/r/.git/config", "/home/x/more", "/a/b", "/etc/gitconfig"] {
            assert!(files.contains(&PathBuf::from(file)), "{file} in {files:?}");
        }
    }

    #[test]
    fn a_work_tree_elsewhere_and_settings_from_the_command_line_are_too_much() {
        for (origin, setting) in [
            ("file:.git/config", "core.worktree\n/x"),
            ("command line:", "a.b\nc"),
        ] {
            let origins = [(origin.to_owned(), setting.to_owned())];
            assert!(of_git(Path::new("/r"), &origins).is_err());
        }
    }
}
