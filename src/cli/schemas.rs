//! The published schemas are those of the types.

#![expect(
    clippy::disallowed_methods,
    reason = "the command line reads it; the book and schema/, in a test"
)]

use std::path::Path;

use serde_json::Value;

use crate::agent::command::protocol;
use poag_core::plan::schema;

fn published() -> Vec<(&'static str, Value)> {
    let of_programs = protocol::published().into_iter();
    let of_programs = of_programs.map(|(name, schema)| (name, schema::readable(schema)));
    let of_debates = poag_core::debate::schema::published();
    let all = of_programs.chain(schema::published()).chain(of_debates);
    let mut all: Vec<_> = all.collect();
    #[cfg(feature = "serve")]
    all.push(("openapi.v1.json", poag_serve::document()));
    all.sort_by_key(|(name, _)| *name);
    all
}

const WRITE: &str = "POAG_WRITE_SCHEMAS";

#[test]
fn published_schemas_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let mut names = Vec::new();
    for (name, schema) in published() {
        names.push(name.to_owned());
        let path = folder.join(name);
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == text,
            "schema/{name} is not the schema of its type\nrepair: {WRITE}=1 cargo nextest run published_schemas"
        );
    }
    let mut there: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    assert_eq!(there, names, "schema/ holds what no type makes");
}

/// Every text that describes something in a schema, and every name of a format.
fn words(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "description" || name == "format" => {
                        found.push(text.clone());
                    }
                    value => words(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        _ => {}
    }
}

#[test]
fn schemas_speak_to_readers_and_not_of_rust() {
    for (name, schema) in published() {
        let mut found = Vec::new();
        words(&schema, &mut found);
        assert!(found.len() > 3, "{name}");
        for text in found {
            let rust = ["[`", "::", "uint", "int32", "double"];
            assert!(
                !rust.iter().any(|word| text.contains(word)),
                "{name}: {text}"
            );
        }
    }
}
