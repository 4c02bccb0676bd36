//! The page about attacks on the server names a test for each of them, or says that there is none.

use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

const PAGE: &str = "docs/src/reference/attacks.md";

/// The rows of all tables: (what is tried, what shows what happens).
fn rows(page: &str) -> Vec<(&str, &str)> {
    let lines = page.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = lines.map(|line| {
        let cells: Vec<&str> = line.trim_end_matches('|').split(" | ").collect();
        let [tried, _, shown] = cells[..] else {
            panic!("not three cells: {line}");
        };
        (tried, shown.trim())
    });
    cells.filter(|(tried, _)| *tried != "tried").collect()
}

/// The folder that the modules of a test binary lie in, as nextest calls it: `poag-serve` a library, `poag::cli` a test.
fn folder(binary: &str) -> PathBuf {
    match binary.split_once("::") {
        Some(("poag", test)) => root().join("tests").join(test),
        Some((package, _)) => panic!("tests of {package} are looked for in no folder yet"),
        None if binary == "poag" => root().join("src"),
        None => {
            let name = binary.strip_prefix("poag-").unwrap_or(binary);
            root().join("crates").join(name).join("src")
        }
    }
}

/// A module: its file, or what follows its beginning in the file of a module around it; and how far its functions are indented.
fn module(folder: &Path, names: &[&str]) -> Option<(String, usize)> {
    let place = names
        .iter()
        .fold(folder.to_owned(), |at, name| at.join(name));
    let files = match names {
        [] => [folder.join("lib.rs"), folder.join("main.rs")],
        _ => [place.with_extension("rs"), place.join("mod.rs")],
    };
    if let Some(text) = files.iter().find_map(|file| fs::read_to_string(file).ok()) {
        return Some((text, 0));
    }
    let (last, around) = names.split_last()?;
    let (text, indent) = module(folder, around)?;
    let (_, text) = text.split_once(&format!("mod {last} {{\n"))?;
    Some((text.to_owned(), indent + 4))
}

/// Whether a module itself has a test of that name that always runs.
fn has_test((text, indent): &(String, usize), name: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let indent = " ".repeat(*indent);
    let marks = ["#[test]", "#[tokio::test]"].map(|mark| format!("{indent}{mark}"));
    let begins = ["fn", "async fn"].map(|begin| format!("{indent}{begin} {name}("));
    lines.windows(2).any(|pair| {
        marks.iter().any(|mark| mark == pair[0])
            && begins.iter().any(|begin| pair[1].starts_with(begin))
    })
}

/// Whether there is such a test: `poag-serve tests::mcp::NAME`, or a file of checks, with a name that stands in it as a text.
fn is_there(named: &str) -> bool {
    let (place, name) = named.split_once(' ').unwrap_or((named, ""));
    if place.starts_with("checks/") {
        let text = fs::read_to_string(root().join(place));
        return text.is_ok_and(|text| name.is_empty() || text.contains(&format!("\"{name}\"")));
    }
    let mut names: Vec<&str> = name.split("::").collect();
    let test = names.pop().unwrap_or_default();
    module(&folder(place), &names).is_some_and(|module| has_test(&module, test))
}

#[test]
fn each_attack_of_the_page_names_tests_that_are_there_or_says_that_none_is() {
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let rows = rows(&page);
    assert!(rows.len() > 60, "where are the attacks? {}", rows.len());
    let mut wrong = Vec::new();
    for (tried, shown) in rows {
        let named: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        if named.is_empty() && !shown.starts_with("no test") {
            wrong.push(format!("{tried}: names no test, and does not say so"));
        }
        let lost = named.iter().filter(|named| !is_there(named));
        wrong.extend(lost.map(|named| format!("{tried}: there is no test '{named}'")));
    }
    assert!(
        wrong.is_empty(),
        "{wrong:#?}\nrepair: name in {PAGE} the test that shows it, as nextest prints it, or write 'no test'"
    );
}
