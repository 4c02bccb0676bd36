//! Which nodes of a lock stand for one and the same input: the same wish, the same source, the same inputs in turn.

use std::collections::{BTreeSet, HashMap};
use std::path::{Component, Path};

use serde_json::Value;

use super::model::{Lock, LockNode};

/// Equal exactly for nodes that can stand for each other.
pub(super) type Class = usize;

/// What is known of each node.
pub(super) type ByNode<'a, T> = HashMap<&'a str, T>;

/// Node → class, and node → how many inputs lie below it one under the other. Where inputs run in a circle, each node of
/// it is a class of its own.
pub(super) fn classes(lock: &Lock) -> (ByNode<'_, Class>, ByNode<'_, usize>) {
    Classes::default().of(lock)
}

/// Whether two locks of one flake give every input the same source and the same inputs in turn.
pub(crate) fn is_same(a: &Lock, b: &Lock) -> bool {
    let mut classes = Classes::default();
    let root = |class: &ByNode<'_, Class>, lock: &Lock| class.get(lock.root.as_str()).copied();
    let first = root(&classes.of(a).0, a);
    first.is_some() && first == root(&classes.of(b).0, b)
}

/// Classes that are the same in several locks.
#[derive(Default)]
struct Classes {
    /// Source and inputs → class.
    known: HashMap<(String, Vec<(String, Class)>), Class>,
    next: Class,
}

impl Classes {
    fn of<'a>(&mut self, lock: &'a Lock) -> (ByNode<'a, Class>, ByNode<'a, usize>) {
        let sources = sources(lock);
        let mut class: HashMap<&str, Class> = HashMap::new();
        let mut heights = HashMap::new();
        // Inputs before those who have them, without recursion: a lock may be as deep as it is long.
        let mut begun: HashMap<&str, ()> = HashMap::new();
        let mut stack: Vec<(&str, bool)> = lock
            .nodes
            .keys()
            .map(|name| (name.as_str(), false))
            .collect();
        while let Some((name, ready)) = stack.pop() {
            if class.contains_key(name) {
                continue;
            }
            let Some(node) = lock.nodes.get(name) else {
                continue;
            };
            let inputs = || {
                let inputs = node.inputs.iter();
                inputs.filter_map(|(input, edge)| Some((input, lock.target(edge)?)))
            };
            if !ready {
                if begun.insert(name, ()).is_none() {
                    stack.push((name, true));
                    stack.extend(inputs().map(|(_, to)| (to, false)));
                }
                continue;
            }
            let inner: Option<Vec<_>> = inputs()
                .map(|(input, to)| Some((input.clone(), *class.get(to)?)))
                .collect();
            let below = inputs().filter_map(|(_, to)| heights.get(to)).max();
            heights.insert(name, below.map_or(0, |below| below + 1));
            let source = sources.get(name).cloned().unwrap_or_default();
            let number = match inner {
                Some(inner) => *self.known.entry((source, inner)).or_insert(self.next),
                None => self.next,
            };
            self.next += 1;
            class.insert(name, number);
        }
        (class, heights)
    }
}

/// Folders of the flakes and files that lie in the flake's own source, relative to the flake, itself among them.
#[must_use]
pub fn own_folders(lock: &Lock) -> BTreeSet<String> {
    let mut known = HashMap::new();
    let places = lock
        .nodes
        .keys()
        .filter_map(|name| place(lock, name, &mut known));
    let own = places.filter(|(source, _)| source.is_empty());
    own.map(|(_, dir)| dir).collect()
}

/// Node → its wish and its source as one text; relative paths by the place they lead to.
fn sources(lock: &Lock) -> HashMap<&str, String> {
    let mut places: HashMap<&str, Option<(String, String)>> = HashMap::new();
    lock.nodes
        .iter()
        .map(|(name, node)| {
            let wish = node.original.clone().unwrap_or_default();
            let text = match place(lock, name, &mut places) {
                Some((source, dir)) if node.parent.is_some() => {
                    format!("{source}\0{dir}\0{:?}", node.flake)
                }
                _ => format!("{wish}\0{}\0{:?}", exact(node), node.flake),
            };
            (name.as_str(), text)
        })
        .collect()
}

/// What is locked, without what only tells about it.
pub(super) fn exact(node: &LockNode) -> String {
    let mut locked = node.locked.clone().unwrap_or_default();
    if let Value::Object(fields) = &mut locked {
        for told in ["lastModified", "revCount", "__final"] {
            fields.remove(told);
        }
    }
    locked.to_string()
}

/// The source that a node is part of and its folder in it, for relative paths. "" is the flake's own source.
pub(super) fn place<'a>(
    lock: &'a Lock,
    name: &'a str,
    known: &mut HashMap<&'a str, Option<(String, String)>>,
) -> Option<(String, String)> {
    // Up to the first node that has a source of its own, then down again.
    let mut way = Vec::new();
    let mut at = name;
    let mut found = loop {
        if let Some(found) = known.get(at) {
            break found.clone();
        }
        let node = lock.nodes.get(at)?;
        let Some(parent) = &node.parent else {
            let own = if at == lock.root {
                String::new()
            } else {
                exact(node)
            };
            let dir = node.locked.as_ref().and_then(|locked| locked.get("dir"));
            let dir = dir.and_then(Value::as_str).unwrap_or_default();
            let found = Some((own, dir.to_string()));
            known.insert(at, found.clone());
            break found;
        };
        if way.len() > lock.nodes.len() {
            return None;
        }
        way.push(at);
        at = lock.at(parent)?;
    };
    for name in way.into_iter().rev() {
        let path = lock
            .nodes
            .get(name)?
            .locked
            .as_ref()
            .and_then(|locked| locked.get("path"));
        found = found.and_then(|(source, dir)| Some((source, join(&dir, path?.as_str()?)?)));
        known.insert(name, found.clone());
    }
    found
}

/// Folders inside one another above which a path is none.
const DEEPEST: usize = 128;

/// A folder inside a source; none where it leads out of it. The flake's own folder may lie anywhere: it may be left.
fn join(dir: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::ParentDir => match parts.last() {
                Some(&"..") | None => parts.push(".."),
                Some(_) => {
                    parts.pop();
                }
            },
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (parts.len() <= DEEPEST).then(|| parts.join("/"))
}
