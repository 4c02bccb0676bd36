//! Pictures, interfaces, and a design as it lies in a folder.

use std::fs;
use std::path::Path;

use poag_core::deliverable::DeliverableKind;
use serde_json::{Value, json};

use super::{below, openapi, svg};
use crate::{Engine, EngineSettings};

const PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><title>A page</title>
<style>.a { fill: url(#g) }</style><rect class="a" x="2" y="2" width="30" height="20"/><text x="4" y="12">Hello</text></svg>"##;

fn api() -> Value {
    json!({
        "openapi": "3.1.0", "info": {"title": "Greeting", "version": "1"},
        "paths": {"/greet/{name}": {
            "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": {"operationId": "greet", "responses": {"200": {"$ref": "#/components/responses/text"}, "4XX": {"description": "no"}}},
            "post": {"requestBody": {"content": {"text/plain": {}}}, "responses": {"default": {"description": "yes"}}},
        }},
        "components": {"responses": {"text": {"description": "the greeting"}}},
    })
}

#[test]
fn a_picture_can_be_drawn_shows_something_and_does_nothing() {
    assert_eq!(svg::lacks(PICTURE), [""; 0]);
    let rect = r#"<rect class="a" x="2" y="2" width="30" height="20"/>"#;
    for (from, to, why) in [
        ("</svg>", "", "it is no XML"),
        (
            "http://www.w3.org/2000/svg",
            "http://example.org",
            "does not begin with <svg",
        ),
        (" viewBox=\"0 0 40 30\"", "", "no viewBox"),
        ("A page", " ", "no <title>"),
        (rect, "", "nothing can be seen"),
        (
            "x=\"2\" y=\"2\"",
            "x=\"900\" y=\"2\"",
            "nothing can be seen",
        ),
        ("width=\"30\"", "width=\"-3\"", "nothing can be seen"),
        (
            rect,
            "<script>alert(1)</script>",
            "line 2: it holds <script>",
        ),
        (
            "<rect ",
            "<rect onclick=\"x()\" ",
            "runs something on 'onclick'",
        ),
        (
            rect,
            "<image href=\"https://example.org/a.png\"/>",
            "'href' leads elsewhere",
        ),
        (rect, "<a href=\"#x\"/>", "it holds <a>"),
        (
            "url(#g)",
            "url(https://example.org/a)",
            "its style loads something",
        ),
        (
            "class=\"a\"",
            "style=\"fill:url(//example.org)\"",
            "'style' loads something",
        ),
        (
            "<svg",
            "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg",
            "it is no XML",
        ),
    ] {
        let said = svg::lacks(&PICTURE.replacen(from, to, 1)).join("\n");
        assert!(said.contains(why), "{why}: {said}");
    }
    let many = PICTURE.replace(rect, &"<rect/>".repeat(30_000));
    assert!(svg::lacks(&many)[0].contains("it is no XML"));
}

/// A change of the document that is whole: the pointer to what holds it, its name, and what stands there then.
fn changes() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("", "openapi", json!("2.0")),
        ("", "openapi", Value::Null),
        ("/info", "title", Value::Null),
        ("/info", "version", Value::Null),
        ("/paths", "greet", json!({})),
        ("/paths/~1greet~1{name}", "gett", json!({})),
        ("/paths/~1greet~1{name}", "get", json!(3)),
        (
            "/paths/~1greet~1{name}/get/responses",
            "2000",
            json!({"description": "x"}),
        ),
        ("/paths/~1greet~1{name}/get/responses", "200", json!({})),
        ("/paths/~1greet~1{name}/get", "responses", json!({})),
        (
            "/paths/~1greet~1{name}/post/requestBody",
            "content",
            Value::Null,
        ),
        ("/paths/~1greet~1{name}/parameters/0", "name", Value::Null),
        ("/paths/~1greet~1{name}/parameters/0", "in", json!("body")),
        ("/paths/~1greet~1{name}/parameters/0", "schema", Value::Null),
        (
            "/paths/~1greet~1{name}/parameters/0",
            "required",
            Value::Null,
        ),
    ]
}

