//! Headers and schemas: what others read by name, whatever the language of the code.

use super::code::FoundContract;
use crate::declaration::{DraftContract, MAX_FILES};
use crate::survey::Survey;

/// Files that are listed in a summary.
const NAMES: usize = 6;

/// Headers below a folder `include`, of the project or of a part of it.
pub fn headers(survey: &Survey) -> Option<FoundContract> {
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
pub fn sample(file: &str) -> bool {
    let parts = [
        "benchmarks",
        "test",
        "tests",
        "testdata",
        "fixtures",
        "vendor",
        "third_party",
        "example",
        "examples",
        "samples",
        "docs",
    ];
    file.split('/').any(|part| parts.contains(&part))
}

/// Schemas that others read by name.
pub fn schemas(survey: &Survey) -> Option<FoundContract> {
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
