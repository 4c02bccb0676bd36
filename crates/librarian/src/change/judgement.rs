//! What a request changes, over all experts.

use std::collections::BTreeMap;

use super::guide::Guide;
use super::judged::JudgedFile;

/// What a request changes.
#[derive(Clone, Debug, Default)]
pub struct ChangeJudgement {
    /// The files, the likeliest first.
    pub files: Vec<JudgedFile>,
    /// The likeliest files, named or not: what somebody who thinks may look at.
    pub near: Vec<JudgedFile>,
    /// A guide of the repository for such a change.
    pub guide: Option<Guide>,
    /// Remarks for the person who asked.
    pub notes: Vec<String>,
}

impl ChangeJudgement {
    /// The experts that own files which are named as to be changed, with the likeliest file of each.
    #[must_use]
    pub fn owners(&self) -> BTreeMap<&str, &JudgedFile> {
        let mut owners = BTreeMap::new();
        for file in self.files.iter().filter(|file| file.named) {
            owners.entry(file.expert.as_str()).or_insert(file);
        }
        owners
    }
}
