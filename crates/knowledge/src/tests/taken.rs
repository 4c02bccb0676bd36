//! Which names of a provider a consumer mentions.

use std::fs;

use serde_json::json;

use super::folder::{folder, graph, write};
use crate::taken::taken;

#[test]
fn names_of_the_contract_that_the_consumers_code_mentions_are_found_those_in_most_files_first() {
    let app = folder(&[
        (
            "src/one.rs",
            "use lib::greeting; fn one() { greeting(parting()) }",
        ),
        (
            "src/two.rs",
            "fn two() { lib::greeting(); hidden(); elsewhere(); id() }",
        ),
        ("README.md", "The Style of `unused` things."),
    ]);
    let lib = folder(&[
        (
            "src/lib.rs",
            "pub fn greeting() {}\npub fn parting() {}\npub fn unused() {}\nfn hidden() {}\npub fn id() {}\n",
        ),
        ("src/private.rs", "pub fn elsewhere() {}\n"),
    ]);
    let cache = tempfile::tempdir().unwrap();
    let graph = graph(app.path(), lib.path(), |_| {});
    let (provider, consumer) = (graph.expert("lib").unwrap(), graph.expert("app").unwrap());
    let names = taken(cache.path(), provider, consumer).unwrap();
    assert_eq!(names, ["greeting", "parting"]);
    assert!(taken(cache.path(), consumer, provider).unwrap().is_empty());
}

#[test]
fn what_is_known_of_the_same_contents_is_not_read_again_and_a_damaged_entry_is() {
    let app = folder(&[("src/one.rs", "fn one() { greeting() }")]);
    let lib = folder(&[("src/lib.rs", "pub fn greeting() {}\npub fn parting() {}\n")]);
    let cache = tempfile::tempdir().unwrap();
    let of = |identity: &str| {
        let graph = graph(app.path(), lib.path(), |graph| {
            graph["experts"]["app"]["identity"] = json!(identity);
        });
        let (provider, consumer) = (graph.expert("lib").unwrap(), graph.expert("app").unwrap());
        taken(cache.path(), provider, consumer).unwrap()
    };
    assert_eq!(of("first"), ["greeting"]);
    write(app.path(), "src/one.rs", "fn one() { parting() }");
    assert_eq!(of("first"), ["greeting"]);
    assert_eq!(of("second"), ["parting"]);
    for entry in fs::read_dir(cache.path()).unwrap() {
        fs::write(entry.unwrap().path(), "{").unwrap();
    }
    assert_eq!(of("first"), ["parting"]);
}
