//! Settings and variables with which git runs nothing that a repository names.
//!
//! Whoever wrote a repository's `.git/config`, `.gitattributes` and hooks chose what is in them. What could run a program,
//! and what stands against it:
//!
//! | named by the repository | answer |
//! |---|---|
//! | `core.fsmonitor` | `false` |
//! | `core.hooksPath`, `.git/hooks` | `/dev/null` |
//! | `hook.<name>.command` (git 2.54 and newer) | each one that is configured is turned off |
//! | `filter.<name>.clean`, `smudge`, `process` | each one that is configured is emptied, but for commands that convert no content |
//! | `merge.<name>.driver` | each one that is configured merges as git merges text |
//! | `diff.external`, `diff.<name>.command`, `textconv` | names and ids are compared, never contents; `--no-ext-diff --no-textconv` where git takes them |
//! | `core.pager`, `pager.*` | `--no-pager` |
//! | `core.sshCommand`, `core.gitProxy`, `core.askPass`, `credential.helper`, `core.editor`, `gpg.*.program` | nothing here asks, edits or signs, and nothing connects but a push that the person asked for; each is set to a program that does nothing all the same |
//! | a promisor remote (partial clone), `ext::` URLs | `GIT_NO_LAZY_FETCH`, and no protocol is allowed |
//! | `alias.*` | git takes no alias for a command it has |
//! | replaced objects, grafts | not honoured where history is read: a commit is what its id says |
//!
//! The settings of the person and of the machine stay in force, `safe.directory` among them, so that git trusts for poag
//! what it trusts for them. Of the environment's `GIT_*` only those pass that name these settings, and where a hook of git
//! started poag, those that name its index.

#![expect(clippy::disallowed_methods, reason = "the environment of git")]

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::{Git, GitError};

/// Variables that pass: where the person's and the machine's own settings lie, and how far git looks for a repository.
const OWN: &[&str] = &[
    "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
];
/// Variables with which git tells its hooks which repository, work tree and index are meant.
pub(crate) const HOOK: &[&str] = &[
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
];
/// Bytes of the settings of one repository.
pub(super) const MAX_SETTINGS: usize = 16 << 20;
/// Settings for every git, and for every git that nix starts.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.attributesFile", "/dev/null"),
];
/// Settings for the git that poag starts itself, which neither connects nor asks anybody.
pub(super) const QUIET: &[(&str, &str)] = &[
    ("core.pager", "cat"),
    ("core.editor", "false"),
    ("core.sshCommand", "false"),
    ("core.gitProxy", ""),
    ("core.askPass", "true"),
    ("core.alternateRefsCommand", "true"),
    ("credential.helper", ""),
    ("gpg.program", "false"),
    ("gpg.ssh.program", "false"),
    ("gpg.x509.program", "false"),
    ("diff.external", ""),
    ("log.showSignature", "false"),
    ("protocol.allow", "never"),
    ("submodule.recurse", "false"),
    // No process that goes on in the background.
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
];

/// Those of the settings above that a git goes without which connects: the person asked for it, and git does it as it would
/// for them.
pub(super) const CONNECTING: &[&str] = &[
    "core.sshCommand",
    "core.gitProxy",
    "core.askPass",
    "credential.helper",
    "protocol.allow",
];
/// How it connects: by nothing that runs a program which an address names.
pub(super) const PROTOCOLS: &str = "file:git:http:https:ssh";

/// Whether a variable says how git connects.
pub(super) fn is_connection(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    [
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
        "GIT_ASKPASS",
    ]
    .contains(&&*name)
}

/// Commands that convert no content and write no index, so that they run neither filters nor hooks: for these the settings
/// of the repository need not be read first.
pub(super) const READING: &[&str] = &[
    "--version",
    "cat-file",
    "check-ref-format",
    "config",
    "diff-tree",
    "for-each-ref",
    "ls-files",
    "log",
    "ls-tree",
    "merge-base",
    "patch-id",
    "rev-list",
    "rev-parse",
];

