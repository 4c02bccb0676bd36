//! What nix says when it fails, taken apart: the last error is the cause, and the lines with an ellipsis before it say
//! what nix was doing. Held against Nix 2.26 and 2.34 by `tests/cli/errors.rs`; of words that are not known, the last
//! error is shown as it stands.

use std::path::{Component, Path, PathBuf};

use super::FlakeRef;

/// Characters of nix's own words that are shown.
const SHOWN: usize = 400;

/// Nix's standard error, taken apart.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Failure {
    /// The last error, in one line.
    pub message: String,
    /// The lines that belong to it, the first one among them.
    pub lines: Vec<String>,
    /// The input that was being fetched or locked, as a path of names with `/` between.
    pub input: Option<String>,
    /// The reference that was being fetched.
    pub fetching: Option<String>,
    /// Where nix was, the innermost place first: `FILE:LINE:COLUMN`.
    places: Vec<String>,
}

impl Failure {
    pub fn read(stderr: &str) -> Self {
        let mut found = Self::default();
        let mut places = Vec::new();
        for line in stderr.lines() {
            let line = line.trim();
            if let Some(message) = line.strip_prefix("error: ") {
                found.lines = vec![message.trim().to_owned()];
                continue;
            }
            if let Some(doing) = line.strip_prefix("… while ") {
                let name = |before: &str| quoted(doing.strip_prefix(before)?);
                found.input = name("updating the flake input ").or(found.input);
                found.fetching = name("fetching the input ").or(found.fetching);
            }
            if let Some(place) = line.strip_prefix("at ").and_then(|at| at.strip_suffix(':')) {
                places.push(place.to_owned());
            }
            found.lines.push(line.to_owned());
        }
        places.reverse();
        found.places = places;
        found.message = one_line(&found.lines);
        found
    }

    /// The innermost place in the sources of a flake on this machine: its file, relative to the repository, with line
    /// and column behind it.
    pub fn place(&self, flake: &FlakeRef) -> Option<String> {
        let repository = flake.repository()?;
        self.places.iter().find_map(|place| {
            let mut parts = place.rsplitn(3, ':');
            let (column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
            let inner = own_file(file, repository)?;
            Some(format!("{}:{line}:{column}", inner.display()))
        })
    }

    /// Every path inside the sources of a flake that the last error names, relative to the repository.
    pub fn named(&self, repository: &Path) -> Vec<PathBuf> {
        let words = self.lines.iter().flat_map(|line| line.split(['\'', '"']));
        let inner = words.filter_map(|word| {
            let path = in_store(word).or_else(|| inside(word, repository));
            plain(path.unwrap_or(word))
        });
        let mut inner: Vec<PathBuf> = inner
            .filter(|path| repository.join(path).exists())
            .collect();
        inner.dedup();
        inner
    }
}

/// The words between the first pair of quotes, which begins at once.
fn quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'')?;
    Some(inner[..inner.rfind('\'')?].to_owned())
}

/// The message: its first line, and the second one where the first only announces it.
fn one_line(lines: &[String]) -> String {
    let mut filled = lines.iter().filter(|line| !line.is_empty());
    let mut message = filled.next().cloned().unwrap_or_default();
    if message.ends_with(':')
        && let Some(next) = filled.next()
    {
        message = format!("{message} {next}");
    }
    if message.chars().count() > SHOWN {
        message = message.chars().take(SHOWN).chain(['…']).collect();
    }
    message
}

/// A file of the repository, by the name that nix has for it: its path in the work tree, in a tree of git, or in the
/// copy in the store, where it must have the same content.
fn own_file(file: &str, repository: &Path) -> Option<PathBuf> {
    if let Some(inner) = in_store(file) {
        let inner = plain(inner)?;
        let here = std::fs::read(repository.join(&inner)).ok()?;
        return (std::fs::read(file).ok()? == here).then_some(inner);
    }
    if let Some(tree) = file.strip_prefix('«') {
        let (tree, inner) = tree.split_once("»/")?;
        let source = tree.split(['?', '#']).next()?;
        let own = source.ends_with(repository.to_str()?);
        return own.then(|| plain(inner)).flatten();
    }
    plain(inside(file, repository)?)
}

/// What comes behind `/nix/store/HASH-NAME/`.
fn in_store(path: &str) -> Option<&str> {
    let inner = path.strip_prefix("/nix/store/")?;
    Some(inner.split_once('/')?.1)
}

fn inside<'a>(path: &'a str, repository: &Path) -> Option<&'a str> {
    path.strip_prefix(repository.to_str()?)?.strip_prefix('/')
}

/// A relative path that leads nowhere else.
fn plain(path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    let mut parts = path.components().peekable();
    parts.peek()?;
    parts
        .all(|part| matches!(part, Component::Normal(_)))
        .then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FETCH: &str = "warning: Git tree '/a' is dirty
warning: error: unable to download 'https://x/y': no host; retrying in 299 ms
error:
       … while updating the lock file of flake 'git+file:///a'

       … while updating the flake input 'gone'

       … while fetching the input 'github:nobody/nowhere'

       error: unable to download 'https://x/y': no host";

    #[test]
    fn an_input_that_cannot_be_fetched_is_told_with_the_last_error() {
        let failure = Failure::read(FETCH);
        assert_eq!(failure.input.as_deref(), Some("gone"));
        assert_eq!(failure.fetching.as_deref(), Some("github:nobody/nowhere"));
        assert_eq!(failure.message, "unable to download 'https://x/y': no host");
    }

    #[test]
    fn a_place_in_the_repository_is_found_by_each_name_that_nix_has_for_it() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap();
        std::fs::write(root.join("flake.nix"), "{ }").unwrap();
        let flake = FlakeRef::around(&root).unwrap();
        let said = |file: &str| {
            let text = format!("error: syntax error, unexpected end\n       at {file}:9:3:\n   8|");
            Failure::read(&text).place(&flake)
        };
        let here = root.display();
        let expected = Some("flake.nix:9:3".to_owned());
        assert_eq!(said(&format!("{here}/flake.nix")), expected);
        assert_eq!(
            said(&format!("«git+file://{here}?rev=1»/flake.nix")),
            expected
        );
        for other in [
            "«git+file:///elsewhere»/flake.nix",
            "/etc/flake.nix",
            "/nix/store/0-source/flake.nix",
        ] {
            assert_eq!(said(other), None, "{other}");
        }
    }

    #[test]
    fn paths_that_an_error_names_are_those_of_the_repository() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("poag.nix"), "").unwrap();
        for said in [
            "error: path '/nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source/poag.nix' does not exist",
            "error: Path 'poag.nix' in the repository \"/a\" is not tracked by Git.",
            "error: opening file '/nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source/poag.nix': No such file or directory",
        ] {
            let named = Failure::read(said).named(temp.path());
            assert_eq!(named, [Path::new("poag.nix")], "{said}");
        }
        let hostile = "error: path '../../etc/passwd' and '/etc/passwd' and '' do not exist";
        assert!(Failure::read(hostile).named(temp.path()).is_empty());
    }

    #[test]
    fn what_is_no_error_of_nix_is_shown_in_one_line() {
        assert_eq!(Failure::read("").message, "");
        assert_eq!(
            Failure::read("\nsegmentation fault\nmore").message,
            "segmentation fault"
        );
        let long = Failure::read(&format!("error: {}", "x".repeat(5000))).message;
        assert_eq!(long.chars().count(), SHOWN + 1);
    }
}
