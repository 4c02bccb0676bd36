//! Go: every go.mod is a module; edges are what they require of one another, whether replaced by a path or not.

use std::collections::BTreeMap;

use super::path::{join, resolve};
use super::{BuildTool, Package, PackageDependency, folders_with};
use crate::survey::Survey;

/// Go files of one module that are searched for what only its tests import.
const MAX_SEARCHED: usize = 2_000;

/// What go.mod says, as far as it matters here.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct GoModule {
    /// The path of the module.
    pub path: String,
    /// Its line, from 1.
    pub line: usize,
    /// Modules that are required directly.
    pub require: Vec<String>,
    /// Module → folder that stands for it, relative to the module.
    pub replace: Vec<(String, String)>,
}

/// The modules.
pub fn packages(survey: &Survey) -> Vec<Package> {
    let modules: BTreeMap<String, GoModule> = folders_with(survey, "go.mod")
        .filter(|dir| {
            !dir.split('/')
                .any(|part| part == "testdata" || part == "vendor")
        })
        .filter_map(|dir| {
            let module = GoModule::of(&survey.text(&join(&dir, "go.mod"))?)?;
            Some((dir, module))
        })
        .collect();
    let places: BTreeMap<&str, &str> = modules
        .iter()
        .map(|(dir, module)| (module.path.as_str(), dir.as_str()))
        .collect();
    modules
        .iter()
        .map(|(dir, module)| Package {
            tool: BuildTool::Go,
            name: module.path.clone(),
            dir: dir.clone(),
            manifest: join(dir, "go.mod"),
            description: None,
            dependencies: dependencies(survey, dir, module, &places, &modules),
        })
        .collect()
}

fn dependencies(
    survey: &Survey,
    dir: &str,
    module: &GoModule,
    places: &BTreeMap<&str, &str>,
    modules: &BTreeMap<String, GoModule>,
) -> Vec<PackageDependency> {
    let mut out = Vec::new();
    let mut imports = None;
    for required in &module.require {
        let replaced = module.replace.iter().find(|(from, _)| from == required);
        let replaced = replaced.and_then(|(_, path)| resolve(dir, path));
        let place = replaced.or_else(|| Some((*places.get(required.as_str())?).to_owned()));
        if let Some(place) = place.filter(|place| modules.contains_key(place)) {
            let imports = imports.get_or_insert_with(|| imported(survey, dir, modules));
            let inner = format!("{required}/");
            let of = |(path, _): &&(String, bool)| path == required || path.starts_with(&inner);
            let mut used = imports.iter().filter(of).peekable();
            let development = used.peek().is_some() && used.all(|(_, test)| *test);
            out.push(PackageDependency {
                dir: place,
                development,
            });
        }
    }
    out
}

/// The paths that the files of a module import, and whether a test does.
fn imported(
    survey: &Survey,
    dir: &str,
    modules: &BTreeMap<String, GoModule>,
) -> Vec<(String, bool)> {
    let inside = format!("{dir}/");
    let nested: Vec<String> = modules
        .keys()
        .filter(|other| other.starts_with(&inside) && *other != dir)
        .map(|other| format!("{other}/"))
        .collect();
    let own = survey.files.iter().filter(|file| {
        let below = dir.is_empty() || file.starts_with(&inside);
        let inner = dir.is_empty()
            && modules
                .keys()
                .any(|other| !other.is_empty() && file.starts_with(&format!("{other}/")));
        file.ends_with(".go") && below && !inner && !nested.iter().any(|one| file.starts_with(one))
    });
    let mut out = Vec::new();
    for file in own.take(MAX_SEARCHED) {
        let text = survey.text(file).unwrap_or_default();
        let test = file.ends_with("_test.go");
        out.extend(
            imports(&text)
                .into_iter()
                .map(|path| (path.to_owned(), test)),
        );
    }
    out
}

/// The paths in the import declarations of a file.
pub fn imports(text: &str) -> Vec<&str> {
    let (mut out, mut block) = (Vec::new(), false);
    for line in text.lines() {
        let line = line.trim();
        let said = match line.strip_prefix("import") {
            Some(rest) if rest.trim() == "(" => {
                block = true;
                continue;
            }
            Some(rest) if rest.starts_with([' ', '"']) => rest,
            _ if block && line == ")" => {
                block = false;
                continue;
            }
            _ if block => line,
            // Nothing is imported behind the first declaration.
            _ if line.starts_with("func ") || line.starts_with("type ") => break,
            _ => continue,
        };
        let mut quoted = said.split('"');
        if let (Some(_), Some(path)) = (quoted.next(), quoted.next()) {
            out.push(path);
        }
    }
    out
}

impl GoModule {
    /// Reads go.mod. See <https://go.dev/ref/mod#go-mod-file>.
    pub fn of(text: &str) -> Option<Self> {
        let (mut module, mut block) = (Self::default(), String::new());
        for (at, line) in text.lines().enumerate() {
            let (code, comment) = line.split_once("//").unwrap_or((line, ""));
            let code = code.trim();
            if code == ")" {
                block.clear();
                continue;
            }
            if let Some(verb) = code.strip_suffix('(') {
                block = verb.trim().to_owned();
                continue;
            }
            let (verb, rest) = match block.as_str() {
                "" => code.split_once(char::is_whitespace).unwrap_or((code, "")),
                block => (block, code),
            };
            let mut words = rest
                .split_whitespace()
                .map(|word| word.trim_matches(['"', '`']));
            match (verb, words.next()) {
                ("module", Some(path)) => {
                    module.path = path.to_owned();
                    module.line = at + 1;
                }
                ("require", Some(path)) if !comment.trim().starts_with("indirect") => {
                    module.require.push(path.to_owned());
                }
                ("replace", Some(path)) => {
                    let to = words.skip_while(|word| *word != "=>").nth(1);
                    let to = to.filter(|to| to.starts_with('.'));
                    module
                        .replace
                        .extend(to.map(|to| (path.to_owned(), to.to_owned())));
                }
                _ => (),
            }
        }
        (!module.path.is_empty()).then_some(module)
    }
}
