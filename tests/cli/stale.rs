//! What makes an expert stale and what does not. Each verdict is that of `poag check` and of
//! `nix flake check`, which the harness compares.

use std::fs;

use crate::harness::Repository;

fn stale(repository: &Repository, folder: &str) -> String {
    repository
        .verdict(folder)
        .expect("the expert should be stale")
}

#[test]
fn experts_that_learned_and_were_committed_are_fresh() {
    let family = Repository::family();
    assert_eq!(family.verdict("base"), None);
    assert_eq!(family.verdict("app"), None);
}

#[test]
fn an_uncommitted_edit_makes_its_expert_stale_and_names_the_file_and_the_repair() {
    let family = Repository::family();
    family.edit("app/main.py", "World", "Moon");
    assert_eq!(
        stale(&family, "app"),
        "poag: expert 'app' is stale: its flake differs from what it learned (poag.lock)\n  changed file: main.py\nrepair: nix run ./app#poag -- learn\n"
    );
}

#[test]
fn a_committed_edit_makes_its_expert_stale() {
    let family = Repository::family();
    family.edit("app/main.py", "World", "Moon");
    family.commit("edit");
    assert!(stale(&family, "app").contains("changed file: main.py"));
}

#[test]
fn an_added_file_makes_its_expert_stale_once_git_tracks_it() {
    let family = Repository::family();
    family.write("app/extra.py", "x = 1\n");
    assert_eq!(
        family.verdict("app"),
        None,
        "an untracked file is invisible to a flake"
    );
    family.git(&["add", "--intent-to-add", "app/extra.py"]);
    assert!(stale(&family, "app").contains("added file: extra.py"));
}

#[test]
fn a_removed_file_makes_its_expert_stale() {
    let family = Repository::family();
    family.git(&["rm", "-q", "app/notes.md"]);
    assert!(stale(&family, "app").contains("removed file: notes.md"));
}

#[test]
fn a_renamed_file_is_both_added_and_removed() {
    let family = Repository::family();
    family.git(&["mv", "app/notes.md", "app/later.md"]);
    let verdict = stale(&family, "app");
    assert!(
        verdict.contains("added file: later.md") && verdict.contains("removed file: notes.md"),
        "{verdict}"
    );
}

#[test]
fn an_edited_prompt_makes_its_expert_stale() {
    let family = Repository::family();
    family.edit(
        "app/flake.nix",
        "role = \"Owns the program.\";",
        "role = \"Owns the program.\"; prompt = \"Be brief. {{ expert.name }}\";",
    );
    let verdict = stale(&family, "app");
    assert!(verdict.contains("changed declaration: prompt"), "{verdict}");
}

#[test]
fn an_edited_contract_text_makes_the_provider_and_its_consumer_stale() {
    let family = Repository::family();
    family.edit(
        "base/flake.nix",
        "greet(name) -> text",
        "greet(name, polite) -> text",
    );
    assert!(stale(&family, "base").contains("changed declaration: provides.greet"));
    assert!(stale(&family, "app").contains("changed contract: base provides greet"));
}

#[test]
fn an_edited_file_that_a_neighbours_contract_names_makes_the_consumer_stale() {
    let family = Repository::family();
    family.edit("base/src/greet.py", "Says hello", "Says good day");
    assert_eq!(
        stale(&family, "app"),
        "poag: expert 'app' is stale: its flake differs from what it learned (poag.lock)\n  changed contract: base provides greet\nrepair: nix run ./app#poag -- learn\n"
    );
}

#[test]
fn an_edited_private_file_of_a_neighbour_leaves_the_consumer_fresh() {
    let family = Repository::family();
    family.edit("base/src/private.py", "Hello", "Good day");
    assert_eq!(family.verdict("app"), None);
    assert!(stale(&family, "base").contains("changed file: src/private.py"));
}

#[test]
fn an_expert_that_never_learned_says_how_to() {
    let family = Repository::family();
    family.git(&["rm", "-q", "app/poag.lock"]);
    let verdict = stale(&family, "app");
    assert!(
        verdict.contains("no poag.lock") && verdict.contains("nix run ./app#poag -- learn"),
        "{verdict}"
    );
}

#[test]
fn learning_again_makes_a_stale_expert_fresh() {
    let family = Repository::family();
    family.edit("app/main.py", "World", "Moon");
    family.poag("app").arg("learn").assert().success();
    assert_eq!(family.verdict("app"), None);
}

#[test]
fn locks_and_build_output_are_no_knowledge() {
    let family = Repository::family();
    family.write("app/target/debug/out.txt", "built\n");
    family.write("app/node_modules/x/index.js", "built\n");
    family.write("app/Cargo.toml", "");
    family.git(&["add", "-f", "app/node_modules"]);
    assert_eq!(family.verdict("app"), None);
}

#[test]
fn a_root_does_not_own_the_folders_of_its_subflakes() {
    let family = Repository::family();
    family.write(
        "flake.nix",
        &crate::harness::flake("whole", "", "role = \"Owns the whole.\";"),
    );
    family.write("README.md", "# whole\n");
    family.commit("root");
    family.poag("").arg("learn").assert().success();
    family.commit("learn");
    family.edit("app/main.py", "World", "Moon");
    assert_eq!(family.verdict(""), None);
    assert!(
        !family.read("poag.lock").contains("app/"),
        "{}",
        family.read("poag.lock")
    );
}

#[test]
fn branches_that_learned_other_files_merge_line_by_line_and_stay_fresh() {
    let family = Repository::family();
    family.git(&["checkout", "-q", "-b", "other"]);
    family.edit("app/notes.md", "Nothing yet", "Something");
    family.poag("app").arg("learn").assert().success();
    family.commit("notes");
    family.git(&["checkout", "-q", "main"]);
    family.edit("app/main.py", "World", "Moon");
    family.poag("app").arg("learn").assert().success();
    family.commit("program");
    family.git(&["merge", "-q", "other", "-m", "merge"]);
    assert_eq!(family.verdict("app"), None);
}

#[test]
fn a_lock_with_conflict_markers_says_how_to_repair_it() {
    let family = Repository::family();
    let lock = family.read("app/poag.lock");
    family.write(
        "app/poag.lock",
        &format!("{lock}\n<<<<<<< HEAD\n=======\n>>>>>>> other\n"),
    );
    let verdict = stale(&family, "app");
    assert!(
        verdict.trim_end().ends_with("nix run ./app#poag -- learn"),
        "{verdict}"
    );
}

#[test]
fn a_symbolic_link_that_points_elsewhere_makes_its_expert_stale() {
    let family = Repository::family();
    let link = family.root.join("app/link");
    std::os::unix::fs::symlink("main.py", &link).unwrap();
    family.git(&["add", "app/link"]);
    family.poag("app").arg("learn").assert().success();
    assert_eq!(family.verdict("app"), None);
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("notes.md", &link).unwrap();
    assert!(stale(&family, "app").contains("changed file: link"));
}
