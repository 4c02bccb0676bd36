//! `poag.lock`: its text from what an expert learned, and its place on disk.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::error::Error;
use crate::expert::{Expert, Graph};
use crate::knowledge::hash::Digest;

/// The name, beside flake.nix.
pub const NAME: &str = "poag.lock";

/// The TOML text: sorted, one entry a paragraph, so that edits of neighbouring entries merge.
///
/// There is no hash over everything: two branches would always disagree about it.
pub fn render(graph: &Graph, expert: &Expert, files: &[(String, Digest)]) -> String {
    let mut out = format!(
        "# What the expert {} last learned. Written by `poag learn`; commit it, never edit it.\nversion = 1\nexpert = {}\n",
        quote(&expert.name),
        quote(&expert.name)
    );
    for (field, hash) in &expert.declaration {
        entry(&mut out, &["declaration", &quote(field)], "sha256", hash);
    }
    for (path, digest) in files {
        let (kind, value) = match digest {
            Digest::Sha256(hex) => ("sha256", hex),
            Digest::Nar(sri) => ("nar", sri),
        };
        entry(&mut out, &["files", &quote(path)], kind, value);
    }
    for (provider, edge) in &expert.neighbors {
        let provided = graph.expert(provider).map(|expert| &expert.provides);
        for name in &edge.contracts {
            if let Some(contract) = provided.and_then(|provided| provided.get(name)) {
                entry(
                    &mut out,
                    &["contracts", &quote(provider), &quote(name)],
                    "sha256",
                    &contract.hash,
                );
            }
        }
    }
    out
}

fn entry(out: &mut String, key: &[&str], kind: &str, value: &str) {
    let _ = writeln!(out, "\n[{}]\n{kind} = {}", key.join("."), quote(value));
}

/// A TOML basic string: JSON's escapes are all valid there, and DEL is the one it lacks.
fn quote(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007F")
}

/// Writes the text into `folder` unless it stands there already; whole or not at all.
///
/// Returns whether the file was written.
pub fn write(folder: &Path, text: &str) -> Result<bool, Error> {
    let path = folder.join(NAME);
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    let fail = |source| Error::File {
        path: path.clone(),
        source,
    };
    let mut temporary = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)
        .map_err(fail)?;
    temporary.write_all(text.as_bytes()).map_err(fail)?;
    temporary
        .persist(&path)
        .map_err(|error| fail(error.error))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_as_toml_reads_them() {
        assert_eq!(quote("a \"b\"\\\n\u{7f}é"), r#""a \"b\"\\\n\u007Fé""#);
    }

    #[test]
    fn a_lock_that_is_already_there_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(folder.path(), "a\n").unwrap());
        assert!(!write(folder.path(), "a\n").unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
