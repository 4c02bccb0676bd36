//! Programs that a flake declares: nothing is started that nobody allowed.

use poag::engine::{BackendChoice, Consent, Engine, EngineError, EngineSettings};

use crate::harness::{Repository, flake};
use crate::stage::{ask, request, settings};

/// A flake that declares this command, as words of Nix.
fn declaring(words: &str) -> Repository {
    let repository = Repository::new();
    let agent = format!(
        "role = \"Owns the program.\"; agent = {{ backend = \"command\"; command = [ {words} ]; }};"
    );
    repository.write("flake.nix", &flake("app", "", &agent));
    repository.commit("declare");
    repository
}

/// Why the expert did not answer.
async fn refused(repository: &Repository, allowed: &[&[&str]]) -> String {
    let words = |words: &&[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let engine = Engine::new(EngineSettings {
        // Whatever is started would be started by it.
        program: Some("/nowhere/poag".into()),
        consent: Consent {
            allowed: allowed.iter().map(words).collect(),
            ..Consent::default()
        },
        ..settings(repository)
    });
    let outcome = ask(&engine, ".", &request("What does it do?"), &mut ()).await;
    let failures = outcome.unwrap().plan.council.failures;
    assert_eq!(failures.len(), 1, "{failures:?}");
    failures[0].reason.clone()
}

#[tokio::test]
async fn a_declared_program_is_not_started_and_the_repair_says_how_to_allow_it() {
    let repository = declaring(r#""touch" "/nowhere/a b""#);
    let allowed: [&[&[&str]]; 4] = [
        &[],
        // Neither what begins alike nor the program with other words.
        &[&["touch"]],
        &[&["touch", "/nowhere/a", "b"], &["touch", "/nowhere"]],
        &[&["/bin/touch", "/nowhere/a b"]],
    ];
    for allowed in allowed {
        let reason = refused(&repository, allowed).await;
        let (why, repair) = reason.split_once("\nrepair: ").unwrap();
        assert!(
            why.contains("wants to start a program, which nobody allowed: touch '/nowhere/a b'"),
            "{reason}"
        );
        assert!(repair.contains("--allow-command"), "{reason}");
    }
    // Where it is allowed, it is only the supervisor that is missing here.
    let reason = refused(&repository, &[&["touch", "/nowhere/a b"]]).await;
    assert!(!reason.contains("nobody allowed"), "{reason}");
}

#[tokio::test]
async fn a_program_of_the_repository_itself_is_refused_even_when_it_is_allowed() {
    let repository = declaring(r#""./agent.sh""#);
    repository.write("agent.sh", "#!/bin/sh\ntouch started\n");
    repository.git(&["add", "agent.sh"]);
    repository.git(&["update-index", "--chmod=+x", "agent.sh"]);
    let reason = refused(&repository, &[&["./agent.sh"]]).await;
    assert!(
        reason.contains("'./agent.sh' is a relative path\nrepair: "),
        "{reason}"
    );
    assert!(!repository.root.join("started").exists());
}

#[tokio::test]
async fn experts_and_backends_that_are_unknown_are_refused_before_anything_is_asked() {
    let repository = declaring(r#""true""#);
    let mut consent = Consent::default();
    consent.experts.insert("apps".into(), vec!["true".into()]);
    let engine = Engine::new(EngineSettings {
        consent,
        ..settings(&repository)
    });
    let error = ask(&engine, ".", &request("What?"), &mut ()).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("did you mean 'app'?"), "{error}");

    let engine = Engine::new(settings(&repository));
    for (words, expected) in [
        ("apps=librarian", "there is no expert 'apps'"),
        ("app=libarian", "there is no backend 'libarian'"),
        ("libarian", "use one of: librarian, claude-code"),
    ] {
        let mut request = request("What?");
        request.backends = BackendChoice::of([words]);
        let error = ask(&engine, ".", &request, &mut ()).await;
        let error = error.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let runs = engine.runs().unwrap();
    let error = runs.latest(None).unwrap_err();
    assert!(matches!(error, EngineError::NoRun { .. }), "{error}");
}
