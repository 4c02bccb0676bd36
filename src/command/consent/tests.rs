use super::*;
use crate::agent::{AgentError, Fault, command};

fn consent(own: &[&str], allowed: &[&str], listed: &str) -> Result<Consent, Error> {
    let strings = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let args = CommandArgs {
        agent_command: strings(own),
        allow_command: strings(allowed),
        ..CommandArgs::default()
    };
    args.commands(listed)
}

/// The command of `app`, whose flake declares `declared`.
fn command_of_app(consent: &Consent, declared: &[&str]) -> Result<Option<Vec<String>>, AgentError> {
    let declared: Vec<String> = declared.iter().map(|&word| word.to_owned()).collect();
    let declared = (!declared.is_empty()).then_some(&declared[..]);
    consent.command("app", command::NAME, declared)
}

#[test]
fn a_declared_command_must_match_what_is_allowed_word_for_word() {
    let consent = consent(&[], &["my-agent --fast 'two words'"], "").unwrap();
    let allowed = ["my-agent", "--fast", "two words"];
    assert_eq!(
        command_of_app(&consent, &allowed).unwrap().unwrap(),
        allowed.map(String::from)
    );
    for other in [
        &["my-agent"][..],
        &["my-agent", "--fast", "two", "words"],
        &["my-agent", "--fast", "two words", ""],
        &["my-agent", "--fast two words"],
        &["/bin/my-agent", "--fast", "two words"],
        &["my-agent", "--FAST", "two words"],
    ] {
        let error = command_of_app(&consent, other).unwrap_err();
        assert_eq!(error.fault, Fault::Unavailable, "{other:?}");
    }
}

#[test]
fn nothing_is_declared_and_nothing_is_needed() {
    let consent = consent(&[], &[], "").unwrap();
    assert_eq!(command_of_app(&consent, &[]).unwrap(), None);
}

#[test]
fn a_command_of_the_person_for_one_expert_counts_before_that_for_all_and_both_before_the_flake() {
    let both = consent(&["every one", "app=only app"], &[], "").unwrap();
    assert_eq!(
        command_of_app(&both, &["declared"]).unwrap().unwrap(),
        ["only", "app"]
    );
    let lib = both.command("lib", command::NAME, None).unwrap().unwrap();
    assert_eq!(lib, ["every", "one"]);
    // That for all is for the backends that are any program.
    assert_eq!(both.command("lib", "codex", None).unwrap(), None);
    let named = both.command("app", "codex", None).unwrap().unwrap();
    assert_eq!(named, ["only", "app"]);
}

#[test]
fn a_word_with_an_equals_sign_is_a_command_when_no_name_stands_before_it() {
    let env = consent(&["env A=1 my-agent"], &[], "").unwrap();
    assert_eq!(
        command_of_app(&env, &[]).unwrap().unwrap(),
        ["env", "A=1", "my-agent"]
    );
}

#[test]
fn the_environment_lists_commands_between_semicolons_and_line_breaks() {
    let consent = consent(&[], &[], " one ; two 'a b';;\nthree\n").unwrap();
    for listed in [&["one"][..], &["two", "a b"], &["three"]] {
        assert!(command_of_app(&consent, listed).is_ok(), "{listed:?}");
    }
    assert!(command_of_app(&consent, &["two"]).is_err());
}

#[test]
fn the_repair_can_be_pasted_and_then_allows_the_command() {
    let declared = ["sh", "-c", "touch 'a b'; $HOME"];
    let nobody = consent(&[], &[], "").unwrap();
    let repair = command_of_app(&nobody, &declared).unwrap_err().repair;
    let pasted = shell_words::split(repair.split_once("--allow-command ").unwrap().1);
    // The sentence goes on behind the word, with no more quotes.
    let word = pasted.unwrap().swap_remove(0);
    let allowed = consent(&[], &[&word], "").unwrap();
    assert!(command_of_app(&allowed, &declared).is_ok(), "{word}");
}

#[test]
fn what_is_no_command_is_refused_with_the_repair() {
    for (own, allowed, listed, of) in [
        (&["'open"][..], &[][..], "", "--agent-command"),
        (&["app="], &[], "", "--agent-command"),
        (&[], &[" "], "", "--allow-command"),
        (&[], &[], "'open", ALLOWED),
    ] {
        let error = consent(own, allowed, listed).unwrap_err().to_string();
        assert!(error.contains(of), "{error}");
        assert!(error.contains("\nrepair: write the program"), "{error}");
    }
}
