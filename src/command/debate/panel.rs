//! Who takes part, as the command line names it.

use super::allow;
use crate::command::consent::split;
use crate::engine::Consent;
use crate::engine::debate::PanelWord;
use crate::error::Error;

/// Programs, which take all that follows.
const PROGRAMS: [&str; 2] = ["command", "acp"];

/// The participants that words name, each `NAME`, `NAME=BACKEND`, `NAME=BACKEND:MODEL` or `NAME=command:PROGRAM`, separated
/// by commas. Programs are allowed by being named.
pub fn words(given: &[String], consent: &mut Consent) -> Result<Vec<PanelWord>, Error> {
    let mut words = Vec::new();
    for all in given {
        let mut rest = all.as_str();
        while !rest.is_empty() {
            let (word, after) = match program(rest) {
                Some(_) => (rest, ""),
                None => rest.split_once(',').unwrap_or((rest, "")),
            };
            rest = after;
            words.push(one(word.trim(), consent)?);
        }
    }
    Ok(words)
}

/// The command of a text that begins with a participant that is a program.
fn program(text: &str) -> Option<(&str, &'static str, &str)> {
    let (name, what) = text
        .split_once('=')
        .filter(|(name, _)| !name.contains(','))?;
    let of = |backend: &'static str| {
        let command = what.strip_prefix(backend)?.strip_prefix(':')?;
        Some((name.trim(), backend, command))
    };
    PROGRAMS.into_iter().find_map(of)
}

fn one(word: &str, consent: &mut Consent) -> Result<PanelWord, Error> {
    if let Some((name, backend, command)) = program(word) {
        allow(consent, name, split("--panel", command)?);
        return Ok(PanelWord {
            name: name.to_owned(),
            backend: Some(backend.to_owned()),
            model: None,
        });
    }
    let (name, backend) = match word.split_once('=') {
        None => (word, None),
        Some((name, backend)) => (name, Some(backend)),
    };
    let (backend, model) = match backend.map(|backend| backend.split_once(':')) {
        None => (None, None),
        Some(None) => (backend, None),
        Some(Some((backend, model))) => (Some(backend), Some(model)),
    };
    if name.is_empty() || backend.is_some_and(str::is_empty) || model.is_some_and(str::is_empty) {
        return Err(Error::Usage(format!(
            "--panel: '{word}' names nobody\nrepair: write NAME, NAME=BACKEND, NAME=BACKEND:MODEL or NAME=command:PROGRAM, separated by commas"
        )));
    }
    Ok(PanelWord {
        name: name.to_owned(),
        backend: backend.map(str::to_owned),
        model: model.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_backends_models_and_programs_are_told_apart() {
        let mut consent = Consent::default();
        let given =
            ["gemini,opus=claude-code:opus", "me=command:./say a,b --x=y"].map(String::from);
        let words = words(&given, &mut consent).unwrap();
        let said: Vec<_> = words
            .iter()
            .map(|word| {
                (
                    word.name.as_str(),
                    word.backend.as_deref(),
                    word.model.as_deref(),
                )
            })
            .collect();
        let expected = [
            ("gemini", None, None),
            ("opus", Some("claude-code"), Some("opus")),
            ("me", Some("command"), None),
        ];
        assert_eq!(said, expected);
        assert_eq!(consent.experts["me"], ["./say", "a,b", "--x=y"]);
    }

    #[test]
    fn a_program_may_stand_behind_others_and_has_all_that_follows() {
        let mut consent = Consent::default();
        let given = ["codex, me=command:say a=b,c".to_owned()];
        assert_eq!(words(&given, &mut consent).unwrap().len(), 2);
        assert_eq!(consent.experts["me"], ["say", "a=b,c"]);
    }

    #[test]
    fn a_word_that_names_nobody_is_refused() {
        for wrong in ["=codex", "a,,b", "a=", "a=codex:", "me=command:"] {
            let wrong = [wrong.to_owned()];
            let error = words(&wrong, &mut Consent::default()).unwrap_err();
            assert!(error.to_string().contains("\nrepair: "), "{error}");
        }
    }
}
