//! Maven: every pom.xml that a `<module>` names, or that stands alone; edges by group and artifact.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node, ParsingOptions};

use super::path::{join, resolve};
use super::{BuildTool, Package, PackageDependency, folders_with};
use crate::survey::Survey;

/// Elements and texts of one pom.xml.
const MAX_NODES: u32 = 100_000;

/// What a pom.xml says.
#[derive(Debug, Default)]
pub struct Pom {
    group: String,
    /// `<artifactId>`.
    pub artifact: String,
    /// `<name>`, where it says more than the artifact.
    pub name: Option<String>,
    /// `<description>`.
    pub description: Option<String>,
    packaging: String,
    modules: Vec<String>,
    /// Group, artifact, scope.
    dependencies: Vec<(String, String, String)>,
    /// The parent's folder or file, relative to this one, and its artifact.
    parent: Option<(String, String)>,
}

/// Parents above parents that are looked at.
const MAX_PARENTS: usize = 8;

/// The modules that hold something: a pom that only lists others stays with what is around it.
pub fn packages(survey: &Survey) -> Vec<Package> {
    let poms: BTreeMap<String, Pom> = folders_with(survey, "pom.xml")
        .filter_map(|dir| Some((dir.clone(), Pom::of(&survey.text(&join(&dir, "pom.xml"))?)?)))
        .collect();
    let modules: BTreeSet<String> = poms
        .iter()
        .flat_map(|(dir, pom)| pom.folders(dir))
        .collect();
    // A pom below a parent that does not name it is a test's or a sample's.
    let alone = |dir: &str| !super::path::around(dir).any(|above| poms.contains_key(above));
    let taken: Vec<(&String, &Pom)> = poms
        .iter()
        .filter(|(dir, pom)| {
            let holds = pom.packaging != "pom" || pom.modules.is_empty() || dir.is_empty();
            holds && (modules.contains(*dir) || alone(dir))
        })
        .collect();
    let places: BTreeMap<(&str, &str), &String> = taken
        .iter()
        .map(|(dir, pom)| ((pom.group.as_str(), pom.artifact.as_str()), *dir))
        .collect();
    taken
        .iter()
        .map(|(dir, pom)| Package {
            tool: BuildTool::Maven,
            name: format!("{}:{}", pom.group, pom.artifact),
            dir: (*dir).clone(),
            manifest: join(dir, "pom.xml"),
            description: pom.description.clone().or_else(|| pom.name.clone()),
            dependencies: inherited(&poms, dir)
                .filter_map(|(group, artifact, scope)| {
                    let dir = places.get(&(group.as_str(), artifact.as_str()))?;
                    Some(PackageDependency {
                        dir: (*dir).clone(),
                        development: scope == "test",
                    })
                })
                .collect(),
        })
        .collect()
}

/// The dependencies of a module, and those that its parents give to all of theirs.
fn inherited<'p>(
    poms: &'p BTreeMap<String, Pom>,
    dir: &str,
) -> impl Iterator<Item = &'p (String, String, String)> + use<'p> {
    let mut out: Vec<&(String, String, String)> = Vec::new();
    let mut place = dir.to_owned();
    for _ in 0..MAX_PARENTS {
        let Some(pom) = poms.get(&place) else {
            break;
        };
        out.extend(&pom.dependencies);
        let Some((path, artifact)) = &pom.parent else {
            break;
        };
        let above = resolve(&place, path.trim_end_matches("pom.xml"));
        match above.filter(|above| poms.get(above).is_some_and(|pom| pom.artifact == *artifact)) {
            Some(above) => place = above,
            None => break,
        }
    }
    out.into_iter()
}

impl Pom {
    /// Reads pom.xml; entities of its own are refused by the parser.
    pub fn of(text: &str) -> Option<Self> {
        let options = ParsingOptions {
            nodes_limit: MAX_NODES,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).ok()?;
        let root = document.root_element();
        if root.tag_name().name() != "project" {
            return None;
        }
        let parent = child(root, "parent");
        let of_parent = |field: &str| parent.and_then(|parent| said(parent, field));
        let group = said(root, "groupId")
            .or_else(|| of_parent("groupId"))
            .unwrap_or_default();
        let artifact = said(root, "artifactId")?;
        let known = |text: String| {
            let project = [
                ("${project.groupId}", group.as_str()),
                ("${pom.groupId}", group.as_str()),
                ("${groupId}", group.as_str()),
                ("${project.artifactId}", artifact.as_str()),
                ("${artifactId}", artifact.as_str()),
            ];
            let with = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
            project.iter().fold(text, with)
        };
        let whole = |field: &str| {
            said(root, field)
                .map(known)
                .filter(|text| !text.contains("${"))
        };
        let profiles = child(root, "profiles").into_iter().flat_map(elements);
        let places: Vec<Node> = std::iter::once(root).chain(profiles).collect();
        let within = |list: &'static str, item: &'static str| {
            let lists = places.iter().filter_map(move |place| child(*place, list));
            lists
                .flat_map(elements)
                .filter(move |one| one.has_tag_name_local(item))
        };
        let modules =
            within("modules", "module").filter_map(|one| Some(one.text()?.trim().to_owned()));
        let dependencies = within("dependencies", "dependency").filter_map(|one| {
            let group = said(one, "groupId").map(known)?;
            let artifact = said(one, "artifactId").map(known)?;
            Some((group, artifact, said(one, "scope").unwrap_or_default()))
        });
        let parent = of_parent("artifactId").map(|artifact| {
            let path = of_parent("relativePath").unwrap_or_else(|| "../pom.xml".into());
            (path, artifact)
        });
        Some(Self {
            parent,
            name: whole("name").filter(|name| *name != artifact),
            description: whole("description"),
            packaging: said(root, "packaging").unwrap_or_default(),
            modules: modules.collect(),
            dependencies: dependencies.collect(),
            group: group.clone(),
            artifact: artifact.clone(),
        })
    }

    /// The folders of its modules; a module may name the file.
    fn folders<'p>(&'p self, dir: &'p str) -> impl Iterator<Item = String> + 'p {
        let named = self.modules.iter();
        named.filter_map(move |module| resolve(dir, module.trim_end_matches("/pom.xml")))
    }
}

/// What is missing in the reader of XML: a name without its namespace.
trait LocalName {
    fn has_tag_name_local(&self, name: &str) -> bool;
}

impl LocalName for Node<'_, '_> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.tag_name().name() == name
    }
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    elements(node).find(|one| one.has_tag_name_local(name))
}

/// The text of a child, on one line.
fn said(node: Node<'_, '_>, name: &str) -> Option<String> {
    let text = child(node, name)?.text()?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
