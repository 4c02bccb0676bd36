//! The experts of packages: each with its role, what it provides and needs, and the commands that prove a change.

use std::collections::{BTreeMap, BTreeSet};

use crate::declaration::{DraftNeighbor, LeftOutEdge, PackageDeclaration};
use crate::evidence::{self, FieldEvidence, Manifest};
use crate::survey::Survey;
use crate::usage::{Usage, files_of};
use crate::workspace::{BuildTool, Package, Workspace, edges, named};

/// Names of a use that are spelled out.
const MAX_NAMES: usize = 4;

/// The experts of one flake's packages.
#[derive(Debug, Default)]
pub struct PackageDrafts {
    /// Name → declaration.
    pub experts: BTreeMap<String, PackageDeclaration>,
    /// The neighbours of the root, where it is a package itself.
    pub of_root: BTreeMap<String, DraftNeighbor>,
    /// What it all rests on.
    pub evidence: Vec<FieldEvidence>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Drafts the experts of the chosen packages, by folder.
#[must_use]
pub fn drafts(survey: &Survey, workspace: &Workspace, chosen: &BTreeSet<String>) -> PackageDrafts {
    let mut out = PackageDrafts::default();
    let below = || {
        workspace
            .below()
            .filter(|package| chosen.contains(&package.dir))
    };
    let names = named(below(), &BTreeSet::new());
    let usage = Usage::of(survey, workspace);
    for package in below() {
        let name = &names[&package.dir];
        let (expert, evidence) = draft(survey, workspace, &usage, package, name);
        out.evidence.extend(evidence);
        out.experts.insert(name.clone(), expert);
    }
    out.connect(workspace, chosen, &names, &usage);
    out
}

fn draft(
    survey: &Survey,
    workspace: &Workspace,
    usage: &Usage,
    package: &Package,
    name: &str,
) -> (PackageDeclaration, Vec<FieldEvidence>) {
    let own = files_of(survey, workspace, &package.dir);
    let mut manifests = Manifest::all(&own);
    let here = |file: &str| package.manifest.rsplit('/').next() == Some(file);
    match manifests.iter_mut().find(|manifest| here(&manifest.file)) {
        // A workspace may say it for its members.
        Some(manifest) if manifest.description.is_none() => {
            manifest.description = package.description.clone().map(|said| (said, 0));
        }
        Some(_) => (),
        None => manifests.push(Manifest {
            file: package
                .manifest
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned(),
            description: package.description.clone().map(|said| (said, 0)),
            ..Manifest::default()
        }),
    }
    let (role, roled) = evidence::role(&own, None, &manifests, name);
    let used = usage.files(&own, &package.dir, package.tool);
    let (provides, provided) = evidence::contracts(&own, None, &manifests, &used);
    let within = |mut one: FieldEvidence| {
        one.field = format!("experts.{name}.{}", one.field);
        if !one.file.is_empty() {
            one.file = format!("{}/{}", package.dir, one.file);
        }
        one
    };
    let evidence = std::iter::once(roled).chain(provided).map(within).collect();
    let expert = PackageDeclaration {
        folder: package.dir.clone(),
        role,
        provides,
        checks: evidence::checks::of_package(survey, package, &own),
        ..PackageDeclaration::default()
    };
    (expert, evidence)
}

impl PackageDrafts {
    /// Gives each its neighbours. The root asks all that nobody else leads to, so that what depends on the root's own
    /// package cannot name it: the edge is left out, and said.
    fn connect(
        &mut self,
        workspace: &Workspace,
        chosen: &BTreeSet<String>,
        names: &BTreeMap<String, String>,
        usage: &Usage,
    ) {
        let mut chosen: BTreeSet<String> = chosen.clone();
        chosen.insert(String::new());
        let mut on_root = Vec::new();
        for edge in edges(workspace, &chosen) {
            let provider = names.get(&edge.to);
            let (used, place) = usage.between(&edge.from, &edge.to);
            let text = need(&used, place.as_ref(), &edge.from);
            let left = |why: &str| LeftOutEdge {
                name: provider.cloned().unwrap_or_else(|| "the root".into()),
                why: why.to_owned(),
            };
            let Some(consumer) = names.get(&edge.from) else {
                if let (true, Some(provider)) = (edge.from.is_empty(), provider) {
                    let neighbor = self.neighbor(provider, text, edge.development);
                    self.of_root.insert(provider.clone(), neighbor);
                }
                continue;
            };
            let neighbor = provider.map(|provider| self.neighbor(provider, text, edge.development));
            let Some(expert) = self.experts.get_mut(consumer) else {
                continue;
            };
            match (provider, neighbor) {
                (Some(_), _) if edge.left_out && edge.development => {
                    expert
                        .left_out
                        .push(left("only its tests need it, and it would close a cycle"));
                }
                (Some(provider), _) if edge.left_out => {
                    expert.left_out.push(left("it would close a cycle"));
                    self.notes.push(format!(
                        "{consumer} and {provider} depend on each other: the edge from {consumer} to {provider} is left out"
                    ));
                }
                (Some(provider), Some(neighbor)) => {
                    expert.neighbors.insert(provider.clone(), neighbor);
                }
                _ => on_root.push(consumer.clone()),
            }
        }
        on_root.sort();
        on_root.dedup();
        if let Some(first) = on_root.first() {
            let more = match on_root.len() {
                1 => String::new(),
                more => format!(" and {} others", more - 1),
            };
            self.notes.push(format!(
                "{first}{more} depend on the package at the root, whose expert asks them: these edges are left out"
            ));
        }
    }

    fn neighbor(&self, provider: &str, text: String, development: bool) -> DraftNeighbor {
        let provides = self.experts.get(provider).map(|expert| &expert.provides);
        let contract =
            provides.and_then(|all| all.keys().find(|name| LIBRARIES.contains(&name.as_str())));
        let needs = match (contract, text.is_empty()) {
            (Some(contract), false) => BTreeMap::from([(contract.clone(), text)]),
            _ => BTreeMap::new(),
        };
        DraftNeighbor {
            input: String::new(),
            needs,
            development,
        }
    }
}

/// Contracts that imports are of.
const LIBRARIES: [&str; 5] = [
    "library",
    "python-package",
    "javascript-module",
    "go-package",
    "java-api",
];

/// `uses Router and Json, first in src/main.rs`.
fn need(names: &[String], place: Option<&(String, usize)>, consumer: &str) -> String {
    let Some((file, _)) = place else {
        return String::new();
    };
    let file = file
        .strip_prefix(consumer)
        .unwrap_or(file)
        .trim_start_matches('/');
    let more = if names.len() > MAX_NAMES { ", …" } else { "" };
    let shown: Vec<&str> = names.iter().take(MAX_NAMES).map(String::as_str).collect();
    match shown.is_empty() {
        true => format!("{file} imports it"),
        false => format!("{file} uses {}{more}", shown.join(", ")),
    }
}

/// What a build tool calls its packages.
#[must_use]
pub fn kind(tool: BuildTool) -> &'static str {
    match tool {
        BuildTool::Cargo => "Cargo",
        BuildTool::Npm => "npm",
        BuildTool::Go => "Go",
        BuildTool::Python => "Python",
        BuildTool::Maven => "Maven",
        BuildTool::Gradle => "Gradle",
    }
}
