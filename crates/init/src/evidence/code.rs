//! Libraries in the languages that have an outline, headers, and schemas: what others can call.

use super::interfaces::{self, sample};
use crate::declaration::{DraftContract, MAX_FILES};
use crate::survey::Survey;
use crate::usage::UsedFile;
use poag_knowledge::outline::{SymbolKind, outline};

/// Names of definitions in a summary.
const NAMES: usize = 6;

/// A file is named where it holds at least this part of what the most used one does.
const LEAST_PART: usize = 20;
/// Suffixes of what a module of JavaScript is built from.
const SOURCES: [&str; 6] = ["ts", "tsx", "mts", "js", "mjs", "jsx"];
/// Files whose public definitions are counted.
const MAX_COUNTED: usize = 300;

/// One contract found in the code: its name, itself, and what it rests on (file, line, text).
pub type FoundContract = (String, DraftContract, (String, usize, String));

/// All of them; `used` are the files that hold what other packages of the repository use.
pub fn found(survey: &Survey, used: &[UsedFile]) -> Vec<FoundContract> {
    let mut out = Vec::new();
    let of = |ends: &[&str]| -> Vec<UsedFile> {
        let written = |one: &&UsedFile| ends.iter().any(|end| one.file.ends_with(end));
        used.iter().filter(written).cloned().collect()
    };
    out.extend(rust(survey, &of(&[".rs"])));
    out.extend(python(survey, &of(&[".py"])));
    out.extend(javascript(
        survey,
        &of(&["js", "ts", "sx", ".vue", ".svelte"]),
    ));
    out.extend(go(survey, &of(&[".go"])));
    out.extend(java(survey, &of(&[".java", ".kt"])));
    out.extend(interfaces::headers(survey));
    out.extend(interfaces::schemas(survey));
    out
}

/// The public definitions of one file: as a summary, and the line of the first.
fn definitions(survey: &Survey, file: &str) -> Option<(String, usize, usize)> {
    let text = survey.text(file)?;
    let kinds = [SymbolKind::Function, SymbolKind::Type, SymbolKind::Module];
    let mut symbols = outline(file, &text);
    // A class stands for its methods.
    let class = file.ends_with(".java") || file.ends_with(".kt");
    symbols.retain(|one| {
        let kind = kinds.contains(&one.kind) && (!class || one.kind == SymbolKind::Type);
        one.public && !one.test && kind && !one.name.starts_with('_')
    });
    let first = symbols.first()?.lines.0;
    let mut names: Vec<String> = Vec::new();
    for symbol in &symbols {
        if !names.contains(&symbol.name) {
            names.push(symbol.name.clone());
        }
    }
    let more = if names.len() > NAMES { ", …" } else { "" };
    let count = names.len();
    names.truncate(NAMES);
    Some((format!("{}{more}", names.join(", ")), count, first as usize))
}

/// A library by its entries, and the files that hold what others use most.
fn library(
    survey: &Survey,
    (contract, what): (&str, &str),
    entries: Vec<String>,
    used: &[UsedFile],
) -> Option<FoundContract> {
    let mut files = entries;
    let least = used.first().map_or(0, |most| most.count / LEAST_PART);
    let more = used
        .iter()
        .filter(|one| one.count > least)
        .map(|one| &one.file);
    for file in more {
        if files.len() < MAX_FILES && !files.contains(file) {
            files.push(file.clone());
        }
    }
    let first = files.first()?.clone();
    let names = most_used(used);
    if let Some(most) = used.first().filter(|_| !names.is_empty()) {
        let summary = format!("{what}: {names}");
        let place = (
            most.file.clone(),
            0,
            "holds what other packages use most".to_owned(),
        );
        return Some((contract.to_owned(), DraftContract { summary, files }, place));
    }
    let defined = files
        .iter()
        .find_map(|file| Some((file, definitions(survey, file)?)));
    let (summary, place) = match defined {
        Some((file, (names, count, line))) => (
            format!("{what}: {names}"),
            (
                file.clone(),
                line,
                format!(
                    "has {count} public definition{}",
                    if count == 1 { "" } else { "s" }
                ),
            ),
        ),
        None => (what.to_owned(), (first, 0, "is its entry".into())),
    };
    Some((contract.to_owned(), DraftContract { summary, files }, place))
}

/// The names that other packages use most, of all files.
fn most_used(used: &[UsedFile]) -> String {
    let mut names: Vec<&(String, usize)> = used.iter().flat_map(|file| &file.names).collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut shown: Vec<&str> = Vec::new();
    for (name, _) in names {
        if !shown.contains(&name.as_str()) {
            shown.push(name);
        }
    }
    let more = if shown.len() > NAMES { ", …" } else { "" };
    shown.truncate(NAMES);
    format!("{}{more}", shown.join(", "))
}

/// `src/lib.rs`, of the package or of the members of a workspace.
fn rust(survey: &Survey, used: &[UsedFile]) -> Option<FoundContract> {
    if survey.has("Cargo.toml") && survey.has("src/lib.rs") {
        let entry = vec!["src/lib.rs".into()];
        return library(survey, ("library", "the Rust library"), entry, used);
    }
    if !survey.has("Cargo.toml") {
        return None;
    }
    let members: Vec<&str> = survey
        .files
        .iter()
        .filter_map(|file| file.strip_suffix("/src/lib.rs"))
        .filter(|member| survey.has(&format!("{member}/Cargo.toml")))
        .collect();
    let files: Vec<String> = members
        .iter()
        .take(MAX_FILES)
        .map(|member| format!("{member}/src/lib.rs"))
        .collect();
    let first = files.first()?.clone();
    let named: Vec<&str> = members
        .iter()
        .take(MAX_FILES)
        .map(|member| member.rsplit('/').next().unwrap_or(member))
        .collect();
    let more = if members.len() > MAX_FILES {
        ", …"
    } else {
        ""
    };
    let summary = format!("the Rust crates {}{more}", named.join(", "));
    let says = format!("is one of {} libraries of the workspace", members.len());
    Some((
        "library".into(),
        DraftContract { summary, files },
        (first, 0, says),
    ))
}

