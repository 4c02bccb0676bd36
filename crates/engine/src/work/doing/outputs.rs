//! Outputs that a task declares: paths and patterns of its flake that must be there when it is done.

use std::path::{Component, Path};

/// Outputs that are not there. Each is a path below the flake, or a pattern of it with `*`, which stands for any part of a
/// name, and `**`, which stands for any folders.
pub(super) fn missing(folder: &Path, outputs: &[String]) -> Vec<String> {
    let there = |output: &&String| {
        let relative = Path::new(output.as_str());
        let plain = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !plain {
            return false;
        }
        if !output.contains('*') {
            return folder.join(relative).exists();
        }
        let wanted: Vec<&str> = output.split('/').collect();
        let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
        let mut files = entries.filter(|entry| !entry.file_type().is_dir());
        files.any(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let path = path.to_string_lossy().into_owned();
            fits(&wanted, &path.split('/').collect::<Vec<_>>())
        })
    };
    let missing = outputs.iter().filter(|output| !there(output));
    missing.cloned().collect()
}

fn fits(wanted: &[&str], path: &[&str]) -> bool {
    match (wanted.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            fits(rest, path)
                || path
                    .split_first()
                    .is_some_and(|(_, path)| fits(wanted, path))
        }
        (Some((want, rest)), Some((name, path))) => fits_name(want, name) && fits(rest, path),
        _ => false,
    }
}

/// Whether a name fits a pattern of it.
fn fits_name(want: &str, name: &str) -> bool {
    match want.split_once('*') {
        None => want == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            let ends = (0..=rest.len()).filter(|at| rest.is_char_boundary(*at));
            ends.into_iter().any(|at| fits_name(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{fits, missing};

    #[test]
    fn outputs_are_found_by_path_and_by_pattern() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("docs/deep")).unwrap();
        fs::write(folder.path().join("docs/deep/a.md"), "").unwrap();
        let outputs = |all: &[&str]| {
            let all: Vec<String> = all.iter().map(|&one| one.to_owned()).collect();
            missing(folder.path(), &all)
        };
        let there = [
            "docs",
            "docs/deep/a.md",
            "docs/*/a.md",
            "**/*.md",
            "docs/**",
            "**/a.md",
            "./docs",
        ];
        assert_eq!(outputs(&there), [""; 0]);
        let gone = [
            "docs/b.md",
            "*.md",
            "docs/*.md",
            "../x",
            "/etc/passwd",
            "**/*.rs",
        ];
        assert_eq!(outputs(&gone), gone);
    }

    #[test]
    fn a_pattern_fits_whole_names() {
        let fits = |want: &str, path: &str| {
            fits(
                &want.split('/').collect::<Vec<_>>(),
                &path.split('/').collect::<Vec<_>>(),
            )
        };
        assert!(fits("a*c", "abc") && fits("*", "x") && fits("**", "a/b") && fits("**/b", "b"));
        assert!(!fits("a*c", "abd") && !fits("*", "a/b") && !fits("a", "ab"));
    }
}
