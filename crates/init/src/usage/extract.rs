//! Which packages a file imports, and which names it uses of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::UsedName;
use crate::survey::Survey;
use crate::tree::line;
use crate::workspace::path::join;
use crate::workspace::{BuildTool, Workspace, go_imports};
/// Bytes of one statement that are looked at.
const MAX_STATEMENT: usize = 4_000;

/// One use: the provider's folder, what is used, and the line.
type Found = (String, UsedName, usize);

/// By which names the packages of a repository are imported.
#[derive(Default)]
pub struct Imports {
    /// Crate → folder.
    rust: BTreeMap<String, String>,
    /// Top-level module → folder.
    python: BTreeMap<String, String>,
    /// Package → folder.
    npm: BTreeMap<String, String>,
    /// Module → folder.
    go: BTreeMap<String, String>,
    /// Class, as `a/b/C` → folder.
    java: BTreeMap<String, String>,
}

impl Imports {
    /// The names of all packages.
    pub fn of(survey: &Survey, workspace: &Workspace) -> Self {
        let mut out = Self::default();
        for package in workspace.packages.values() {
            let dir = package.dir.clone();
            match package.tool {
                BuildTool::Cargo => drop(out.rust.insert(package.name.replace('-', "_"), dir)),
                BuildTool::Npm => drop(out.npm.insert(package.name.clone(), dir)),
                BuildTool::Go => drop(out.go.insert(package.name.clone(), dir)),
                BuildTool::Python | BuildTool::Maven | BuildTool::Gradle => (),
            }
        }
        for file in &survey.files {
            let owner = super::owner(workspace, file);
            let inner = &file[join(owner, "").len().min(file.len())..];
            let Some(tool) = workspace.packages.get(owner).map(|package| package.tool) else {
                continue;
            };
            let python = inner.strip_prefix("src/").unwrap_or(inner);
            let python = python
                .strip_suffix("/__init__.py")
                .or_else(|| python.strip_suffix(".py"));
            let top = python
                .filter(|top| !matches!(*top, "tests" | "test" | "docs" | "setup" | "conftest"));
            if tool == BuildTool::Python
                && let Some(top) = top
            {
                // Namespace packages: the longest name wins later.
                if is_product(inner, tool) && top.split('/').count() <= 4 {
                    out.python
                        .entry(top.to_owned())
                        .or_insert_with(|| owner.to_owned());
                }
            }
            let class = java_class(inner).filter(|_| is_product(inner, tool));
            if let Some(class) = class {
                out.java.insert(class.to_owned(), owner.to_owned());
            }
        }
        out
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        [&self.rust, &self.python, &self.npm, &self.go, &self.java]
            .iter()
            .all(|one| one.is_empty())
    }

    /// What a file uses.
    pub fn uses(&self, file: &str, text: &str) -> Vec<Found> {
        match file.rsplit('.').next().unwrap_or_default() {
            "rs" => self.of_rust(text),
            "py" => self.of_python(text),
            "go" => self.of_go(text),
            "java" | "kt" => self.of_java(text),
            _ => self.of_npm(text),
        }
    }

