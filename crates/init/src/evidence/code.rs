//! Libraries in the languages that have an outline, headers, and schemas: what others can call.

use crate::declaration::{DraftContract, MAX_FILES};
use crate::survey::Survey;
use poag_knowledge::outline::{SymbolKind, outline};

/// Names of definitions in a summary.
const NAMES: usize = 6;

/// One contract found in the code: its name, itself, and what it rests on (file, line, text).
pub type FoundContract = (String, DraftContract, (String, usize, String));

/// All of them.
pub fn found(survey: &Survey) -> Vec<FoundContract> {
    let mut out = Vec::new();
    out.extend(rust(survey));
    out.extend(python(survey));
    out.extend(javascript(survey));
    out.extend(headers(survey));
    out.extend(schemas(survey));
    out
}

/// The public definitions of one file: as a summary, and the line of the first.
fn definitions(survey: &Survey, file: &str) -> Option<(String, usize, usize)> {
    let text = survey.text(file)?;
    let kinds = [SymbolKind::Function, SymbolKind::Type, SymbolKind::Module];
    let mut symbols = outline(file, &text);
    symbols.retain(|one| {
        one.public && !one.test && kinds.contains(&one.kind) && !one.name.starts_with('_')
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

fn library(
    survey: &Survey,
    contract: &str,
    what: &str,
    files: Vec<String>,
) -> Option<FoundContract> {
    let first = files.first()?.clone();
    let (summary, place) = match definitions(survey, &first) {
        Some((names, count, line)) => (
            format!("{what}: {names}"),
            (
                first,
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

/// `src/lib.rs`, of the package or of the members of a workspace.
fn rust(survey: &Survey) -> Option<FoundContract> {
    if survey.has("Cargo.toml") && survey.has("src/lib.rs") {
        return library(
            survey,
            "library",
            "the Rust library",
            vec!["src/lib.rs".into()],
        );
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

/// The packages beside pyproject.toml or below `src`.
fn python(survey: &Survey) -> Option<FoundContract> {
    if !survey.has("pyproject.toml") && !survey.has("setup.py") {
        return None;
    }
    let top = |file: &&String| {
        let inner = file.strip_prefix("src/").unwrap_or(file);
        let folder = inner.strip_suffix("/__init__.py");
        folder.is_some_and(|folder| {
            !folder.contains('/') && !matches!(folder, "tests" | "test" | "docs")
        })
    };
    let files: Vec<String> = survey
        .files
        .iter()
        .filter(top)
        .take(MAX_FILES)
        .cloned()
        .collect();
    library(survey, "python-package", "the Python package", files)
}

/// What package.json names as its entry.
fn javascript(survey: &Survey) -> Option<FoundContract> {
    let json: serde_json::Value = serde_json::from_str(&survey.text("package.json")?).ok()?;
    let mut named = Vec::new();
    strings(
        json.get("exports").or_else(|| json.get("main"))?,
        &mut named,
        0,
    );
    let mut files: Vec<String> = Vec::new();
    for file in named {
        let file = file.trim_start_matches("./").to_owned();
        if survey.has(&file) && !files.contains(&file) && files.len() < MAX_FILES {
            files.push(file);
        }
    }
    library(survey, "javascript-module", "the JavaScript module", files)
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

/// Headers below a folder `include`, of the project or of a part of it.
fn headers(survey: &Survey) -> Option<FoundContract> {
    let folder = |file: &str| {
        let header = [".h", ".hpp", ".hh", ".hxx"]
            .iter()
            .any(|end| file.ends_with(end));
        let at = format!("/{file}")
            .find("/include/")
            .filter(|_| header && !sample(file))?;
        Some(file[..at + "include".len()].to_owned())
    };
    let mut all: Vec<&String> = survey
        .files
        .iter()
        .filter(|file| folder(file).is_some())
        .collect();
    all.sort_by_key(|file| file.split('/').count());
    let first = (*all.first()?).clone();
    let mut files: Vec<String> = all.iter().filter_map(|file| folder(file)).collect();
    files.sort();
    files.dedup();
    let place = files.join(", ");
    if all.len() == 1 {
        files = vec![first.clone()];
    }
    let summary = format!("the C headers in {place}: {}", listed(&all));
    let says = format!(
        "is one of {} header{}",
        all.len(),
        if all.len() == 1 { "" } else { "s" }
    );
    Some((
        "headers".into(),
        DraftContract { summary, files },
        (first, 0, says),
    ))
}

/// Whether a file is there for tests or comes from elsewhere.
fn sample(file: &str) -> bool {
    let parts = [
        "test",
        "tests",
        "testdata",
        "fixtures",
        "vendor",
        "third_party",
    ];
    file.split('/').any(|part| parts.contains(&part))
}

/// Schemas that others read by name.
fn schemas(survey: &Survey) -> Option<FoundContract> {
    let is_schema = |file: &&String| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let api = ["openapi.yaml", "openapi.yml", "openapi.json"].contains(&name);
        !sample(file)
            && (api
                || name.ends_with(".proto")
                || name.ends_with(".schema.json")
                || name.ends_with(".graphql"))
    };
    let all: Vec<&String> = survey.files.iter().filter(is_schema).collect();
    let first = (*all.first()?).clone();
    let files = all
        .iter()
        .take(MAX_FILES)
        .map(|file| (*file).clone())
        .collect();
    let summary = format!("the schemas {}", listed(&all));
    let says = format!(
        "is one of {} schema{}",
        all.len(),
        if all.len() == 1 { "" } else { "s" }
    );
    Some((
        "schemas".into(),
        DraftContract { summary, files },
        (first, 0, says),
    ))
}

fn listed(files: &[&String]) -> String {
    let names: Vec<&str> = files
        .iter()
        .take(NAMES)
        .map(|file| file.rsplit('/').next().unwrap_or(file))
        .collect();
    let more = if files.len() > NAMES { ", …" } else { "" };
    format!("{}{more}", names.join(", "))
}
