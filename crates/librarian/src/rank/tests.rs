use super::*;
use poag_git::history::{Change, ChangeKind, Commit, Past};

fn commit(number: usize, message: &str, paths: &[&str]) -> Commit {
    Commit {
        id: format!("{number:040}"),
        time: 1_000_000 - i64::try_from(number).unwrap(),
        author: "Ada".into(),
        message: message.into(),
        changes: paths
            .iter()
            .map(|path| Change {
                path: (*path).into(),
                kind: ChangeKind::Modified,
            })
            .collect(),
    }
}

fn past(commits: Vec<Commit>) -> Past {
    Past {
        head: "0".repeat(40),
        commits,
        ..Past::default()
    }
}

fn ranker(past: &Past) -> Ranker {
    let files = [
        ("core/Cargo.toml", "name = \"core\""),
        (
            "core/src/date.rs",
            "/// Reads a calendar day.\npub fn parse_date(text: &str) {}",
        ),
        ("core/src/clock.rs", "pub fn now() {}"),
        ("core/tests/date.rs", "fn reads() { parse_date(\"x\"); }"),
        ("web/package.json", "{}"),
        ("web/page.js", "export function show() {}"),
    ];
    let sheets = files.map(|(path, text)| (path.to_owned(), Sheet::of(path, Some(text))));
    Ranker::new(Corpus::new(&sheets, past, "", None), Options::default())
}

fn paths(ranking: &Ranking) -> Vec<&str> {
    ranking
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect()
}

#[test]
fn words_find_the_file_and_its_package_without_any_past() {
    let ranking = ranker(&Past::default()).rank("`parse_date` refuses a calendar day");
    assert_eq!(ranking.files[0].path, "core/src/date.rs");
    assert_eq!(ranking.packages[0].0, "core");
    assert_eq!(ranking.files.len(), 6);
}

#[test]
fn a_past_message_leads_to_a_file_that_no_word_of_the_request_stands_in() {
    let past = past(vec![
        commit(1, "fix leap seconds", &["core/src/clock.rs"]),
        commit(2, "colours of the page", &["web/page.js"]),
        commit(3, "leap seconds again", &["core/src/clock.rs"]),
    ]);
    let ranking = ranker(&past).rank("leap seconds are wrong");
    assert_eq!(ranking.files[0].path, "core/src/clock.rs");
    let told = ranking.files[0].reasons.iter().any(
        |reason| matches!(reason, Reason::Commit { line, .. } if line.contains("leap seconds")),
    );
    assert!(told, "{:?}", ranking.files[0].reasons);
}

#[test]
fn what_changes_together_is_said_with_how_often() {
    let together = ["core/src/date.rs", "core/tests/date.rs"];
    let past = past((0..5).map(|at| commit(at, "dates", &together)).collect());
    let ranking = ranker(&past).rank("parse_date of a calendar day");
    let test = ranking
        .files
        .iter()
        .find(|file| file.path == "core/tests/date.rs")
        .unwrap();
    let reasons: Vec<String> = test.reasons.iter().map(ToString::to_string).collect();
    assert!(
        reasons.contains(&"changed together with core/src/date.rs in 5 of 5 commits".to_owned()),
        "{reasons:?}"
    );
}

#[test]
fn a_renamed_file_keeps_its_past() {
    let mut moved = commit(1, "move it", &["core/src/clock.rs"]);
    moved.changes[0].kind = ChangeKind::Renamed {
        from: "old/time.rs".into(),
    };
    let past = past(vec![moved, commit(2, "leap seconds", &["old/time.rs"])]);
    assert_eq!(
        ranker(&past).rank("leap seconds").files[0].path,
        "core/src/clock.rs"
    );
}

#[test]
fn the_same_request_gives_the_same_ranking_to_the_byte() {
    let past = past(
        (0..80)
            .map(|at| {
                commit(
                    at,
                    "dates and clocks",
                    &["core/src/date.rs", "core/src/clock.rs"],
                )
            })
            .collect(),
    );
    let order = |ranking: &Ranking| -> Vec<(String, u64)> {
        ranking
            .files
            .iter()
            .map(|file| (file.path.clone(), file.score.to_bits()))
            .collect()
    };
    let (one, other) = (ranker(&past), ranker(&past));
    assert_eq!(
        order(&one.rank("clock of dates")),
        order(&other.rank("clock of dates"))
    );
}

#[test]
fn a_request_without_words_ranks_all_files_and_fails_on_nothing() {
    for request in ["", "\n\n", "``", "::: /// ...", &"x".repeat(100_000)] {
        assert_eq!(paths(&ranker(&Past::default()).rank(request)).len(), 6);
    }
}

#[test]
fn what_is_kept_on_disk_ranks_as_what_was_learned() {
    let past = past(
        (0..40)
            .map(|at| commit(at, "dates", &["core/src/date.rs", "core/tests/date.rs"]))
            .collect(),
    );
    let learned = ranker(&past);
    let bytes = rmp_serde::to_vec(&learned).unwrap();
    let kept: Ranker = rmp_serde::from_slice(&bytes).unwrap();
    assert!(kept.is_whole());
    assert_eq!(paths(&kept.rank("dates")), paths(&learned.rank("dates")));
}
