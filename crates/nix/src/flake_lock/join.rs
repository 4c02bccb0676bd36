//! The fewest `follows` after which every input stands in the lock once, and what they save.
//!
//! Each is about an input of an input, `inputs.a.inputs.b.follows`. Deeper ones are not written: an override without a
//! `url` above another one meant an input of the registry (`flake:b`) before NixOS/nix#13400, so that Nix 2.26 looks for
//! it elsewhere and Nix 2.34 does not.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use super::model::{Edge, Lock, Path};
use super::same::{Class, classes, exact, place};

/// Inputs of inputs of inputs, below which nothing is looked for.
const DEEPEST: usize = 512;
/// How much that looks alike and stays is told.
const MOST_LEFT: usize = 1000;

/// One `follows` to be added.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Join {
    /// The flake whose flake.nix it belongs to: its folder, relative to that of the flake that was looked at.
    pub flake: String,
    /// The input that is joined, as seen from there: two names or more.
    pub input: Path,
    /// What it becomes, as seen from there.
    pub follows: Path,
}

impl Join {
    /// The statement, as an attribute path on its own.
    #[must_use]
    pub fn statement(&self) -> String {
        let path: Vec<String> = self
            .input
            .iter()
            .map(|name| format!("inputs.{}", super::edit::quoted(name)))
            .collect();
        format!(
            "{}.follows = \"{}\";",
            path.join("."),
            self.follows.join("/")
        )
    }
}

/// Two instances that look alike and are not joined.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct NotJoined {
    /// The one input.
    pub input: Path,
    /// The other, nearer to the root.
    pub other: Path,
    /// Why they are two.
    pub why: InputDifference,
    /// What stands in the way of a join that is not proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

/// Why instances stay two.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputDifference {
    /// Another branch, tag or revision is asked for.
    OtherRef,
    /// The same is asked for, and locked at another revision: joining would move one of them.
    OtherRevision,
    /// The same source, whose own inputs are others.
    OtherInputs,
    /// One is a flake, the other plain files.
    OtherUse,
    /// They lock the same at present, and are asked for under other references.
    OtherReference,
    /// They are one and the same, and only the flake in between can say so: an input of an input of an input.
    TooDeep,
    /// They are one and the same, and the join is not proven.
    Unproven,
}

/// Why a join must not be made, for those that must not.
pub type Refusal<'a> = &'a dyn Fn(&Join) -> Option<String>;

/// What can be done about a lock.
#[derive(Clone, Debug, Serialize)]
pub struct JoinPlan {
    /// What to add.
    pub joins: Vec<Join>,
    /// What looks alike and stays: the first thousand.
    pub left: Vec<NotJoined>,
    /// Nodes and bytes now.
    pub before: Size,
    /// Nodes and bytes afterwards.
    pub after: Size,
    /// The lock afterwards, with every input where it is now.
    #[serde(skip)]
    pub lock: Lock,
}

/// How large a lock is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Size {
    /// Nodes, the flake itself among them.
    pub nodes: usize,
    /// Bytes of the file.
    pub bytes: usize,
}

