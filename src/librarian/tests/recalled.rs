//! Rankers kept on disk: what was kept changes nothing but the time.

use std::path::Path;

use tempfile::TempDir;

use super::world::{World, write};
use crate::history::tests::repository::git;
use crate::librarian::recall::Recall;

const REQUESTS: [&str; 3] = [
    "leap seconds are wrong",
    "`parse_date` refuses a calendar day",
    "the clock stands still",
];

fn world() -> World {
    let files = [
        (
            "src/date.rs",
            "/// Reads a calendar day.\npub fn parse_date(text: &str) {}\n",
        ),
        ("src/clock.rs", "pub fn now() {}\n"),
        (
            "docs/dates.md",
            "# Dates\n\nA calendar day has no leap seconds.\n",
        ),
    ];
    World::new().expert("notes", "Owns dates.", &files)
}

/// Changes a file of the expert, also in the repository, and commits that.
fn change(world: &World, repository: &Path, path: &str, text: &str, message: &str) {
    for place in [repository.join("notes"), world.knowledge("notes")] {
        write(&place.join(path), text.as_bytes());
    }
    git(repository, &["add", "--all"]);
    git(repository, &["commit", "--quiet", "-m", message]);
}

fn repository(world: &World) -> TempDir {
    let repository = TempDir::new().unwrap();
    git(repository.path(), &["init", "--quiet"]);
    let all = [
        (
            "src/clock.rs",
            "pub fn now() { leap() }\n",
            "fix leap seconds",
        ),
        ("docs/dates.md", "# Dates\n\nAll days.\n", "tell of days"),
        ("src/clock.rs", "pub fn now() {}\n", "leap seconds again"),
    ];
    for (path, text, message) in all {
        change(world, repository.path(), path, text, message);
    }
    repository
}

fn rankings(world: &World, recall: &Recall) -> Vec<Vec<(String, u64)>> {
    let graph = world.graph();
    let ranker = recall
        .ranker(graph.expert("notes").unwrap())
        .unwrap()
        .unwrap();
    let rank = |request: &str| {
        let files = ranker.rank(request).files.into_iter();
        files
            .map(|file| (file.path, file.score.to_bits()))
            .collect()
    };
    REQUESTS.into_iter().map(rank).collect()
}

#[test]
fn a_new_commit_and_a_changed_file_give_what_a_cache_without_anything_gives() {
    let world = world();
    let repository = repository(&world);
    let folder = repository.path();
    let mut before = Vec::new();
    for round in 0..4 {
        let recall = |cache| Recall::new(cache, Some(folder.to_owned()));
        let empty = TempDir::new().unwrap();
        let warm = rankings(&world, &recall(world.cache()));
        assert_eq!(warm, rankings(&world, &recall(empty.path().to_owned())));
        assert_eq!(warm, rankings(&world, &recall(world.cache())), "again");
        assert_ne!(warm, before, "what happened tells");
        before = warm;
        let text = format!("pub fn now() {{ tick({round}) }}\n");
        change(&world, folder, "src/clock.rs", &text, "let the clock tick");
    }
}

#[test]
fn without_a_past_the_files_themselves_rank_them() {
    let world = world();
    let empty = TempDir::new().unwrap();
    let nowhere = Recall::new(world.cache(), None);
    let found = rankings(&world, &nowhere);
    assert_eq!(found[1][0].0, "src/date.rs");
    let no_git = Recall::new(world.cache(), Some(empty.path().to_owned()));
    assert_eq!(found, rankings(&world, &no_git));
    let graph = world.graph();
    let expert = graph.expert("notes").unwrap();
    assert_eq!(nowhere.note(expert), None);
    assert!(no_git.note(expert).unwrap().contains("did not help"));
}

#[test]
fn an_expert_that_is_too_large_to_be_ranked_says_so() {
    let world = world();
    let graph = world.graph();
    let expert = graph.expert("notes").unwrap();
    let mut recall = Recall::new(world.cache(), None);
    recall.most = 100;
    assert!(recall.ranker(expert).unwrap().is_none());
    let note = recall.note(expert).unwrap();
    assert!(
        note.contains("by their words alone") && note.contains("`notes`"),
        "{note}"
    );
}
