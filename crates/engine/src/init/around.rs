//! The flakes around the one that is asked for: those of its repository, and what its inputs say of themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::{Engine, EngineError};
use poag_core::nix_string::quote;
use poag_init::{Declared, FlakeFile, Nearby, ProposalOutcome, Subject, propose, survey};
use poag_nix::FlakeRef;

/// What is known of them.
pub struct Around {
    /// Where the repository begins.
    pub root: PathBuf,
    /// The flakes of the repository.
    flakes: BTreeMap<PathBuf, KnownFlake>,
    /// By folder of those that are asked for: input → expert.
    remote: BTreeMap<PathBuf, BTreeMap<String, Option<String>>>,
}

/// One flake of the repository.
struct KnownFlake {
    flake: Option<FlakeFile>,
    /// Its expert, as it is or as it will be.
    expert: Option<Declared>,
}

impl Around {
    /// Reads the flakes of the repository around `folder`; `chosen` are those that get an expert.
    pub async fn new(
        folder: &Path,
        chosen: &[PathBuf],
        engine: &Engine,
    ) -> Result<Self, EngineError> {
        let root = poag_nix::repository_root(folder)
            .unwrap_or(folder)
            .to_owned();
        let (mut places, samples) = survey::flakes(&root);
        places.extend(samples);
        places.extend(chosen.iter().cloned());
        let mut around = Self {
            root,
            flakes: BTreeMap::new(),
            remote: BTreeMap::new(),
        };
        for place in places {
            let Ok(place) = place.canonicalize() else {
                continue;
            };
            let text = survey::read_inside(&place, "flake.nix");
            let flake = text.and_then(|text| FlakeFile::parse(text).ok());
            let expert = flake.as_ref().and_then(|flake| declared(&place, flake));
            around.flakes.insert(place, KnownFlake { flake, expert });
        }
        for place in chosen {
            let source = survey::source(&around.root, place);
            let name = around.called(&source);
            let proposal = propose(&Subject {
                folder: place,
                source: &source,
                dir: "",
                called: &name,
                url: "path:/",
                nearby: &Nearby::default(),
                inline: false,
                packages: &BTreeSet::new(),
            })?;
            let editable = matches!(proposal.outcome, ProposalOutcome::Edit { .. });
            let known = around.flakes.get_mut(place);
            if let Some(known) = known.filter(|known| known.expert.is_none() && editable) {
                known.expert = Some(Declared {
                    name: Some(proposal.declaration.name),
                    contracts: proposal.declaration.provides.into_keys().collect(),
                    file: None,
                });
            }
            let found = around.ask(place, engine).await;
            around.remote.insert(place.clone(), found);
        }
        Ok(around)
    }

    /// The folder's own name below the root, with its parents where it would not be unique; empty for the root.
    pub fn called(&self, folder: &Path) -> String {
        let place = relative(&self.root, folder);
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let own = last(&place);
        let others = self.flakes.keys().map(|other| relative(&self.root, other));
        match others
            .filter(|other| *other != place && last(other) == own)
            .count()
        {
            0 => own,
            _ => place.replace('/', "-"),
        }
    }

    /// The neighbours that a flake may have.
    pub fn nearby(&self, folder: &Path) -> Nearby {
        let mut nearby = Nearby::default();
        let flake = self
            .flakes
            .get(folder)
            .and_then(|known| known.flake.as_ref());
        for (name, input) in flake.map(FlakeFile::inputs).unwrap_or_default() {
            if name == "poag" || input.plain {
                continue;
            }
            let place = input
                .url
                .as_deref()
                .and_then(|url| self.inside(folder, url));
            let known = place
                .and_then(|place| Some((relative(&self.root, &place), self.flakes.get(&place)?)));
            if let Some((shown, known)) = known {
                let shown = if shown.is_empty() { ".".into() } else { shown };
                nearby.local.insert(name, (shown, known.expert.clone()));
            }
        }
        for (input, expert) in self.remote.get(folder).into_iter().flatten() {
            match expert {
                Some(name) => drop(nearby.remote.insert(input.clone(), name.clone())),
                None => nearby.likely.push(input.clone()),
            }
        }
        nearby
    }

    /// How another flake of the repository says where poag comes from, as this one would say it.
    pub fn poag_url(&self, folder: &Path) -> Option<String> {
        let own = self.flakes.get_key_value(folder);
        let others = self.flakes.iter().filter(|(place, _)| *place != folder);
        own.into_iter().chain(others).find_map(|(place, known)| {
            let url = known.flake.as_ref()?.inputs().remove("poag")?.url?;
            let path = url.strip_prefix("path:").unwrap_or(&url);
            match path.starts_with('.') {
                true => {
                    let poag = normal(&place.join(path))?;
                    Some(format!("path:{}", relative_path(folder, &poag)))
                }
                false => Some(url),
            }
        })
    }

    /// The folder of this repository that a relative reference means.
    fn inside(&self, folder: &Path, url: &str) -> Option<PathBuf> {
        let path = url.strip_prefix("path:").unwrap_or(url);
        let relative = path.starts_with('.') && !path.contains('?');
        let place = relative.then(|| normal(&folder.join(path)))??;
        place.starts_with(&self.root).then_some(place)
    }

