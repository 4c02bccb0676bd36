//! Where poag comes from, as a flake.nix can say it.

use std::io::{IsTerminal as _, stdin};
use std::path::Path;

use super::around::{Around, relative_path};
use crate::error::Error;
use crate::init::InitError;

/// Set by whoever builds poag for others, when they know where its flake lives.
const BUILT_FROM: Option<&str> = option_env!("POAG_FLAKE_URL");
/// Stands for it where nobody can be asked and nothing is written.
const UNKNOWN: &str = "git+file:///path/to/poag";

/// What `inputs.poag.url` is to be in the flake of `folder`.
pub fn url(
    given: Option<&str>,
    folder: &Path,
    around: &Around,
    only_shown: bool,
) -> Result<String, Error> {
    let found = match given {
        Some(given) => Some(local(given, folder)),
        None => around
            .poag_url(folder)
            .or_else(|| BUILT_FROM.map(str::to_owned)),
    };
    let url = match found {
        Some(url) => url,
        None if only_shown => UNKNOWN.to_owned(),
        None if stdin().is_terminal() => {
            super::ask("Where does poag come from (a flake reference)? ")?
        }
        None => return Err(InitError::NoUrl.into()),
    };
    let bad =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | '#' | '`' | '\'');
    if url.is_empty() || url.contains(bad) || url.contains("${") {
        return Err(InitError::Url(url).into());
    }
    Ok(url)
}

/// A folder on this machine as a reference: relative within a repository, absolute elsewhere.
fn local(given: &str, folder: &Path) -> String {
    let path = given.strip_prefix("path:").unwrap_or(given);
    let real = match path.starts_with(['.', '/']) && !path.contains('?') {
        true => Path::new(path).canonicalize().ok(),
        false => None,
    };
    let Some(real) = real else {
        return given.to_owned();
    };
    let root = crate::nix::repository_root(&real);
    match root {
        Some(root) if folder.starts_with(root) => format!("path:{}", relative_path(folder, &real)),
        Some(root) if root == real => format!("git+file://{}", real.display()),
        Some(root) => {
            let dir = real.strip_prefix(root).unwrap_or(&real);
            format!("git+file://{}?dir={}", root.display(), dir.display())
        }
        None => format!("path:{}", real.display()),
    }
}
