//! Repositories of many packages: each gets an expert, with edges from the manifests, and a fresh clone works.

use predicates::prelude::*;
use serde_json::Value;

use super::{init, proposals};
use crate::harness::{Repository, poag_url, text};
use crate::terminal::typed_on_terminal;

/// A Cargo workspace with a package of npm beside it, and examples.
fn shop() -> Repository {
    let repository = Repository::new();
    repository.write(
        "README.md",
        "# Shop\n\n[![ci](x)](y)\n\nThe shop sells things to people.\n",
    );
    repository.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"crates/*\", \"examples/*\"]\nresolver = \"2\"\n",
    );
    repository.write(
        "crates/prices/Cargo.toml",
        "[package]\nname = \"shop-prices\"\nversion = \"1.0.0\"\ndescription = \"Price rules and rounding\"\n\n[dev-dependencies]\nshop-cli = { path = \"../cli\" }\n",
    );
    repository.write(
        "crates/prices/src/lib.rs",
        "//! Prices.\n\npub mod aaa;\npub mod rounding;\n",
    );
    repository.write(
        "crates/prices/src/aaa.rs",
        "/// Is used by nobody.\npub fn aaa() {}\n",
    );
    repository.write(
        "crates/prices/src/rounding.rs",
        "/// Rounds a price to whole cents, half to even.\npub fn round_price(cents: f64) -> u64 {\n    cents.round_ties_even() as u64\n}\n",
    );
    repository.write(
        "crates/cli/Cargo.toml",
        "[package]\nname = \"shop-cli\"\nversion = \"1.0.0\"\n\n[dependencies]\nshop-prices = { path = \"../prices\" }\n",
    );
    repository.write(
        "crates/cli/src/main.rs",
        "//! Prints the bill of a customer.\n\nuse shop_prices::rounding::round_price;\n\nfn main() {\n    println!(\"{}\", round_price(1.5));\n}\n",
    );
    repository.write(
        "examples/small/Cargo.toml",
        "[package]\nname = \"small\"\nversion = \"1.0.0\"\n",
    );
    repository.write("examples/small/src/main.rs", "fn main() {}\n");
    repository.write(
        "web/package.json",
        "{ \"name\": \"@shop/web\", \"description\": \"The pages of the shop\", \"scripts\": { \"test\": \"node --test\" } }\n",
    );
    repository.write("web/index.js", "export function page() {}\n");
    repository.commit("begin");
    repository
}

#[test]
fn packages_get_roles_contracts_edges_and_checks_of_their_own() {
    let shop = shop();
    let json = proposals(&shop, "", &["--all"]);
    let flake = &json["flakes"][0];
    assert_eq!(
        flake["declaration"]["role"],
        "Owns repo: The shop sells things to people."
    );
    let experts = flake["declaration"]["experts"].as_object().unwrap();
    let names: Vec<&String> = experts.keys().collect();
    assert_eq!(names, ["shop-cli", "shop-prices", "web"]);
    let prices = &experts["shop-prices"];
    assert_eq!(
        prices["role"],
        "Owns shop-prices: Price rules and rounding."
    );
    let library = &prices["provides"]["library"];
    assert_eq!(
        library["summary"],
        "the Rust library: round_price, rounding"
    );
    assert_eq!(
        library["files"],
        serde_json::json!(["src/lib.rs", "src/rounding.rs"])
    );
    assert_eq!(
        prices["checks"],
        serde_json::json!(["cargo test -p shop-prices"])
    );
    assert_eq!(prices["leftOut"][0]["name"], "shop-cli");
    let cli = &experts["shop-cli"];
    assert_eq!(cli["role"], "Owns shop-cli: Prints the bill of a customer.");
    assert_eq!(
        cli["neighbors"]["shop-prices"]["needs"]["library"],
        "src/main.rs uses round_price, rounding"
    );
    assert_eq!(experts["web"]["checks"], serde_json::json!(["npm test"]));
    // Without --all it is said, and nothing else.
    let told = shop
        .poag("")
        .args(["init", "--dry-run", "--poag-url", "x:y"])
        .assert();
    told.success().stderr(predicate::str::contains(
        "(2 Cargo, 1 npm): `poag init --all`",
    ));
    let some = proposals(&shop, "", &["--all", "--only", "crates/*"]);
    let experts = some["flakes"][0]["declaration"]["experts"]
        .as_object()
        .unwrap();
    assert_eq!(experts.len(), 2);
    let none = shop
        .poag("")
        .args([
            "init",
            "--all",
            "--only",
            "nope/*",
            "--dry-run",
            "--poag-url",
            "x:y",
        ])
        .assert();
    none.code(2).stderr(predicate::str::contains(
        "no package has the folder or name 'nope/*'",
    ));
}

