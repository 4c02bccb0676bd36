//! The tutorial and the how-tos for which a repository is adopted, typed as they stand, each in a fresh clone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::harness::{Repository, poag_url, text};
use crate::pages::{COPY, block, blocks, fresh_clone, succeeds, typed};

const ADOPT: &str = "docs/src/how-to/adopt.md";
const EXPERTS: &str = "docs/src/how-to/several-experts.md";
const SHARE: &str = "docs/src/how-to/give-away.md";
const SESSIONS: &str = "docs/src/how-to/sessions.md";
const TUTORIAL: &str = "docs/src/tutorial.md";

/// A workspace of two packages, committed, without a flake.
fn shop() -> Repository {
    let repository = Repository::new();
    repository.write("pyproject.toml", "[project]\nname = \"shop\"\ndescription = \"A shop that sells things\"\n\n[tool.uv.workspace]\nmembers = [\"packages/*\"]\n");
    repository.write(
        "packages/core/pyproject.toml",
        "[project]\nname = \"core\"\ndescription = \"The price rules of a shop\"\n",
    );
    repository.write(
        "packages/core/src/price.py",
        "def price(items):\n    \"\"\"What the items cost together.\"\"\"\n    return sum(items)\n",
    );
    repository.write("packages/cli/pyproject.toml", "[project]\nname = \"cli\"\ndescription = \"The command line of a shop\"\ndependencies = [\"core\"]\n\n[tool.uv.sources]\ncore = { workspace = true }\n");
    repository.write(
        "packages/cli/main.py",
        "from price import price\n\n\ndef greet(name):\n    \"\"\"The greeting: call `greet(\"Ann\")`.\"\"\"\n    print(price([1]), name)\n",
    );
    repository.commit("before poag");
    repository.fresh_clone()
}

/// The lines of a page with this machine's copy of poag, and the yes that a person would type.
fn lines(page: &str, name: &str) -> Vec<String> {
    blocks(page, name)
        .into_iter()
        .map(|(_, code)| {
            let url = poag_url();
            let agreed = |line: &str| match line.contains("-- init") {
                true => format!("POAG_URL={url} {line} --yes"),
                false => line.to_owned(),
            };
            let code = code.replace(COPY, &url);
            code.lines().map(agreed).collect::<Vec<_>>().join("\n")
        })
        .collect()
}

