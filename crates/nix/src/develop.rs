//! The dev shell of a flake: where it looks for programs. Nothing that it would run at start is run.

use std::env;
use std::ffi::OsString;
use std::time::Duration;

use serde::Deserialize;

use super::{FlakeRef, Nix, NixError};

/// What `nix print-dev-env --json` prints, as far as it matters here.
#[derive(Deserialize)]
struct DevEnv {
    variables: ShellVariables,
}

#[derive(Default, Deserialize)]
struct ShellVariables {
    #[serde(rename = "PATH")]
    path: Option<Variable>,
}

#[derive(Deserialize)]
struct Variable {
    #[serde(default)]
    value: serde_json::Value,
}

impl Nix {
    /// `PATH` of a flake's dev shell, as far as it names folders that are there; none where the flake
    /// declares no dev shell for this system. Builds what the shell is made of, and runs no `shellHook`.
    ///
    /// # Errors
    /// When nix fails, or takes longer than `allowed`.
    pub async fn dev_path(
        &self,
        flake: &FlakeRef,
        allowed: Duration,
    ) -> Result<Option<OsString>, NixError> {
        let doing = format!("making the dev shell of {flake}");
        let work = self.path_of_shell(flake, &doing);
        let slow = |_| NixError::Slow {
            doing: doing.clone(),
            allowed,
        };
        tokio::time::timeout(allowed, work).await.map_err(slow)?
    }

    async fn path_of_shell(
        &self,
        flake: &FlakeRef,
        doing: &str,
    ) -> Result<Option<OsString>, NixError> {
        let system = self.run("asking nix for its system", &["config", "show", "system"]);
        let system = String::from_utf8_lossy(&system.await?).trim().to_owned();
        // `default` alone would be looked for among the packages, too.
        let shell = flake.attribute(&format!(".devShells.{system}.default"));
        let args = ["print-dev-env", "--json", "--no-write-lock-file", &shell];
        match self.run(doing, &args).await {
            Ok(json) => path(&json).map_err(|source| NixError::Answer {
                doing: doing.into(),
                source,
            }),
            Err(failed) => match self.declares_shell(flake, &system).await {
                Some(false) => Ok(None),
                _ => Err(failed),
            },
        }
    }

    /// Whether the flake has a dev shell for this system; none when not even that can be told.
    async fn declares_shell(&self, flake: &FlakeRef, system: &str) -> Option<bool> {
        let question = format!("outputs: outputs ? devShells.\"{system}\".default");
        let outputs = flake.attribute(".");
        let args = [
            "eval",
            "--json",
            "--no-write-lock-file",
            &outputs,
            "--apply",
            &question,
        ];
        let json = self.run("looking for a dev shell", &args).await.ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// The folders of `PATH` that are there. A relative one would be another for each program.
fn path(json: &[u8]) -> serde_json::Result<Option<OsString>> {
    let env: DevEnv = serde_json::from_slice(json)?;
    let variable = env.variables.path.map(|path| path.value);
    let text = variable.as_ref().and_then(|value| value.as_str());
    let folders = env::split_paths(text.unwrap_or_default());
    let there = folders.filter(|folder| folder.is_absolute() && folder.is_dir());
    Ok(env::join_paths(there).ok().filter(|path| !path.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_that_are_there_are_taken() {
        let json = br#"{"bashFunctions":{},"variables":{
            "PATH":{"type":"exported","value":"/path-not-set:.::/usr/bin:bin:/"},
            "outputs":{"type":"array","value":["out"]}}}"#;
        assert_eq!(path(json).unwrap().unwrap(), "/usr/bin:/");
        assert_eq!(path(br#"{"variables":{}}"#).unwrap(), None);
        assert!(path(b"{}").is_err());
    }
}
