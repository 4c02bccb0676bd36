//! Verdicts of freshness as SARIF 2.1.0, which code hosts show beside the code.
//!
//! The format: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::poag_lock;
use poag_core::expert::{Expert, Status};
use poag_core::hex;

/// Rule → what it means.
const RULES: [(&str, &str); 4] = [
    ("poag/unlearned", "An expert has not learned its flake yet"),
    ("poag/file", "A file is not what its expert learned"),
    (
        "poag/declaration",
        "An expert was declared anew since it learned",
    ),
    (
        "poag/contract",
        "A contract of a neighbour is not what the expert learned",
    ),
];

/// Where the schema of the format is, which a log names.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of one check of these experts: one result for each thing that differs, with its repair. The same finding
/// has the same fingerprint when something else changes.
#[must_use]
pub fn sarif(experts: &[&Expert]) -> Value {
    log(&RULES, experts.iter().flat_map(|expert| of(expert)))
}

/// One place where a rule found something.
pub(crate) struct SarifResult<'a> {
    /// The rule.
    pub rule: &'a str,
    /// `error`, `warning` or `note`.
    pub level: &'a str,
    /// Whose it is, so that equal texts of two stay apart.
    pub of: &'a str,
    /// The file, from the repository's root.
    pub path: &'a str,
    /// The line, from 1.
    pub line: u32,
    /// What was found.
    pub text: &'a str,
}

/// A log with these rules (name, what it means) and results.
pub(crate) fn log(rules: &[(&str, &str)], results: impl Iterator<Item = Value>) -> Value {
    let rule =
        |(id, text): &(&str, &str)| json!({ "id": id, "shortDescription": { "text": text } });
    let rules: Vec<Value> = rules.iter().map(rule).collect();
    let results: Vec<Value> = results.collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "poag", "version": env!("CARGO_PKG_VERSION"), "rules": rules,
            } },
            "results": results,
        }],
    })
}

fn of(expert: &Expert) -> Vec<Value> {
    let fresh = &expert.freshness;
    let name = &expert.name;
    let mut out = Vec::new();
    let mut add = |rule: &str, file: &str, what: String| {
        let repair = match fresh.repair.is_empty() {
            true => "poag learn",
            false => fresh.repair.as_str(),
        };
        out.push(result(
            expert,
            rule,
            file,
            &format!("{what}. Repair: {repair}"),
        ));
    };
    match fresh.status {
        Status::Fresh => return Vec::new(),
        Status::Unlearned => {
            add(
                "poag/unlearned",
                "flake.nix",
                format!("{name} has not learned its flake yet"),
            );
        }
        Status::Stale => (),
    }
    for file in &fresh.files.added {
        add(
            "poag/file",
            file,
            format!("{name} does not know this file yet"),
        );
    }
    for file in &fresh.files.changed {
        add(
            "poag/file",
            file,
            format!("this file changed since {name} learned it"),
        );
    }
    for file in &fresh.files.removed {
        add(
            "poag/file",
            poag_lock::NAME,
            format!("{name} learned {file}, which is gone"),
        );
    }
    for folder in &fresh.folders {
        add(
            "poag/file",
            poag_lock::NAME,
            format!("{name} learned which files are in {folder}, and others are there now"),
        );
    }
    for field in &fresh.declaration {
        add(
            "poag/declaration",
            "flake.nix",
            format!("the field {field} of {name} changed since it learned"),
        );
    }
    for change in &fresh.contracts {
        let (neighbor, contract) = (&change.neighbor, &change.contract);
        let how = &change.change;
        add(
            "poag/contract",
            "flake.nix",
            format!("{neighbor} provides {contract}, which was {how} since {name} learned it"),
        );
    }
    out
}

fn result(expert: &Expert, rule: &str, file: &str, text: &str) -> Value {
    let path = match expert.dir() {
        "" => file.to_owned(),
        dir => format!("{dir}/{file}"),
    };
    SarifResult {
        rule,
        level: "error",
        of: &expert.name,
        path: &path,
        line: 1,
        text,
    }
    .json()
}

impl SarifResult<'_> {
    /// It as the log holds it. The same finding keeps its print when something else changes.
    pub(crate) fn json(&self) -> Value {
        let Self {
            rule,
            level,
            of,
            path,
            line,
            text,
        } = self;
        let print = Sha256::digest(format!("{rule}\0{of}\0{path}\0{text}").as_bytes());
        json!({
            "ruleId": rule,
            "level": level,
            "message": { "text": text },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": uri(path), "uriBaseId": "%SRCROOT%" },
                "region": { "startLine": line },
            } }],
            "partialFingerprints": { "poag/v1": hex(&print) },
        })
    }
}

/// A path as a relative URI reference (RFC 3986): what is not unreserved or `/` is percent-encoded.
fn uri(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
