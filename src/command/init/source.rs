//! Where poag comes from, as a flake.nix can say it.

use std::io::{IsTerminal as _, stdin};
use std::path::Path;

use crate::engine::{EngineError, InitSurvey};
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
    survey: &InitSurvey,
    only_shown: bool,
) -> Result<String, Error> {
    let found = survey.poag_url(folder, given);
    match found.or_else(|| BUILT_FROM.map(str::to_owned)) {
        Some(url) => Ok(url),
        None if only_shown => Ok(UNKNOWN.to_owned()),
        None if stdin().is_terminal() => {
            super::ask("Where does poag come from (a flake reference)? ")
        }
        None => Err(EngineError::from(InitError::NoUrl).into()),
    }
}
