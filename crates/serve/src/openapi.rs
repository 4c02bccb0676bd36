//! The OpenAPI 3.1 document, made from the types of the handlers: their schemas are those that `schemars` derives, so that
//! no type is described twice.

use axum::http::Method;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::api::Doc;
use crate::caller::Scope;
use crate::problem::{PROBLEM_TYPE, Problem};

/// The document, in the making.
pub(crate) struct Openapi {
    generator: SchemaGenerator,
    /// Path → method → operation.
    paths: Map<String, Value>,
}

impl Openapi {
    pub fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        Self {
            generator: settings.into_generator(),
            paths: Map::new(),
        }
    }

    /// A resource that is looked at.
    pub fn get<P: JsonSchema, Q: JsonSchema>(&mut self, doc: &Doc) {
        let mut parameters = self.parameters::<P>("path");
        parameters.extend(self.parameters::<Q>("query"));
        self.operation(doc, Method::GET, parameters, None);
    }

    /// A resource that is removed.
    pub fn delete<P: JsonSchema>(&mut self, doc: &Doc) {
        let parameters = self.parameters::<P>("path");
        self.operation(doc, Method::DELETE, parameters, None);
        let operation = self.at(doc.path, &Method::DELETE);
        operation["responses"]["204"] = json!({ "description": "It is not there any more." });
    }

    /// A resource that does something, with a body.
    pub fn takes<P: JsonSchema, B: JsonSchema>(&mut self, doc: &Doc, method: &Method) {
        let parameters = self.parameters::<P>("path");
        let schema = self.generator.subschema_for::<B>();
        let body = json!({
            "required": true,
            "content": { "application/json": { "schema": schema } },
        });
        self.operation(doc, method.clone(), parameters, Some(body));
    }

    /// What it answers with.
    pub fn answers<A: JsonSchema>(&mut self, doc: &Doc, method: Method, status: u16) {
        let schema = self.generator.subschema_for::<A>();
        let content = json!({ "application/json": { "schema": schema } });
        self.response(doc, &method, status, content);
    }

    /// What it answers with where that is no JSON: media type, and what it holds.
    pub fn media(&mut self, doc: &Doc, media: &[(&str, &str)]) {
        let content: Map<String, Value> = media
            .iter()
            .map(|(media, holds)| {
                let schema = match *media {
                    "application/json" => json!({ "description": holds }),
                    _ => json!({ "type": "string", "description": holds }),
                };
                ((*media).to_owned(), json!({ "schema": schema }))
            })
            .collect();
        self.response(doc, &Method::GET, 200, content.into());
    }

    /// A header that a resource takes.
    pub fn header(
        &mut self,
        (path, method): (&str, Method),
        name: &str,
        schema: Value,
        says: &str,
    ) {
        let operation = self.at(path, &method);
        if let Some(parameters) = operation["parameters"].as_array_mut() {
            parameters.push(json!({
                "in": "header", "name": name, "required": false, "schema": schema, "description": says,
            }));
        }
    }

    fn parameters<T: JsonSchema>(&mut self, place: &str) -> Vec<Value> {
        let schema = T::json_schema(&mut self.generator).to_value();
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let Some(fields) = schema["properties"].as_object() else {
            return Vec::new();
        };
        let parameter = |(name, schema): (&String, &Value)| {
            let mut schema = schema.clone();
            let says = schema.as_object_mut().and_then(|s| s.remove("description"));
            let needed = place == "path" || required.contains(&name.as_str());
            // What is not given is left out; there is no null in an address.
            json!({
                "in": place, "name": name, "required": needed,
                "schema": without_null(schema), "description": says.unwrap_or_default(),
            })
        };
        fields.iter().map(parameter).collect()
    }

    fn operation(
        &mut self,
        doc: &Doc,
        method: Method,
        parameters: Vec<Value>,
        body: Option<Value>,
    ) {
        let tag = doc.path.trim_start_matches("/v1/").split('/').next();
        let problem = self.generator.subschema_for::<Problem>();
        let operation = self.at(doc.path, &method);
        *operation = json!({
            "operationId": doc.id,
            "summary": doc.summary,
            "description": format!("{} Needs the right to `{}`.", doc.summary, doc.scope.word()),
            "tags": [tag.unwrap_or_default()],
            "security": [{ "token": [] }],
            "parameters": parameters,
            "responses": {
                "default": {
                    "description": "Why it was not done, and what to do.",
                    "content": { PROBLEM_TYPE: { "schema": problem } },
                },
            },
        });
        if let Some(body) = body {
            operation["requestBody"] = body;
        }
    }

    fn response(&mut self, doc: &Doc, method: &Method, status: u16, content: Value) {
        let says = match status {
            201 => "It was made.",
            202 => "It was taken on, and goes on.",
            _ => "Done.",
        };
        let operation = self.at(doc.path, method);
        operation["responses"][status.to_string()] =
            json!({ "description": says, "content": content });
    }

    fn at(&mut self, path: &str, method: &Method) -> &mut Value {
        let path = self.paths.entry(path).or_insert_with(|| json!({}));
        &mut path[method.as_str().to_ascii_lowercase()]
    }

    /// The whole document.
    pub fn document(mut self) -> Value {
        let tags: std::collections::BTreeSet<String> = self
            .paths
            .values()
            .filter_map(Value::as_object)
            .flat_map(Map::values)
            .filter_map(|operation| operation["tags"][0].as_str().map(str::to_owned))
            .collect();
        let tags: Vec<Value> = tags
            .into_iter()
            .map(|tag| json!({ "name": tag, "description": about(&tag) }))
            .collect();
        let mut schemas = Value::Object(self.generator.take_definitions(true));
        schemas = poag_core::plan::schema::readable(schemas);
        let paths = poag_core::plan::schema::readable(Value::Object(self.paths));
        let scopes = Scope::ALL.map(Scope::word).join("`, `");
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "poag",
                "version": "1",
                "description": "What `poag serve` offers: the experts of the flakes that it serves, questions to them, and works that carry plans out. Times are milliseconds since 1970 in UTC. Whatever is not done is told by a problem document (RFC 9457) that ends in what to do.",
                "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
                "contact": { "name": "poag", "url": "https://example.org/poag" },
            },
            "servers": [{ "url": "/", "description": "The server that the document comes from." }],
            "tags": tags,
            "paths": paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": {
                    "token": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": format!("A token of `poag serve token new`, with some of the rights `{scopes}`. The unix socket needs none."),
                    },
                },
            },
        })
    }
}

