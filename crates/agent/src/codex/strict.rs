//! The schema of answers in the part of JSON Schema that OpenAI's strict mode knows:
//! <https://platform.openai.com/docs/guides/structured-outputs#supported-schemas>. Every property is
//! required there, objects are closed, and there is neither `oneOf` nor `prefixItems`.

use serde_json::{Map, Value, json};

/// What strict mode does not know, or need not.
const DROPPED: [&str; 9] = [
    "$schema",
    "title",
    "default",
    "format",
    "minimum",
    "maximum",
    "prefixItems",
    "oneOf",
    "examples",
];

/// The schema for strict mode. What fits it fits `schema` too, once it is through [`loosen`].
pub fn schema(schema: &Value) -> Value {
    let Value::Object(fields) = schema else {
        return schema.clone();
    };
    if let Some(reference) = fields.get("$ref") {
        // Nothing may stand beside a reference.
        return json!({ "$ref": reference });
    }
    let mut strict = match fields.get("oneOf").and_then(Value::as_array) {
        Some(variants) => united(variants),
        None => Map::new(),
    };
    for (name, value) in fields {
        match name.as_str() {
            dropped if DROPPED.contains(&dropped) => {}
            "properties" | "$defs" => drop(strict.insert(name.clone(), each(value))),
            "items" => drop(strict.insert(name.clone(), self::schema(value))),
            "anyOf" => {
                let all = value.as_array().into_iter().flatten();
                strict.insert(name.clone(), all.map(self::schema).collect());
            }
            _ => drop(strict.insert(name.clone(), value.clone())),
        }
    }
    if let Some(first) = fields.get("prefixItems").and_then(|items| items.get(0)) {
        strict.insert("items".into(), self::schema(first));
    }
    if let Some(Value::Object(properties)) = strict.get("properties") {
        let names: Vec<&String> = properties.keys().collect();
        let names = json!(names);
        strict.insert("required".into(), names);
        strict.insert("additionalProperties".into(), json!(false));
    }
    Value::Object(strict)
}

fn each(schemas: &Value) -> Value {
    let all = schemas.as_object().into_iter().flatten();
    all.map(|(name, value)| (name.clone(), schema(value)))
        .collect()
}

/// One schema for several: constants become an enumeration. Objects become one object, since strict mode
/// tells variants apart by their first keys; what is not in all of them may be null.
fn united(variants: &[Value]) -> Map<String, Value> {
    let mut united = Map::new();
    let constants: Vec<&Value> = variants.iter().filter_map(|one| one.get("const")).collect();
    if constants.len() == variants.len() {
        united.insert("type".into(), json!("string"));
        united.insert("enum".into(), json!(constants));
        return united;
    }
    let of = |one: &Value, name: &str| one["properties"].get(name).cloned();
    let names = variants
        .iter()
        .flat_map(|one| one["properties"].as_object().into_iter().flatten());
    let mut properties = Map::new();
    for (name, _) in names {
        if properties.contains_key(name) {
            continue;
        }
        let found: Vec<Value> = variants.iter().filter_map(|one| of(one, name)).collect();
        let everywhere = found.len() == variants.len();
        let mut one = match found.iter().all(|one| one.get("const").is_some()) {
            true => Value::Object(self::united(&found)),
            false => schema(found.first().unwrap_or(&Value::Null)),
        };
        if !everywhere {
            one = json!({ "anyOf": [one, { "type": "null" }] });
        }
        properties.insert(name.clone(), one);
    }
    united.insert("type".into(), json!("object"));
    united.insert("properties".into(), Value::Object(properties));
    united
}

/// The answer without the nulls that only the strict schema allows.
pub fn loosen(answer: Value, schema: &Value) -> Value {
    loosened(answer, schema, schema)
}

fn loosened(answer: Value, schema: &Value, root: &Value) -> Value {
    let schema = resolved(schema, root);
    match answer {
        Value::Object(fields) => {
            let all = fields.into_iter();
            let kept = all.filter_map(|(name, value)| {
                let inner = property(schema, &name, root);
                match (value, inner) {
                    (Value::Null, Some(inner)) if !allows_null(inner, root) => None,
                    (value, Some(inner)) => Some((name, loosened(value, inner, root))),
                    (value, None) => Some((name, value)),
                }
            });
            Value::Object(kept.collect())
        }
        Value::Array(items) => {
            let inner = schema.get("items").unwrap_or(&Value::Null);
            let all = items.into_iter();
            all.map(|item| loosened(item, inner, root)).collect()
        }
        other => other,
    }
}

