//! The page and its layout, on graphs made by hand.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::layout::{ROW, lay_out};
use super::page::page;
use crate::expert::Graph;

fn graph(nodes: &[(&str, &[&str])]) -> Graph {
    let experts: serde_json::Map<String, Value> = nodes
        .iter()
        .map(|(name, providers)| {
            let edges: serde_json::Map<String, Value> = providers
                .iter()
                .map(|to| ((*to).to_owned(), json!({"needs": {}, "contracts": ["api"]})))
                .collect();
            let expert = json!({
                "name": name, "role": format!("Owns <{name}> & \"more\"."), "prompt": null,
                "knowledge": {"path": "/nowhere", "include": [], "exclude": [], "maxTokens": 1000},
                "provides": {"api": {"summary": "</script><b>x", "files": ["api"], "hash": "00"}},
                "neighbors": edges, "checks": ["nix flake check"],
                "location": {"kind": "local", "dir": format!("flakes/{name}")},
                "identity": "i", "declaration": {}, "freshness": {"status": "fresh"}
            });
            ((*name).to_owned(), expert)
        })
        .collect();
    let graph = json!({"schema": crate::expert::SCHEMA, "root": nodes[0].0, "experts": experts});
    Graph::from_json(graph.to_string().as_bytes()).unwrap()
}

fn diamond() -> Graph {
    graph(&[
        ("app", &["left", "right", "base"]),
        ("left", &["base"]),
        ("right", &["base"]),
        ("base", &[]),
    ])
}

/// Wider than the gap between two columns need be.
fn text(_: &str, _: &str) -> f64 {
    180.0
}

/// Each depends on the two after it.
fn ladder(size: usize) -> Graph {
    let names: Vec<String> = (0..size).map(|at| format!("e{at:02}")).collect();
    let nodes = names.iter().enumerate().map(|(at, name)| {
        let providers = names.iter().skip(at + 1).take(2).map(String::as_str);
        (name.as_str(), providers.collect::<Vec<_>>())
    });
    let nodes: Vec<_> = nodes.collect();
    let nodes: Vec<(&str, &[&str])> = nodes.iter().map(|(n, p)| (*n, p.as_slice())).collect();
    graph(&nodes)
}

#[test]
fn what_is_written_on_edges_touches_neither_another_text_nor_a_box() {
    let crossed = graph(&[
        ("app", &["a", "b", "c", "d"]),
        ("a", &["x", "y", "z"]),
        ("b", &["x", "y", "z"]),
        ("c", &["x", "y", "z"]),
        ("d", &["x", "y", "z"]),
        ("x", &[]),
        ("y", &[]),
        ("z", &[]),
    ]);
    for graph in [diamond(), ladder(18), crossed] {
        let layout = lay_out(&graph, |_| 100.0, text);
        assert_eq!(layout.labels.len(), graph.edges());
        let labels: Vec<_> = layout.labels.iter().collect();
        for (at, (ends, (x, y))) in labels.iter().enumerate() {
            assert!(*y >= 18.0 && *y <= layout.height, "{ends:?} is cut");
            for (other, (u, v)) in &labels[at + 1..] {
                let apart = (x - u).abs() >= 180.0 || (y - v).abs() >= 16.9;
                assert!(apart, "{ends:?} touches {other:?}");
            }
            for (name, place) in &layout.places {
                let beside = x + 90.0 <= place.x || x - 90.0 >= place.x + place.width;
                let above = (y - place.y).abs() >= 40.0;
                assert!(beside || above, "{ends:?} touches the box of {name}");
            }
        }
    }
}

#[test]
fn a_provider_stands_right_of_all_its_consumers() {
    let layout = lay_out(&diamond(), |_| 100.0, text);
    for ((consumer, provider), points) in &layout.edges {
        let (from, to) = (&layout.places[consumer], &layout.places[provider]);
        assert!(from.x + from.width < to.x, "{consumer} → {provider}");
        assert_eq!(points.first(), Some(&(from.x + from.width, from.y)));
        assert_eq!(points.last(), Some(&(to.x, to.y)));
    }
}

#[test]
fn no_two_boxes_touch_and_all_are_inside() {
    let names: Vec<String> = (0..60).map(|at| format!("e{at:02}")).collect();
    let providers: Vec<Vec<&str>> = (0..60)
        .map(|at| {
            [2 * at + 1, 2 * at + 2, at + 7]
                .iter()
                .filter_map(|to| names.get(*to).map(String::as_str))
                .collect()
        })
        .collect();
    let nodes: Vec<(&str, &[&str])> = names
        .iter()
        .zip(&providers)
        .map(|(n, p)| (n.as_str(), p.as_slice()))
        .collect();
    let layout = lay_out(&graph(&nodes), |_| 100.0, text);
    let places: Vec<_> = layout.places.values().collect();
    assert_eq!(places.len(), 60);
    for (at, one) in places.iter().enumerate() {
        assert!(one.x >= 0.0 && one.x + one.width <= layout.width);
        assert!(one.y >= ROW / 2.0 && one.y + ROW / 2.0 <= layout.height);
        for other in &places[at + 1..] {
            let apart = (one.y - other.y).abs() >= ROW - 1e-6 || one.x != other.x;
            assert!(apart, "{one:?} touches {other:?}");
        }
    }
}

#[test]
fn an_edge_that_passes_a_column_has_room_of_its_own_there() {
    let layout = lay_out(&diamond(), |_| 100.0, text);
    let long = &layout.edges[&("app".to_owned(), "base".to_owned())];
    assert_eq!(long.len(), 4);
    let rows: BTreeSet<i64> = ["left", "right"]
        .iter()
        .map(|name| layout.places[*name].y as i64)
        .collect();
    assert!(!rows.contains(&(long[1].1 as i64)));
}

#[test]
fn a_chain_lies_on_one_line() {
    let chain = graph(&[("a", &["b"]), ("b", &["c"]), ("c", &[])]);
    let layout = lay_out(&chain, |_| 100.0, text);
    assert_eq!(layout.places["a"].y, layout.places["b"].y);
    assert_eq!(layout.places["b"].y, layout.places["c"].y);
}

#[test]
fn what_a_repository_says_is_text_and_never_markup() {
    let page = page(&diamond(), "app");
    assert!(page.contains("Owns &lt;app&gt; &amp; &quot;more&quot;."));
    assert!(!page.contains("</script><b>x"));
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
}

#[test]
fn the_page_asks_nobody_for_anything() {
    let page = page(&diamond(), "app");
    for call in ["http:", "https:", "src=", "@import", "fetch(", "url(http"] {
        assert!(!page.contains(call), "{call}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn the_same_graph_gives_the_same_page() {
    assert_eq!(page(&diamond(), "app"), page(&diamond(), "app"));
}
