//! Cargo.toml, pyproject.toml, package.json and go.mod: the name, the description and the programs of a project.

use std::collections::BTreeSet;

use crate::survey::{Survey, is_sample};
use crate::workspace::Pom;

/// Programs of a workspace that are looked at.
const MOST: usize = 32;

/// What a manifest says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Manifest {
    /// The file.
    pub file: String,
    /// The name, and its line.
    pub name: Option<(String, usize)>,
    /// The description, and its line.
    pub description: Option<(String, usize)>,
    /// Programs by name, and the file where each begins, where that is known.
    pub programs: Vec<(String, Option<String>)>,
}

impl Manifest {
    /// The manifests in the flake's folder.
    #[must_use]
    pub fn all(survey: &Survey) -> Vec<Self> {
        let read = [
            ("Cargo.toml", cargo as fn(&Survey, &str) -> Option<Self>),
            ("pyproject.toml", python),
            ("package.json", npm),
            ("go.mod", go),
            ("pom.xml", maven),
        ];
        read.iter()
            .filter_map(|(file, read)| {
                let text = survey.text(file)?;
                let mut manifest = read(survey, &text)?;
                manifest.file = (*file).to_owned();
                Some(manifest)
            })
            .collect()
    }
}

fn cargo(survey: &Survey, text: &str) -> Option<Manifest> {
    let table: toml::Table = text.parse().ok()?;
    let package = table.get("package").and_then(toml::Value::as_table);
    let word = |field: &str| Some(package?.get(field)?.as_str()?.to_owned());
    let name = word("name");
    let mut programs = Vec::new();
    for bin in table
        .get("bin")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
    {
        if let Some(name) = bin.get("name").and_then(toml::Value::as_str) {
            let path = bin
                .get("path")
                .and_then(toml::Value::as_str)
                .map(str::to_owned);
            programs.push((
                name.to_owned(),
                path.or_else(|| Some(format!("src/bin/{name}.rs"))),
            ));
        }
    }
    let known: Vec<String> = programs.iter().map(|(name, _)| name.clone()).collect();
    let own = name
        .as_ref()
        .filter(|name| survey.has("src/main.rs") && !known.contains(name));
    programs.extend(own.map(|name| (name.clone(), Some("src/main.rs".into()))));
    // What Cargo finds by itself.
    let found = survey.files.iter().filter_map(|file| {
        let name = file.strip_prefix("src/bin/")?;
        let name = name
            .strip_suffix("/main.rs")
            .or_else(|| name.strip_suffix(".rs"))?;
        (!name.contains('/') && !known.iter().any(|one| one == name))
            .then(|| (name.to_owned(), Some(file.clone())))
    });
    programs.extend(found);
    if package.is_none() {
        programs.extend(members(survey));
    }
    Some(Manifest {
        file: String::new(),
        name: name.map(|name| (name, line_of(text, "name"))),
        description: word("description").map(|said| (said, line_of(text, "description"))),
        programs: there(survey, programs),
    })
}

/// Programs of a workspace's members.
fn members(survey: &Survey) -> Vec<(String, Option<String>)> {
    let named = survey.files.iter().filter_map(|file| {
        let member = file.strip_suffix("/src/main.rs")?;
        if member.split('/').any(is_sample) {
            return None;
        }
        let table: toml::Table = survey.text(&format!("{member}/Cargo.toml"))?.parse().ok()?;
        let name = table.get("package")?.get("name")?.as_str()?.to_owned();
        Some((name, Some(file.clone())))
    });
    named.take(MOST).collect()
}