fn resolved<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str();
    let path = reference.and_then(|reference| reference.strip_prefix('#'));
    path.and_then(|path| root.pointer(path)).unwrap_or(schema)
}

/// What a schema, or one of its variants, says of a property.
fn property<'a>(schema: &'a Value, name: &str, root: &'a Value) -> Option<&'a Value> {
    let schema = resolved(schema, root);
    schema["properties"].get(name).or_else(|| {
        let variants = ["oneOf", "anyOf"].into_iter();
        let mut variants = variants.flat_map(|key| schema[key].as_array().into_iter().flatten());
        variants.find_map(|one| property(one, name, root))
    })
}

fn allows_null(schema: &Value, root: &Value) -> bool {
    let schema = resolved(schema, root);
    let of_type = match &schema["type"] {
        Value::Array(types) => types.contains(&json!("null")),
        one => one == "null",
    };
    let variants = ["oneOf", "anyOf"].into_iter();
    let mut variants = variants.flat_map(|key| schema[key].as_array().into_iter().flatten());
    of_type || variants.any(|one| allows_null(one, root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use poag_core::plan::schema::turn_result;

    /// Every schema in a schema.
    fn walk(schema: &Value, see: &mut dyn FnMut(&Map<String, Value>)) {
        match schema {
            Value::Object(fields) => {
                if ["type", "$ref", "anyOf", "enum"]
                    .iter()
                    .any(|key| fields.contains_key(*key))
                {
                    see(fields);
                }
                fields.values().for_each(|value| walk(value, see));
            }
            Value::Array(all) => all.iter().for_each(|value| walk(value, see)),
            _ => {}
        }
    }

    #[test]
    fn the_schema_of_a_turn_is_strict() {
        let known = [
            "type",
            "enum",
            "const",
            "anyOf",
            "$ref",
            "$defs",
            "items",
            "properties",
            "required",
            "additionalProperties",
            "minItems",
            "maxItems",
            "description",
        ];
        let strict = schema(&turn_result());
        assert_eq!(strict["type"], "object");
        let mut objects = 0;
        walk(&strict, &mut |fields| {
            let is_schema = !fields.values().all(|value| value.get("type").is_some());
            if !is_schema {
                return;
            }
            for name in fields.keys() {
                assert!(known.contains(&name.as_str()), "{name} in {fields:?}");
            }
            assert!(
                fields.len() == 1 || !fields.contains_key("$ref"),
                "{fields:?}"
            );
            if let Some(properties) = fields.get("properties") {
                objects += 1;
                assert_eq!(fields["additionalProperties"], false);
                let names: Vec<&String> = properties.as_object().unwrap().keys().collect();
                assert_eq!(fields["required"], json!(names));
            }
        });
        assert!(objects > 5, "{objects}");
        jsonschema::validator_for(&strict).unwrap();
    }

    #[test]
    fn an_answer_that_is_strict_fits_the_schema_once_it_is_loosened() {
        let turn = turn_result();
        let strict = jsonschema::validator_for(&schema(&turn)).unwrap();
        let loose = jsonschema::validator_for(&turn).unwrap();
        let step = json!({ "phase": "after", "what": "build", "proof": null });
        let open = json!({ "question": "which?", "proposal": "this" });
        let edit = json!({ "path": "a", "action": "change", "instruction": "do", "likelihood": null,
            "evidence": [{ "what": "x", "lines": null }, { "what": "y", "lines": [1, 2] }] });
        for verdict in [
            json!({ "verdict": "accept", "reason": null, "to": null }),
            json!({ "verdict": "amend", "reason": "r", "to": null }),
            json!({ "verdict": "object", "reason": "r", "to": "base" }),
        ] {
            let answer = json!({
                "schemaVersion": 1, "edits": [edit], "asks": [], "notes": [], "verdict": verdict,
                "answer": { "markdown": "m", "citations": [], "confidence": null },
                "steps": [step], "decisions": [open],
            });
            assert!(strict.is_valid(&answer), "{verdict}");
            let answer = loosen(answer, &turn);
            let errors: Vec<String> = loose
                .iter_errors(&answer)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{errors:?}");
            // Nulls that mean something stay.
            assert_eq!(answer["edits"][0]["evidence"][0]["lines"], Value::Null);
        }
    }
}
