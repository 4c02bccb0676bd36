//! Patterns of folders: `*` within a name, `?` for one character, `**` for any folders.

/// Whether a path with `/` fits a pattern. Both are taken from the top of the repository.
pub fn fits(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = parts(pattern).collect();
    let path: Vec<&str> = parts(path).collect();
    folders(&pattern, &path)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
}

fn folders(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => {
            let mut tails = (0..=path.len()).map(|at| &path[at..]);
            tails.any(|tail| folders(rest, tail))
        }
        ([first, rest @ ..], [name, tail @ ..]) => one(first, name) && folders(rest, tail),
        _ => false,
    }
}

/// One name: greedy, going back to the last star only, which takes at most pattern times name steps.
fn one(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut to, mut star) = (0, 0, None);
    while to < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, to));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == name[to] => {
                at += 1;
                to += 1;
            }
            _ => {
                let Some((begin, taken)) = star else {
                    return false;
                };
                star = Some((begin, taken + 1));
                at = begin + 1;
                to = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|left| *left == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_name_folders_from_the_top() {
        for (pattern, path) in [
            ("crates/*", "crates/a"),
            ("./crates/*/", "crates/a"),
            ("gix*", "gix"),
            ("gix-*", "gix-pack"),
            ("*-?", "a-b-c"),
            ("**/tests", "a/b/tests"),
            ("**", "a/b"),
            ("libs/**", "libs/a/b"),
        ] {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("crates/*", "crates"),
            ("crates/*", "crates/a/b"),
            ("crates/*", "other/a"),
            ("gix-*", "gix"),
            ("a*b*c", "a-b-d"),
        ] {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_ends_in_time() {
        let name = "a".repeat(2_000);
        assert!(!fits(&("a*".repeat(200) + "b"), &name));
    }
}
