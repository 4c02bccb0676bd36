//! Several experts in one flake: declared in poag.nix, learned, committed, and used from a fresh clone.

mod flakes;
mod lock;

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::harness::{Repository, poag_url, text};

/// A workspace of three packages, one inside another, beside outputs that were there before; nobody learned yet.
fn workspace() -> Repository {
    let repository = Repository::new();
    repository.write(
        "flake.nix",
        &format!(
            r#"{{
  inputs.poag.url = "{}";

  outputs =
    {{ self, poag }}:
    poag.lib.withExperts ./poag.nix self.inputs {{
      mine = 1;
    }};
}}
"#,
            poag_url()
        ),
    );
    repository.write(
        "poag.nix",
        r#"{
  name = "shop";
  src = ./.;
  experts = {
    core = {
      src = ./packages/core;
      role = "Owns the price rules.";
      provides.api = {
        summary = "price(items) -> Money";
        files = [ "src/price.py" ];
      };
    };
    plugins = {
      src = ./packages/core/plugins;
      role = "Owns the discounts that are plugged in.";
      neighbors.core.needs.api = "prices that are reduced";
    };
    cli = {
      src = ./packages/cli;
      role = "Owns the command line.";
      neighbors.core.needs.api = "prices that are printed";
    };
  };
}
"#,
    );
    repository.write("README.md", "# Shop\n\nA shop of three packages.\n");
    repository.write(
        "packages/core/src/price.py",
        "def price(items):\n    \"\"\"The price of all items together.\"\"\"\n    return rounded(sum(items))\n",
    );
    repository.write(
        "packages/core/src/private.py",
        "def rounded(amount):\n    \"\"\"Rounds to cents, half to even.\"\"\"\n    return round(amount, 2)\n",
    );
    repository.write(
        "packages/core/plugins/discount.py",
        "def discount(total):\n    \"\"\"Ten percent less above a hundred.\"\"\"\n    return total * 0.9 if total > 100 else total\n",
    );
    repository.write(
        "packages/cli/main.py",
        "from price import price\n\nprint(price([1, 2]))\n",
    );
    repository.git(&["add", "-A"]);
    repository
}

/// What was committed after everybody learned, cloned anew.
fn cloned() -> (Repository, Repository) {
    let made = workspace();
    made.poag("")
        .args(["learn", "--all", "--quiet"])
        .assert()
        .success();
    made.commit("experts");
    let clone = made.clone_of();
    (made, clone)
}

fn ask(repository: &Repository, folder: &str, args: &[&str]) -> Output {
    let mut poag = repository.poag(folder);
    poag.arg("ask").args(args).output().unwrap()
}

fn plan(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_expert_of_a_fresh_clone_is_there_and_fresh() {
    let (_made, clone) = cloned();
    for lock in [
        "poag.lock",
        "packages/core/poag.lock",
        "packages/core/plugins/poag.lock",
        "packages/cli/poag.lock",
    ] {
        assert!(clone.root.join(lock).is_file(), "{lock}");
    }
    clone
        .poag("")
        .arg("graph")
        .assert()
        .success()
        .stdout("shop\n├─ cli\n│  └─ core [api]\n├─ core [api]\n└─ plugins\n   └─ core [api]\n");
    clone.poag("").args(["check", "--all"]).assert().success();
    assert_eq!(clone.verdict(""), None);
    let shown = clone.nix("", &["flake", "show", "--json"]);
    let shown = text(&shown.stdout);
    for check in ["poag-shop", "poag-core", "poag-plugins", "poag-cli"] {
        assert!(shown.contains(&format!("\"{check}\"")), "{shown}");
    }
    for name in ["core", "shop"] {
        clone.poag("").args(["pack", name]).assert().success();
        clone.poag("").args(["explain", name]).assert().success();
    }
}

#[test]
fn a_change_makes_its_owner_stale_and_the_check_at_the_root_fails() {
    let (_made, clone) = cloned();
    clone.edit("packages/core/plugins/discount.py", "Ten", "Twenty");
    let check = clone.poag("").args(["check", "--all"]).output().unwrap();
    assert_eq!(check.status.code(), Some(3));
    assert_eq!(
        text(&check.stdout),
        "core is fresh\ncli is fresh\npoag: expert 'plugins' is stale: its flake differs from what it learned (poag.lock)\n  changed file: discount.py\nrepair: nix run .#poag -- learn plugins\nshop is fresh\n"
    );
    let nix = clone.nix("", &["flake", "check"]);
    assert!(!nix.status.success());
    assert!(
        text(&nix.stderr).contains("nix run .#poag -- learn plugins"),
        "{}",
        text(&nix.stderr)
    );
    clone
        .poag("")
        .args(["learn", "plugins", "--quiet"])
        .assert()
        .success();
    clone.poag("").args(["check", "--all"]).assert().success();
    let changed = clone.git(&["status", "--porcelain"]);
    assert_eq!(
        changed,
        " M packages/core/plugins/discount.py\n M packages/core/plugins/poag.lock\n"
    );
    // Its neighbours go by its contracts alone.
    clone.edit("packages/core/src/private.py", "cents", "pence");
    let check = clone.poag("").args(["check", "--all"]).output().unwrap();
    let verdict = text(&check.stdout);
    assert!(verdict.contains("expert 'core'"), "{verdict}");
    assert!(!verdict.contains("expert 'cli'"), "{verdict}");
    clone.edit("packages/core/src/price.py", "together", "in all");
    let check = clone.poag("").args(["check", "--all"]).output().unwrap();
    let verdict = text(&check.stdout);
    for name in ["core", "cli", "plugins"] {
        assert!(verdict.contains(&format!("expert '{name}'")), "{verdict}");
    }
}

#[test]
fn a_new_file_belongs_to_the_deepest_folder() {
    let (_made, clone) = cloned();
    clone.write("packages/core/plugins/deep/coupon.py", "x = 1\n");
    clone.write("packages/notes.md", "More.\n");
    clone.git(&["add", "-N", "."]);
    let check = clone.poag("").args(["check", "--all"]).output().unwrap();
    let verdict = text(&check.stdout);
    assert!(verdict.contains("added file: deep/coupon.py"), "{verdict}");
    assert!(
        verdict.contains("added file: packages/notes.md"),
        "{verdict}"
    );
    assert!(!verdict.contains("expert 'core'"), "{verdict}");
}

/// Of a question that names a file, its owner says what to do there, and nobody fails over it.
#[test]
fn a_question_that_names_a_file_of_another_expert_reaches_its_owner() {
    let (_made, clone) = cloned();
    for (question, owner, path) in [
        (
            "Change packages/core/plugins/discount.py so that the discount is twenty percent",
            "plugins",
            "./discount.py",
        ),
        (
            "In packages/core/src/private.py, round half up instead of half to even",
            "core",
            "./src/private.py",
        ),
    ] {
        let plan = plan(&ask(&clone, "", &[question]));
        let said = serde_json::to_string(&plan).unwrap();
        assert!(!said.contains("belongs to the expert"), "{said}");
        assert!(plan["subflakes"][owner][path].is_string(), "{plan:#}");
        for (expert, edits) in plan["subflakes"].as_object().unwrap() {
            for file in edits.as_object().unwrap().keys() {
                let dir = match expert.as_str() {
                    "shop" => "",
                    "core" => "packages/core",
                    "plugins" => "packages/core/plugins",
                    "cli" => "packages/cli",
                    other => panic!("{other}"),
                };
                let there = clone.root.join(dir).join(Path::new(file));
                assert!(there.is_file(), "{expert} {file}");
            }
        }
    }
}
