//! A design that is whole, and one for each thing that it can lack.

use serde_json::{Value, json};

use super::*;
use crate::testing::{flake, graph};
use crate::work::from_file::TaskFile;

const JOURNEYS: &str = "# Journeys\n\n## J1: Greet a friend\n\nAda opens the page.\n\n1. She types a name.\n2. She reads the greeting.\n";
const STORIES: &str = "## S1: Greet by name\nJourneys: J1\n\nAs a visitor, I want to type a name,\nso that the page greets it.\n\n- it says the name\n";
const SPECIFICATION: &str =
    "## Parts\n\n[stories](stories.md#s1) say S1.\n\n## Faults\n\n```sh\n## no heading\n```\n";
const ROADMAP: &str = "## poc: Proof of concept\n\nStories: S1\n\n- the page greets\n";

fn said(shortfalls: &[Shortfall]) -> String {
    let lines: Vec<String> = shortfalls.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn index() -> DesignIndex {
    let mut index = DesignIndex::default();
    assert_eq!(said(&journeys(JOURNEYS, &mut index)), "");
    assert_eq!(said(&stories(STORIES, &mut index)), "");
    assert_eq!(said(&roadmap(ROADMAP, &mut index)), "");
    index
}

fn tasks(more: Value) -> String {
    let mut document = json!({
        "schemaVersion": 1, "request": "r", "milestones": [{"name": "poc", "checks": ["true"]}],
        "tasks": [{"id": "page", "title": "t", "expert": "lib", "prompt": "p", "milestone": "poc", "stories": ["S1"]}],
    });
    for (name, value) in more.as_object().unwrap() {
        document[name] = value.clone();
    }
    let file = TaskFile::read(document, &graph(vec![flake("lib", &[])])).unwrap();
    said(&breakdown(&file, &index()))
}

#[test]
fn a_whole_design_lacks_nothing() {
    assert_eq!(said(&specification(SPECIFICATION, &index())), "");
    assert_eq!(said(&mockup_names(&["S1-page.svg".into()], &index())), "");
    assert_eq!(tasks(json!({})), "");
    let links = "[a](b.md) ![c](d%20e.svg#x) [f](https://g) [h](#i)\n```\n[j](k)\n```\n";
    assert_eq!(
        local_links(links),
        [(1, "b.md".to_owned()), (1, "d%20e.svg".to_owned())]
    );
}

#[test]
fn what_a_journey_or_a_story_lacks_is_named_with_its_line() {
    let journeys = |text: &str| said(&journeys(text, &mut DesignIndex::default()));
    assert_eq!(
        journeys(""),
        "journeys.md: it has no section as '## J1: Greet a friend'"
    );
    assert!(
        journeys(&JOURNEYS.replace("## J1:", "## Journey 1:"))
            .contains("journeys.md:3: the heading")
    );
    assert!(journeys(&JOURNEYS.replace("2. ", "then ")).contains("J1 has not two numbered steps"));
    assert!(journeys(&JOURNEYS.repeat(2)).contains("'J1' stands above already"));

    let stories = |text: &str| {
        let mut index = DesignIndex::default();
        super::journeys(
            &format!("{JOURNEYS}\n## J2: Leave\n1. a\n2. b\n"),
            &mut index,
        );
        said(&stories(text, &mut index))
    };
    for (from, to, why) in [
        (
            "Journeys: J1",
            "",
            "stories.md:1: S1 has no line 'Journeys: J1'",
        ),
        (
            "J1",
            "J7",
            "S1 is of journey 'J7', which is not in journeys.md",
        ),
        ("so that", "and", "S1 has no sentence 'As a …"),
        (
            "- it",
            "it",
            "S1 does not say, as a list, when it is accepted",
        ),
        ("x", "x", "stories.md: journey J2 has no story"),
    ] {
        let said = stories(&STORIES.replace(from, to));
        assert!(said.contains(why), "{why}: {said}");
    }
}

#[test]
fn what_the_other_parts_lack_is_named() {
    let names = ["S1-page.svg", "S12-page.svg", "page.svg"].map(String::from);
    let strange = said(&mockup_names(&names, &index()));
    assert!(
        strange.starts_with("mockups/S12-page.svg: its name")
            && strange.contains("mockups/page.svg: ")
    );
    assert_eq!(
        said(&mockup_names(&[], &index())),
        "mockups: there is no SVG file in it"
    );
    let drawn = SPECIFICATION
        .replace("S1", "S10")
        .replace("```sh", "```mermaid");
    let drawn = said(&specification(&drawn, &index()));
    assert!(
        drawn.contains("how S1 is done")
            && drawn.contains("specification.md:7: a diagram in mermaid")
    );

    let roadmap = |text: &str| said(&roadmap(text, &mut index()));
    assert!(
        roadmap(&ROADMAP.replace("S1", "S2"))
            .contains("poc brings story 'S2', which is not in stories.md")
    );
    assert!(
        roadmap(&ROADMAP.replace("Stories:", "With"))
            .contains("roadmap.md: story S1 is in no milestone")
    );
    assert!(
        roadmap(&ROADMAP.replace("- ", ""))
            .contains("poc does not say, as a list, when it is reached")
    );
}

#[test]
fn every_story_is_in_a_task_of_its_milestone() {
    let task = |milestone: Option<&str>, stories: &[&str]| json!({"tasks": [{"id": "page", "title": "t", "expert": "lib", "prompt": "p", "milestone": milestone, "stories": stories}]});
    let late = json!({"milestones": [{"name": "poc", "checks": ["true"]}, {"name": "mvp", "checks": []}],
        "tasks": task(Some("mvp"), &["S1"])["tasks"]});
    for (more, why) in [
        (
            task(Some("poc"), &[]),
            "no task of its milestone or of one before is for story S1",
        ),
        (
            task(Some("poc"), &["S1", "S9"]),
            "task page is for story 'S9'",
        ),
        (task(None, &["S1"]), "task page is of no milestone"),
        (
            task(Some("pok"), &["S1"]),
            "milestone 'pok', which is not there",
        ),
        (
            late.clone(),
            "its milestones are poc, mvp, those of roadmap.md are poc",
        ),
        (late.clone(), "milestone mvp has no checks"),
        (
            late,
            "no task of its milestone or of one before is for story S1",
        ),
    ] {
        let said = tasks(more);
        assert!(said.contains(why), "{why}: {said}");
    }
}
