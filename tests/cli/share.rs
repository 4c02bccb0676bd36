//! Packs as derivations: what one builder makes is asked where there are no sources, and no nix.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::{Repository, poag_url, text};

/// Two flakes as those of `Repository::family`, whose packs and exports the poag under test builds: the real one
/// would be compiled first.
pub fn family() -> Repository {
    let repository = Repository::new();
    let bin = repository.root.parent().unwrap().join("built/bin");
    fs::create_dir_all(&bin).unwrap();
    symlink(assert_cmd::cargo::cargo_bin!("poag"), bin.join("poag")).unwrap();
    let built = bin.parent().unwrap().display().to_string();
    repository.write(
        "base/flake.nix",
        &flake(
            &built,
            "base",
            "",
            r#"
        role = "Owns the greeting.";
        provides.greet = { summary = "greet(name) -> text"; files = [ "src/greet.py" ]; };
    "#,
        ),
    );
    repository.write(
        "base/src/greet.py",
        "def greet(name):\n    \"\"\"Says hello to a person.\"\"\"\n    return prefix() + name\n",
    );
    repository.write(
        "base/src/private.py",
        "def prefix():\n    return 'Hello, '\n",
    );
    repository.write("base/README.md", "# base\n\nCall `greet(name)`.\n");
    repository.write(
        "app/flake.nix",
        &flake(
            &built,
            "app",
            "base",
            r#"
        role = "Owns the program.";
        neighbors.base = { expert = base.poag; needs.greet = "the text that is printed"; };
        exports."AGENTS.md" = "agents-md";
        exports.".agents/skills/app/SKILL.md" = "skill";
    "#,
        ),
    );
    repository.write("app/main.py", "from greet import greet\n\n\ndef main():\n    \"\"\"Prints the greeting for the whole world.\"\"\"\n    print(greet('World'))\n");
    repository.commit("begin");
    repository
}

fn flake(built: &str, name: &str, neighbor: &str, declaration: &str) -> String {
    let (input, argument) = match neighbor {
        "" => (String::new(), String::new()),
        _ => (
            format!(
                "inputs.{neighbor} = {{ url = \"path:../{neighbor}\"; inputs.poag.follows = \"poag\"; }};"
            ),
            format!("{neighbor},"),
        ),
    };
    format!(
        r#"{{
  inputs.poag.url = "{}";
  {input}
  outputs = {{ poag, {argument} ... }}:
    let
      lib = import "${{poag}}/lib" {{
        mkApp = _: _: "/nowhere";
        mkRun = system: import "${{poag}}/nix/run.nix" {{ inherit system; poag = "{built}"; }};
      }};
    in
    lib.mkPoagFlake {{
      name = "{name}";
      src = ./.;
      systems = [ "x86_64-linux" "aarch64-linux" ];
      {declaration}
    }};
}}
"#,
        poag_url()
    )
}