#[test]
fn what_the_schema_of_openapi_refuses_is_refused() {
    let schema: Value = serde_json::from_str(include_str!("openapi-3.1.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(schema.is_valid(&api()));
    let (operations, lacks) = openapi::lacks(&api().to_string());
    assert_eq!((operations, lacks), (2, vec![]));
    for (place, name, value) in changes() {
        let mut changed = api();
        let holder = changed.pointer_mut(place).and_then(Value::as_object_mut);
        let holder = holder.unwrap();
        match &value {
            Value::Null => holder.remove(name),
            value => holder.insert(name.into(), value.clone()),
        };
        assert!(!schema.is_valid(&changed), "{place} {name}");
        let lacks = openapi::lacks(&changed.to_string()).1;
        assert!(!lacks.is_empty(), "{place} {name} {value}");
    }
}

#[test]
fn what_a_client_could_not_be_made_from_is_refused() {
    let cases = [
        (
            "#/components/responses/text",
            "#/components/responses/none",
            "leads to nothing",
        ),
        (
            "#/components/responses/text",
            "https://example.org/x",
            "leads to nothing",
        ),
        (
            "\"name\":\"name\"",
            "\"name\":\"nam\"",
            "no parameter in path for 'name'",
        ),
        (
            "\"responses\":{\"default\"",
            "\"operationId\":\"greet\",\"responses\":{\"default\"",
            "that of another one",
        ),
        ("{", "", "it is no JSON"),
    ];
    for (from, to, why) in cases {
        let changed = api().to_string().replacen(from, to, 1);
        assert_ne!(changed, api().to_string(), "{from}");
        let lacks = openapi::lacks(&changed).1.join("\n");
        assert!(lacks.contains(why), "{why}: {lacks}");
    }
    assert!(
        openapi::lacks("{}")
            .1
            .join("\n")
            .contains("paths: there is none")
    );
}

#[tokio::test]
async fn a_design_is_looked_at_as_it_lies_in_its_folder() {
    let place = tempfile::tempdir().unwrap();
    let design = place.path().join("docs/design");
    fs::create_dir_all(design.join("mockups")).unwrap();
    let write = |name: &str, text: &str| fs::write(design.join(name), text).unwrap();
    write("journeys.md", "## J1: Greet\n1. a\n2. b\n");
    write(
        "stories.md",
        "## S1: Greet\nJourneys: J1\nAs a visitor, I want a greeting, so that I smile.\n- it greets\n",
    );
    write("mockups/S1-page.svg", PICTURE);
    write(
        "specification.md",
        "## A\n![page](mockups/S1-page.svg) S1\n## B\n[up](../../x) [out](../../../x)\n",
    );
    fs::write(place.path().join("flake.nix"), "{ }").unwrap();
    let engine = Engine::new(EngineSettings::new(
        place.path().join("cache"),
        place.path().join("state"),
        place.path().to_owned(),
    ));
    let target = engine.flake(".").unwrap();
    let all = [
        DeliverableKind::Mockups,
        DeliverableKind::Specification,
        DeliverableKind::Api,
    ];
    let said = async || {
        let folder = Path::new("docs/design");
        let reports = engine.verify_design(&target, folder, &all).await.unwrap();
        let lines = reports.iter().flat_map(|one| &one.shortfalls);
        lines.map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        said().await,
        [
            "specification.md:4: '../../x' is not there",
            "specification.md:4: '../../../x' does not lie in this folder",
            "api.md: neither it nor openapi.json is there",
        ]
    );
    write(
        "specification.md",
        "## A\n![page](mockups/S1-page.svg) S1\n## B\n",
    );
    write("openapi.json", &api().to_string());
    assert_eq!(said().await, [""; 0]);
    // A link is not followed out of the design.
    fs::remove_file(design.join("openapi.json")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", design.join("openapi.json")).unwrap();
    let folder = Path::new("docs/design");
    let linked = engine
        .verify_design(&target, folder, &all)
        .await
        .unwrap_err();
    assert!(linked.to_string().contains("symbolic link"), "{linked}");
}

#[test]
fn a_link_stays_below() {
    let of =
        |link: &str| below(Path::new("docs/design"), link).map(|path| path.display().to_string());
    assert_eq!(of("./a/../b.md"), Some("docs/design/b.md".into()));
    assert_eq!(of("../../x"), Some("x".into()));
    assert_eq!(of("../../../x"), None);
    assert_eq!(of("/etc/passwd"), None);
}
