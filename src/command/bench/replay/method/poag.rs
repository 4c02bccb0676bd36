//! poag itself: what the librarian finds, over the whole snapshot as one folder.

use std::collections::HashMap;

use super::super::snapshot::Snapshot;
use super::{BenchError, Method};
use crate::librarian::Folder;

struct Poag<'s> {
    folder: Folder,
    numbers: HashMap<&'s str, usize>,
}

/// For a snapshot.
pub fn prepare(snapshot: &Snapshot, _: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    let desk = snapshot.desk();
    for file in &snapshot.files {
        desk.write(&format!("tree/{}", file.path), &file.text)?;
    }
    let place = desk.folder();
    let folder = Folder::open(&place.join("tree"), &place.join("index"))?;
    let numbers = snapshot.files.iter().zip(0..);
    Ok(Box::new(Poag {
        folder,
        numbers: numbers.map(|(file, at)| (file.path.as_str(), at)).collect(),
    }))
}

impl Method for Poag<'_> {
    fn about(&self) -> String {
        "the librarian's search".into()
    }

    fn files(&self, question: &str, _: Option<&str>) -> Result<Vec<usize>, BenchError> {
        let paths = self.folder.rank(question)?;
        let numbers = paths.iter().map(|path| self.numbers.get(path.as_str()));
        Ok(numbers.flatten().copied().collect())
    }
}
