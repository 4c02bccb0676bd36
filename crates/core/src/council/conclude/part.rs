//! What a flake has to do with a change, and where it lies.

use crate::council::message::TurnResult;
use crate::expert::Expert;
use crate::plan::text::list;

/// What a flake has to do with the change.
pub(super) struct FlakePart<'a> {
    pub expert: &'a Expert,
    /// Its result, where it changes something itself.
    pub change: Option<&'a TurnResult>,
    /// (provider, contracts) that change under it.
    pub under: Vec<(&'a str, Vec<String>)>,
}

impl FlakePart<'_> {
    pub(super) fn is_touched(&self) -> bool {
        self.change.is_some() || !self.under.is_empty()
    }

    /// The contracts that change under it, each with its provider, as words.
    pub(super) fn taken(&self) -> String {
        let under = self.under.iter();
        let taken: Vec<String> = under
            .map(|(provider, contracts)| format!("{} of {provider}", list(contracts)))
            .collect();
        taken.join(", ")
    }
}

/// The flake's folder, seen from the repository's root.
pub(super) fn folder(expert: &Expert) -> String {
    match expert.dir() {
        "" => ".".into(),
        dir => format!("./{dir}"),
    }
}
