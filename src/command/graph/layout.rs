//! Where each expert stands in the drawing: columns by distance from the root, rows with few crossings.
//!
//! The layered way of Sugiyama, Tagawa and Toda (1981): columns by longest path, places for edges that pass
//! a column by, rows ordered by the mean of their neighbours, sweep after sweep.

use std::collections::BTreeMap;

use super::labels::{self, Lane};
use super::spread::spread;
use crate::expert::Graph;

/// Sweeps that order the rows: more of them change little.
const SWEEPS: usize = 12;
/// Places for edges in columns that they pass by; beyond that they run straight.
const PASSING: usize = 20_000;
/// Between the middles of two rows, in pixels.
pub const ROW: f64 = 64.0;
/// Between two columns at least, in pixels: room for the curves.
const GAP: f64 = 150.0;
/// Edges up to which the names of contracts are written on them all; else on those of the expert that is looked at.
pub const LABELLED: usize = 60;
/// Around the drawing, in pixels.
const MARGIN: f64 = 28.0;

/// One expert's box; pixels from the upper left corner of the drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its left edge.
    pub x: f64,
    /// Its middle.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
}

/// Consumer and provider of an edge.
pub type Ends = (String, String);

/// The drawing.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Expert → its box.
    pub places: BTreeMap<String, Place>,
    /// Edge → the points that the edge passes, both ends included.
    pub edges: BTreeMap<Ends, Vec<(f64, f64)>>,
    /// Edge → the middle of what is written on the edge.
    pub labels: BTreeMap<Ends, (f64, f64)>,
    /// Pixels.
    pub width: f64,
    /// Pixels.
    pub height: f64,
}

/// A place in a column: an expert, or where an edge passes by.
struct Node {
    column: usize,
    expert: Option<usize>,
    left: Vec<usize>,
    right: Vec<usize>,
    row: f64,
}

/// Lays out `graph`; `width` says how wide the box of an expert is, `text` how wide what is written on the edge from a
/// consumer to a provider.
pub fn lay_out(
    graph: &Graph,
    width: impl Fn(&str) -> f64,
    text: impl Fn(&str, &str) -> f64,
) -> Layout {
    let names: Vec<&str> = graph.experts.keys().map(String::as_str).collect();
    let number: BTreeMap<&str, usize> = names.iter().enumerate().map(|(at, n)| (*n, at)).collect();
    let columns = columns(graph, &number);
    let mut nodes: Vec<Node> = columns
        .iter()
        .enumerate()
        .map(|(expert, column)| Node::new(*column, Some(expert)))
        .collect();
    let ways = ways(graph, &number, &mut nodes);
    let deepest = columns.iter().copied().max().unwrap_or(0);
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); deepest + 1];
    for (at, node) in nodes.iter().enumerate() {
        order[node.column].push(at);
    }
    settle(&mut nodes, &mut order);

    let text = |consumer: usize, provider: usize| text(names[consumer], names[provider]);
    let mut gaps = vec![GAP; order.len()];
    for (consumer, provider) in ways.keys() {
        let gap = &mut gaps[nodes[*provider].column.saturating_sub(1)];
        *gap = gap.max(labels::room(text(*consumer, *provider)));
    }
    let mut layout = Layout::default();
    let mut x = MARGIN;
    let mut lefts = Vec::new();
    for (column, gap) in order.iter().zip(&gaps) {
        let experts = column.iter().filter_map(|at| nodes[*at].expert);
        let widest = experts.map(|at| width(names[at])).fold(0.0, f64::max);
        lefts.push((x, widest));
        layout.width = x + widest + MARGIN;
        x += widest + gap;
    }
    let top = nodes.iter().map(|node| node.row).fold(f64::MAX, f64::min);
    let y = |node: &Node| MARGIN + ROW / 2.0 + (node.row - top) * ROW;
    for node in &nodes {
        layout.height = layout.height.max(y(node) + ROW / 2.0 + MARGIN);
        if let Some(expert) = node.expert {
            let place = Place {
                x: lefts[node.column].0,
                y: y(node),
                width: width(names[expert]),
            };
            layout.places.insert(names[expert].to_owned(), place);
        }
    }
    let mut lanes: BTreeMap<usize, Vec<(Ends, Lane)>> = BTreeMap::new();
    for ((consumer, provider), between) in ways {
        let (from, to) = (&nodes[consumer], &nodes[provider]);
        let mut points = vec![(lefts[from.column].0 + width(names[consumer]), y(from))];
        for at in between {
            let (left, wide) = lefts[nodes[at].column];
            points.push((left, y(&nodes[at])));
            points.push((left + wide, y(&nodes[at])));
        }
        points.push((lefts[to.column].0, y(to)));
        let ends = (names[consumer].to_owned(), names[provider].to_owned());
        if let [.., from, to] = points[..] {
            let width = text(consumer, provider);
            let gap = lanes.entry(nodes[provider].column).or_default();
            gap.push((ends.clone(), Lane { from, to, width }));
        }
        layout.edges.insert(ends, points);
    }
    let crowded = graph.edges() > LABELLED;
    for (column, lanes) in lanes {
        let (left, widest) = lefts[column.saturating_sub(1)];
        let gap = (left + widest, lefts[column].0);
        let (ends, lanes): (Vec<_>, Vec<_>) = lanes.into_iter().unzip();
        // Of a crowd only the few around one expert are ever shown.
        let size = if crowded { 1 } else { lanes.len() };
        let places = lanes.chunks(size).flat_map(|part| labels::place(part, gap));
        layout.labels.extend(ends.into_iter().zip(places));
    }
    layout.make_room();
    layout
}

