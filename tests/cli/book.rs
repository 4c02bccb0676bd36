//! The book in `docs/`: every page is listed, every link leads to something, and each how-to is tried as it stands.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{Repository, flake, poag_url, text};
use crate::pages::{COPY, block, blocks, fresh_clone, succeeds, typed};

/// Every page.
pub fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src");
    let mut found = Vec::new();
    let mut waiting = vec![root];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 10, "where is the book? {found:?}");
    found
}

/// Targets of the links of a page, outside of code.
fn links(text: &str) -> Vec<String> {
    let mut code = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        for part in line.split("](").skip(1) {
            found.push(part.split(')').next().unwrap().to_owned());
        }
    }
    found
}

/// The anchors that mdBook gives the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings
        .map(|heading| {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = heading
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn every_link_of_the_book_leads_to_a_page_that_is_there() {
    let mut dead = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text) {
            if link.starts_with("https://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().unwrap().join(path),
            };
            let there = fs::read_to_string(&target);
            let fits = |text: String| anchor.is_empty() || anchors(&text).contains(anchor);
            if !there.is_ok_and(fits) {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn every_page_is_in_the_table_of_contents_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src");
    let summary = fs::read_to_string(root.join("SUMMARY.md")).unwrap();
    let mut listed: Vec<PathBuf> = links(&summary).iter().map(|link| root.join(link)).collect();
    listed.push(root.join("SUMMARY.md"));
    listed.sort();
    assert_eq!(listed, pages());
}

#[test]
fn every_file_of_the_repository_that_the_book_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for code in text.split('`').skip(1).step_by(2) {
            let ours = [
                "schema/",
                "templates/",
                "lib/",
                "checks/",
                "hello-subflakes/",
            ];
            if ours.iter().any(|folder| code.starts_with(folder))
                && !code.contains(char::is_whitespace)
            {
                assert!(root.join(code).exists(), "{} names {code}", page.display());
            }
        }
    }
}

#[test]
fn several_flakes_in_one_repository_are_declared_line_by_line() {
    const PAGE: &str = "docs/src/how-to/one-repository.md";
    let repository = Repository::new();
    for file in ["core/flake.nix", "app/flake.nix", "flake.nix"] {
        repository.write(file, &block(PAGE, &format!("family {file}")));
    }
    repository.write(
        "core/greet.py",
        "def greet(name):\n    \"\"\"Greets a person.\"\"\"\n    return 'Hello ' + name\n",
    );
    repository.write("core/private.py", "secret = 1\n");
    repository.write(
        "app/main.py",
        "from greet import greet\n\nprint(greet('World'))\n",
    );
    let beside = repository.root.parent().unwrap();
    let lines = blocks(PAGE, "family");
    let (out, _) = succeeds(&repository.root, beside, &lines[0].1);
    for name in ["core", "app", "greeter"] {
        assert!(out.contains(&format!("{name} learned")), "{out}");
        assert!(out.contains(&format!("{name} is fresh")), "{out}");
    }
    assert!(out.contains("./greet.py"), "{out}");
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    let (out, err) = succeeds(&repository.root, beside, &lines[1].1);
    assert!((out + &err).contains("input"), "what is said of inputs");
    // The root's check fails for a stale subflake, in the next clone too.
    repository.edit("core/private.py", "1", "2");
    let check = typed(&repository.root, beside, "nix flake check");
    assert!(
        text(&check.stderr).contains("expert 'core' is stale"),
        "{}",
        text(&check.stderr)
    );
}

#[test]
fn experts_are_kept_fresh_as_the_page_says() {
    const PAGE: &str = "docs/src/how-to/keep-fresh.md";
    let outside = Repository::new();
    let (clone, playground) = fresh_clone(&outside);
    let beside = outside.root.parent().unwrap();
    let (out, _) = succeeds(&playground, beside, &block(PAGE, "fresh"));
    assert!(out.contains("hello-rs is fresh"), "{out}");
    let file = playground.join("hello-rs/src/lib.rs");
    let code = fs::read_to_string(&file).unwrap();
    fs::write(&file, code + "// more\n").unwrap();
    let check = typed(&playground, beside, "nix run .#poag -- check hello-rs");
    assert_eq!(check.status.code(), Some(3));
    assert_eq!(text(&check.stdout), block(PAGE, "stale"));
    // The repair that it names works where it says.
    let repair = block(PAGE, "stale");
    let repair = repair
        .lines()
        .find_map(|line| line.strip_prefix("repair: "))
        .unwrap();
    succeeds(&clone, beside, repair);
    succeeds(&playground, beside, "nix run .#poag -- check hello-rs");
}

#[test]
fn plans_are_handed_on_as_the_pages_say() {
    let outside = Repository::new();
    let (_, playground) = fresh_clone(&outside);
    let beside = outside.root.parent().unwrap();
    succeeds(
        &playground,
        beside,
        &block("docs/src/how-to/carry-out.md", "carry-out"),
    );
    let plan = fs::read(playground.join("plan.json")).unwrap();
    let plan: Value = serde_json::from_slice(&plan).unwrap();
    for told in ["likelihood", "perhaps", "decisions"] {
        assert!(
            plan["council"][told].is_object() || plan["council"][told].is_array(),
            "{told}"
        );
    }
    succeeds(
        &playground,
        beside,
        &block("docs/src/how-to/coding-agent.md", "paste"),
    );
    let pasted = fs::read_to_string(playground.join("plan.md")).unwrap();
    assert!(
        pasted.starts_with("# Make the greeting polite on request"),
        "{pasted}"
    );
}

#[test]
fn flakes_of_other_repositories_are_neighbours_as_the_page_says() {
    const PAGE: &str = "docs/src/how-to/several-repositories.md";
    let written = blocks(PAGE, "neighbours");
    let parser = Repository::new();
    let grammar = "provides.grammar = { summary = \"the syntax tree\"; files = [ \"grammar.py\" ]; }; role = \"Owns the parser.\";";
    parser.write("flake.nix", &flake("parser", "", grammar));
    parser.write(
        "grammar.py",
        "def parse(text):\n    \"\"\"The syntax tree of a text.\"\"\"\n",
    );
    parser.commit("begin");
    for (_, neighbours) in written {
        let repository = Repository::new();
        let text_of_flake = format!(
            "{{\n  inputs.poag.url = \"{COPY}\";\n  inputs.parser.url = \"git+file://{}\";\n  inputs.parser.inputs.poag.follows = \"poag\";\n  outputs = inputs@{{ poag, ... }}: poag.lib.mkPoagFlake {{\n    name = \"formatter\";\n    src = ./.;\n    role = \"Owns the formatter.\";\n    {neighbours}\n  }};\n}}\n",
            parser.root.display()
        );
        repository.write("flake.nix", &text_of_flake.replace(COPY, &poag_url()));
        repository.write("format.py", "from grammar import parse\n");
        repository.commit("begin");
        let output = repository.poag("").args(["graph"]).output().unwrap();
        let graph = text(&output.stdout);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(
            graph.contains("parser") && graph.contains("formatter"),
            "{graph}"
        );
    }
}
