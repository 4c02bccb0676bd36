//! Paths that manifests name, by their words alone: relative, and never out of the repository.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Patterns of one manifest that are looked at.
const MAX_PATTERNS: usize = 500;

/// `dir/file`, or the file alone in the root.
pub fn join(dir: &str, file: &str) -> String {
    match dir {
        "" => file.to_owned(),
        dir => format!("{dir}/{file}"),
    }
}

/// The folder that a path means, seen from another one; none where it leads out of the repository, or is absolute.
pub fn resolve(from: &str, path: &str) -> Option<String> {
    if path.starts_with(['/', '\\', '~']) || path.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => (),
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder that holds a path.
pub fn parent(path: &str) -> Option<&str> {
    match path {
        "" => None,
        path => Some(path.rsplit_once('/').map_or("", |(dir, _)| dir)),
    }
}

/// The folders around one, nearest first, the root (empty) last; not that one itself.
pub fn around(dir: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent(dir), |dir| parent(dir))
}

/// The patterns of a manifest, seen from its folder: those that take in, and those that leave out.
pub struct Members {
    taken: GlobSet,
    left: GlobSet,
}

impl Members {
    /// Patterns as build tools write them: `crates/*`, `./packages/**`, `!**/test`.
    pub fn new<'p>(dir: &str, patterns: impl Iterator<Item = &'p str>) -> Self {
        let (mut taken, mut left) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for pattern in patterns.take(MAX_PATTERNS) {
            let (into, pattern) = match pattern.strip_prefix('!') {
                Some(pattern) => (&mut left, pattern),
                None => (&mut taken, pattern),
            };
            let whole = resolve(dir, pattern.trim_end_matches('/'));
            let glob = whole.and_then(|whole| {
                let mut glob = GlobBuilder::new(&whole);
                glob.literal_separator(true).build().ok()
            });
            if let Some(glob) = glob {
                into.add(glob);
            }
        }
        // Too large a set matches nothing.
        Self {
            taken: taken.build().unwrap_or_default(),
            left: left.build().unwrap_or_default(),
        }
    }

    /// Whether a folder is one of them.
    pub fn has(&self, dir: &str) -> bool {
        self.taken.is_match(dir) && !self.left.is_match(dir)
    }
}
