//! Templates of repositories, for `fuzz/`.

use serde_json::json;
use tera::Context;

use super::template::Template;

/// Parses a template and renders it with something in every variable.
pub fn template(source: &str) {
    let values = json!({
        "name": "hello-py", "role": "Owns {{ the }} greeting.\n", "dir": "a/b", "budget": 24_000,
        "provides": [{ "name": "greet", "summary": "greet(name)", "files": ["src/a.py", "é"] }],
        "neighbors": [{ "name": "base", "contracts": [{
            "name": "hello", "need": "", "summary": "text",
            "files": [{ "path": "p", "language": "", "fence": "```", "text": "x\n", "outline": "" }],
        }] }],
        "checks": ["nix flake check", "true"], "capabilities": [], "outline": "a\nb\n",
        "sources": [
            { "path": "p", "language": "python", "fence": "````", "text": "x = 'y'\n" },
            { "path": "q", "language": "", "fence": "```", "text": "\u{0}\n" },
        ],
        "left_out": ["secret.pem: a secret"], "left_out_more": 3,
    });
    let known: Vec<&str> = values
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
        .map(String::as_str)
        .collect();
    let Ok(template) = Template::new("fuzz", source, &known) else {
        return;
    };
    if let Ok(context) = Context::from_serialize(&values) {
        let _ = template.render(&context);
    }
}
