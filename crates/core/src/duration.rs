//! How long something took, for people.

use std::time::Duration;

/// `37 ms`, `1.2 s`, `3 min 5 s`; nearest, and whole seconds without a fraction.
#[must_use]
pub fn shown(duration: Duration) -> String {
    let millis = duration
        .as_nanos()
        .saturating_add(500_000)
        .saturating_div(1_000_000);
    let tenths = millis.saturating_add(50) / 100;
    let seconds = millis.saturating_add(500) / 1_000;
    match (millis, tenths) {
        (0..1_000, _) => format!("{millis} ms"),
        (_, 0..600) => format!("{}.{} s", tenths / 10, tenths % 10),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_shown_as_people_say_it() {
        for (nanos, expected) in [
            (0, "0 ms"),
            (37_400_000, "37 ms"),
            (999_984_288, "1.0 s"),
            (999_400_000, "999 ms"),
            (1_234_000_000, "1.2 s"),
            (59_949_000_000, "59.9 s"),
            (59_960_000_000, "1 min 0 s"),
            (600_000_000_000, "10 min 0 s"),
        ] {
            assert_eq!(shown(Duration::from_nanos(nanos)), expected);
        }
        assert!(shown(Duration::MAX).ends_with(" s"));
    }
}