/// The OpenAPI 3.1 document of this version, as `schema/openapi.json` has it.
#[must_use]
pub fn document() -> Value {
    crate::routes::api().openapi.document()
}

fn about(tag: &str) -> &'static str {
    match tag {
        "flakes" => "The flakes that are served, their graphs and their experts.",
        "runs" => "Questions to experts, and the plans that came of them.",
        "events" => "What happens, while it happens.",
        "works" => "Plans that are carried out.",
        "tasks" => "The parts of a work, for whoever does them.",
        "sessions" => "Conversations with one expert.",
        "snippets" => "Texts with a name, for any question or session.",
        "inbox" => "What waits for a person.",
        "healthz" => "Whether the server answers.",
        "metrics" => "Figures for monitoring.",
        _ => "About the server itself.",
    }
}

/// A schema without null, for where a value is given or is not.
fn without_null(mut schema: Value) -> Value {
    let Some(fields) = schema.as_object_mut() else {
        return schema;
    };
    if let Some(types) = fields.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|kind| kind != "null");
        if let [one] = &types[..] {
            let one = one.clone();
            fields.insert("type".into(), one);
        }
    }
    if let Some(any) = fields.get_mut("anyOf").and_then(Value::as_array_mut) {
        any.retain(|one| one["type"] != "null");
        if let [one] = &any[..] {
            return one.clone();
        }
    }
    fields.remove("default");
    schema
}
