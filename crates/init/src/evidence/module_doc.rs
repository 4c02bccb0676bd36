//! What the code of a package says of itself: the documentation of its entry.

use poag_knowledge::outline::{SymbolKind, outline};

use super::prose;
use crate::survey::Survey;

/// Files of a package whose definitions are looked at for a documentation that says what it is.
const MAX_FILES: usize = 12;
/// Words that it has more than.
const MIN_WORDS: usize = 4;
/// Languages with such documentation.
const CODE: [&str; 9] = [
    ".rs", ".go", ".py", ".ts", ".tsx", ".js", ".mjs", ".java", ".kt",
];
/// Go files of one folder that are searched for the comment of their package.
const MAX_GO: usize = 40;
/// Entries of a Python package that are looked at.
const MAX_PYTHON: usize = 8;

/// The first sentence of the documentation of a package's entry: its text, file and line.
#[must_use]
pub fn module_doc(survey: &Survey) -> Option<(String, String, usize)> {
    rust(survey)
        .or_else(|| go(survey))
        .or_else(|| python(survey))
}

/// The first sentence of the documentation of a type or function that others can use, in the package's main files: its
/// text, file and line. Says less than what documents the whole.
#[must_use]
pub fn symbol_doc(survey: &Survey) -> Option<(String, String, usize)> {
    let own = |file: &&String| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let test = name.contains("_test.") || name.contains(".test.") || name.starts_with("test_");
        let aside = ["test", "tests", "__tests__", "examples"];
        let aside = file.split('/').any(|part| aside.contains(&part)) || name.ends_with(".pb.go");
        CODE.iter().any(|end| name.ends_with(end)) && !test && !aside
    };
    let mut files: Vec<&String> = survey.files.iter().filter(own).collect();
    files.sort_by_key(|file| {
        let entry = file.contains("index.") || file.contains("main.");
        (file.split('/').count(), !entry, *file)
    });
    files.into_iter().take(MAX_FILES).find_map(|file| {
        let text = survey.text(file)?;
        outline(file, &text).iter().find_map(|symbol| {
            let said = prose::sentence(&prose::unmarked(&symbol.doc))?;
            let used = matches!(symbol.kind, SymbolKind::Type | SymbolKind::Function);
            let own = symbol.public && used && !symbol.test;
            let telling = own && said.split_whitespace().count() > MIN_WORDS;
            telling.then(|| (said, file.clone(), symbol.lines.0 as usize))
        })
    })
}

/// `//!` of `src/lib.rs` or `src/main.rs`.
fn rust(survey: &Survey) -> Option<(String, String, usize)> {
    ["src/lib.rs", "src/main.rs", "lib.rs"]
        .iter()
        .find_map(|file| {
            let text = survey.text(file)?;
            let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
            let begin = lines.iter().position(|line| line.starts_with("//!"))?;
            let doc: Vec<&str> = lines[begin..]
                .iter()
                .map_while(|line| line.strip_prefix("//!"))
                .map(|line| line.strip_prefix(' ').unwrap_or(line))
                .collect();
            let (said, line) = prose::first_sentence(&doc.join("\n"))?;
            Some((said, (*file).to_owned(), begin + line))
        })
}

/// `// Package x …` of doc.go, or of another file of the folder; else of the first command.
fn go(survey: &Survey) -> Option<(String, String, usize)> {
    let own = |file: &&String| {
        let test = file.ends_with("_test.go");
        let place = !file.contains('/') || file.starts_with("cmd/") && file.ends_with("/main.go");
        file.ends_with(".go") && !test && place
    };
    let mut files: Vec<&String> = survey.files.iter().filter(own).take(MAX_GO).collect();
    files.sort_by_key(|file| {
        (
            file.contains('/'),
            *file != "doc.go",
            *file != "main.go",
            *file,
        )
    });
    files.iter().find_map(|file| {
        let text = survey.text(file)?;
        let lines: Vec<&str> = text.lines().collect();
        let package = lines.iter().position(|line| line.starts_with("package "))?;
        let (doc, begin) = go_comment(&lines[..package])?;
        let (said, line) = prose::first_sentence(&doc)?;
        let begins =
            said.starts_with("Package ") || said.starts_with("Command ") || *file == "doc.go";
        begins.then(|| (said, (*file).clone(), begin + line))
    })
}

/// The comment that ends where the package clause begins, and the line before it.
fn go_comment(lines: &[&str]) -> Option<(String, usize)> {
    if lines.last()?.trim_end().ends_with("*/") {
        let begin = lines
            .iter()
            .rposition(|line| line.trim_start().starts_with("/*"))?;
        let text = lines[begin..].join("\n");
        let text = text
            .trim()
            .trim_start_matches("/*")
            .trim_end_matches("*/")
            .to_owned();
        return Some((text, begin));
    }
    let count = lines
        .iter()
        .rev()
        .take_while(|line| line.starts_with("//"))
        .count();
    let begin = lines.len() - count;
    let text = lines[begin..]
        .iter()
        .map(|line| line[2..].trim_start())
        .collect::<Vec<_>>();
    (count > 0).then(|| (text.join("\n"), begin))
}

/// The docstring of `__init__.py`.
fn python(survey: &Survey) -> Option<(String, String, usize)> {
    let entry = |file: &&String| {
        let inner = file.strip_prefix("src/").unwrap_or(file);
        let tests = ["test", "tests", "docs", "examples"]
            .iter()
            .any(|part| inner.starts_with(&format!("{part}/")));
        inner.ends_with("/__init__.py") && !tests
    };
    let mut files: Vec<&String> = survey.files.iter().filter(entry).collect();
    files.sort_by_key(|file| file.split('/').count());
    files.into_iter().take(MAX_PYTHON).find_map(|file| {
        let text = survey.text(file)?;
        let begin = text.lines().position(|line| {
            let line = line.trim_start();
            !line.is_empty() && !line.starts_with('#')
        })?;
        let rest = text.lines().skip(begin).collect::<Vec<_>>().join("\n");
        let rest = rest.trim_start_matches(['r', 'R', 'u', 'U']);
        let quote = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|quote| rest.starts_with(quote))?;
        let doc = rest[quote.len()..].split(quote).next()?;
        let (said, line) = prose::first_sentence(doc)?;
        Some((said, file.clone(), begin + line))
    })
}
