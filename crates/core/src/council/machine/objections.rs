//! Objections go to who must amend. Nothing outvotes an owner in its own flake: an objection that
//! stays is shown, not counted.

use super::Council;
use crate::council::message::{Body, Verdict};

impl Council<'_> {
    /// Sends the objection of a turn, unless its owner has heard just this about just this result.
    pub(super) fn send_objection(&mut self, name: &str, verdict: &Verdict) {
        let Verdict::Object { reason, to } = verdict else {
            return;
        };
        if !self.are_neighbors(name, to) {
            self.notes.push(format!(
                "{name} objects to '{to}', which is not its neighbour: {reason}"
            ));
            return;
        }
        let version = self.seats.get(to).map_or(0, |seat| seat.version);
        let about = (reason.clone(), version);
        let key = (name.to_owned(), to.clone());
        if self.objected.get(&key) == Some(&about) {
            return;
        }
        if self.is_done(to) {
            self.note_exhausted(to);
            return;
        }
        if self.may_send().is_err() {
            return;
        }
        self.objected.insert(key, about);
        let reason = reason.clone();
        let id = self.send(Some(name), to, Body::Objection { reason });
        let depth = self.seats.get(name).map_or(0, |seat| seat.depth) + 1;
        self.hand(to, id, depth);
    }

    /// Whether an edge runs between the two, either way.
    fn are_neighbors(&self, one: &str, other: &str) -> bool {
        let edge = |from: &str, to: &str| {
            let from = self.graph().expert(from);
            from.is_some_and(|expert| expert.neighbors.contains_key(to))
        };
        edge(one, other) || edge(other, one)
    }
}
