//! Where the contracts of the edges are written: on their own edge, in the gap before the provider, no two on each other.

use super::spread::spread;

/// Between the lines of two texts, in pixels.
const LINE: f64 = 17.0;
/// Left of a text, in pixels.
const LEFT: f64 = 8.0;
/// Right of it, where the arrow's head is.
const RIGHT: f64 = 16.0;
/// Halvings that find a place on a curve to a hundredth of a pixel.
const HALVINGS: usize = 20;

/// An edge in the gap before its provider: where it comes from, where it ends, how wide its text is.
pub struct Lane {
    /// Where its last curve begins.
    pub from: (f64, f64),
    /// Where that ends.
    pub to: (f64, f64),
    /// Of the text, in pixels.
    pub width: f64,
}

/// How wide a gap must be for a text of this width.
pub fn room(width: f64) -> f64 {
    LEFT + width + RIGHT
}

/// The middle of each text's line; `gap` is where the columns left and right of it end and begin.
pub fn place(lanes: &[Lane], gap: (f64, f64)) -> Vec<(f64, f64)> {
    let middle = (gap.0 + gap.1) / 2.0;
    let wishes: Vec<f64> = lanes
        .iter()
        .map(|lane| lane.at(|(x, _)| x < middle).1)
        .collect();
    let mut order: Vec<usize> = (0..lanes.len()).collect();
    order.sort_by(|a, b| wishes[*a].total_cmp(&wishes[*b]).then(a.cmp(b)));
    let sorted: Vec<f64> = order.iter().map(|at| wishes[*at]).collect();
    let mut places = vec![(0.0, 0.0); lanes.len()];
    for (at, y) in order.into_iter().zip(spread(&sorted, LINE)) {
        let lane = &lanes[at];
        let half = lane.width / 2.0;
        let x = lane.x_at(y).unwrap_or(middle);
        // One that is wider than the gap stands in its middle.
        let (least, most) = (gap.0 + LEFT + half, gap.1 - RIGHT - half);
        places[at] = (x.min(most).max(least.min(middle)), y);
    }
    places
}

impl Lane {
    /// The point of its curve where `before` holds no more; the curve is that of the drawing, level at both ends.
    fn at(&self, before: impl Fn((f64, f64)) -> bool) -> (f64, f64) {
        let ((a, b), (c, d)) = (self.from, self.to);
        let middle = (a + c) / 2.0;
        let point = |t: f64| {
            let s = 1.0 - t;
            let inner = 3.0 * s * t;
            let x = a * s.powi(3) + inner * middle + c * t.powi(3);
            (x, b + (d - b) * t * t * (3.0 - 2.0 * t))
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let t = (low + high) / 2.0;
            if before(point(t)) {
                low = t;
            } else {
                high = t;
            }
        }
        point(high)
    }

    /// Where its curve has the height `y`.
    fn x_at(&self, y: f64) -> Option<f64> {
        let (b, d) = (self.from.1, self.to.1);
        let (low, high) = (b.min(d), b.max(d));
        let steep = high - low > 1.0 && (low..=high).contains(&y);
        steep.then(|| self.at(|(_, here)| (here < y) == (b < d)).0)
    }
}
