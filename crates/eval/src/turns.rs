//! What experts that think with a model are given, beside what was changed: files among their passages or in their packs,
//! and packages among the neighbours named as worth asking.
//!
//! Every package of a case is an expert, and so is the top of the repository, which is asked and may ask all of them. Who is
//! named as worth asking is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use poag_core::council::message::{Body, Message, NeighborView, TURN_VERSION, TurnInput};
use poag_core::expert::{Expert, Graph};
use poag_knowledge::pack::{Pack, PackOptions};
use poag_librarian::Librarian;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cases::{EvalError, read, texts};

/// Budget of a pack in tokens, where a flake says nothing else.
const PACK: usize = 24_000;
/// Tokens of all passages of a turn, and the bytes of the pack for which there is one: as a turn has them.
const PASSAGES: std::ops::RangeInclusive<usize> = 500..=3_000;
const BYTES_OF_PACK_A_TOKEN: usize = 64;
/// The expert of the top of a repository.
const TOP: &str = "top";

/// Prints a table of the cases and the means.
pub fn run(cases: &[PathBuf], mirror: &Path) -> Result<(), EvalError> {
    let (mut files, mut packages) = (Vec::new(), Vec::new());
    println!(
        "| case | files | passages | pack | packages | named | asked |\n|---|---|---|---|---|---|---|"
    );
    for ((repo, commit), cases) in read(cases, "change")? {
        let folders: BTreeSet<String> = cases.iter().flat_map(|it| it.packages.clone()).collect();
        let world = World::new(mirror, &repo, &commit, &folders)?;
        for case in cases {
            let given = world.walk(&case.text)?;
            let of = |set: &BTreeSet<String>| set.intersection(&case.files).count();
            let seen = given.passages.union(&given.packs).cloned().collect();
            let right: BTreeSet<&str> = case.files.iter().map(|path| world.owner(path)).collect();
            let right: BTreeSet<&str> = right.into_iter().filter(|name| *name != TOP).collect();
            let named = right
                .iter()
                .filter(|name| given.asked.contains(**name))
                .count();
            println!(
                "| {} | {} | {} | {} | {} | {named} | {} |",
                case.id,
                case.files.len(),
                of(&given.passages),
                of(&given.packs),
                right.len(),
                given.asked.len()
            );
            files.push(of(&seen) as f64 / case.files.len().max(1) as f64);
            if !right.is_empty() {
                packages.push(named as f64 / right.len() as f64);
            }
        }
    }
    let mean = |all: &[f64]| 100.0 * all.iter().sum::<f64>() / all.len().max(1) as f64;
    println!(
        "\n{} changes: {:.1} % of the files among passages or in packs; {} changes of packages: {:.1} % of the packages asked",
        files.len(),
        mean(&files),
        packages.len(),
        mean(&packages)
    );
    Ok(())
}

/// A repository as it was at a commit, with an expert for each package.
struct World {
    librarian: Librarian,
    graph: Arc<Graph>,
    /// Expert → the bytes of its pack, and the files that stand there.
    packs: BTreeMap<String, (usize, Vec<String>)>,
    /// Where the files are while they are read.
    _folder: TempDir,
}

/// What the experts of one council were given.
#[derive(Default)]
struct GivenFiles {
    passages: BTreeSet<String>,
    packs: BTreeSet<String>,
    asked: BTreeSet<String>,
}

