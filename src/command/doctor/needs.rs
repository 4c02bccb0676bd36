//! What poag cannot do without: nix with a store, git, and a library of its own schema.

use super::{DoctorCheck, State};
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
                first(&error.to_string()),
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

/// What `nix --version` says: `nix (Nix) 2.26.3`, `nix (Lix, like Nix) 2.93.0` or `nix (Determinate Nix 3.5.2) 2.28.3`.
/// The last word is the version, of Nix itself but for Lix, which counts for itself.
fn version(said: &str) -> DoctorCheck {
    let said = first(said);
    let numbers = said.split_whitespace().next_back().and_then(|word| {
        let mut parts = word.split('.').map(|part| {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u64>().ok()
        });
        Some((parts.next()??, parts.next()??))
    });
    let supported = format!("{}.{} and newer", OLDEST.0, OLDEST.1);
    if said.contains("(Lix") {
        let says = format!(
            "{said}: flakes of one repository cannot take each other by `path:../…`, which Lix has not"
        );
        let repair = format!(
            "declare the experts of such a repository in one flake, or use Nix {supported}"
        );
        return DoctorCheck::note("nix", says, repair);
    }
    let determinate = said.contains("(Determinate Nix");
    match numbers {
        _ if !said.contains("(Nix)") && !determinate => DoctorCheck::note(
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
        Some(_) if determinate => DoctorCheck::good(
            "nix",
            format!("{said} (needed: {supported}; tried with Nix itself)"),
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

/// Whether the flake here speaks this runner's language. Nothing is written beside it.
pub async fn flake(global: &Global) -> DoctorCheck {
    let opened = async {
        let engine = engine(global)?;
        let target = target(&engine, global, None)?;
        Ok(engine.open(&target).await?)
    };
    let error = match opened.await {
        Ok(project) => {
            let graph = &project.graph;
            let count = graph.experts.len();
            let word = if count == 1 { "expert" } else { "experts" };
            let says = format!(
                "{}: {count} {word}, of this version's schema {}",
                graph.root, graph.schema
            );
            return DoctorCheck::good("flake", says);
        }
        Err(Error::Engine(EngineError::Nix(NixError::NotInstalled))) => {
            return DoctorCheck::note("flake", "nobody can look at it", "install Nix");
        }
        Err(Error::Engine(EngineError::FlakeRef(FlakeRefError::NoFlake { .. }))) => {
            let repair = "`poag init` makes one, with an expert";
            return DoctorCheck::note("flake", "there is none here", repair);
        }
        Err(Error::Engine(EngineError::Nix(NixError::NoExpert { flake }))) => {
            let says = format!("{flake} has no expert");
            return DoctorCheck::note("flake", says, "`poag init` proposes one");
        }
        Err(error) => error,
    };
    let text = error.to_string();
    let (says, repair) = text.split_once("repair: ").unwrap_or((&text, ""));
    let state = match error {
        Error::Engine(EngineError::Nix(NixError::Graph(GraphError::Schema { .. }))) => State::Bad,
        _ => State::Note,
    };
    DoctorCheck::new("flake", state, says.trim_end_matches([';', ' ', '\n'])).repaired(repair)
}

fn first(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart() {
        for (said, state) in [
            ("nix (Nix) 2.26.3\n", State::Good),
            ("nix (Nix) 2.35pre20261101_abc\n", State::Good),
            ("nix (Nix) 2.8.0\n", State::Bad),
            ("nix (Lix, like Nix) 2.93.0\n", State::Note),
            ("nix (Determinate Nix 3.5.2) 2.28.3\n", State::Good),
            ("nix (Determinate Nix 3.0.0) 2.25.3\n", State::Bad),
            ("what\n", State::Note),
        ] {
            assert_eq!(version(said).state, state, "{said}");
        }
        // Its number is no number of Nix.
        assert!(
            version("nix (Lix, like Nix) 2.93.0")
                .says
                .contains("path:../")
        );
    }
}
