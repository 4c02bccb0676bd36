//! Interfaces over HTTP: whether a document is OpenAPI 3.1 as far as a client is made from it.
//!
//! A validator of JSON Schema would add 3 MB to the program. The test holds this against the published schema with one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];
const OF_PATHS: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];
const PLACES: [&str; 4] = ["query", "header", "path", "cookie"];
/// Most lines about one document.
const MOST: usize = 50;

/// How many operations a document describes, and what it lacks, each in one line.
pub(super) fn lacks(text: &str) -> (usize, Vec<String>) {
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => return (0, vec![format!("it is no JSON: {error}")]),
    };
    let mut look = ApiLook {
        document: &document,
        operations: BTreeSet::new(),
        count: 0,
        lacks: Vec::new(),
    };
    look.whole();
    look.references("", &document);
    look.lacks.truncate(MOST);
    (look.count, look.lacks)
}

struct ApiLook<'d> {
    document: &'d Value,
    /// Ids of operations.
    operations: BTreeSet<&'d str>,
    count: usize,
    lacks: Vec<String>,
}

impl<'d> ApiLook<'d> {
    fn lack(&mut self, place: &str, what: &str) {
        self.lacks.push(format!("{place}: {what}"));
    }

    fn whole(&mut self) {
        let version = text(self.document.get("openapi"));
        let number = version.strip_prefix("3.1.").unwrap_or_default();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            self.lack("openapi", "is not \"3.1.0\" or another version of 3.1");
        }
        for name in ["title", "version"] {
            let given = self.document.pointer(&format!("/info/{name}"));
            if text(given).is_empty() {
                self.lack(&format!("info.{name}"), "is missing");
            }
        }
        let paths = self.document.get("paths").and_then(Value::as_object);
        let Some(paths) = paths.filter(|paths| !paths.is_empty()) else {
            return self.lack("paths", "there is none");
        };
        for (path, item) in paths {
            if path.starts_with("x-") {
                continue;
            }
            if !path.starts_with('/') {
                self.lack(path, "a path begins with '/'");
            }
            match item.as_object() {
                Some(item) => self.path(path, item),
                None => self.lack(path, "is no object"),
            }
        }
    }

    fn path(&mut self, path: &str, item: &'d Map<String, Value>) {
        let common = self.parameters(path, item.get("parameters"));
        for (name, value) in item {
            let name = name.as_str();
            if OF_PATHS.contains(&name) || name.starts_with("x-") {
                continue;
            }
            let place = format!("{name} {path}");
            match value.as_object().filter(|_| METHODS.contains(&name)) {
                Some(operation) => self.operation(&place, path, operation, &common),
                None => self.lack(&place, "is no operation of HTTP"),
            }
        }
    }

    fn operation(
        &mut self,
        place: &str,
        path: &str,
        operation: &'d Map<String, Value>,
        common: &BTreeSet<&'d str>,
    ) {
        self.count += 1;
        if let Some(id) = operation.get("operationId") {
            match id.as_str() {
                Some(id) if !id.is_empty() && self.operations.insert(id) => {}
                _ => self.lack(place, "its operationId is no text, or that of another one"),
            }
        }
        let mut named = self.parameters(place, operation.get("parameters"));
        named.extend(common);
        let parts = path.split('{').skip(1);
        for part in parts.filter_map(|part| part.split_once('}')) {
            if !named.contains(part.0) {
                let what = format!("has no parameter in path for '{}'", part.0);
                self.lack(place, &what);
            }
        }
        if let Some(body) = operation.get("requestBody").filter(|one| is_here(one)) {
            let content = body.get("content").and_then(Value::as_object);
            if content.is_none_or(Map::is_empty) {
                self.lack(place, "its requestBody has no content");
            }
        }
        let responses = operation.get("responses").and_then(Value::as_object);
        let Some(responses) = responses.filter(|all| !all.is_empty()) else {
            return self.lack(place, "has no responses");
        };
        for (status, response) in responses {
            let known = status == "default" || status.starts_with("x-") || is_status(status);
            if !known {
                self.lack(place, &format!("'{status}' is no status of a response"));
            } else if is_here(response)
                && response
                    .get("description")
                    .is_none_or(|one| !one.is_string())
            {
                self.lack(place, &format!("its response {status} has no description"));
            }
        }
    }

    /// Looks at parameters, and gives the names of those in the path.
    fn parameters(&mut self, place: &str, all: Option<&'d Value>) -> BTreeSet<&'d str> {
        let mut named = BTreeSet::new();
        let Some(all) = all else { return named };
        let Some(all) = all.as_array() else {
            self.lack(place, "its parameters are no list");
            return named;
        };
        let document = self.document;
        for parameter in all {
            let local = parameter.get("$ref").and_then(Value::as_str);
            let target = local.and_then(|local| document.pointer(local.strip_prefix('#')?));
            let parameter = target.unwrap_or(parameter);
            let (name, kind) = (text(parameter.get("name")), text(parameter.get("in")));
            if name.is_empty() || !PLACES.contains(&kind) {
                self.lack(
                    place,
                    "a parameter has no name, or is in no query, header, path or cookie",
                );
                continue;
            }
            if parameter.get("schema").is_none() && parameter.get("content").is_none() {
                self.lack(
                    place,
                    &format!("parameter '{name}' has neither schema nor content"),
                );
            }
            if kind == "path" {
                named.insert(name);
                if parameter.get("required") != Some(&Value::Bool(true)) {
                    self.lack(
                        place,
                        &format!("parameter '{name}' is in the path and not required"),
                    );
                }
            }
        }
        named
    }

    /// Each reference leads to something in the document.
    fn references(&mut self, place: &str, value: &'d Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    // An example may hold anything.
                    if name == "example" || name == "examples" {
                        continue;
                    }
                    if let (true, Some(local)) = (name == "$ref", value.as_str()) {
                        let pointer = local.strip_prefix('#');
                        if pointer.and_then(|one| self.document.pointer(one)).is_none() {
                            self.lack(
                                place,
                                &format!("'{local}' leads to nothing in this document"),
                            );
                        }
                    }
                    self.references(&format!("{place}/{name}"), value);
                }
            }
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.references(&format!("{place}/{number}"), item);
                }
            }
            _ => {}
        }
    }
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

/// Whether something stands here and not where a reference leads.
fn is_here(value: &Value) -> bool {
    value.get("$ref").is_none()
}

fn is_status(status: &str) -> bool {
    let bytes = status.as_bytes();
    bytes.len() == 3
        && (b'1'..=b'5').contains(&bytes[0])
        && (bytes.ends_with(b"XX") || bytes[1..].iter().all(u8::is_ascii_digit))
}