/// The packages beside pyproject.toml or below `src`; those of a namespace lie deeper.
fn python(survey: &Survey, used: &[UsedFile]) -> Option<FoundContract> {
    let manifests = ["pyproject.toml", "setup.py", "setup.cfg"];
    if !manifests.iter().any(|file| survey.has(file)) {
        return None;
    }
    let depth = |file: &String| {
        let inner = file.strip_prefix("src/").unwrap_or(file);
        let folder = inner.strip_suffix("/__init__.py")?;
        let aside = ["tests", "test", "docs", "examples"];
        let own = !folder.split('/').any(|part| aside.contains(&part));
        own.then(|| folder.split('/').count())
    };
    let top = survey.files.iter().filter_map(depth).min()?;
    let files = survey.files.iter().filter(|file| depth(file) == Some(top));
    let mut files: Vec<String> = files.take(MAX_FILES / 2).cloned().collect();
    if used.is_empty() && !files.iter().any(|file| definitions(survey, file).is_some()) {
        files.extend(largest(survey, |file| {
            let own = !sample(file)
                && !file
                    .rsplit('/')
                    .next()
                    .unwrap_or(file)
                    .starts_with(['_', 't']);
            file.ends_with(".py") && file.contains('/') && own
        }));
    }
    library(
        survey,
        ("python-package", "the Python package"),
        files,
        used,
    )
}

/// What package.json names as its entry, or the source that it is built from.
fn javascript(survey: &Survey, used: &[UsedFile]) -> Option<FoundContract> {
    let json: serde_json::Value = serde_json::from_str(&survey.text("package.json")?).ok()?;
    let mut named = Vec::new();
    for field in ["exports", "main", "module", "types"] {
        json.get(field)
            .into_iter()
            .for_each(|value| strings(value, &mut named, 0));
    }
    let mut files: Vec<String> = Vec::new();
    for file in named {
        let source = source(survey, file.trim_start_matches("./"));
        if let Some(file) =
            source.filter(|file| !files.contains(file) && files.len() < MAX_FILES / 2)
        {
            files.push(file);
        }
    }
    if files.is_empty() && json.get("name").is_some() {
        files.extend(source(survey, "index.js"));
    }
    library(
        survey,
        ("javascript-module", "the JavaScript module"),
        files,
        used,
    )
}

/// A file that package.json names, or what it is made of: `dist/a.js` of `src/a.ts`.
fn source(survey: &Survey, named: &str) -> Option<String> {
    let code = |file: &str| {
        [".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".jsx"]
            .iter()
            .any(|end| file.ends_with(end))
    };
    if survey.has(named) {
        return code(named).then(|| named.to_owned());
    }
    let name = named.rsplit('/').next()?.split('.').next()?;
    for name in [name, "index"] {
        for folder in ["src/", "", "lib/"] {
            let mut files = SOURCES.iter().map(|end| format!("{folder}{name}.{end}"));
            if let Some(file) = files.find(|file| survey.has(file)) {
                return Some(file);
            }
        }
    }
    None
}

/// The exported packages of a Go module.
fn go(survey: &Survey, used: &[UsedFile]) -> Option<FoundContract> {
    if !survey.has("go.mod") {
        return None;
    }
    let doc = survey.has("doc.go").then(|| "doc.go".to_owned());
    let files = match used.is_empty() {
        true => largest(survey, |file| {
            let test = file.ends_with("_test.go") || file.starts_with("internal/");
            file.ends_with(".go") && !test && !file.contains('/') && file != "main.go"
        }),
        false => doc.into_iter().collect(),
    };
    library(survey, ("go-package", "the Go package"), files, used)
}

/// The public classes of a module.
fn java(survey: &Survey, used: &[UsedFile]) -> Option<FoundContract> {
    let manifests = ["pom.xml", "build.gradle", "build.gradle.kts"];
    let own = |file: &str| {
        let code = file.ends_with(".java") || file.ends_with(".kt");
        code && file.contains("src/")
            && !sample(file)
            && !file.contains("/internal/")
            && !file.ends_with("-info.java")
    };
    let known = manifests.iter().any(|file| survey.has(file)) || !used.is_empty();
    let files = match used.is_empty() && known {
        true => largest(survey, own),
        false => Vec::new(),
    };
    library(survey, ("java-api", "the public classes"), files, used)
}

/// The files with most public definitions, where nothing tells what others use.
fn largest(survey: &Survey, own: impl Fn(&str) -> bool) -> Vec<String> {
    let files = survey
        .files
        .iter()
        .filter(|file| own(file))
        .take(MAX_COUNTED);
    let mut counted: Vec<(usize, &String)> = files
        .filter_map(|file| Some((definitions(survey, file)?.1, file)))
        .collect();
    counted.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let most = counted.into_iter().take(MAX_FILES / 2);
    most.map(|(_, file)| file.clone()).collect()
}

fn strings(json: &serde_json::Value, out: &mut Vec<String>, depth: usize) {
    match json {
        serde_json::Value::String(text) => out.push(text.clone()),
        serde_json::Value::Object(fields) if depth < 4 => {
            fields
                .values()
                .for_each(|value| strings(value, out, depth + 1));
        }
        _ => (),
    }
}
