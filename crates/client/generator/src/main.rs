//! Makes `crates/client/src/generated` from `schema/openapi.v1.json`; its test compares the two.

#![expect(clippy::disallowed_methods, reason = "a program of its own")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use openapi_to_rust::{CodeGenerator, GeneratorConfig, SchemaAnalyzer};
use serde_json::Value;

/// The operations that can be called, as the generator makes them.
const TABLE: &str = "registry.rs";
/// A name for each of them, so that a call of one that is not offered any more does not compile.
const NAMES: &str = "operations.rs";

fn main() -> Result<(), Box<dyn Error>> {
    for (name, text) in generated()? {
        fs::write(folder().join(name), text)?;
    }
    Ok(())
}

fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.join("../../..")
}

fn folder() -> PathBuf {
    root().join("crates/client/src/generated")
}

/// File → what it has to hold.
fn generated() -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let document = fs::read(root().join("schema/openapi.v1.json"))?;
    let mut document: Value = serde_json::from_slice(&document)?;
    without_descriptions(&mut document);
    let mut analysis = SchemaAnalyzer::new(document)?.analyze()?;
    let generator = CodeGenerator::new(GeneratorConfig {
        enable_async_client: false,
        enable_sse_client: false,
        enable_registry: true,
        registry_only: true,
        tracing_enabled: false,
        ..GeneratorConfig::default()
    });
    let made = generator.generate_all(&mut analysis)?;
    let table = made
        .files
        .into_iter()
        .find(|file| file.path.ends_with(TABLE));
    let table = table
        .ok_or("the generator made no table of operations")?
        .content;
    let names = names(&table);
    Ok(vec![(TABLE, table), (NAMES, names)])
}

/// The document, without what its operations say twice: the summary, and the right that is needed.
fn without_descriptions(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.filter_map(|(_, path)| path.as_object_mut()).flatten();
    for (_, operation) in operations {
        if let Some(fields) = operation.as_object_mut() {
            fields.remove("description");
        }
    }
}

/// A constant for each entry of the table.
fn names(table: &str) -> String {
    let mut text = "//! The operations by name. Made from the OpenAPI document: see crates/client/generator.\n\nuse super::registry::{OPERATIONS, OperationDef};\n".to_owned();
    let field = |line: &str, name: &str| {
        let rest = line.trim().strip_prefix(name)?.trim();
        Some(rest.trim_end_matches(',').to_owned())
    };
    let (_, entries) = table.split_once("OPERATIONS: [").unwrap_or_default();
    let ids = entries.lines().filter_map(|line| field(line, "id:"));
    for (at, id) in ids.enumerate() {
        let id = id.trim_matches('"');
        let name = constant(id);
        let _ = write!(
            text,
            "\n/// `{id}`\npub const {name}: &OperationDef = &OPERATIONS[{at}];\n"
        );
    }
    text
}

/// `listRuns` → `LIST_RUNS`.
fn constant(id: &str) -> String {
    let mut name = String::new();
    for c in id.chars() {
        if c.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(c.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_is_what_the_document_gives() {
        if std::env::var_os("POAG_WRITE_SCHEMAS").is_some() {
            main().unwrap();
        }
        for (name, text) in generated().unwrap() {
            let committed = fs::read_to_string(folder().join(name)).unwrap_or_default();
            assert!(
                committed == text,
                "{name} is not what schema/openapi.v1.json gives\nrepair: cargo run -p poag-client-generator"
            );
        }
    }

    #[test]
    fn a_name_is_a_constant() {
        assert_eq!(constant("listRuns"), "LIST_RUNS");
        assert_eq!(constant("ask"), "ASK");
    }
}
