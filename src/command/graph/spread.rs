//! Things on one line that wish for places: each as near to its wish as the others allow.

/// Places for `wishes`, which are sorted, in their order and no two nearer than `apart`. Those that wish for the same
/// place stand around it: groups that touch are joined until none do.
pub fn spread(wishes: &[f64], apart: f64) -> Vec<f64> {
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for wish in wishes {
        let mut group = (*wish, 1);
        while let Some(&(middle, count)) = groups.last() {
            let total = (count + group.1) as f64;
            if group.0 - middle >= apart * total / 2.0 {
                break;
            }
            // The mean of what all of them wish, each wish moved by its place in the group.
            let joined = (middle * count as f64 + group.0 * group.1 as f64) / total;
            group = (joined, count + group.1);
            groups.pop();
        }
        groups.push(group);
    }
    let places = groups.into_iter().flat_map(|(middle, count)| {
        let first = middle - apart * (count - 1) as f64 / 2.0;
        (0..count).map(move |place| first + apart * place as f64)
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_room_stands_where_it_wishes() {
        assert_eq!(spread(&[0.0, 5.0, 9.0], 2.0), [0.0, 5.0, 9.0]);
    }

    #[test]
    fn who_has_none_stands_around_the_mean() {
        assert_eq!(spread(&[1.0, 1.0, 1.0], 2.0), [-1.0, 1.0, 3.0]);
        let places = spread(&[0.0, 0.5, 1.0, 1.2, 9.0], 1.0);
        let near = places.windows(2).any(|pair| pair[1] - pair[0] < 1.0 - 1e-9);
        assert!(!near, "{places:?}");
    }
}
