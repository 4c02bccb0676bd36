//! How many distinct words of the question a file's text holds, as a person with grep may count; of equal ones the
//! first by path.

use super::super::snapshot::Snapshot;
use super::super::terms::{Terms, counted};
use super::{BenchError, Method, ranked};

struct Grep<'s> {
    texts: &'s Terms,
}

/// For a snapshot.
pub fn prepare(snapshot: &Snapshot, _: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    let texts = snapshot.words();
    Ok(Box::new(Grep { texts }))
}

impl Method for Grep<'_> {
    fn about(&self) -> String {
        "count of the question's distinct words in the text".into()
    }

    fn files(&self, question: &str, _: Option<&str>) -> Result<Vec<usize>, BenchError> {
        let mut worth = vec![0.0; self.texts.lengths.len()];
        for word in counted(question).keys() {
            for posting in self.texts.postings(word) {
                worth[posting.text as usize] += 1.0;
            }
        }
        Ok(ranked(&worth))
    }
}