    /// `name::A`, `name::b::C`, `use name::{A, b::C}`.
    fn of_rust(&self, text: &str) -> Vec<Found> {
        static QUALIFIED: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"\b([a-z_][a-z0-9_]*)::").ok());
        let mut out = Vec::new();
        for found in QUALIFIED.iter().flat_map(|regex| regex.captures_iter(text)) {
            let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else {
                continue;
            };
            let inner = text[..whole.start()].ends_with("::");
            let Some(dir) = self.rust.get(name.as_str()).filter(|_| !inner) else {
                continue;
            };
            let line = line(text, whole.start());
            let names = rust_names(cut(&text[whole.end()..]));
            out.extend(
                names
                    .into_iter()
                    .map(|name| (dir.clone(), used("", name), line)),
            );
        }
        out
    }

    /// `from a.b import c, d` and `import a.b`.
    fn of_python(&self, text: &str) -> Vec<Found> {
        static IMPORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r"(?m)^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+([\w.]+))").ok()
        });
        let mut out = Vec::new();
        for found in IMPORT.iter().flat_map(|regex| regex.captures_iter(text)) {
            let module = found.get(1).or_else(|| found.get(3));
            let Some(module) = module else {
                continue;
            };
            let place = module.as_str().replace('.', "/");
            let prefixes = std::iter::successors(Some(place.as_str()), |path| {
                path.rsplit_once('/').map(|(above, _)| above)
            });
            let Some(dir) = prefixes.into_iter().find_map(|path| self.python.get(path)) else {
                continue;
            };
            let line = line(text, module.start());
            let listed = found.get(2).map_or("", |list| cut(list.as_str()));
            let names: Vec<&str> = listed
                .split([',', '(', ')', '\n'])
                .filter_map(|one| one.split('#').next()?.split_whitespace().next())
                .filter(|name| is_word(name))
                .collect();
            if names.is_empty() {
                out.push((dir.clone(), used(&place, ""), line));
            }
            out.extend(
                names
                    .into_iter()
                    .map(|name| (dir.clone(), used(&place, name), line)),
            );
        }
        out
    }

    /// `import { a, type B } from "pkg/sub"` and `require("pkg")`.
    fn of_npm(&self, text: &str) -> Vec<Found> {
        static IMPORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r#"(?:import|export|const|let|var)\b([^;"'`=]{0,2000}?)(?:from\s*|=\s*require\()["']([^"']+)["']"#).ok()
        });
        let mut out = Vec::new();
        for found in IMPORT.iter().flat_map(|regex| regex.captures_iter(text)) {
            let (Some(listed), Some(path)) = (found.get(1), found.get(2)) else {
                continue;
            };
            let mut names = path
                .as_str()
                .match_indices('/')
                .map(|(at, _)| &path.as_str()[..at]);
            let whole = std::iter::once(path.as_str());
            let known = whole
                .chain(&mut names)
                .find_map(|name| Some((name, self.npm.get(name)?)));
            let Some((package, dir)) = known else {
                continue;
            };
            let place = path.as_str()[package.len()..].trim_start_matches('/');
            let line = line(text, listed.start());
            let braces = listed
                .as_str()
                .split_once('{')
                .and_then(|(_, rest)| rest.split_once('}'));
            let names = braces
                .map_or("", |(inside, _)| inside)
                .split(',')
                .filter_map(|one| {
                    let one = one.trim();
                    one.strip_prefix("type ")
                        .unwrap_or(one)
                        .split([' ', ':'])
                        .next()
                });
            let names: Vec<&str> = names.filter(|name| is_word(name)).collect();
            if names.is_empty() {
                out.push((dir.clone(), used(place, ""), line));
            }
            out.extend(
                names
                    .into_iter()
                    .map(|name| (dir.clone(), used(place, name), line)),
            );
        }
        out
    }

    /// `"module/sub"` among the imports, and `sub.Name` in the code.
    fn of_go(&self, text: &str) -> Vec<Found> {
        static NAMES: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"\b([A-Za-z_]\w*)\.([A-Z]\w*)").ok());
        let mut packages: BTreeMap<&str, (&String, &str)> = BTreeMap::new();
        for path in go_imports(text) {
            let prefixes = std::iter::successors(Some(path), |path| {
                path.rsplit_once('/').map(|(above, _)| above)
            });
            let known = prefixes
                .into_iter()
                .find_map(|module| Some((module, self.go.get(module)?)));
            let Some((module, dir)) = known else {
                continue;
            };
            let place = path[module.len()..].trim_start_matches('/');
            let last = path
                .rsplit('/')
                .find(|part| !is_version(part))
                .unwrap_or(path);
            let alias = text.find(&format!("\"{path}\"")).and_then(|at| {
                let before = text[..at].rsplit('\n').next()?.trim();
                before
                    .trim_start_matches("import")
                    .split_whitespace()
                    .next()
            });
            packages.insert(alias.unwrap_or(last), (dir, place));
        }
        if packages.is_empty() {
            return Vec::new();
        }
        let mut out = Vec::new();
        for found in NAMES.iter().flat_map(|regex| regex.captures_iter(text)) {
            if let (Some(alias), Some(name)) = (found.get(1), found.get(2))
                && let Some((dir, place)) = packages.get(alias.as_str())
            {
                let line = line(text, alias.start());
                out.push(((*dir).clone(), used(place, name.as_str()), line));
            }
        }
        out
    }

    /// `import a.b.C;`, `import static a.b.C.d;`.
    fn of_java(&self, text: &str) -> Vec<Found> {
        let mut out = Vec::new();
        for (at, code) in text.lines().enumerate().take(500) {
            let Some(rest) = code.trim_start().strip_prefix("import ") else {
                continue;
            };
            let rest = rest
                .trim_start_matches("static ")
                .trim_end_matches([';', ' ']);
            let path = rest.replace('.', "/");
            let prefixes = std::iter::successors(Some(path.as_str()), |path| {
                path.rsplit_once('/').map(|(above, _)| above)
            });
            let known = prefixes
                .into_iter()
                .find_map(|class| Some((class, self.java.get(class)?)));
            if let Some((class, dir)) = known {
                let name = class.rsplit('/').next().unwrap_or(class);
                out.push((dir.clone(), used(class, name), at + 1));
            }
        }
        out
    }
}