/// Does what `init` printed, commits, and checks a clone of it.
fn adopts(repository: &Repository, init: &str, flake: &str) {
    let beside = repository.root.parent().unwrap();
    let (_, told) = succeeds(&repository.root, beside, init);
    let next: Vec<&str> = told
        .lines()
        .skip_while(|line| *line != "next:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .collect();
    assert!(next.len() > 3, "{told}");
    succeeds(&repository.root, beside, &next.join("\n"));
    let clone = repository.fresh_clone();
    let beside = clone.root.parent().unwrap();
    let (out, _) = succeeds(
        &clone.root,
        beside,
        &format!("nix run {flake}#poag -- check --all"),
    );
    assert!(out.contains("is fresh"), "{out}");
    assert_eq!(clone.git(&["status", "--porcelain"]), "");
}

#[test]
fn the_tutorial_leads_from_nothing_to_a_plan() {
    let repository = shop();
    let beside = repository.root.parent().unwrap();
    let steps = lines(TUTORIAL, "tutorial");
    let [init, learn, question, change, graph] = &steps[..] else {
        panic!("{steps:?}")
    };
    let (shown, _) = succeeds(&repository.root, beside, init);
    assert!(
        shown.contains("+++ ") && shown.contains("poag.nix"),
        "{shown}"
    );
    // Without anybody's yes, it would have written nothing.
    succeeds(&repository.root, beside, learn);
    repository.commit("adopt poag");
    assert!(
        typed(&repository.root, beside, "nix flake check")
            .status
            .success()
    );
    let (answer, _) = succeeds(&repository.root, beside, question);
    assert!(answer.contains("packages/cli/main.py"), "{answer}");
    let (plan, _) = succeeds(&repository.root, beside, change);
    assert!(plan.contains("\"plan\""), "{plan}");
    let (_, told) = succeeds(
        &repository.root,
        beside,
        &format!("BROWSER=true\nexport BROWSER\n{graph}"),
    );
    assert!(told.contains(".html"), "{told}");
    // What it shows to be written by hand is a declaration as well.
    let own = Repository::new();
    own.write("poag.nix", &block(TUTORIAL, "tutorial-by-hand"));
    own.write("flake.nix", &format!("{{\n  inputs.poag.url = \"{}\";\n  outputs = {{ self, poag }}: poag.lib.withExperts ./poag.nix self.inputs {{ }};\n}}\n", poag_url()));
    own.commit("begin");
    succeeds(&own.root, own.root.parent().unwrap(), learn);
}

#[test]
fn each_way_to_adopt_works_in_the_next_clone() {
    for (name, flake) in [("one", "."), ("all", "."), ("dev", "./dev")] {
        adopts(&shop(), &lines(ADOPT, name)[0], flake);
    }
}

#[test]
fn several_experts_are_declared_as_the_page_says() {
    let repository = shop();
    let beside = repository.root.parent().unwrap();
    repository.write("poag.nix", &block(EXPERTS, "experts poag.nix"));
    let flake = block(EXPERTS, "experts flake.nix").replace('…', &poag_url());
    // nixpkgs stands there for whatever a flake has already.
    let flake = flake.replace("self, nixpkgs, poag", "self, poag").replace(
        "packages.x86_64-linux.default = nixpkgs.legacyPackages.x86_64-linux.hello;",
        "",
    );
    repository.write("flake.nix", &flake);
    repository.git(&["add", "."]);
    let (out, _) = succeeds(&repository.root, beside, &block(EXPERTS, "experts"));
    for name in ["shop", "core", "cli"] {
        assert!(out.contains(&format!("{name} learned")), "{out}");
    }
    repository.edit("packages/core/src/price.py", "sum(items)", "max(items)");
    let check = typed(&repository.root, beside, "nix flake check");
    assert!(
        text(&check.stderr).contains("expert 'core' is stale"),
        "{}",
        text(&check.stderr)
    );
}

#[test]
fn expertise_is_given_away_as_the_page_says() {
    let family = crate::share::family();
    let (base, beside) = (family.root.join("base"), family.root.parent().unwrap());
    let written = blocks(SHARE, "share");
    succeeds(&base, beside, "nix run .#poag -- learn");
    let (answer, _) = succeeds(&base, beside, &written[0].1);
    assert!(answer.contains("greet(name)"), "{answer}");
    succeeds(&base, beside, &written[1].1);
    let exported = fs::read_to_string(base.join("AGENTS.md")).unwrap();
    assert!(exported.contains("Owns the greeting."), "{exported}");
}

#[test]
fn experts_are_talked_with_as_the_page_says() {
    let outside = Repository::new();
    let (_, playground) = fresh_clone(&outside);
    let beside = outside.root.parent().unwrap();
    let said: Vec<String> = blocks(SESSIONS, "session")
        .iter()
        .map(|(_, lines)| succeeds(&playground, beside, lines).0)
        .collect();
    assert!(said[0].starts_with("hello-rs\nawait\n"), "{}", said[0]);
    assert!(said[0].contains("docs/locales.md"), "{}", said[0]);
    assert!(said[2].contains("style  42 bytes"), "{}", said[2]);
}

/// A mark says that a test types the block: so a test does.
#[test]
fn every_block_that_is_said_to_be_tested_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = String::new();
    for folder in ["tests/cli", "tests/agents", "checks"] {
        for file in fs::read_dir(root.join(folder)).unwrap() {
            let file = file.unwrap().path();
            if file.is_file() {
                tests.push_str(&fs::read_to_string(file).unwrap());
            }
        }
    }
    let mut pages = crate::book::pages();
    pages.push(root.join("README.md"));
    let marks: BTreeSet<String> = pages
        .iter()
        .flat_map(|page| {
            let page = fs::read_to_string(page).unwrap();
            let marks = page.split("<!-- tested: ").skip(1);
            let names = marks.filter_map(|rest| rest.split_once(" -->"));
            names.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        })
        .collect();
    for mark in marks {
        let first = mark.split(' ').next().unwrap();
        let named = [
            format!("\"{mark}\""),
            format!("\"{first} {{"),
            format!("tested: {mark} "),
        ];
        assert!(
            named.iter().any(|name| tests.contains(name.as_str())),
            "no test names the block {mark}"
        );
    }
}
