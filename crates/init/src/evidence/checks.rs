//! The commands that prove a change: of the build tool of a package, run in its folder; and nix where it builds.

use crate::survey::Survey;
use crate::workspace::path::join;
use crate::workspace::{BuildTool, Package};

/// What `npm init` writes for want of a test.
const NO_TEST: &str = "no test specified";

/// The check of nix.
const NIX: &str = "nix flake check";

/// The commands that prove a change in one package; `survey` is of the whole flake. None where nothing tells.
#[must_use]
pub fn of_package(survey: &Survey, package: &Package, own: &Survey) -> Vec<String> {
    let up = match package
        .dir
        .split('/')
        .filter(|part| !part.is_empty())
        .count()
    {
        0 => ".".to_owned(),
        depth => vec![".."; depth].join("/"),
    };
    let command = match package.tool {
        BuildTool::Cargo => Some(format!("cargo test -p {}", package.name)),
        BuildTool::Go => Some("go test ./...".to_owned()),
        BuildTool::Python => python(survey, own),
        BuildTool::Npm => npm(survey, own, &up),
        BuildTool::Maven => Some(maven(survey, package, &up)),
        BuildTool::Gradle => Some(match survey.has("gradlew") {
            true => format!("{up}/gradlew test"),
            false => "gradle test".to_owned(),
        }),
    };
    // A name out of a repository becomes part of a command: only a plain one does.
    let plain = |command: &String| {
        command
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " ./-_:@".contains(c))
    };
    command.filter(plain).into_iter().collect()
}

/// Those of the flake itself: nix where it builds something, and the build tools at its root.
#[must_use]
pub fn of_root(survey: &Survey, package: Option<&Package>, builds: bool) -> Vec<String> {
    let whole = match package {
        Some(package) => of_package(survey, package, survey),
        None if survey.has("Cargo.toml") => vec!["cargo test".to_owned()],
        None => Vec::new(),
    };
    let nix = (builds || whole.is_empty()).then(|| NIX.to_owned());
    whole.into_iter().chain(nix).collect()
}

fn python(survey: &Survey, own: &Survey) -> Option<String> {
    let test = |file: &String| {
        let name = file.rsplit('/').next().unwrap_or(file);
        name.ends_with(".py") && (name.starts_with("test_") || name.ends_with("_test.py"))
    };
    let tested = own.files.iter().any(test);
    let run = match () {
        () if survey.has("uv.lock") || own.has("uv.lock") => "uv run pytest",
        () if own.has("poetry.lock") => "poetry run pytest",
        () => "pytest",
    };
    tested.then(|| run.to_owned())
}

fn npm(survey: &Survey, own: &Survey, up: &str) -> Option<String> {
    let tests = |of: &Survey| {
        let json: Option<serde_json::Value> = serde_json::from_str(&of.text("package.json")?).ok();
        let script = json?.get("scripts")?.get("test")?.as_str()?.to_owned();
        (!script.contains(NO_TEST)).then_some(())
    };
    let program = match () {
        () if survey.has("pnpm-lock.yaml") || survey.has("pnpm-workspace.yaml") => "pnpm",
        () if survey.has("yarn.lock") => "yarn",
        () => "npm",
    };
    if tests(own).is_some() {
        return Some(format!("{program} test"));
    }
    // All packages of some repositories are tested by the root.
    tests(survey)?;
    Some(match program {
        "pnpm" => format!("pnpm --dir {up} test"),
        "yarn" => format!("yarn --cwd {up} test"),
        _ => format!("npm --prefix {up} test"),
    })
}

/// `-pl` wants to be run from the pom.xml that names the modules.
fn maven(survey: &Survey, package: &Package, up: &str) -> String {
    let program = match survey.has("mvnw") {
        true => format!("{up}/mvnw"),
        false => "mvn".to_owned(),
    };
    match package.dir.as_str() {
        "" => format!("{} test", if survey.has("mvnw") { "./mvnw" } else { "mvn" }),
        _ if !survey.has("pom.xml") => format!("{program} test"),
        dir => format!("{program} -f {} -pl {dir} -am test", join(up, "pom.xml")),
    }
}
