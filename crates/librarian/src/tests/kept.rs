//! What is kept on disk answers as what is read anew, whatever happens to it.

use super::world::{World, write};

fn world() -> World {
    World::new().expert(
        "dates",
        "Owns dates.",
        &[
            (
                "src/parse.rs",
                "/// Reads a calendar day.\npub fn parse_date(text: &str) {}\n",
            ),
            (
                "docs/dates.md",
                "# Dates\n\n## Parsing\n\nCall `parse_date` with a calendar day.\n",
            ),
        ],
    )
}

const ASKED: [&str; 2] = [
    "parse_date should refuse an empty text",
    "How do I read a calendar day?",
];

#[test]
fn kept_files_answer_as_those_that_are_read_anew() {
    let world = world();
    for request in ASKED {
        let anew = world.ask("dates", request);
        assert_eq!(world.ask("dates", request), anew);
        std::fs::remove_dir_all(world.cache()).unwrap();
        assert_eq!(world.ask("dates", request), anew);
    }
}

#[test]
fn damaged_files_are_made_again() {
    let world = world();
    for request in ASKED {
        let anew = world.ask("dates", request);
        let kept: Vec<_> = std::fs::read_dir(world.cache())
            .unwrap()
            .map(|it| it.unwrap().path())
            .collect();
        assert!(!kept.is_empty());
        for place in kept {
            let bytes = std::fs::read(&place).unwrap();
            for damaged in [&bytes[..bytes.len() / 2], &[0u8; 64][..], b""] {
                std::fs::write(&place, damaged).unwrap();
                assert_eq!(world.ask("dates", request), anew);
            }
        }
    }
}

#[test]
fn a_cache_that_cannot_be_written_costs_time_and_nothing_else() {
    let world = world();
    let anew = world.ask("dates", ASKED[0]);
    std::fs::remove_dir_all(world.cache()).unwrap();
    write(&world.cache(), b"a file in the place of the folder");
    assert_eq!(world.ask("dates", ASKED[0]), anew);
}

#[test]
fn what_changed_is_found_at_once() {
    let world = world();
    assert!(
        world
            .ask("dates", "zebra should be accepted")
            .edits
            .is_empty()
    );
    write(
        &world.knowledge("dates").join("src/zebra.rs"),
        b"pub fn zebra() {}\n",
    );
    let found = world.ask("dates", "zebra should be accepted");
    assert_eq!(found.edits[0].path, "src/zebra.rs");
}

#[test]
fn hostile_requests_and_files_end_no_turn() {
    let world = world();
    write(
        &world.knowledge("dates").join("docs/odd.md"),
        "# \u{202e}\n\n```\n# no\n=====\n\u{0}".as_bytes(),
    );
    write(
        &world.knowledge("dates").join("odd.py"),
        b"\"\"\"never closed\n# x\n",
    );
    for request in [
        "",
        "?",
        "`",
        "\u{0}",
        "a/../../b.rs",
        &"word ".repeat(50_000),
        &"é".repeat(9_000),
        "NEAR(* AND ^col:x",
    ] {
        world.ask("dates", request);
    }
}
