//! Whether everything that flake.lock names is told by its content, so that nothing but the lock itself can change it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Unsure;

/// Bytes of a flake.lock above which it is not looked through.
const MOST: u64 = 64 << 20;

/// What the lock that nix made for an evaluation says about it.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum LockState {
    /// It is the one beside the flake, and everything in it is told by its content.
    Complete,
    /// The one beside the flake is another one, which nix would have written.
    Outdated,
}

/// Compares the lock of the flake in `folder` with the one that nix made into `made`.
pub(super) fn compare(folder: &Path, made: &Path) -> Result<LockState, Unsure> {
    let made = read(made)?.ok_or_else(|| Unsure::new("not all of its inputs can be locked"))?;
    let nodes = made.get("nodes").and_then(Value::as_object);
    let nodes = nodes.ok_or_else(|| Unsure::new("its lock cannot be read"))?;
    let root = made.get("root").and_then(Value::as_str);
    let mut inputs = nodes.iter().filter(|(name, _)| Some(name.as_str()) != root);
    let outdated = match read(&folder.join("flake.lock"))? {
        Some(kept) => kept != made,
        // A flake without inputs needs none.
        None => nodes.len() > 1,
    };
    if outdated {
        return Ok(LockState::Outdated);
    }
    match inputs.find(|(_, node)| !is_content(node)) {
        Some((name, _)) => Err(Unsure::new(format!(
            "the input '{name}' is not locked by its content"
        ))),
        None => Ok(LockState::Complete),
    }
}

fn read(file: &Path) -> Result<Option<Value>, Unsure> {
    match fs::metadata(file) {
        Err(_) => return Ok(None),
        Ok(found) if found.len() > MOST => return Err(Unsure::new("its lock is too large")),
        Ok(_) => {}
    }
    let unreadable = || Unsure::new(format!("{} cannot be read", file.display()));
    let text = fs::read(file).map_err(|_| unreadable())?;
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(|_| unreadable())
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