impl Layout {
    /// Room above and below for what is written where no box is.
    fn make_room(&mut self) {
        let all = || self.labels.values().map(|(_, y)| *y);
        let down = (MARGIN - all().fold(f64::MAX, f64::min)).max(0.0);
        let height = all().fold(self.height, |height, y| height.max(y + MARGIN));
        self.height = height + down;
        let boxes = self.places.values_mut().map(|place| &mut place.y);
        let points = self.edges.values_mut().flatten().map(|(_, y)| y);
        let labels = self.labels.values_mut().map(|(_, y)| y);
        boxes.chain(points).chain(labels).for_each(|y| *y += down);
    }
}

impl Node {
    fn new(column: usize, expert: Option<usize>) -> Self {
        Self {
            column,
            expert,
            left: Vec::new(),
            right: Vec::new(),
            row: 0.0,
        }
    }
}

/// The column of each expert: its longest way from one that nobody depends on.
fn columns(graph: &Graph, number: &BTreeMap<&str, usize>) -> Vec<usize> {
    let mut columns = vec![0; number.len()];
    for expert in graph.providers_first().into_iter().rev() {
        let own = columns[number[expert.name.as_str()]];
        for provider in expert.neighbors.keys() {
            if let Some(at) = number.get(provider.as_str()) {
                columns[*at] = columns[*at].max(own + 1);
            }
        }
    }
    columns
}

type Ways = BTreeMap<(usize, usize), Vec<usize>>;

/// Joins the nodes by the edges, with a node of its own in each column that an edge passes by.
fn ways(graph: &Graph, number: &BTreeMap<&str, usize>, nodes: &mut Vec<Node>) -> Ways {
    let mut ways = Ways::new();
    let most = nodes.len() + PASSING;
    for expert in graph.experts.values() {
        let consumer = number[expert.name.as_str()];
        for provider in expert.neighbors.keys() {
            let Some(&provider) = number.get(provider.as_str()) else {
                continue;
            };
            let passed = nodes[consumer].column + 1..nodes[provider].column;
            let mut between = Vec::new();
            if nodes.len() + passed.len() <= most {
                for column in passed {
                    between.push(nodes.len());
                    nodes.push(Node::new(column, None));
                }
            }
            let stops: Vec<usize> = std::iter::once(consumer)
                .chain(between.iter().copied())
                .chain(std::iter::once(provider))
                .collect();
            for pair in stops.windows(2) {
                nodes[pair[0]].right.push(pair[1]);
                nodes[pair[1]].left.push(pair[0]);
            }
            ways.insert((consumer, provider), between);
        }
    }
    ways
}

/// Orders the columns and gives each node its row.
fn settle(nodes: &mut [Node], order: &mut [Vec<usize>]) {
    for column in order.iter() {
        for (row, at) in column.iter().enumerate() {
            nodes[*at].row = row as f64;
        }
    }
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        for step in 0..order.len() {
            let column = if forward {
                step
            } else {
                order.len() - 1 - step
            };
            arrange(nodes, &mut order[column], forward);
        }
    }
}

/// Orders one column by what its nodes are joined with on one side, and moves each as near to it as its
/// neighbours in the column allow.
fn arrange(nodes: &mut [Node], column: &mut [usize], by_left: bool) {
    let wish = |node: &Node| {
        let joined = match by_left {
            true => &node.left,
            false => &node.right,
        };
        match joined.len() {
            0 => node.row,
            count => joined.iter().map(|at| nodes[*at].row).sum::<f64>() / count as f64,
        }
    };
    let wishes: BTreeMap<usize, f64> = column.iter().map(|at| (*at, wish(&nodes[*at]))).collect();
    column.sort_by(|a, b| wishes[a].total_cmp(&wishes[b]).then(a.cmp(b)));
    let sorted: Vec<f64> = column.iter().map(|at| wishes[at]).collect();
    for (at, row) in column.iter().zip(spread(&sorted, 1.0)) {
        nodes[*at].row = row;
    }
}
