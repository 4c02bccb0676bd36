//! Whether everything that flake.lock names is told by its content, so that nothing but the lock itself can change it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Unsure;

/// Bytes of a flake.lock above which it is not looked through.
const MOST: u64 = 64 << 20;

/// Looks through the lock of the flake in `folder`. A flake without inputs has none.
pub(super) fn by_content(folder: &Path) -> Result<(), Unsure> {
    let file = folder.join("flake.lock");
    let Ok(found) = fs::metadata(&file) else {
        return Ok(());
    };
    if found.len() > MOST {
        return Err(Unsure::new("flake.lock is too large"));
    }
    let unreadable = || Unsure::new("flake.lock cannot be read");
    let text = fs::read(&file).map_err(|_| unreadable())?;
    let lock: Value = serde_json::from_slice(&text).map_err(|_| unreadable())?;
    let nodes = lock
        .get("nodes")
        .and_then(Value::as_object)
        .ok_or_else(unreadable)?;
    let root = lock.get("root").and_then(Value::as_str);
    for (name, node) in nodes {
        if Some(name.as_str()) != root && !is_content(node) {
            return Err(Unsure::new(format!(
                "the input '{name}' is not locked by its content"
            )));
        }
    }
    Ok(())
}

fn is_content(node: &Value) -> bool {
    let locked = |name: &str| {
        node.pointer(&format!("/locked/{name}"))
            .and_then(Value::as_str)
    };
    let absolute = || locked("path").is_none_or(|path| path.starts_with('/'));
    match locked("type") {
        // A part of the source that names it.
        Some("path") => node.get("parent").is_some_and(Value::is_array) && !absolute(),
        Some("git" | "github" | "gitlab" | "sourcehut") => {
            locked("narHash").is_some() && locked("rev").is_some()
        }
        Some("tarball" | "file") => locked("narHash").is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_its_content_tells_is_locked() {
        let good = [
            json!({ "locked": { "type": "github", "narHash": "sha256-x", "rev": "1" } }),
            json!({ "locked": { "type": "tarball", "narHash": "sha256-x" } }),
            json!({ "locked": { "type": "path", "path": "../a" }, "parent": [] }),
        ];
        let bad = [
            json!({ "locked": { "type": "git", "narHash": "sha256-x", "dirtyRev": "1-dirty" } }),
            json!({ "locked": { "type": "path", "path": "/a", "narHash": "sha256-x" } }),
            json!({ "locked": { "type": "path", "path": "../a" } }),
            json!({ "locked": { "type": "indirect", "id": "a" } }),
            json!({}),
        ];
        assert!(good.iter().all(is_content));
        assert!(!bad.iter().any(is_content));
    }
}
