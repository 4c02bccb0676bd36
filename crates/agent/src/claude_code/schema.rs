//! The schema of every answer, as both of its readers take it.
//!
//! Claude Code checks it as JSON Schema draft 7, strictly: it refuses another draft by name and words
//! that it does not know. The API takes it for draft 2020-12. So what they do not share is said in words that
//! both know: a tuple (`prefixItems`) as a list of its members' kinds, which is the same where they are alike, and
//! wider where they are not. What came through is judged by poag's own schema afterwards.

use serde_json::{Value, json};

/// The schema as an argument; for the same schema the same bytes always.
pub fn argument(schema: &Value) -> String {
    let mut schema = schema.clone();
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("$schema");
    }
    plain(&mut schema);
    schema.to_string()
}

fn plain(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Array(mut members)) = fields.remove("prefixItems") {
                members.dedup();
                let kind = match members.as_slice() {
                    [one] => one.clone(),
                    _ => json!({ "anyOf": members }),
                };
                fields.insert("items".into(), kind);
            }
            fields.values_mut().for_each(plain);
        }
        Value::Array(members) => members.iter_mut().for_each(plain),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuples_become_lists_of_the_same_length() {
        let number = json!({ "type": "integer" });
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "properties": {
                "lines": { "type": "array", "prefixItems": [number, number], "minItems": 2, "maxItems": 2 },
                "mixed": { "prefixItems": [number, { "type": "string" }] },
            },
        });
        let expected = json!({ "properties": {
            "lines": { "type": "array", "items": number, "minItems": 2, "maxItems": 2 },
            "mixed": { "items": { "anyOf": [number, { "type": "string" }] } },
        }});
        let given: Value = serde_json::from_str(&argument(&schema)).unwrap();
        assert_eq!(given, expected);
    }
}