/// What nix prints.
pub fn nix(repository: &Repository, folder: &str, args: &[&str]) -> String {
    let output = repository.nix(folder, args);
    assert!(
        output.status.success(),
        "nix {args:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout).trim().to_owned()
}

fn built(repository: &Repository, folder: &str) -> PathBuf {
    nix(
        repository,
        folder,
        &["build", "--no-link", "--print-out-paths", ".#poag-pack"],
    )
    .into()
}

fn drv(repository: &Repository, folder: &str) -> String {
    nix(
        repository,
        folder,
        &["eval", "--raw", ".#poag-pack.drvPath"],
    )
}

/// A plan from the expert of a pack alone: with a PATH on which there is nothing.
fn ask(repository: &Repository, pack: &Path, request: &str) -> Value {
    let nowhere = repository.root.parent().unwrap().join("nowhere");
    fs::create_dir_all(&nowhere).unwrap();
    let output = repository
        .poag("..")
        .current_dir(&nowhere)
        .env("PATH", &nowhere)
        .args([
            "ask",
            "--quiet",
            "--json",
            "--backend",
            "librarian",
            "--pack",
        ])
        .arg(pack)
        .arg(request)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_pack_is_built_with_the_bytes_that_are_printed_and_refers_to_nothing() {
    let family = family();
    let pack = built(&family, "app");
    assert!(
        pack.to_str().unwrap().ends_with("-poag-pack-app"),
        "{}",
        pack.display()
    );
    let printed = family
        .poag("app")
        .args(["pack", "--quiet"])
        .output()
        .unwrap();
    assert_eq!(
        fs::read_to_string(pack.join("pack.md")).unwrap(),
        text(&printed.stdout)
    );
    let label: Value = serde_json::from_slice(&fs::read(pack.join("pack.json")).unwrap()).unwrap();
    assert_eq!(label["schema"], "poag.pack/1");
    assert_eq!(label["expert"]["role"], "Owns the program.");
    assert_eq!(
        label["expert"]["neighbors"]["base"]["needs"]["greet"],
        "the text that is printed"
    );
    assert_eq!(label["pack"]["layers"][0]["name"], "role");
    let main = fs::read_to_string(pack.join("files/main.py")).unwrap();
    assert_eq!(main, family.read("app/main.py"));
    let info = nix(
        &family,
        "app",
        &["path-info", "--json", pack.to_str().unwrap()],
    );
    let info: Value = serde_json::from_str(&info).unwrap();
    let info = info.get(pack.to_str().unwrap()).unwrap_or(&info[0]);
    assert_eq!(info["references"], serde_json::json!([]), "{info}");
}

#[test]
fn only_what_a_pack_tells_of_makes_it_anew() {
    let family = family();
    let before = drv(&family, "app");
    family.edit("base/src/private.py", "Hello", "Good day");
    assert_eq!(drv(&family, "app"), before, "a neighbour's private file");
    family.write("app/poag.lock", "version = 1\n");
    family.git(&["add", "-A"]);
    assert_eq!(drv(&family, "app"), before, "what was learned");
    family.edit("base/src/greet.py", "Says", "Whispers");
    let contract = drv(&family, "app");
    assert_ne!(contract, before, "a neighbour's contract");
    family.edit("app/main.py", "World", "Moon");
    assert_ne!(drv(&family, "app"), contract, "a file of its own");
}

#[test]
fn an_expert_is_asked_where_there_is_its_pack_and_nothing_else() {
    let family = family();
    let pack = built(&family, "app");
    let place = family.root.parent().unwrap();
    let (cache, store) = (place.join("cache-of-binaries"), place.join("elsewhere"));
    let cache = format!("file://{}", cache.display());
    nix(
        &family,
        "app",
        &["copy", "--to", &cache, pack.to_str().unwrap()],
    );
    let there = store.display().to_string();
    nix(
        &family,
        "app",
        &[
            "copy",
            "--no-check-sigs",
            "--from",
            &cache,
            "--to",
            &there,
            pack.to_str().unwrap(),
        ],
    );
    let shelf = store.join("nix/store");
    let names: Vec<_> = fs::read_dir(&shelf)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let pack = shelf.join(&names[0]);

    let plan = ask(
        &family,
        &pack,
        "How is the greeting for the whole world printed?",
    );
    let answer = plan["answer"].as_str().unwrap();
    assert!(answer.contains("main.py:"), "{plan:#}");
    let cited = plan["council"]["citations"].as_array().unwrap();
    assert!(
        cited.iter().any(|one| one["path"] == "./main.py"),
        "{plan:#}"
    );
    let notes = plan["council"]["notes"].to_string();
    assert!(notes.contains("app sees only its pack"), "{notes}");

    // A contract of the provider is in the pack, its expert is not.
    let plan = ask(&family, &pack, "What does greet(name) of base return?");
    assert!(
        plan["answer"].as_str().unwrap().contains("poag-pack.md:"),
        "{plan:#}"
    );
}

#[test]
fn a_change_is_a_request_to_the_owner_of_the_pack_and_plans_no_file() {
    let family = family();
    let pack = built(&family, "app");
    let plan = ask(
        &family,
        &pack,
        "Change `main` in main.py: print the greeting twice",
    );
    let owners = plan["council"]["owners"].as_array().unwrap();
    assert_eq!(owners.len(), 1, "{plan:#}");
    assert_eq!(owners[0]["expert"], "app");
    assert_eq!(
        owners[0]["ref"]
            .as_str()
            .or(owners[0]["reference"].as_str()),
        pack.to_str()
    );
    for (_, files) in plan["subflakes"].as_object().unwrap() {
        for (path, what) in files.as_object().unwrap() {
            assert!(what.as_str().unwrap().starts_with("read"), "{path}: {what}");
        }
    }
}

#[test]
fn no_check_of_a_flake_asks_for_its_pack() {
    let family = family();
    family
        .poag("base")
        .args(["learn", "--no-prime"])
        .assert()
        .success();
    // A poag that cannot be had.
    let flake = family.read("base/flake.nix");
    let begin = flake.find("mkRun = ").unwrap();
    let end = begin + flake[begin..].find(";\n").unwrap();
    let broken = [
        &flake[..begin],
        "mkRun = throw \"nobody asked for it\"",
        &flake[end..],
    ];
    family.write("base/flake.nix", &broken.concat());
    family
        .poag("base")
        .args(["learn", "--no-prime"])
        .assert()
        .success();
    let checked = family.nix("base", &["flake", "check"]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    nix(&family, "base", &["flake", "show"]);
    let pack = family.nix("base", &["eval", "--raw", ".#poag-pack.drvPath"]);
    assert!(
        text(&pack.stderr).contains("nobody asked for it"),
        "{}",
        text(&pack.stderr)
    );
}

#[test]
fn what_is_no_pack_is_refused_with_the_repair() {
    let family = family();
    let ask = |words: &[&str]| {
        let mut command = family.poag("app");
        command.args(["ask", "--quiet", "hello"]).args(words);
        command.assert().failure()
    };
    let repair = predicate::str::contains("repair: name a folder that `nix build .#poag-pack`");
    ask(&["--pack", "."]).stderr(repair);
    ask(&["--pack", "nowhere"]).stderr(predicate::str::contains("repair: "));
    ask(&["--pack", ".", "--flake", "."]).stderr(predicate::str::contains("--pack"));
}
