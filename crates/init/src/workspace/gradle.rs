//! Gradle: the projects that settings.gradle includes; edges by `project(":a:b")` and `projects.a.b`.
//!
//! Both files are programs, in Groovy or Kotlin. What is written out is read; what is computed is not found.

use std::collections::BTreeMap;

use super::path::{join, resolve};
use super::{BuildTool, Package, PackageDependency};
use crate::survey::Survey;

/// Project path (`:a:b`) → folder.
type Projects = BTreeMap<String, String>;

/// The projects of all settings files.
pub fn packages(survey: &Survey) -> Vec<Package> {
    let mut out = Vec::new();
    for file in &survey.files {
        let name = file.rsplit('/').next().unwrap_or(file);
        if matches!(name, "settings.gradle" | "settings.gradle.kts") {
            let dir = file
                .strip_suffix(name)
                .unwrap_or_default()
                .trim_end_matches('/');
            let text = survey.text(file).unwrap_or_default();
            let projects = included(&text, dir);
            for (path, folder) in &projects {
                out.extend(package(survey, path, folder, &projects));
            }
        }
    }
    out
}

fn package(survey: &Survey, path: &str, dir: &str, projects: &Projects) -> Option<Package> {
    let last = path.rsplit(':').next().unwrap_or(path);
    let names = [
        "build.gradle".to_owned(),
        "build.gradle.kts".to_owned(),
        format!("{last}.gradle"),
        format!("{last}.gradle.kts"),
    ];
    let manifest = names
        .iter()
        .map(|name| join(dir, name))
        .find(|file| survey.has(file))?;
    let text = uncommented(&survey.text(&manifest)?);
    Some(Package {
        tool: BuildTool::Gradle,
        name: path.to_owned(),
        dir: dir.to_owned(),
        manifest,
        description: text.lines().find_map(described),
        dependencies: dependencies(&text, projects),
    })
}

/// `description = "…"`, outside of any block.
fn described(line: &str) -> Option<String> {
    let rest = line.strip_prefix("description")?.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    quoted(rest).next().map(str::to_owned)
}

fn dependencies(text: &str, projects: &Projects) -> Vec<PackageDependency> {
    let accessors: BTreeMap<String, &String> = projects
        .iter()
        .map(|(path, dir)| (accessor(path), dir))
        .collect();
    let mut out = Vec::new();
    for line in text.lines() {
        let configuration = line.trim_start();
        let development = configuration.to_lowercase().starts_with("test")
            || configuration.contains("TestImplementation")
            || configuration.starts_with("jmh");
        for part in line
            .split("project(")
            .skip(1)
            .chain(line.split("project (").skip(1))
        {
            let path = quoted(part.split(')').next().unwrap_or(part)).next();
            let path = path.map(|path| format!(":{}", path.trim_start_matches(':')));
            if let Some(dir) = path.and_then(|path| projects.get(&path)) {
                out.push(PackageDependency {
                    dir: dir.clone(),
                    development,
                });
            }
        }
        for part in line.split("projects.").skip(1) {
            let end = |c: char| !(c.is_alphanumeric() || c == '.' || c == '_');
            let word = part.split(end).next().unwrap_or(part);
            let word = word.trim_end_matches(".dependencyProject");
            if let Some(dir) = accessors.get(word) {
                out.push(PackageDependency {
                    dir: (*dir).clone(),
                    development,
                });
            }
        }
    }
    out
}

/// How Kotlin names a project: `:a-b:c_d` is `aB.cD`.
fn accessor(path: &str) -> String {
    let mut out = String::new();
    let mut raise = false;
    for c in path.trim_start_matches(':').chars() {
        match c {
            ':' => out.push('.'),
            '-' | '_' | '.' => raise = true,
            c if raise => {
                out.extend(c.to_uppercase());
                raise = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// What settings include, and where: `include("a", ":b:c")`, `project(":b:c").projectDir = file("x")`.
fn included(text: &str, dir: &str) -> Projects {
    let text = uncommented(text);
    let mut out = Projects::new();
    let mut open = false;
    for line in text.lines() {
        let code = line.trim();
        let call = code
            .strip_prefix("include")
            .filter(|rest| rest.starts_with([' ', '(', '\'', '"']) || rest.is_empty());
        let rest = match call {
            Some(rest) => rest,
            None if open => code,
            None => continue,
        };
        for path in quoted(rest) {
            let path = format!(":{}", path.trim_start_matches(':'));
            let inner = path.trim_start_matches(':').replace(':', "/");
            if let Some(folder) = resolve(dir, &inner) {
                out.insert(path, folder);
            }
        }
        // The list goes on behind a comma, or until the parenthesis is closed.
        let opened = rest.matches('(').count() > rest.matches(')').count();
        let closed = rest.matches(')').count() > rest.matches('(').count();
        open = !closed && (opened || rest.ends_with(',') || open && rest.is_empty());
    }
    for line in text.lines().filter(|line| line.contains("projectDir")) {
        let mut words = quoted(line);
        if let (Some(path), Some(place)) = (words.next(), words.next_back()) {
            let path = format!(":{}", path.trim_start_matches(':'));
            let place = place.trim_start_matches("$rootDir/");
            if let (true, Some(folder)) = (out.contains_key(&path), resolve(dir, place)) {
                out.insert(path, folder);
            }
        }
    }
    out
}

/// The texts in quotes on a line, but those with something computed in them.
fn quoted(line: &str) -> std::vec::IntoIter<&str> {
    let (mut out, mut rest) = (Vec::new(), line);
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = &rest[at..=at];
        let inner = &rest[at + 1..];
        let Some(end) = inner.find(quote) else {
            break;
        };
        if !inner[..end].contains('$') || inner.starts_with("$rootDir/") {
            out.push(&inner[..end]);
        }
        rest = &inner[end + 1..];
    }
    out.into_iter()
}

/// Without comments; a `//` in a text, as in `https://`, is none.
fn uncommented(text: &str) -> String {
    let mut out = String::new();
    let mut block = false;
    for line in text.lines() {
        let mut code = line;
        if block {
            match code.split_once("*/") {
                Some((_, rest)) => code = rest,
                None => continue,
            }
        }
        let from = code.find("/*").unwrap_or(code.len());
        let line_comment = code.find("//").filter(|at| !code[..*at].ends_with(':'));
        let end = from.min(line_comment.unwrap_or(code.len()));
        block = end == from && code[end..].starts_with("/*") && !code[end..].contains("*/");
        out.push_str(&code[..end]);
        out.push('\n');
    }
    out
}
