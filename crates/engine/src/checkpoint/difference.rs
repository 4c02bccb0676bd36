//! What changed between two packs, as lines.

use std::time::Duration;

use similar::TextDiff;

/// Lines around a change that stay as they were.
const AROUND: usize = 2;
/// How long the shortest difference is looked for; then a longer one must do.
const SEARCH: Duration = Duration::from_secs(2);

/// The lines that are gone (`-`), new (`+`) and around them, in the unified form.
#[must_use]
pub fn between(old: &str, new: &str) -> String {
    let difference = TextDiff::configure().timeout(SEARCH).diff_lines(old, new);
    difference.unified_diff().context_radius(AROUND).to_string()
}