    /// The inputs elsewhere that take poag themselves, by flake.lock, and the experts that nix finds there.
    async fn ask(&self, folder: &Path, engine: &Engine) -> BTreeMap<String, Option<String>> {
        let local = self.nearby(folder).local;
        let candidates: Vec<String> = candidates(folder)
            .into_iter()
            .filter(|name| !local.contains_key(name))
            .collect();
        let mut found: BTreeMap<String, Option<String>> =
            candidates.iter().map(|name| (name.clone(), None)).collect();
        let Ok(FlakeRef::Local {
            repository, git, ..
        }) = FlakeRef::around(folder)
        else {
            return found;
        };
        if candidates.is_empty() {
            return found;
        }
        let scheme = if git { "git+file" } else { "path" };
        let reference = format!(
            "{scheme}://{}?dir={}",
            repository.display(),
            relative(&repository, folder)
        );
        let progress = &engine.settings.progress;
        let _waiting = progress.begin("asking inputs for their experts".into());
        let groups = match experts(engine, &reference, &candidates).await {
            Some(told) => vec![told],
            // One that cannot be reached hides no other.
            None if candidates.len() > 1 => {
                let mut told = Vec::new();
                for one in candidates.iter().take(MAX_ASKED) {
                    told.extend(experts(engine, &reference, std::slice::from_ref(one)).await);
                }
                told
            }
            None => Vec::new(),
        };
        // An input that answered and has none is no candidate; one that could not be looked at stays likely.
        for (input, expert) in groups.into_iter().flatten() {
            match expert {
                Some(expert) => drop(found.insert(input, Some(expert))),
                None => drop(found.remove(&input)),
            }
        }
        found
    }
}

/// Inputs that are asked one by one.
const MAX_ASKED: usize = 16;

/// The experts of some inputs of a flake; none where nix cannot look at one of them.
async fn experts(
    engine: &Engine,
    flake: &str,
    inputs: &[String],
) -> Option<BTreeMap<String, Option<String>>> {
    let names: Vec<String> = inputs.iter().map(|name| quote(name)).collect();
    let expr = format!(
        "let inputs = (builtins.getFlake {}).inputs; in builtins.listToAttrs (map (name: {{ inherit name; value = inputs.${{name}}.poag.root or null; }}) [ {} ])",
        quote(flake),
        names.join(" ")
    );
    let args = [
        "eval",
        "--impure",
        "--json",
        "--no-write-lock-file",
        // What cannot be reached is not waited for: it may have an expert, and that is said.
        "--option",
        "download-attempts",
        "1",
        "--option",
        "connect-timeout",
        "5",
        "--expr",
        &expr,
    ];
    let told = engine
        .nix()
        .run("looking for experts of inputs", &args)
        .await;
    serde_json::from_slice(&told.ok()?).ok()
}

/// The expert that a flake declares, in flake.nix or in the file that this names.
fn declared(place: &Path, flake: &FlakeFile) -> Option<Declared> {
    let found = flake.declared()?;
    let Some(file) = &found.file else {
        return Some(found);
    };
    let text = survey::read_inside(place, file.trim_start_matches("./"));
    Some(
        text.and_then(|text| Declared::of_file(&text))
            .unwrap_or(found),
    )
}

/// The inputs of the lock file's root that have an input `poag`.
fn candidates(folder: &Path) -> Vec<String> {
    let lock = survey::read_inside(folder, "flake.lock");
    let lock: Option<serde_json::Value> = lock.and_then(|text| serde_json::from_str(&text).ok());
    let inputs = |name: &str| {
        Some(
            lock.as_ref()?
                .get("nodes")?
                .get(name)?
                .get("inputs")?
                .as_object()?
                .clone(),
        )
    };
    let root = lock.as_ref().and_then(|lock| lock.get("root")?.as_str());
    let of_root = root.and_then(inputs).unwrap_or_default();
    let with_poag = of_root.iter().filter(|(name, node)| {
        *name != "poag"
            && node
                .as_str()
                .and_then(inputs)
                .is_some_and(|inputs| inputs.contains_key("poag"))
    });
    with_poag.map(|(name, _)| name.clone()).collect()
}

/// A folder below another, with `/`; empty for that one itself.
pub fn relative(base: &Path, folder: &Path) -> String {
    let inner = folder.strip_prefix(base).unwrap_or(folder);
    inner.to_string_lossy().into_owned()
}

/// The way from one folder to another: `../..`, `./sub`.
pub fn relative_path(from: &Path, to: &Path) -> String {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().count() - shared;
    let down: PathBuf = to.components().skip(shared).collect();
    let mut out = match up {
        0 => ".".to_owned(),
        up => vec![".."; up].join("/"),
    };
    if !down.as_os_str().is_empty() {
        out.push('/');
        out.push_str(&down.to_string_lossy());
    }
    out
}

/// A path without `.` and `..`, by its words alone.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => (),
            Component::ParentDir => out.pop().then_some(())?,
            other => out.push(other),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_two_folders_is_told() {
        let way = |from, to| relative_path(Path::new(from), Path::new(to));
        assert_eq!(way("/r/a/b", "/r"), "../..");
        assert_eq!(way("/r", "/r/poag"), "./poag");
        assert_eq!(way("/r/a", "/r/b"), "../b");
    }
}
