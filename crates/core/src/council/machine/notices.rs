//! Notices: a consumer whose contract is touched gives its verdict, asked or not, and whoever
//! objected hears what became of it.

use super::Council;
use crate::council::message::{Body, TurnResult, Verdict};

impl Council<'_> {
    /// Tells everybody whom the expert's result concerns and who does not know it yet.
    pub(super) fn send_notices(&mut self, name: &str) {
        let Some(result) = self.seats.get(name).and_then(|seat| seat.result.clone()) else {
            return;
        };
        for listener in self.concerned(name, &result) {
            if self.is_done(&listener) {
                self.note_exhausted(&listener);
                continue;
            }
            if self.may_send().is_err() {
                continue;
            }
            let body = Body::Notice {
                contracts: self.touched(name, &listener, &result),
                result: Box::new(result.clone()),
            };
            let id = self.send(Some(name), &listener, body);
            self.told.insert((name.to_owned(), listener.clone()), id);
            let depth = self.seats.get(name).map_or(0, |seat| seat.depth);
            self.hand(&listener, id, depth);
        }
    }

    /// Consumers whose contract is touched otherwise than they know, and objectors who have not
    /// heard the present result; by name.
    fn concerned(&self, name: &str, result: &TurnResult) -> Vec<String> {
        let consumers = self.consumers(name).iter().copied();
        let providers = self
            .graph()
            .expert(name)
            .map(|expert| expert.neighbors.keys().map(String::as_str));
        let mut listeners: Vec<&str> = consumers
            .into_iter()
            .chain(providers.into_iter().flatten())
            .collect();
        listeners.sort_unstable();
        let needs_notice = |listener: &&str| {
            let known = self.known(name, listener);
            let knew = known.map(|known| self.touches(name, listener, known));
            let touches = self.touches(name, listener, result);
            touches != knew.unwrap_or_default()
                || (self.objects(listener, name) && known != Some(result))
        };
        listeners
            .into_iter()
            .filter(needs_notice)
            .map(str::to_owned)
            .collect()
    }

    /// The result of `speaker` that `listener` was told last.
    pub(in crate::council) fn known(&self, speaker: &str, listener: &str) -> Option<&TurnResult> {
        let key = (speaker.to_owned(), listener.to_owned());
        let id = self.told.get(&key)?;
        match &self.message(*id)?.body {
            Body::Reply { result, .. } | Body::Notice { result, .. } => Some(result),
            _ => None,
        }
    }

    /// Whether `listener` has had the present edits of `speaker` before it in a turn that finished.
    pub(in crate::council) fn judged(&self, speaker: &str, listener: &str) -> bool {
        let key = (speaker.to_owned(), listener.to_owned());
        let read = |id| {
            self.seats
                .get(listener)
                .is_some_and(|seat| seat.read.contains(id))
        };
        let Some(result) = self
            .seats
            .get(speaker)
            .and_then(|seat| seat.result.as_ref())
        else {
            return false;
        };
        self.told.get(&key).is_some_and(read)
            && self.known(speaker, listener).is_some_and(|known| {
                self.touches(speaker, listener, known) == self.touches(speaker, listener, result)
            })
    }

    /// Whether the expert's present verdict objects to `owner`.
    pub(in crate::council) fn objects(&self, name: &str, owner: &str) -> bool {
        let result = self.seats.get(name).and_then(|seat| seat.result.as_ref());
        result.is_some_and(
            |result| matches!(&result.verdict, Verdict::Object { to, .. } if to == owner),
        )
    }
}
