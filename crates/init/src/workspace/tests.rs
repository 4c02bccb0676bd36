//! Small workspaces of every build tool: packages, names and edges.

use std::collections::BTreeSet;
use std::fs;

use tempfile::TempDir;

use super::*;

/// A folder with files, and what is found in it.
struct Tried {
    _folder: TempDir,
    workspace: Workspace,
}

fn tried(files: &[(&str, &str)]) -> Tried {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let survey = Survey::of(&folder.path().canonicalize().unwrap());
    Tried {
        workspace: Workspace::of(&survey),
        _folder: folder,
    }
}

impl Tried {
    /// `consumer -> provider`, with `(dev)` and `(left out)` behind.
    fn edges(&self) -> Vec<String> {
        let all: BTreeSet<String> = self.workspace.packages.keys().cloned().collect();
        let names = named(self.workspace.packages.values(), &BTreeSet::new());
        let mut out: Vec<String> = edges(&self.workspace, &all)
            .iter()
            .map(|edge| {
                let development = if edge.development { " (dev)" } else { "" };
                let left_out = if edge.left_out { " (left out)" } else { "" };
                format!(
                    "{} -> {}{development}{left_out}",
                    names[&edge.from], names[&edge.to]
                )
            })
            .collect();
        out.sort();
        out
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = named(self.workspace.below(), &BTreeSet::new())
            .into_values()
            .collect();
        names.sort();
        names
    }
}

#[test]
fn cargo_members_paths_and_what_the_workspace_names_are_edges() {
    let tried = tried(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\", \"examples/*\"]\nexclude = [\"crates/old\"]\n[workspace.package]\ndescription = \"Of all\"\n[workspace.dependencies]\nbase = { path = \"crates/base\" }\n",
        ),
        (
            "crates/base/Cargo.toml",
            "[package]\nname = \"base\"\ndescription.workspace = true\n[dev-dependencies]\napp = { path = \"../app\" }\n",
        ),
        (
            "crates/app/Cargo.toml",
            "[package]\nname = \"shop-app\"\n[dependencies]\nbase.workspace = true\n[target.'cfg(unix)'.dependencies]\nlow = { path = \"../../low\", package = \"low-level\" }\n",
        ),
        ("low/Cargo.toml", "[package]\nname = \"low-level\"\n"),
        ("examples/x/Cargo.toml", "[package]\nname = \"x\"\n"),
        ("crates/no/README.md", "nothing"),
    ]);
    assert_eq!(tried.names(), ["base", "low-level", "shop-app"]);
    assert_eq!(
        tried.edges(),
        [
            "base -> shop-app (dev) (left out)",
            "shop-app -> base",
            "shop-app -> low-level"
        ]
    );
    assert_eq!(
        tried.workspace.packages["crates/base"]
            .description
            .as_deref(),
        Some("Of all")
    );
    assert_eq!(tried.workspace.aside, ["examples/x"]);
}

#[test]
fn npm_and_pnpm_workspaces_take_in_and_leave_out_by_their_patterns() {
    let packages = [
        (
            "packages/a/package.json",
            "{\"name\":\"@s/a\",\"dependencies\":{\"@s/b\":\"workspace:*\"},\"devDependencies\":{\"@s/c\":\"*\"}}",
        ),
        (
            "packages/b/package.json",
            "{\"name\":\"@s/b\",\"dependencies\":{\"c\":\"npm:other@1\"}}",
        ),
        ("packages/c/package.json", "{\"name\":\"@s/c\"}"),
        ("packages/skipped/package.json", "{\"name\":\"skipped\"}"),
        ("tools/d/package.json", "{\"name\":\"d\"}"),
    ];
    let npm = [(
        "package.json",
        "{\"name\":\"root\",\"workspaces\":{\"packages\":[\"packages/*\",\"!packages/skipped\"]}}",
    )];
    let pnpm = [
        ("package.json", "{\"name\":\"root\"}"),
        (
            "pnpm-workspace.yaml",
            "# which\ncatalog:\n  x: &v 1\nother: [no]\npackages:\n  - 'packages/*'\n  - '!**/skipped'\nmore:\n  packages: [tools/d]\n",
        ),
    ];
    for root in [&npm[..], &pnpm[..]] {
        let tried = tried(&[root, &packages[..]].concat());
        assert_eq!(tried.names(), ["a", "b", "c"]);
        assert_eq!(tried.edges(), ["a -> b", "a -> c (dev)"]);
    }
}