fn python(survey: &Survey, text: &str) -> Option<Manifest> {
    let table: toml::Table = text.parse().ok()?;
    let poetry = || table.get("tool")?.get("poetry");
    let project = table.get("project").or_else(poetry)?.as_table()?;
    let word = |field: &str| Some(project.get(field)?.as_str()?.to_owned());
    let scripts = project.get("scripts").and_then(toml::Value::as_table);
    let programs = scripts.into_iter().flatten().map(|(name, target)| {
        let module = target
            .as_str()
            .unwrap_or_default()
            .split(':')
            .next()
            .unwrap_or_default();
        let path = module.replace('.', "/");
        let places = [
            format!("src/{path}.py"),
            format!("{path}.py"),
            format!("src/{path}/__init__.py"),
            format!("{path}/__init__.py"),
        ];
        (
            name.clone(),
            places.into_iter().find(|place| survey.has(place)),
        )
    });
    Some(Manifest {
        file: String::new(),
        name: word("name").map(|name| (name, line_of(text, "name"))),
        description: word("description").map(|said| (said, line_of(text, "description"))),
        programs: there(survey, programs.collect()),
    })
}

fn npm(survey: &Survey, text: &str) -> Option<Manifest> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let word = |field: &str| Some(json.get(field)?.as_str()?.to_owned());
    let name = word("name");
    let programs = match json.get("bin") {
        Some(serde_json::Value::String(file)) => {
            let own = name
                .as_deref()
                .unwrap_or_default()
                .rsplit('/')
                .next()
                .unwrap_or_default();
            vec![(own.to_owned(), Some(file.clone()))]
        }
        Some(serde_json::Value::Object(bins)) => bins
            .iter()
            .map(|(name, file)| (name.clone(), file.as_str().map(str::to_owned)))
            .collect(),
        _ => Vec::new(),
    };
    Some(Manifest {
        file: String::new(),
        name: name.map(|name| (name, line_of(text, "name"))),
        description: word("description").map(|said| (said, line_of(text, "description"))),
        programs: there(survey, programs),
    })
}

fn go(survey: &Survey, text: &str) -> Option<Manifest> {
    let (at, module) = text.lines().enumerate().find_map(|(at, line)| {
        Some((
            at + 1,
            line.strip_prefix("module ")?
                .trim()
                .trim_matches('"')
                .to_owned(),
        ))
    })?;
    // A last part such as `v2` is the version.
    let parts = module.rsplit('/').find(|part| {
        !part
            .strip_prefix('v')
            .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
    });
    let name = parts.map(str::to_owned)?;
    let mut programs = Vec::new();
    if survey.has("main.go") {
        programs.push((name.clone(), Some("main.go".to_owned())));
    }
    let commands: BTreeSet<&str> = survey
        .files
        .iter()
        .filter_map(|file| file.strip_prefix("cmd/")?.strip_suffix("/main.go"))
        .filter(|name| !name.contains('/'))
        .collect();
    programs.extend(
        commands
            .into_iter()
            .map(|name| (name.to_owned(), Some(format!("cmd/{name}/main.go")))),
    );
    Some(Manifest {
        file: String::new(),
        name: Some((name, at)),
        description: None,
        programs,
    })
}

fn maven(_: &Survey, text: &str) -> Option<Manifest> {
    let pom = Pom::of(text)?;
    let line = |tag: &str| {
        let found = text.lines().position(|line| line.contains(tag));
        found.map_or(0, |at| at + 1)
    };
    let name = pom.name.map(|name| (name, line("<name>")));
    Some(Manifest {
        file: String::new(),
        name: Some((pom.artifact, line("<artifactId>"))),
        description: pom
            .description
            .map(|said| (said, line("<description>")))
            .or(name),
        programs: Vec::new(),
    })
}

/// A file that is not there is not named.
fn there(
    survey: &Survey,
    programs: Vec<(String, Option<String>)>,
) -> Vec<(String, Option<String>)> {
    let known = |file: String| {
        let file = file.trim_start_matches("./").to_owned();
        survey.has(&file).then_some(file)
    };
    programs
        .into_iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, file)| (name, file.and_then(known)))
        .collect()
}

/// The first line that sets a key, in TOML or JSON.
fn line_of(text: &str, key: &str) -> usize {
    let sets = |line: &str| {
        let line = line.trim_start().trim_start_matches('"');
        let rest = line
            .strip_prefix(key)
            .map(|rest| rest.trim_start_matches('"').trim_start());
        rest.is_some_and(|rest| rest.starts_with(['=', ':']))
    };
    text.lines().position(sets).map_or(0, |at| at + 1)
}
