//! Python: pyproject.toml of uv, Poetry and others, or setup.cfg and setup.py; edges by name, or by path.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::path::{join, parent, resolve};
use super::{BuildTool, Package, PackageDependency, folders_with};
use crate::survey::Survey;

/// Groups and extras that nobody needs who uses the package.
const OF_DEVELOPMENT: [&str; 12] = [
    "bench", "build", "ci", "dev", "develop", "doc", "docs", "lint", "test", "testing", "tests",
    "typing",
];

/// One dependency as a manifest says it.
struct Said {
    name: String,
    path: Option<String>,
    development: bool,
}

/// What a manifest says.
#[derive(Default)]
struct Project {
    name: String,
    description: Option<String>,
    file: &'static str,
    said: Vec<Said>,
}

/// The projects of all folders.
pub fn packages(survey: &Survey) -> Vec<Package> {
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for file in ["pyproject.toml", "setup.cfg", "setup.py"] {
        folders.extend(folders_with(survey, file));
    }
    let projects: BTreeMap<String, Project> = folders
        .into_iter()
        .filter_map(|dir| Some((dir.clone(), project(survey, &dir)?)))
        .collect();
    let places: BTreeMap<String, &String> = projects
        .iter()
        .map(|(dir, project)| (normal(&project.name), dir))
        .collect();
    projects
        .iter()
        .map(|(dir, project)| Package {
            tool: BuildTool::Python,
            name: project.name.clone(),
            dir: dir.clone(),
            manifest: join(dir, project.file),
            description: project.description.clone(),
            dependencies: project
                .said
                .iter()
                .filter_map(|one| {
                    let by_path = one.path.as_deref().and_then(|path| resolve(dir, path));
                    let by_name = || places.get(&normal(&one.name)).map(|dir| (*dir).clone());
                    Some(PackageDependency {
                        dir: by_path.or_else(by_name)?,
                        development: one.development,
                    })
                })
                .collect(),
        })
        .collect()
}

fn project(survey: &Survey, dir: &str) -> Option<Project> {
    let text = |file: &str| survey.text(&join(dir, file));
    let table: Option<Table> = text("pyproject.toml").and_then(|text| text.parse().ok());
    if let Some(found) = table.as_ref().and_then(|table| of_pyproject(dir, table)) {
        return Some(found);
    }
    if let Some(found) = text("setup.cfg").and_then(|text| of_setup_cfg(&text)) {
        return Some(found);
    }
    let script = text("setup.py")?;
    let name = argument(&script, "name")?;
    Some(Project {
        name,
        description: argument(&script, "description"),
        file: "setup.py",
        said: Vec::new(),
    })
}

fn of_pyproject(dir: &str, table: &Table) -> Option<Project> {
    let tool = |name: &str| table.get("tool")?.get(name)?.as_table();
    let poetry = tool("poetry");
    let own = table.get("project").and_then(Value::as_table);
    let word = |field: &str| {
        let found = own.and_then(|own| own.get(field));
        found
            .or_else(|| poetry?.get(field))?
            .as_str()
            .map(str::to_owned)
    };
    // The root of a uv workspace may be no project itself.
    let name = word("name")?;
    let mut said = Vec::new();
    let list = |value: Option<&Value>| {
        let list = value.and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut add = |requirements: Vec<String>, development: bool| {
        said.extend(requirements.iter().map(|text| required(text, development)));
    };
    add(list(own.and_then(|own| own.get("dependencies"))), false);
    let extras = own.and_then(|own| own.get("optional-dependencies")?.as_table());
    for (extra, requirements) in extras.into_iter().flatten() {
        add(
            list(Some(requirements)),
            OF_DEVELOPMENT.contains(&extra.as_str()),
        );
    }
    let groups = table.get("dependency-groups").and_then(Value::as_table);
    for (_, requirements) in groups.into_iter().flatten() {
        add(list(Some(requirements)), true);
    }
    add(
        list(tool("uv").and_then(|uv| uv.get("dev-dependencies"))),
        true,
    );
    said.extend(poetry.into_iter().flat_map(of_poetry));
    let sources = tool("uv").and_then(|uv| uv.get("sources")?.as_table());
    for one in &mut said {
        let source = sources.and_then(|sources| {
            let named = |(name, _): &(&String, &Value)| normal(name) == normal(&one.name);
            sources.iter().find(named).map(|(_, source)| source)
        });
        if let Some(path) = source.and_then(|source| source.get("path")?.as_str()) {
            one.path = Some(path.to_owned());
        }
        // Requirements may name a folder: `x @ file:../x`; one that is no folder of a project is passed by.
        one.path = one.path.take().filter(|path| resolve(dir, path).is_some());
    }
    Some(Project {
        name,
        description: word("description"),
        file: "pyproject.toml",
        said,
    })
}

/// The tables of Poetry: name → version, or `{ path = … }`.
fn of_poetry(poetry: &Table) -> Vec<Said> {
    let mut tables = vec![
        (poetry.get("dependencies"), false),
        (poetry.get("dev-dependencies"), true),
    ];
    let groups = poetry.get("group").and_then(Value::as_table);
    for (_, group) in groups.into_iter().flatten() {
        tables.push((group.get("dependencies"), true));
    }
    let mut out = Vec::new();
    for (table, development) in tables {
        for (name, version) in table.and_then(Value::as_table).into_iter().flatten() {
            out.push(Said {
                name: name.clone(),
                path: version
                    .get("path")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
                development,
            });
        }
    }
    out
}

/// `name[extra]>=1; marker`, or `name @ file:../folder`.
fn required(text: &str, development: bool) -> Said {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let path = text
        .split_once("@ file:")
        .map(|(_, path)| path.trim().to_owned());
    Said {
        name: text[..end].to_owned(),
        path: path.filter(|path| parent(path).is_some()),
        development,
    }
}

/// `[metadata] name` and `[options] install_requires` of setup.cfg.
fn of_setup_cfg(text: &str) -> Option<Project> {
    let mut project = Project {
        file: "setup.cfg",
        ..Project::default()
    };
    let (mut section, mut key) = (String::new(), String::new());
    for line in text.lines() {
        if line.trim_start().starts_with(['#', ';']) || line.trim().is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end().trim_end_matches(']').to_owned();
            continue;
        }
        let mut value = line.trim();
        if !line.starts_with([' ', '\t']) {
            let Some((name, rest)) = line.split_once('=') else {
                continue;
            };
            key = name.trim().to_owned();
            value = rest.trim();
        }
        match (section.as_str(), key.as_str()) {
            ("metadata", "name") if project.name.is_empty() => project.name = value.to_owned(),
            ("metadata", "description") if project.description.is_none() => {
                project.description = Some(value.to_owned());
            }
            ("options", "install_requires") if !value.is_empty() => {
                project.said.push(required(value, false));
            }
            ("options.extras_require", extra) if !value.is_empty() => {
                let development = OF_DEVELOPMENT.contains(&extra);
                project.said.push(required(value, development));
            }
            _ => (),
        }
    }
    (!project.name.is_empty()).then_some(project)
}

/// A text that `setup(name="…")` is given, where it is written out.
fn argument(script: &str, name: &str) -> Option<String> {
    let lines = script.lines().filter_map(|line| {
        let rest = line
            .trim_start()
            .trim_start_matches("setup(")
            .strip_prefix(name)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next().map(str::to_owned)
    });
    lines.into_iter().find(|text| !text.is_empty())
}

/// A name as PEP 503 compares them.
fn normal(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => (),
            '-' | '_' | '.' => out.push('-'),
            c => out.push(c.to_ascii_lowercase()),
        }
    }
    out
}
