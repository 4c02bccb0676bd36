//! Exports: written, compared by poag and by nix, and never over what a person wrote.

use std::fs;

use predicates::prelude::*;

use crate::harness::{Repository, text};
use crate::share::{family, nix};

const FILES: [&str; 2] = ["app/AGENTS.md", "app/.agents/skills/app/SKILL.md"];

fn check(repository: &Repository) -> Result<String, String> {
    let output = repository
        .poag("app")
        .args(["export", "--check", "--quiet"])
        .output()
        .unwrap();
    let said = text(&output.stdout);
    match output.status.code() {
        Some(0) => Ok(said),
        Some(3) => Err(said),
        other => panic!("{other:?}: {}", text(&output.stderr)),
    }
}

#[test]
fn declared_exports_are_written_and_settle_at_once() {
    let family = family();
    let missing = check(&family).unwrap_err();
    assert!(missing.contains("AGENTS.md is not there"), "{missing}");
    assert!(
        missing.ends_with("repair: nix run ./app#poag -- export\n"),
        "{missing}"
    );
    family
        .poag("app")
        .args(["learn", "--no-prime"])
        .assert()
        .success();
    family.poag("app").arg("export").assert().success();
    let texts = FILES.map(|file| family.read(file));
    assert!(
        texts[1].starts_with("---\nname: app\ndescription: \""),
        "{}",
        texts[1]
    );
    // Neither was it made stale, nor are they ever made of each other.
    assert_eq!(
        family.git(&["status", "--short", "app/AGENTS.md"]),
        " A app/AGENTS.md\n"
    );
    family.poag("app").args(["check"]).assert().success();
    check(&family).unwrap();
    family
        .poag("app")
        .args(["learn", "--no-prime"])
        .assert()
        .success();
    family.poag("app").arg("export").assert().success();
    assert_eq!(FILES.map(|file| family.read(file)), texts);
    family.poag("app").args(["check"]).assert().success();
}

#[test]
fn an_export_that_nobody_declared_settles_too() {
    let family = family();
    let export = || {
        let mut poag = family.poag("base");
        poag.args(["export", "llms-txt", "--output", "llms.txt"]);
        poag.assert().success();
        family.git(&["add", "-A"]);
        family
            .poag("base")
            .args(["learn", "--no-prime"])
            .assert()
            .success();
        family.read("base/llms.txt")
    };
    let first = export();
    assert_eq!(export(), first);
    family.poag("base").arg("check").assert().success();
    let same = ["export", "llms-txt", "--check", "--output", "llms.txt"];
    family.poag("base").args(same).assert().success();
}

#[test]
fn a_check_of_the_flake_fails_with_the_difference_and_the_repair_at_its_end() {
    let family = family();
    family.poag("app").arg("export").assert().success();
    let build = [
        "build",
        "--no-link",
        "-L",
        ".#checks.x86_64-linux.poag-app-exports",
    ];
    let build = build.map(|word| word.replace("x86_64", std::env::consts::ARCH));
    let build: Vec<&str> = build.iter().map(String::as_str).collect();
    nix(&family, "app", &build);
    // Lines that move change nothing.
    family.edit("app/main.py", "\n\n\ndef main", "\n\n\n\n\ndef main");
    check(&family).unwrap();
    nix(&family, "app", &build);

    family.edit("app/main.py", "def main()", "def main(count)");
    let verdict = check(&family).unwrap_err();
    assert!(
        verdict.contains("AGENTS.md is not what the expert app knows:"),
        "{verdict}"
    );
    assert!(
        verdict.contains("  -   def main()") && verdict.contains("  +   def main(count)"),
        "{verdict}"
    );
    assert!(
        verdict.ends_with("\nrepair: nix run ./app#poag -- export\n"),
        "{verdict}"
    );
    let failed = family.nix("app", &build);
    assert!(!failed.status.success());
    let said = text(&failed.stderr);
    let log: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("poag-app-exports> "))
        .collect();
    assert_eq!(log.join("\n").trim(), verdict.trim(), "{said}");

    family.poag("app").arg("export").assert().success();
    check(&family).unwrap();
    nix(&family, "app", &build);
}

#[test]
fn what_a_person_wrote_is_left_alone_unless_forced() {
    let family = family();
    let file = family.root.join(FILES[0]);
    fs::write(&file, "# By hand\n").unwrap();
    let refused = family.poag("app").arg("export").assert().code(2);
    refused.stderr(
        predicate::str::contains("AGENTS.md was written by hand")
            .and(predicate::str::contains("-- export --force")),
    );
    assert_eq!(family.read(FILES[0]), "# By hand\n");
    family
        .poag("app")
        .args(["export", "--force"])
        .assert()
        .success();
    let written = family.read(FILES[0]);
    fs::write(
        &file,
        written.replace("Owns the program.", "Owns everything."),
    )
    .unwrap();
    let verdict = check(&family).unwrap_err();
    assert!(
        verdict.contains("AGENTS.md was edited by hand"),
        "{verdict}"
    );
    assert!(verdict.ends_with("-- export --force\n"), "{verdict}");
    family.poag("app").arg("export").assert().code(2);
}

#[test]
fn one_form_is_printed_where_no_file_is_named() {
    let family = family();
    for (form, begin) in [
        (
            "agents-md",
            "<!-- Made by \"poag export agents-md\" from the expert base, state ",
        ),
        ("skill", "---\nname: base\n"),
        ("llms-txt", "# base\n\n> Owns the greeting.\n"),
    ] {
        let output = family
            .poag("app")
            .args(["export", form, "base"])
            .output()
            .unwrap();
        let printed = text(&output.stdout);
        assert!(printed.starts_with(begin), "{printed}");
        let again = family.poag("base").args(["export", form]).output().unwrap();
        assert_eq!(text(&again.stdout), printed, "{form}");
    }
}

#[test]
fn a_skill_that_is_not_in_a_folder_of_its_name_is_refused() {
    let family = family();
    let mut poag = family.poag("app");
    poag.args(["export", "skill", "--output", "Skill_1/SKILL.md"]);
    let refused = poag.assert().code(2);
    refused.stderr(predicate::str::contains(
        "repair: write it to, for instance, .agents/skills/",
    ));
}
