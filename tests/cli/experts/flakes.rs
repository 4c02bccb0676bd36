//! Experts of one flake beside other flakes, with experts and without.

use serde_json::Value;

use super::{ask, plan, workspace};
use crate::harness::{Repository, poag_url, text};

/// A flake with several experts is a neighbour of others, below it too.
#[test]
fn experts_of_one_flake_and_subflakes_mix() {
    let made = workspace();
    made.write(
        "site/flake.nix",
        &format!(
            r#"{{
  inputs.poag.url = "{}";
  inputs.shop = {{
    url = "path:..";
    inputs.poag.follows = "poag";
  }};
  outputs = {{ poag, shop, ... }}: poag.lib.mkPoagFlake {{
    name = "site";
    src = ./.;
    role = "Owns the web site.";
    neighbors.core = {{
      expert = shop.poag;
      needs.api = "prices that are shown";
    }};
    experts.pages = {{
      src = ./pages;
      role = "Owns the pages.";
    }};
  }};
}}
"#,
            poag_url()
        ),
    );
    made.write("site/index.md", "# Site\n");
    made.write("site/pages/prices.md", "# Prices\n\nWhat things cost.\n");
    made.git(&["add", "-A"]);
    for folder in ["", "site"] {
        made.poag(folder)
            .args(["learn", "--all", "--quiet"])
            .assert()
            .success();
    }
    made.commit("site");
    let clone = made.clone_of();
    clone
        .poag("site")
        .args(["check", "--all"])
        .assert()
        .success();
    assert_eq!(clone.verdict("site"), None);
    clone.edit("site/pages/prices.md", "cost", "are worth");
    let check = clone
        .poag("site")
        .args(["check", "--all"])
        .output()
        .unwrap();
    let verdict = text(&check.stdout);
    assert!(
        verdict.contains("repair: nix run ./site#poag -- learn pages"),
        "{verdict}"
    );
    assert!(!verdict.contains("expert 'site'"), "{verdict}");
    // What belongs to the subflake is none of the root's.
    clone.poag("").args(["check", "--all"]).assert().success();
}

#[test]
fn the_declarations_error_is_told_below_lib_too() {
    let made = workspace();
    made.edit(
        "poag.nix",
        "name = \"shop\";",
        "name = \"shop\";\n  output = \"lib.poag\";",
    );
    made.poag("").arg("graph").assert().success();
    made.edit(
        "poag.nix",
        "neighbors.core.needs.api = \"prices that are printed\";",
        "neighbors.cor = { };",
    );
    let output = made.poag("").arg("graph").output().unwrap();
    let told = text(&output.stderr);
    assert!(told.contains("did you mean 'core'?"), "{told}");
    assert!(!told.contains("no `poag` output"), "{told}");
}

/// What belongs to nobody is said; a module that is called flake.nix hides nothing.
#[test]
fn flakes_without_an_expert_are_told() {
    let made = workspace();
    made.write("dev/flake.nix", "{ outputs = _: { }; }\n");
    made.write(
        "modules/flake.nix",
        "{ outputs, ... }: { inherit outputs; }\n",
    );
    made.write("modules/other.nix", "{ }\n");
    made.git(&["add", "-A"]);
    let graph = made.poag("").args(["graph", "--json"]).output().unwrap();
    let graph: Value = serde_json::from_slice(&graph.stdout).unwrap();
    assert_eq!(
        graph["experts"]["shop"]["knowledge"]["flakes"],
        serde_json::json!(["dev"])
    );
    let learned = made.poag("").args(["learn", "--all"]).output().unwrap();
    let told = format!("{}{}", text(&learned.stdout), text(&learned.stderr));
    assert!(told.contains("dev/ is a flake without an expert"), "{told}");
    assert!(!told.contains("modules"), "{told}");
    let lock = made.read("poag.lock");
    assert!(
        lock.contains("modules/other.nix") && !lock.contains("dev/"),
        "{lock}"
    );
}

/// A way to keep poag out of the inputs of a flake that others use: a flake of one's own below it.
#[test]
fn a_flake_for_development_declares_the_experts_of_what_lies_above_it() {
    let made = Repository::new();
    made.write("flake.nix", "{ outputs = _: { mine = 1; }; }\n");
    made.write("README.md", "# Tool\n\nDoes one thing.\n");
    made.write("core/core.py", "def core():\n    return 1\n");
    made.write(
        "dev/flake.nix",
        &format!(
            "{{\n  inputs.poag.url = \"{}\";\n  outputs = {{ poag, ... }}: poag.lib.mkPoagFlake (import ./poag.nix);\n}}\n",
            poag_url()
        ),
    );
    made.write(
        "dev/poag.nix",
        r#"{
  name = "tool";
  src = ../.;
  role = "Owns the tool.";
  experts.core = {
    src = ../core;
    role = "Owns the core.";
  };
}
"#,
    );
    made.git(&["add", "-A"]);
    let check = made.poag("dev").args(["check", "--all"]).output().unwrap();
    let verdict = text(&check.stdout);
    for repair in [
        "repair: nix run ./dev#poag -- learn tool && git add poag.lock",
        "repair: nix run ./dev#poag -- learn core && git add core/poag.lock",
    ] {
        assert!(verdict.contains(repair), "{verdict}");
    }
    made.poag("dev")
        .args(["learn", "--all", "--quiet"])
        .assert()
        .success();
    made.commit("dev");
    let clone = made.clone_of();
    clone
        .poag("dev")
        .args(["check", "--all"])
        .assert()
        .success();
    assert_eq!(clone.verdict("dev"), None);
    let lock = clone.read("poag.lock");
    assert!(lock.contains("[files.\"README.md\"]"), "{lock}");
    assert!(!lock.contains("dev/"), "{lock}");
    let plan = plan(&ask(
        &clone,
        "dev",
        &["Let core() return two in core/core.py"],
    ));
    assert!(
        plan["subflakes"]["core"]["./core.py"].is_string(),
        "{plan:#}"
    );
    let root = clone.nix("", &["eval", ".#mine"]);
    assert!(root.status.success(), "{}", text(&root.stderr));
}