/// Finds what can be joined. The flake that was looked at lies in `dir` of its repository; relative flakes of that
/// repository get the statements that concern only them, everything else goes into the flake itself. What `refused` has a
/// reason against is not joined.
#[must_use]
pub fn plan(lock: &Lock, dir: &str, refused: Refusal<'_>) -> JoinPlan {
    let (class, height) = classes(lock);
    let mut folders = HashMap::new();
    // What is nearest to the root stays, and what is joined is not entered. Among equals the one of the lowest flake
    // stays: then most of what is below it concerns that flake alone.
    let mut steps = Steps::default();
    let mut stays: HashMap<Class, usize> = HashMap::new();
    let mut joined = lock.clone();
    let mut joins = Vec::new();
    let mut alike: BTreeMap<String, Vec<(usize, &str)>> = BTreeMap::new();
    let mut twins: BTreeMap<String, Vec<(usize, &str)>> = BTreeMap::new();
    let mut refusals = Vec::new();
    let mut waiting = BTreeSet::from([(0, 0, 0, lock.root.as_str())]);
    // A lock of a circle, or one that shares nodes, is walked through once.
    let mut entered = HashSet::from([lock.root.as_str()]);
    while let Some((depth, _, above, name)) = waiting.pop_first() {
        let Some(node) = lock.nodes.get(name) else {
            continue;
        };
        for (input, edge) in &node.inputs {
            let Edge::Node(to) = edge else { continue };
            let Some(&kind) = class.get(to.as_str()) else {
                continue;
            };
            let first = stays.get(&kind).copied();
            // Inputs of the flake itself are what its author wrote.
            if let Some(first) = first
                && above > 0
                && !steps.leads_through(above, first)
            {
                let (here, first) = (steps.path(above, Some(input)), steps.path(first, None));
                let (level, flake) = owner(lock, dir, &here, &first, &mut folders);
                let join = Join {
                    flake,
                    input: here[level..].to_vec(),
                    follows: first[level..].to_vec(),
                };
                match objection(lock, &join, (to, &first), refused) {
                    None => {
                        joins.push(join);
                        if let Some(node) = joined.nodes.get_mut(name) {
                            node.inputs.insert(input.clone(), Edge::Follows(first));
                        }
                        continue;
                    }
                    Some((why, says)) => refusals.push(NotJoined {
                        input: here,
                        other: first,
                        why,
                        says,
                    }),
                }
            }
            let here = steps.add(above, input);
            if first.is_none() {
                stays.insert(kind, here);
                if let Some(node) = lock.nodes.get(to)
                    && let Some(key) = family(node)
                {
                    alike.entry(key).or_default().push((here, to));
                    twins.entry(exact(node)).or_default().push((here, to));
                }
            }
            if depth < DEEPEST && entered.insert(to) {
                let height = height.get(to.as_str()).copied().unwrap_or(0);
                waiting.insert((depth + 1, height, here, to));
            }
        }
    }
    let before = size(lock);
    let keep: Vec<String> = joined.reachable().into_iter().map(String::from).collect();
    joined
        .nodes
        .retain(|name, _| keep.binary_search(name).is_ok());
    JoinPlan {
        before,
        after: if joins.is_empty() {
            before
        } else {
            size(&joined)
        },
        left: {
            let mut left = left(lock, &alike, &steps);
            left.extend(under_other_references(lock, &twins, &steps));
            left.extend(refusals);
            left.truncate(MOST_LEFT);
            left
        },
        joins,
        lock: joined,
    }
}

/// Paths of inputs as a tree of steps: a path of its own for each of many would grow with the square of their depth.
/// Number 0 is the root.
#[derive(Default)]
struct Steps<'a>(Vec<(usize, &'a str)>);

impl<'a> Steps<'a> {
    fn add(&mut self, above: usize, input: &'a str) -> usize {
        self.0.push((above, input));
        self.0.len()
    }

    /// The path to a step, and one more input behind it.
    fn path(&self, mut step: usize, last: Option<&str>) -> Path {
        let mut path: Path = last.into_iter().map(String::from).collect();
        while let Some((above, input)) = step.checked_sub(1).and_then(|at| self.0.get(at)) {
            path.push((*input).to_string());
            step = *above;
        }
        path.reverse();
        path
    }

    /// Whether the way to `step` leads through `other`.
    fn leads_through(&self, mut step: usize, other: usize) -> bool {
        while step != other {
            match step.checked_sub(1).and_then(|at| self.0.get(at)) {
                Some((above, _)) => step = *above,
                None => return false,
            }
        }
        true
    }
}

fn size(lock: &Lock) -> Size {
    Size {
        nodes: lock.nodes.len(),
        bytes: lock.text().len(),
    }
}

