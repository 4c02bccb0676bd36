//! What is written into the flake, and when.

use super::*;

fn pages(scene: &Scene, out: &str) -> DebatePages {
    let root = scene.folder.path().join("app");
    DebatePages::of(Some(root), Some(out)).unwrap().unwrap()
}

fn held(scene: &Scene, live: bool, rounds: u32, out: &str) -> Result<DebateOutcome, DebateError> {
    let (mut start, panel) = scene.start(&["ada", "bob"], rounds);
    start.live = live;
    let root = scene.folder.path().join("app");
    let cast = Arc::new(Cast::new(move |name, input| {
        // While a round is open nothing of it is there, and of those before only with `live`.
        let round = input["round"].as_u64().unwrap();
        let written = |round: u64| {
            root.join(format!("docs/debate/round-{round}/ada.md"))
                .exists()
        };
        assert!(!written(round) && written(round - 1) == (live && round > 1));
        Ok(usual(name, input))
    }));
    let mut observer = ();
    let mut parts = scene.parts(&scene.ledger, &panel, &cast, &mut observer);
    parts.pages = Some(pages(scene, out));
    block(hold(start, "/some/flake", parts))
}

#[test]
fn pages_are_written_at_the_end_or_round_by_round() {
    for live in [false, true] {
        let scene = Scene::new();
        held(&scene, live, 2, "docs/debate").unwrap();
        let read = |name: &str| {
            std::fs::read_to_string(scene.folder.path().join("app/docs/debate").join(name)).unwrap()
        };
        let page = read("round-2/bob.md");
        assert!(page.starts_with("# Round 2: bob ("), "{page}");
        assert!(
            page.contains("> what bob wants\n") && page.contains("\n- `app`, main:1\n"),
            "{page}"
        );
        let result = read("result.md");
        assert!(
            result.contains("## Vote") && result.contains("what ada wants"),
            "{result}"
        );
    }
}

#[test]
fn a_folder_with_a_debate_in_it_and_one_outside_are_refused() {
    let scene = Scene::new();
    let place = pages(&scene, "docs/debate");
    place.refuse_occupied().unwrap();
    held(&scene, false, 1, "docs/debate").unwrap();
    assert!(matches!(
        place.refuse_occupied(),
        Err(DebateError::Occupied(_))
    ));
    for out in ["../elsewhere", "/tmp"] {
        let error = pages(&scene, out).refuse_occupied().unwrap_err();
        assert!(matches!(error, DebateError::Page(_)), "{out}: {error}");
    }
    std::os::unix::fs::symlink("/tmp", scene.folder.path().join("app/link")).unwrap();
    let error = pages(&scene, "link/debate").refuse_occupied().unwrap_err();
    assert!(error.to_string().contains("is a symbolic link"), "{error}");
}
