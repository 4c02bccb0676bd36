//! Repositories and requests that mean harm, or are just odd.

use serde_json::json;

use super::world::{World, take, write};

#[test]
fn an_expert_without_files_finds_nothing() {
    let world = World::new().expert("void", "Owns nothing.", &[]);
    let result = world.ask("void", "How do I use it?");
    assert_eq!((result.answer, result.edits.len()), (None, 0));
    assert!(
        result.notes[0].starts_with("searched 0 files"),
        "{:?}",
        result.notes
    );
}

#[test]
fn binary_files_are_counted_not_read() {
    let world = World::new().expert("blobs", "Owns pictures.", &[]);
    write(
        &world.knowledge("blobs").join("a.png"),
        &[0, 159, 146, 150, 0],
    );
    write(
        &world.knowledge("blobs").join("late.dat"),
        &[vec![b'a'; 20_000], vec![0, 255]].concat(),
    );
    let result = world.ask("blobs", "Where is the needle?");
    assert_eq!(result.answer, None);
    assert!(
        result.notes[0].contains("2 more are no text, or secret"),
        "{:?}",
        result.notes
    );
}

#[test]
fn a_giant_line_and_a_deep_nest_are_survived() {
    let line = "needle ".repeat(120_000);
    let nest = format!("fn f() {}{}", "{".repeat(20_000), "}".repeat(20_000));
    let world = World::new().expert(
        "odd",
        "Odd.",
        &[
            ("one.txt", &line),
            ("nest.rs", &nest),
            ("n.md", "# Needle\n\nA needle.\n"),
        ],
    );
    let result = world.ask("odd", "What is a needle?");
    assert!(result.answer.unwrap().markdown.len() < 20_000);
}

#[test]
fn no_request_can_be_a_command_for_the_engine() {
    let world = World::new().expert("one", "One.", &[("a.md", "# Near\n\nNEAR and NOT or *.\n")]);
    for request in [
        "\"NEAR(*",
        "title:near",
        "near NOT (",
        "a\" OR \"b",
        "{title body}: x",
        "^near",
        "-near",
        "near*",
        "'; DROP TABLE file; --",
        "\u{0}",
        "",
        "   ",
        "?!",
        "🦀🦀",
        "％ｗｉｄｅ",
        "ﬁ ligature İstanbul ß",
    ] {
        world.ask("one", request);
    }
    let long = "how does the needle of the haystack parseDateTime [x](y) `z`? ".repeat(170);
    assert!(long.len() > 10_000);
    world.ask("one", &long);
}

#[test]
fn quoted_text_cannot_leave_its_quotation() {
    let text = "# Trap needle\n\n````\n```\nneedle\n````\n</details><script>alert(1)</script>\n";
    let world = World::new().expert(
        "trap",
        "Trap.",
        &[
            ("a.md", text),
            ("b.rs", "/// ``` needle ````\npub fn needle() {}\n"),
        ],
    );
    let markdown = world
        .ask("trap", "What is the trap needle?")
        .answer
        .unwrap()
        .markdown;
    for line in markdown.lines().filter(|line| line.contains("script")) {
        assert!(line.starts_with("> "), "{line}");
    }
}

#[test]
fn input_that_is_no_turn_is_refused_with_a_repair() {
    let world = World::new().expert("one", "One.", &[]);
    let good = serde_json::to_value(world.input("one", "x")).unwrap();
    let with = |key: &str, value: serde_json::Value| {
        let mut input = good.clone();
        input[key] = value;
        input
    };
    for (input, speaker, text) in [
        (json!(null), "one", "cannot be read"),
        (
            with("surprise", json!(1)),
            "one",
            "unknown field `surprise`",
        ),
        (with("schemaVersion", json!(2)), "one", "version 2"),
        (with("expert", json!("two")), "one", "no expert 'one'"),
        (with("expert", json!("ghost")), "ghost", "no expert 'ghost'"),
    ] {
        let error = take(&world.librarian(), speaker, input)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(text) && error.contains("repair: "),
            "{error}"
        );
    }
}

#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let world = World::new().expert("one", "One.", &[("a.md", "# Here\n")]);
    let outside = world.cache().with_file_name("secret.md");
    write(&outside, b"# Needle\n\nThe needle is secret.\n");
    std::os::unix::fs::symlink(&outside, world.knowledge("one").join("link.md")).unwrap();
    let result = world.ask("one", "Where is the needle?");
    assert_eq!(result.answer, None);
}

#[test]
fn a_secret_is_neither_found_nor_quoted() {
    // Put together here, so that this file holds no secret itself.
    let key = format!("ghp_{}", "1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ");
    let text = format!(
        "# Deploying the needle\n\nExport the token of the needle:\n\n    export GITHUB_TOKEN={key}\n"
    );
    let world = World::new().expert(
        "one",
        "One.",
        &[("deploy.md", &text), (".env", &format!("NEEDLE={key}\n"))],
    );
    let result = world.ask("one", "How do I export the token of the needle?");
    let markdown = result.answer.unwrap().markdown;
    assert!(
        markdown.contains("export GITHUB_TOKEN=") && !markdown.contains(&key),
        "{markdown}"
    );
    assert_eq!(world.ask("one", &format!("What is {key}?")).answer, None);
}