/// Whether a variable of the environment must not reach git.
pub(super) fn is_foreign(name: &OsStr, hook: bool) -> bool {
    let name = name.to_string_lossy();
    let settings = ["GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"].contains(&&*name)
        || name.starts_with("GIT_CONFIG_KEY_")
        || name.starts_with("GIT_CONFIG_VALUE_");
    let kept = settings || OWN.contains(&&*name) || (hook && HOOK.contains(&&*name));
    name.starts_with("GIT_") && !kept
}

impl Git {
    /// The settings that empty every driver that the settings of the repository name: filters, which converting content
    /// runs, and hooks that are settings. Reading the settings runs nothing; it is done once for each value.
    pub(super) fn without_drivers(&self) -> Result<Vec<(String, String)>, GitError> {
        if let Some(known) = self.drivers.get() {
            return Ok(known.clone());
        }
        let found = self.named_drivers()?;
        Ok(self.drivers.get_or_init(|| found).clone())
    }

    fn named_drivers(&self) -> Result<Vec<(String, String)>, GitError> {
        const DOING: &str = "reading the settings of the repository";
        let args = ["config", "--list", "--name-only", "-z"];
        let output = self.run(DOING, &args, Vec::new(), MAX_SETTINGS)?;
        if !output.whole {
            return Err(GitError::Much {
                doing: DOING,
                most: MAX_SETTINGS,
            });
        }
        let mut settings = std::collections::BTreeMap::new();
        for name in output.bytes.split(|byte| *byte == 0) {
            let name = std::str::from_utf8(name).map_err(|_| GitError::Form { doing: DOING })?;
            let Some((section, rest)) = name.split_once('.') else {
                continue;
            };
            let Some((driver, _)) = rest.rsplit_once('.') else {
                continue;
            };
            let off: &[(&str, &str)] = match section {
                "filter" => &[
                    ("clean", ""),
                    ("smudge", ""),
                    ("process", ""),
                    ("required", "false"),
                ],
                "hook" => &[("enabled", "false"), ("command", "true")],
                // What git does with text where no driver is named.
                "merge" => &[("driver", "git merge-file --marker-size=%L %A %O %B")],
                _ => &[],
            };
            for (key, value) in off {
                settings.insert(format!("{section}.{driver}.{key}"), (*value).to_owned());
            }
        }
        Ok(settings.into_iter().collect())
    }
}

/// Settings as variables of the environment, behind those that are there.
pub(super) fn numbered(settings: &[(String, String)]) -> Vec<(String, String)> {
    if settings.is_empty() {
        return Vec::new();
    }
    let given = env::var("GIT_CONFIG_COUNT").ok();
    let first = given.and_then(|count| count.parse().ok()).unwrap_or(0);
    let mut set: Vec<_> = settings
        .iter()
        .zip(first..)
        .flat_map(|((name, value), at)| {
            [
                (format!("GIT_CONFIG_KEY_{at}"), name.clone()),
                (format!("GIT_CONFIG_VALUE_{at}"), value.clone()),
            ]
        })
        .collect();
    let count = first + settings.len();
    set.push(("GIT_CONFIG_COUNT".to_owned(), count.to_string()));
    set
}

/// What the environment of a program must hold that starts git itself, as nix does to make flake.lock known: no setting
/// of the repository in `folder` makes that git run anything either.
///
/// Its filters are left out where the settings cannot be read: then that git reads none either.
pub fn environment(folder: Option<&Path>) -> Vec<(OsString, OsString)> {
    let own = SETTINGS
        .iter()
        .filter(|(name, _)| *name != "core.attributesFile");
    let mut settings: Vec<(String, String)> = own
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    if let Some(folder) = folder {
        settings.extend(Git::at(folder).without_drivers().unwrap_or_default());
    }
    let set = numbered(&settings).into_iter();
    set.map(|(name, value)| (name.into(), value.into()))
        .collect()
}
