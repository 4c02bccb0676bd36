//! What poag cannot do without: nix with a store, git, and a library of its own schema.

use super::DoctorCheck;
use crate::command::context::{engine, target};
use crate::command::global::Global;
use crate::engine::EngineError;
use crate::error::Error;
use crate::expert::GraphError;
use crate::git;
use crate::nix::{Features, FlakeRefError, Nix, NixError};

/// The oldest nix: relative inputs of subflakes.
const OLDEST: (u64, u64) = (2, 26);
/// The newest one that every test was run with.
const TRIED: (u64, u64) = (2, 34);

/// Nix, its features and its store, and git.
pub async fn all(nix: &Nix) -> Vec<DoctorCheck> {
    let mut out = Vec::new();
    let said = nix.run("asking nix for its version", &["--version"]).await;
    match &said {
        Ok(said) => out.push(version(&String::from_utf8_lossy(said))),
        Err(NixError::NotInstalled) => out.push(DoctorCheck::bad(
            "nix",
            "is not on PATH",
            "install Nix 2.26 or newer (https://nixos.org/download), or start poag through ./nixw",
        )),
        Err(error) => out.push(DoctorCheck::bad(
            "nix",
            first(&error.to_string()),
            "see that `nix --version` works",
        )),
    }
    if said.is_ok() {
        out.push(features(nix.features().await));
        let store = [
            "eval",
            "--raw",
            "--expr",
            "builtins.toFile \"poag-doctor\" \"\"",
        ];
        out.push(match nix.run("writing to the store", &store).await {
            Ok(_) => DoctorCheck::good("store", "takes what is put into it"),
            Err(error) => DoctorCheck::bad(
                "store",
                last_error(&error.to_string()),
                "see that the Nix daemon runs, or that you may write to /nix/store: `nix store info`",
            ),
        });
    }
    out.push(match git::version() {
        Ok(said) => DoctorCheck::good("git", first(&said)),
        _ => DoctorCheck::bad(
            "git",
            "is not on PATH",
            "install git: a flake sees the files that git tracks",
        ),
    });
    out
}

/// `nix (Nix) 2.26.3`.
fn version(said: &str) -> DoctorCheck {
    let said = first(said);
    let numbers = said.split_whitespace().find_map(|word| {
        let mut parts = word.split('.').map(|part| {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u64>().ok()
        });
        Some((parts.next()??, parts.next()??))
    });
    let supported = format!("{}.{} and newer", OLDEST.0, OLDEST.1);
    match numbers {
        _ if !said.contains("(Nix)") => DoctorCheck::note(
            "nix",
            format!("{said}, which poag was never tried with"),
            format!("if something fails, try Nix {supported}"),
        ),
        None => DoctorCheck::note(
            "nix",
            format!("does not say its version: {said}"),
            format!("poag needs Nix {supported}"),
        ),
        Some(found) if found < OLDEST => DoctorCheck::bad(
            "nix",
            format!("{said} is too old"),
            format!("install Nix {supported}, or start poag through ./nixw"),
        ),
        Some(found) if found > TRIED => DoctorCheck::good(
            "nix",
            format!(
                "{said} (needed: {supported}; tried up to {}.{})",
                TRIED.0, TRIED.1
            ),
        ),
        Some(_) => DoctorCheck::good("nix", format!("{said} (needed: {supported})")),
    }
}

fn features(found: Features) -> DoctorCheck {
    let repair =
        "add the line `experimental-features = nix-command flakes` to ~/.config/nix/nix.conf";
    match found {
        Features::On => DoctorCheck::good("flakes", "are on"),
        Features::NoFlakes => DoctorCheck::note(
            "flakes",
            "are off for commands that you type yourself",
            repair,
        ),
        Features::NoCommand => DoctorCheck::note(
            "flakes",
            "`nix` commands are off where you type them yourself",
            repair,
        ),
    }
}

/// Whether the flake here speaks this runner's language.
pub async fn flake(nix: &Nix, global: &Global) -> DoctorCheck {
    let found = engine(global).and_then(|engine| target(&engine, global, None));
    let target = match found {
        Ok(target) => target,
        Err(Error::Engine(EngineError::FlakeRef(FlakeRefError::NoFlake(_)))) => {
            return DoctorCheck::note(
                "flake",
                "there is none here",
                "`poag init` makes one, with an expert",
            );
        }
        Err(error) => {
            return DoctorCheck::note(
                "flake",
                first(&error.to_string()),
                repair_of(&error.to_string()),
            );
        }
    };
    match nix.graph(&target.flake).await {
        Ok(found) => {
            let count = found.graph.experts.len();
            let word = if count == 1 { "expert" } else { "experts" };
            DoctorCheck::good(
                "flake",
                format!(
                    "{}: {count} {word}, of this version's schema {}",
                    found.graph.root, found.graph.schema
                ),
            )
        }
        Err(NixError::NotInstalled) => {
            DoctorCheck::note("flake", "nobody can look at it", "install Nix")
        }
        Err(NixError::NoExpert { flake }) => DoctorCheck::note(
            "flake",
            format!("{flake} has no expert"),
            "`poag init` proposes one",
        ),
        Err(NixError::Graph(error @ GraphError::Schema { .. })) => {
            let text = error.to_string();
            DoctorCheck::bad("flake", first(&text), repair_of(&text))
        }
        Err(error) => {
            let text = error.to_string();
            DoctorCheck::note("flake", last_error(&text), repair_of(&text))
        }
    }
}

fn first(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// The line of nix that says why.
fn last_error(text: &str) -> String {
    let found = text
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix("error: "));
    found.map_or_else(|| first(text), str::to_owned)
}

fn repair_of(text: &str) -> String {
    let found = text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("repair: "));
    found.unwrap_or("see `poag --help`").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::State;

    #[test]
    fn versions_are_told_apart() {
        for (said, state) in [
            ("nix (Nix) 2.26.3\n", State::Good),
            ("nix (Nix) 2.35pre20261101_abc\n", State::Good),
            ("nix (Nix) 2.8.0\n", State::Bad),
            ("nix (Lix, like Nix) 2.93.0\n", State::Note),
            ("what\n", State::Note),
        ] {
            assert_eq!(version(said).state, state, "{said}");
        }
    }
}