/// How many names down the flake lies that should say that `path` is `first`, and its folder relative to `dir`: the
/// nearest flake of this repository that has both below it.
fn owner<'a>(
    lock: &'a Lock,
    dir: &str,
    path: &[String],
    first: &[String],
    folders: &mut HashMap<&'a str, Option<(String, String)>>,
) -> (usize, String) {
    let common = path.iter().zip(first).take_while(|(a, b)| a == b).count();
    // From there the input must be one of an input, and what it follows at least an input.
    let deepest = common.min(path.len() - 2).min(first.len() - 1);
    for level in (1..=deepest).rev() {
        let node = lock.at(&path[..level]);
        let place = node.and_then(|name| place(lock, name, folders));
        if let Some((source, folder)) = place
            && source.is_empty()
            // Inside of the repository, as far as can be seen from here.
            && folder.split('/').take_while(|part| *part == "..").count() <= depth(dir)
        {
            return (level, folder);
        }
    }
    (0, String::new())
}

fn depth(dir: &str) -> usize {
    dir.split('/').filter(|part| !part.is_empty()).count()
}

/// What a wish is about, whatever branch or revision; none for relative paths, which are told by their place.
fn family(node: &super::LockNode) -> Option<String> {
    let original = node.original.as_ref()?.as_object()?;
    let mut about = original.clone();
    for which in ["ref", "rev", "narHash", "lastModified"] {
        about.remove(which);
    }
    // Folders of relative flakes are told apart by their place, not by what the path looks like.
    node.parent
        .is_none()
        .then(|| Value::Object(about).to_string())
}

fn left(
    lock: &Lock,
    alike: &BTreeMap<String, Vec<(usize, &str)>>,
    steps: &Steps,
) -> Vec<NotJoined> {
    let mut all = Vec::new();
    for group in alike.values() {
        if let Some((first, rest)) = group.split_first() {
            all.extend(rest.iter().map(|other| (other, first)));
        }
    }
    all.sort();
    let left = all
        .into_iter()
        .take(MOST_LEFT)
        .filter_map(|(second, first)| {
            let (a, b) = (lock.nodes.get(first.1)?, lock.nodes.get(second.1)?);
            let why = if a.flake.unwrap_or(true) != b.flake.unwrap_or(true) {
                InputDifference::OtherUse
            } else if a.original != b.original {
                InputDifference::OtherRef
            } else if exact(a) != exact(b) {
                InputDifference::OtherRevision
            } else {
                InputDifference::OtherInputs
            };
            Some(NotJoined {
                input: steps.path(second.0, None),
                other: steps.path(first.0, None),
                why,
                says: None,
            })
        });
    left.collect()
}

/// What locks the same without being asked for as the same.
fn under_other_references(
    lock: &Lock,
    twins: &BTreeMap<String, Vec<(usize, &str)>>,
    steps: &Steps,
) -> Vec<NotJoined> {
    let groups = twins.values().filter_map(|group| group.split_first());
    let pairs = groups.flat_map(|(first, rest)| rest.iter().map(move |other| (other, first)));
    let told = pairs.filter(|(second, first)| {
        let family = |name| lock.nodes.get(name).and_then(family);
        family(second.1) != family(first.1)
    });
    told.take(MOST_LEFT)
        .map(|(second, first)| NotJoined {
            input: steps.path(second.0, None),
            other: steps.path(first.0, None),
            why: InputDifference::OtherReference,
            says: None,
        })
        .collect()
}

/// Why a join is not made of `node`, which would become what is at `first`.
fn objection(
    lock: &Lock,
    join: &Join,
    (node, first): (&str, &Path),
    refused: Refusal<'_>,
) -> Option<(InputDifference, Option<String>)> {
    let original = |name: &str| lock.nodes.get(name)?.original.as_ref();
    let other = lock.at(first)?;
    // Flakes of one repository can be asked for by paths that are written in two ways.
    if join.input.last() != first.last() && original(node) != original(other) {
        return Some((InputDifference::OtherReference, None));
    }
    if join.input.len() > 2 {
        return Some((InputDifference::TooDeep, None));
    }
    let says = refused(join)?;
    Some((InputDifference::Unproven, Some(says)))
}
