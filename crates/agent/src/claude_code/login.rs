//! A person's login, lent to a private configuration where there is no key.
//!
//! It is one file. Claude Code renews it when it is about to expire, and the old one is void then: so it is
//! linked, not copied, and what was renewed beside the link is brought back.

#![expect(clippy::disallowed_methods, reason = "private homes of agents")]

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::environment::Environment;
use poag_env::folders;

/// The file, in every configuration.
const FILE: &str = ".credentials.json";
/// Where one of these is set, it is used instead of a login.
const KEYS: [&str; 6] = [
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "CLAUDE_CODE_USE_FOUNDRY",
];

/// A login that was lent.
#[derive(Debug)]
pub struct Login {
    own: PathBuf,
    lent: PathBuf,
}

/// Lends the login to `config`, where there is one and it is needed.
pub fn borrow(env: &Environment, config: &Path) -> io::Result<Option<Login>> {
    if KEYS
        .iter()
        .any(|key| env.get(key).is_some_and(|value| !value.is_empty()))
    {
        return Ok(None);
    }
    let own = own_config().map(|folder| folder.join(FILE));
    match own.and_then(|own| own.canonicalize().ok()) {
        Some(own) => lend(own, config).map(Some),
        None => Ok(None),
    }
}

fn lend(own: PathBuf, config: &Path) -> io::Result<Login> {
    let lent = config.join(FILE);
    symlink(&own, &lent)?;
    Ok(Login { own, lent })
}

impl Login {
    /// Brings back what was renewed. What cannot be brought back is lost only to the next login.
    pub fn keep(&self) {
        let replaced = fs::symlink_metadata(&self.lent).is_ok_and(|found| found.is_file());
        let Ok(renewed) = fs::read(&self.lent) else {
            return;
        };
        if !replaced || renewed.is_empty() || fs::read(&self.own).is_ok_and(|own| own == renewed) {
            return;
        }
        let Some(folder) = self.own.parent() else {
            return;
        };
        // Private from the first byte, and whole or not at all.
        if let Ok(mut file) = tempfile::NamedTempFile::new_in(folder)
            && io::Write::write_all(&mut file, &renewed).is_ok()
        {
            let _ = file.persist(&self.own);
        }
    }
}

/// The folder of a person's own configuration.
pub fn own_config() -> Option<PathBuf> {
    folders::xdg("CLAUDE_CONFIG_DIR", ".claude")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_renewed_login_is_brought_back_and_stays_private() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join(FILE);
        let config = folder.path().join("config");
        fs::create_dir(&config).unwrap();
        fs::write(&own, "old").unwrap();
        let login = lend(own.clone(), &config).unwrap();
        assert_eq!(fs::read_to_string(config.join(FILE)).unwrap(), "old");
        login.keep();
        assert_eq!(fs::read_to_string(&own).unwrap(), "old");
        fs::remove_file(config.join(FILE)).unwrap();
        fs::write(config.join(FILE), "new").unwrap();
        login.keep();
        assert_eq!(fs::read_to_string(&own).unwrap(), "new");
        let mode = fs::metadata(&own).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_login_that_was_removed_is_not_removed_from_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own");
        fs::write(&own, "old").unwrap();
        let login = lend(own.clone(), folder.path()).unwrap();
        fs::remove_file(folder.path().join(FILE)).unwrap();
        login.keep();
        assert_eq!(fs::read_to_string(&own).unwrap(), "old");
    }
}
