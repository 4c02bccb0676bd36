//! What Codex could say, for `fuzz/`.

use super::events::{Total, TurnEvents};
use super::{ProcessOutput, judge, strict};
use poag_core::plan::schema::turn_result;

/// Reads the events of a turn and judges it.
pub fn reply(stdout: &[u8]) {
    let told = TurnEvents::read(stdout);
    let _ = told.total.unwrap_or_default().since(Total::default());
    let said = ProcessOutput {
        code: Some(0),
        stdout: stdout.to_vec(),
        stderr: stdout.to_vec(),
    };
    let _ = judge(&told, &said, &turn_result());
}

/// Takes the nulls of an answer out.
pub fn loosen(answer: serde_json::Value) -> serde_json::Value {
    strict::loosen(answer, &turn_result())
}