impl World {
    fn new(
        mirror: &Path,
        repo: &str,
        commit: &str,
        folders: &BTreeSet<String>,
    ) -> Result<Self, EvalError> {
        let place = TempDir::new()?;
        let from = mirror.join(repo.replace('/', "+")).join("repo");
        let git = place.path().join("git");
        borrow(&from, commit, &git)?;
        let names: Vec<&str> = folders.iter().map(String::as_str).collect();
        let expert = |dir: &str| {
            let (name, neighbors) = match dir {
                "" => (TOP, names.as_slice()),
                _ => (dir, &[][..]),
            };
            let edge = |name: &&str| ((*name).to_owned(), json!({"needs": {}, "contracts": []}));
            let neighbors: serde_json::Map<String, Value> = neighbors.iter().map(edge).collect();
            let value = json!({
                "name": name, "role": format!("Owns {name}."), "prompt": null, "provides": {}, "neighbors": neighbors,
                "knowledge": {"path": place.path().join("files").join(name), "include": [], "exclude": [], "maxTokens": PACK},
                "location": {"kind": "local", "dir": dir}, "identity": name, "declaration": {},
                "freshness": {"status": "fresh"}
            });
            (name.to_owned(), value)
        };
        let dirs = std::iter::once("").chain(names.iter().copied());
        let experts: serde_json::Map<String, Value> = dirs.map(expert).collect();
        for name in experts.keys() {
            std::fs::create_dir_all(place.path().join("files").join(name))?;
        }
        let value = json!({"schema": "poag.graph/1", "root": TOP, "experts": experts});
        let graph = Arc::new(Graph::from_json(value.to_string().as_bytes())?);
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, text) in texts(&from, repo, commit)? {
            let Some(text) = text else { continue };
            let owner = &graph.experts[owner(&graph, &path)];
            let inside = path[owner.dir().len()..].trim_start_matches('/');
            let to = owner.knowledge.path.join(inside);
            std::fs::create_dir_all(to.parent().unwrap_or(&to))?;
            std::fs::write(to, text)?;
            files
                .entry(owner.name.clone())
                .or_default()
                .push(inside.to_owned());
        }
        let cache = place.path().join("cache");
        let librarian = Librarian::remembering(Arc::clone(&graph), cache, git);
        let pack = |expert: &Expert| {
            let built = Pack::build(&graph, expert, &PackOptions::default()).ok();
            let own = files.get(&expert.name).cloned().unwrap_or_default();
            let held = built.map_or((0, Vec::new()), |pack| {
                let out: BTreeSet<&str> = pack.left_out.iter().map(|it| it.path.as_str()).collect();
                let held = own.into_iter().filter(|path| !out.contains(path.as_str()));
                (pack.text.len(), held.collect())
            });
            (expert.name.clone(), held)
        };
        Ok(Self {
            librarian,
            packs: graph.experts.values().map(pack).collect(),
            graph,
            _folder: place,
        })
    }

    fn owner(&self, path: &str) -> &str {
        owner(&self.graph, path)
    }

    /// Asks the top, then whoever is named as worth asking.
    fn walk(&self, request: &str) -> Result<GivenFiles, EvalError> {
        let mut given = GivenFiles::default();
        let mut waiting = vec![(None, TOP.to_owned())];
        while let Some((from, name)) = waiting.pop() {
            let expert = &self.graph.experts[&name];
            let inside = |path: &str| Path::new(expert.dir()).join(path).display().to_string();
            let (bytes, held) = &self.packs[&name];
            let budget = (bytes / BYTES_OF_PACK_A_TOKEN).clamp(*PASSAGES.start(), *PASSAGES.end());
            let advice = self
                .librarian
                .advice(&self.input(expert, from, request), budget)?;
            given
                .passages
                .extend(advice.passages.iter().map(|it| inside(&it.path)));
            given.packs.extend(held.iter().map(|path| inside(path)));
            for hint in advice.hints {
                if given.asked.insert(hint.to.clone()) {
                    waiting.push((Some(name.clone()), hint.to));
                }
            }
        }
        Ok(given)
    }

    fn input(&self, expert: &Expert, from: Option<String>, request: &str) -> TurnInput {
        let view = |name: &String| {
            let view = NeighborView {
                role: self.graph.experts[name].role.clone(),
                provides: BTreeMap::new(),
                needs: BTreeMap::new(),
            };
            (name.clone(), view)
        };
        let body = Body::Ask {
            text: request.to_owned(),
            contract: None,
        };
        TurnInput {
            schema_version: TURN_VERSION,
            expert: expert.name.clone(),
            turn: 1,
            request: request.to_owned(),
            unread: vec![Message {
                id: 1,
                from,
                to: expert.name.clone(),
                body,
            }],
            previous: None,
            asked: Vec::new(),
            neighbors: expert.neighbors.keys().map(view).collect(),
            consumers: BTreeMap::new(),
            retry: None,
            worth_asking: Vec::new(),
            passages: Vec::new(),
            in_pack: Vec::new(),
            earlier_plans: Vec::new(),
        }
    }
}

/// The expert in whose folder a path lies, the deepest.
fn owner<'g>(graph: &'g Graph, path: &str) -> &'g str {
    let holds = |expert: &&Expert| {
        let rest = path.strip_prefix(expert.dir());
        rest.is_some_and(|rest| expert.dir().is_empty() || rest.starts_with('/'))
    };
    let owners = graph.experts.values().filter(holds);
    let deepest = owners.max_by_key(|expert| expert.dir().len());
    deepest.map_or(TOP, |expert| &expert.name)
}

/// A git directory whose newest commit is `commit`, and whose objects are those of another.
fn borrow(from: &Path, commit: &str, to: &Path) -> Result<(), EvalError> {
    let bare = from.join("objects");
    let objects = match bare.is_dir() {
        true => bare,
        false => from.join(".git/objects"),
    };
    std::fs::create_dir_all(to.join("objects/info"))?;
    std::fs::create_dir_all(to.join("refs"))?;
    std::fs::write(to.join("HEAD"), format!("{commit}\n"))?;
    std::fs::write(
        to.join("config"),
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
    )?;
    let objects = std::fs::canonicalize(objects)?;
    std::fs::write(
        to.join("objects/info/alternates"),
        format!("{}\n", objects.display()),
    )?;
    Ok(())
}