fn used(place: &str, name: &str) -> UsedName {
    UsedName {
        place: place.to_owned(),
        name: name.to_owned(),
    }
}

/// The identifiers of a path, or of a tree of paths in braces.
fn rust_names(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    end = at;
                    break;
                }
            }
            c if depth == 0 && !(c.is_alphanumeric() || matches!(c, '_' | ':')) => {
                end = at;
                break;
            }
            _ => (),
        }
    }
    let words = text[..end].split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let words = words.filter(|word| is_word(word) && !matches!(*word, "self" | "as" | "prelude"));
    // A method of a type says no more than the type.
    let path = !text[..end].contains('{');
    words.take(if path { 2 } else { 60 }).collect()
}

/// The class that a file of Java or Kotlin holds, as `a/b/C`.
fn java_class(inner: &str) -> Option<&str> {
    let below = inner
        .split_once("/java/")
        .or_else(|| inner.split_once("/kotlin/"));
    let rest = match below {
        Some((place, rest)) if place != "src/test" => rest,
        // Without the layout of Maven.
        _ => inner
            .strip_prefix("src/")
            .filter(|rest| !rest.starts_with("test/"))?,
    };
    rest.strip_suffix(".java")
        .or_else(|| rest.strip_suffix(".kt"))
}

/// Whether a file, relative to its package, is at a place that an import names.
pub fn is_at(file: &str, place: &str) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if file.ends_with(".go") {
        return file.rsplit_once('/').map_or("", |(dir, _)| dir) == place;
    }
    if place.is_empty() {
        return matches!(stem, "src/lib" | "src/index" | "index" | "src/main");
    }
    let same = |stem: &str| stem == place || stem.ends_with(&format!("/{place}"));
    same(stem)
        || ["/__init__", "/index", "/mod"]
            .iter()
            .any(|end| stem.strip_suffix(end).is_some_and(same))
}

/// Languages whose imports are read.
pub fn is_code(file: &str) -> bool {
    let ends = [
        "rs", "py", "go", "java", "kt", "js", "mjs", "cjs", "ts", "mts", "tsx", "jsx", "vue",
        "svelte",
    ];
    file.rsplit_once('.')
        .is_some_and(|(_, end)| ends.contains(&end))
}

/// Whether a file, relative to its package, is code that others can use.
pub fn is_product(file: &str, tool: BuildTool) -> bool {
    let own = match tool {
        BuildTool::Cargo => file.ends_with(".rs"),
        BuildTool::Python => file.ends_with(".py"),
        BuildTool::Go => file.ends_with(".go") && !file.ends_with("_test.go"),
        BuildTool::Maven | BuildTool::Gradle => java_class(file).is_some(),
        BuildTool::Npm => is_code(file) && !file.contains(".test.") && !file.contains(".spec."),
    };
    let aside = [
        "test",
        "tests",
        "testdata",
        "examples",
        "example",
        "benches",
        "internal",
        "__tests__",
        "dist",
    ];
    let inside_test = |part: &str| {
        let aside = aside.contains(&part) || part.starts_with("test_") || part.starts_with("test-");
        aside && !(part == "internal" && tool != BuildTool::Go)
    };
    own && !file.split('/').any(inside_test)
}

/// A statement, as far as it is looked at.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_STATEMENT)]
}

fn is_word(name: &str) -> bool {
    name.len() > 1
        && !name.starts_with('_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '$')
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}