#[test]
fn go_modules_are_packages_and_what_only_tests_import_is_for_development() {
    let tried = tried(&[
        ("go.work", "go 1.24\nuse (\n\t.\n\t./service/ec2/v2\n)\n"),
        ("go.mod", "module example.org/all // a comment\n\ngo 1.24\n"),
        (
            "service/ec2/v2/go.mod",
            "module example.org/all/service/ec2/v2\nrequire (\n\texample.org/all v0.0.0\n\texample.org/all/kit v1.0.0\n\texample.org/all/check v1.0.0 \n\texample.org/else v1.0.0 // indirect\n)\nreplace example.org/all/kit => ../../../kit\n",
        ),
        (
            "service/ec2/v2/a.go",
            "package ec2\n\nimport (\n\t\"fmt\"\n\tk \"example.org/all/kit/inner\"\n)\n\nfunc A() { k.B() }\n",
        ),
        (
            "service/ec2/v2/a_test.go",
            "package ec2\n\nimport \"example.org/all/check\"\n",
        ),
        ("kit/go.mod", "module \"example.org/all/kit\"\n"),
        ("check/go.mod", "module example.org/all/check\n"),
        ("kit/testdata/x/go.mod", "module x\n"),
    ]);
    assert_eq!(tried.names(), ["check", "ec2-v2", "kit"]);
    assert_eq!(
        tried.edges(),
        ["ec2-v2 -> all", "ec2-v2 -> check (dev)", "ec2-v2 -> kit"]
    );
}

#[test]
fn python_projects_of_uv_poetry_and_setuptools_find_each_other() {
    let tried = tried(&[
        (
            "pyproject.toml",
            "[tool.uv.workspace]\nmembers = [\"libs/*\"]\n",
        ),
        (
            "libs/core/pyproject.toml",
            "[project]\nname = \"My.Core\"\ndescription = \"The core\"\n",
        ),
        (
            "libs/web/pyproject.toml",
            "[project]\nname = \"my-web\"\ndependencies = [\"my_core[fast]>=1; python_version > '3'\"]\n[dependency-groups]\ndev = [\"my-tools\", {include-group = \"x\"}]\n[tool.uv.sources]\nmy-core = { workspace = true }\n",
        ),
        (
            "libs/tools/pyproject.toml",
            "[tool.poetry]\nname = \"my-tools\"\n[tool.poetry.dependencies]\npython = \"^3\"\nold = { path = \"../old\", develop = true }\n[tool.poetry.group.test.dependencies]\nmy-web = \"*\"\n",
        ),
        (
            "libs/old/setup.cfg",
            "[metadata]\nname = old\ndescription = Old\n[options]\ninstall_requires =\n    # why\n    my-core >= 1\n",
        ),
    ]);
    assert_eq!(tried.names(), ["My-Core", "my-tools", "my-web", "old"]);
    assert_eq!(
        tried.edges(),
        [
            "my-tools -> my-web (dev)",
            "my-tools -> old",
            "my-web -> My-Core",
            "my-web -> my-tools (dev) (left out)",
            "old -> My-Core"
        ]
    );
}

