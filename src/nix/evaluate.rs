//! The graph of experts from one evaluation.

use std::path::Path;

use super::{FlakeRef, Nix, NixError};
use crate::expert::Graph;

/// The graph of one flake, with the JSON it was read from.
#[derive(Debug)]
pub struct Evaluation {
    /// The graph.
    pub graph: Graph,
    /// What nix printed.
    pub json: Vec<u8>,
    /// Whether nix printed it earlier, and was not asked again.
    pub cached: bool,
}

impl Nix {
    /// Evaluates `.#.poag` of a flake: one nix process for the whole graph.
    ///
    /// # Errors
    /// When the flake has no expert, a declaration is not right, or nix fails for another reason.
    pub async fn graph(&self, flake: &FlakeRef) -> Result<Evaluation, NixError> {
        let doing = format!("evaluating the experts of {flake}");
        // `.poag` is the absolute attribute: `poag` alone would try packages first.
        let installable = flake.attribute(".poag");
        match self.run(&doing, &["eval", "--json", &installable]).await {
            Ok(json) => evaluation(json),
            Err(failed @ NixError::Failed { .. }) => {
                if self.declares_expert(flake).await == Some(false) {
                    // Where a flake put it to keep nix from warning of an unknown output.
                    let installable = flake.attribute(".lib.poag");
                    if let Ok(json) = self.run(&doing, &["eval", "--json", &installable]).await {
                        return evaluation(json);
                    }
                    return Err(NixError::NoExpert {
                        flake: flake.to_string(),
                    });
                }
                Err(failed)
            }
            Err(other) => Err(other),
        }
    }

    /// As [`Nix::graph`], but for the lock: it is written to `lock`, if everything can be locked, and not beside the flake.
    /// None when nix fails in another way than over a declaration.
    pub(super) async fn graph_and_lock(
        &self,
        flake: &FlakeRef,
        lock: &Path,
    ) -> Result<Option<Evaluation>, NixError> {
        let doing = format!("evaluating the experts of {flake}");
        let installable = flake.attribute(".poag");
        let lock = lock.to_string_lossy();
        let args = ["eval", "--json", "--output-lock-file", &lock, &installable];
        match self.run(&doing, &args).await {
            Ok(json) => evaluation(json).map(Some),
            Err(NixError::Failed { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Whether the flake has a `poag` output; none when not even that can be told.
    async fn declares_expert(&self, flake: &FlakeRef) -> Option<bool> {
        let args = [
            "eval",
            "--json",
            &flake.attribute("."),
            "--apply",
            "outputs: outputs ? poag",
        ];
        let json = self.run("looking for a `poag` output", &args).await.ok()?;
        serde_json::from_slice(&json).ok()
    }
}

fn evaluation(json: Vec<u8>) -> Result<Evaluation, NixError> {
    Ok(Evaluation {
        graph: Graph::from_json(&json)?,
        json,
        cached: false,
    })
}