#[test]
fn what_is_committed_as_told_works_in_a_fresh_clone() {
    let shop = shop();
    let output = shop
        .poag("")
        .args(["init", "--all", "--yes", "--poag-url", &poag_url()])
        .output()
        .unwrap();
    let told = text(&output.stderr);
    assert!(output.status.success(), "{told}");
    super::does_as_told(&shop, &told);
    let clone = shop.fresh_clone();
    assert_eq!(clone.verdict(""), None);
    clone.poag("").args(["check", "--all"]).assert().success();
    let ask = [
        "ask",
        "Let round_price() in rounding.rs take a number of decimal places",
        "--json",
    ];
    let output = clone.poag("").args(&ask[..2]).output().unwrap();
    let plan: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    let files = plan["subflakes"]["shop-prices"].as_object().unwrap();
    assert!(files.contains_key("./src/rounding.rs"), "{plan:#}");
    for own in ["flake.nix", "poag.nix", "poag.lock"] {
        assert!(
            !plan["subflakes"].to_string().contains(own),
            "{own}: {plan:#}"
        );
    }
    // Any expert that is stale fails the check at the root.
    clone.edit("web/index.js", "page()", "page(name)");
    let check = clone.poag("").args(["check", "--all"]).output().unwrap();
    assert_eq!(check.status.code(), Some(3));
    assert!(text(&check.stdout).contains("expert 'web' is stale"));
    // Versions of nix differ in which of the failing checks they name.
    let check = clone.nix("", &["flake", "check"]);
    assert!(!check.status.success());
    assert!(text(&check.stderr).contains("is stale: its flake differs"));
}

/// Packages of npm, each of which depends on the next.
fn many() -> Repository {
    let repository = Repository::new();
    repository.write(
        "package.json",
        "{ \"name\": \"many\", \"workspaces\": [\"packages/*\"] }\n",
    );
    for number in 0..35 {
        repository.write(
            &format!("packages/p{number}/package.json"),
            &format!("{{ \"name\": \"@many/p{number}\", \"dependencies\": {{ \"@many/p{}\": \"*\" }} }}\n", number + 1),
        );
    }
    repository.commit("begin");
    repository
}

#[test]
fn a_repository_with_many_packages_takes_all_or_those_that_are_named() {
    let repository = many();
    let json = proposals(&repository, "", &["--all"]);
    let experts = json["flakes"][0]["declaration"]["experts"]
        .as_object()
        .unwrap();
    assert_eq!(experts.len(), 35);
    assert!(experts["p3"]["neighbors"].get("p4").is_some());
    init(&repository, "", &["--all", "--only", "packages/p1*"]);
    let declared = repository.read("poag.nix");
    assert!(
        declared.contains("p11 = {") && !declared.contains("p2 = {"),
        "{declared}"
    );
}

#[test]
fn on_a_terminal_it_asks_which_of_many_packages_get_an_expert() {
    let repository = many();
    let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    repository.place(&mut process, "");
    process.args(["init", "--all", "--poag-url", &poag_url()]);
    let shown = typed_on_terminal(process, "p1 packages/p2?\ny\n");
    assert!(
        shown.contains("Which of these 35 packages get an expert?"),
        "{shown}"
    );
    let declared = repository.read("poag.nix");
    assert_eq!(
        declared.matches("src = ./packages/").count(),
        11,
        "{declared}"
    );
}