#[test]
fn maven_modules_are_found_by_group_and_artifact() {
    let module = |artifact: &str, rest: &str| {
        format!(
            "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><parent><groupId>org.x</groupId><artifactId>all</artifactId></parent><artifactId>{artifact}</artifactId>{rest}</project>"
        )
    };
    let base = module(
        "x-base",
        "<name>The base</name><description>Holds  the\n base</description>",
    );
    let app = module(
        "x-app",
        "<dependencies><dependency><groupId>${project.groupId}</groupId><artifactId>x-base</artifactId></dependency><dependency><groupId>org.x</groupId><artifactId>x-check</artifactId><scope>test</scope></dependency></dependencies>",
    );
    let check = module("x-check", "");
    let plug = "<project><parent><groupId>org.x</groupId><artifactId>parts</artifactId></parent><artifactId>plug</artifactId></project>";
    let list = module(
        "parts",
        "<packaging>pom</packaging><modules><module>app</module><module>plug</module></modules><dependencies><dependency><groupId>org.x</groupId><artifactId>x-base</artifactId></dependency></dependencies>",
    );
    let tried = tried(&[
        (
            "pom.xml",
            "<project><groupId>org.x</groupId><artifactId>all</artifactId><packaging>pom</packaging><modules><module>base</module><module>parts</module><module>../out</module></modules><profiles><profile><modules><module>check</module></modules></profile></profiles></project>",
        ),
        ("base/pom.xml", &base),
        ("parts/pom.xml", &list),
        ("parts/app/pom.xml", &app),
        ("parts/plug/pom.xml", plug),
        ("check/pom.xml", &check),
        ("other/pom.xml", &check),
    ]);
    assert_eq!(tried.names(), ["plug", "x-app", "x-base", "x-check"]);
    // A parent's dependencies are those of all below it.
    assert_eq!(
        tried.edges(),
        [
            "plug -> x-base",
            "x-app -> x-base",
            "x-app -> x-check (dev)"
        ]
    );
    assert_eq!(
        tried.workspace.packages["base"].description.as_deref(),
        Some("Holds the base")
    );
}

#[test]
fn gradle_projects_are_those_that_settings_include() {
    let tried = tried(&[
        (
            "settings.gradle.kts",
            "rootProject.name = \"x\"\ninclude(\":core\", \":plug-ins:web_ui\") // include(\":no\")\n/* include(\":never\") */\ninclude(\n  \"far\",\n)\nproject(\":far\").projectDir = file(\"else/far\")\n",
        ),
        ("core/build.gradle.kts", "description = \"The core\"\n"),
        (
            "plug-ins/web_ui/build.gradle.kts",
            "dependencies {\n  implementation(projects.core)\n  testImplementation(project(\":far\"))\n}\n",
        ),
        (
            "else/far/build.gradle",
            "dependencies {\n  api project(':core')\n}\n",
        ),
        ("never/build.gradle", ""),
    ]);
    assert_eq!(tried.names(), ["core", "far", "web_ui"]);
    assert_eq!(
        tried.edges(),
        ["far -> core", "web_ui -> core", "web_ui -> far (dev)"]
    );
}

#[test]
fn manifests_that_lead_out_of_the_repository_or_are_hostile_lead_nowhere() {
    let billion = "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><project><artifactId>&c;&c;&c;</artifactId></project>";
    let deep = format!("packages: {}", "[".repeat(100_000));
    let tried = tried(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"../*\", \"/etc\", \"a/[\"]\n",
        ),
        (
            "a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nout = { path = \"../../../../etc\" }\nabs = { path = \"/etc\" }\n",
        ),
        ("b/pom.xml", billion),
        ("c/package.json", "{\"name\":\"c\"}"),
        ("pnpm-workspace.yaml", &deep),
        ("package.json", "{\"name\":\"root\"}"),
        ("d/pyproject.toml", "[project]\nname = 3\n"),
        ("e/go.mod", "modul x"),
    ]);
    assert!(tried.edges().is_empty());
    assert!(!tried.names().contains(&"c".to_owned()));
}

#[test]
fn two_that_would_have_one_name_are_told_apart_by_their_folders() {
    let tried = tried(&[
        ("log/go.mod", "module x.org/log\n"),
        ("sdk/log/go.mod", "module x.org/sdk/log\n"),
        ("api/v2/go.mod", "module x.org/api/v2\n"),
        ("api/x/go.mod", "module x.org/api/x\n"),
    ]);
    assert_eq!(tried.names(), ["api-v2", "api-x", "log", "sdk-log"]);
}
