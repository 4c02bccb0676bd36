//! What is too large is refused before it is written.

use crate::{EVENT_BYTES, NewEvent};

#[test]
fn an_event_beyond_its_bound_is_refused_with_both_sizes() {
    let error = NewEvent::new(1, "said", &"x".repeat(EVENT_BYTES)).unwrap_err();
    assert!(
        error.to_string().contains(&EVENT_BYTES.to_string()),
        "{error}"
    );
}
