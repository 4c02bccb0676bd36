//! What holds for every request: paths exist, lines are inside their files, the same input gives the same bytes.

use super::themes::world;
use super::world::take;

const ANY: &[&str] = &[
    "how",
    "add",
    "the",
    "?",
    "every",
    "why",
    "crashes",
    "of",
    "README",
    "fix",
    "submarine",
    "tests",
    "what",
    "in",
];
const THEMES: &[(&str, &[&str])] = &[
    (
        "inikit",
        &[
            "parse",
            "comment",
            "section",
            "value",
            "document",
            "src/parser.rs",
            "unquote",
            "line",
            "ParseError",
        ],
    ),
    (
        "notes",
        &[
            "password",
            "session",
            "`check_password`",
            "hash",
            "notes",
            "user",
            "python",
            "server",
            "gunicorn",
        ],
    ),
    (
        "datelet",
        &[
            "formatDate",
            "weekday",
            "JavaScript",
            "pattern",
            "month",
            "english",
            "pads",
            "shell",
        ],
    ),
    (
        "modules",
        &[
            "rename",
            "port",
            "metrics",
            "service",
            "restart",
            "nix",
            "exporter",
            "mkService",
            "command",
        ],
    ),
];

#[test]
fn every_path_and_line_is_real_and_every_turn_repeatable() {
    let world = world();
    let librarian = world.librarian();
    let mut random = fastrand::Rng::with_seed(7);
    let mut said = 0;
    for round in 0..300 {
        let length = 1 + random.usize(..12);
        let (expert, own) = THEMES[round % 4];
        let words: Vec<&str> = (0..length)
            .map(|_| {
                let words = if random.bool() { own } else { ANY };
                words[random.usize(..words.len())]
            })
            .collect();
        let request = words.join(" ");
        let input = serde_json::to_value(world.input(expert, &request)).unwrap();
        let once = take(&librarian, expert, input.clone()).unwrap();
        let result = serde_json::from_value(once.clone()).unwrap();
        world.check(expert, &result);
        said += usize::from(!result.edits.is_empty() || result.answer.is_some());
        if round % 10 == 0 {
            let fresh = take(&world.librarian(), expert, input).unwrap();
            assert_eq!(fresh.to_string(), once.to_string(), "{request}");
        }
    }
    assert!(
        said > 100,
        "only {said} of 300 said anything, which proves little"
    );
}
