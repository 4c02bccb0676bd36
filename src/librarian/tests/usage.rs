//! Questions.

use super::themes::world;
use super::world::markdown;

#[test]
fn a_question_is_answered_from_the_section_that_covers_it() {
    let world = world();
    for (expert, request, path, quoted) in [
        (
            "inikit",
            "How are comments handled?",
            "README.md",
            "begin with `;` are comments",
        ),
        (
            "notes",
            "How do I run the development server?",
            "README.md",
            "flask --app notes.app run",
        ),
        (
            "notes",
            "how do I deploy it with gunicorn",
            "docs/deployment.md",
            "--workers 4",
        ),
        (
            "notes",
            "How long does a session last?",
            "README.md",
            "twelve hours",
        ),
        (
            "datelet",
            "What does weekdayName return?",
            "src/weekday.js",
            "English name of a date's weekday",
        ),
        (
            "modules",
            "How can I change the port of the metrics exporter?",
            "docs/metrics.md",
            "listenPort",
        ),
    ] {
        let result = world.ask(expert, request);
        let cited = world.cited(expert, &result);
        let (first, text) = cited
            .first()
            .unwrap_or_else(|| panic!("{request}: {:?}", result.notes));
        assert_eq!(first, path, "{request}");
        assert!(text.contains(quoted), "{request}: {text}");
        assert!(markdown(&result).contains(quoted), "{request}");
        assert!(result.edits.is_empty(), "{request}: {:?}", result.edits);
    }
}

#[test]
fn the_passage_in_the_asked_language_comes_first() {
    let world = world();
    let result = world.ask("datelet", "How do I format a date in JavaScript?");
    assert!(
        markdown(&result).contains("import { formatDate }"),
        "{}",
        markdown(&result)
    );
}

#[test]
fn a_contract_answers_too() {
    let result = world().ask(
        "inikit",
        "What does parse return, a Document or a ParseError?",
    );
    assert!(
        markdown(&result).contains("`inikit` promises `parse` (`src/parser.rs`)"),
        "{}",
        markdown(&result)
    );
}

#[test]
fn what_stands_nowhere_is_not_answered() {
    let world = world();
    for expert in ["inikit", "notes", "datelet", "modules"] {
        for request in [
            "How do I configure Kubernetes autoscaling?",
            "What is the capital of France?",
            "How do I train a neural network?",
            "Which colour has the submarine?",
        ] {
            let result = world.ask(expert, request);
            assert_eq!(result.answer, None, "{expert}: {request}");
            assert!(result.edits.is_empty());
            assert!(
                result
                    .notes
                    .iter()
                    .any(|note| note.starts_with("searched ")),
                "{:?}",
                result.notes
            );
        }
    }
}

#[test]
fn a_word_that_stands_nowhere_is_named_beside_the_answer() {
    let result = world().ask(
        "notes",
        "How do I deploy the application with gunicorn workers on Heroku?",
    );
    assert!(
        markdown(&result).contains("Nothing here speaks of `Heroku`"),
        "{}",
        markdown(&result)
    );
}
