//! Experts of other repositories: asked like any other, planned into never.

use predicates::prelude::*;
use serde_json::Value;

use crate::harness::{Repository, poag_url};

/// A consumer whose two providers live elsewhere: one with an expert of its own, one that is given
/// its expert by the consumer.
fn consumer_of_two_repositories() -> (Repository, [Repository; 2]) {
    let owned = Repository::new();
    owned.write(
        "flake.nix",
        &crate::harness::flake(
            "clock",
            "",
            r#"
            role = "Owns the clock.";
            provides.now = { summary = "now() -> ISO timestamp"; files = [ "clock.py" ]; };
        "#,
        ),
    );
    owned.write(
        "clock.py",
        "def now():\n    \"\"\"The current timestamp in ISO form.\"\"\"\n    return stamp()\n",
    );
    owned.commit("begin");
    owned.poag("").arg("learn").assert().success();
    owned.commit("learn");

    let plain = Repository::new();
    plain.write("flake.nix", "{ outputs = _: { }; }");
    plain.write(
        "colors.py",
        "def paint(text, color):\n    \"\"\"Paints text in a color.\"\"\"\n    return text\n",
    );
    plain.commit("begin");

    let consumer = Repository::new();
    let flake = format!(
        r#"{{
  inputs.poag.url = "{}";
  inputs.clock = {{ url = "git+file://{}"; inputs.poag.follows = "poag"; }};
  inputs.colors.url = "git+file://{}";
  outputs = {{ poag, clock, colors, ... }}: poag.lib.mkPoagFlake {{
    name = "app";
    src = ./.;
    role = "Owns the program that prints a painted timestamp.";
    neighbors.clock = {{ expert = clock.poag; needs.now = "the timestamp that is printed"; }};
    neighbors.colors = {{
      expert = poag.lib.mkPoagExpert {{
        name = "colors";
        src = colors;
        role = "Owns painting text in colors.";
        provides.paint = {{ summary = "paint(text, color) -> text"; files = [ "colors.py" ]; }};
      }};
      needs.paint = "the color of the timestamp";
    }};
  }};
}}
"#,
        poag_url(),
        owned.root.display(),
        plain.root.display()
    );
    consumer.write("flake.nix", &flake);
    consumer.write(
        "app.py",
        "from clock import now\nfrom colors import paint\n\nprint(paint(now(), 'red'))\n",
    );
    consumer.commit("begin");
    consumer
        .poag("")
        .args(["learn", "--all"])
        .assert()
        .success()
        .stdout(predicate::str::contains("app learned"));
    consumer.commit("learn");
    (consumer, [owned, plain])
}

#[test]
fn experts_of_other_repositories_are_in_the_graph_with_their_locked_reference() {
    let (consumer, [owned, plain]) = consumer_of_two_repositories();
    assert_eq!(
        consumer.verdict(""),
        None,
        "experts that are kept elsewhere do not fail this check"
    );
    consumer.poag("").arg("experts").assert().success().stdout(
        predicate::str::contains(format!("git+file://{}?rev=", owned.root.display())).and(
            predicate::str::contains(format!("git+file://{}?rev=", plain.root.display())),
        ),
    );
    consumer
        .poag("")
        .args(["learn", "clock"])
        .assert()
        .code(1)
        .stderr(predicate::str::contains("another repository"));
}

#[test]
fn a_contract_that_changes_in_another_repository_makes_the_consumer_stale_once_it_is_locked() {
    let (consumer, [owned, _]) = consumer_of_two_repositories();
    owned.edit(
        "clock.py",
        "The current timestamp",
        "The current local timestamp",
    );
    owned.commit("local time");
    assert_eq!(
        consumer.verdict(""),
        None,
        "flake.lock still names the old revision"
    );
    let update = consumer.nix("", &["flake", "update", "clock"]);
    assert!(
        update.status.success(),
        "{}",
        crate::harness::text(&update.stderr)
    );
    let verdict = consumer.verdict("").unwrap();
    assert!(
        verdict.contains("changed contract: clock provides now"),
        "{verdict}"
    );
}

#[test]
fn a_plan_asks_the_owner_in_the_other_repository_and_names_no_path_there() {
    let (consumer, _) = consumer_of_two_repositories();
    let ask = [
        "ask",
        "Let now() give the timestamp of a time zone, and let paint() take a background color",
    ];
    let output = consumer.poag("").args(ask).output().unwrap();
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    for name in ["clock", "colors"] {
        for (path, what) in plan["subflakes"][name].as_object().into_iter().flatten() {
            assert!(
                what.as_str().unwrap().starts_with("read"),
                "{name} {path}: {what}"
            );
        }
    }
    let steps = plan["plan"].as_array().unwrap();
    let asks = steps
        .iter()
        .filter(|step| step.as_str().unwrap().contains("owner of clock"));
    assert_eq!(asks.count(), 1, "{plan:#}");
    assert!(plan["subflakes"]["app"]["./app.py"].is_string(), "{plan:#}");
}
