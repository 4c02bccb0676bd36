//! The order in which `poag ask` considers files: the words they hold, as its index on disk has them, blended with the ranking.

use std::sync::OnceLock;

use super::super::snapshot::Snapshot;
use super::poag::{Ranked, learned};
use super::{BenchError, Method};
use crate::history::Past;
use crate::librarian::order::Order;
use crate::librarian::rank::Ranker;

/// What can be left out: the ranking, or the past, as where there is none.
const SIGNALS: [&str; 2] = [RANKING, PAST];
const RANKING: &str = "ranking";
const PAST: &str = "past";

struct Ask<'s> {
    order: Order,
    ranked: Ranked<'s>,
    pastless: OnceLock<Ranker>,
    snapshot: &'s Snapshot,
}

/// For a snapshot, which is written out as a folder.
pub fn prepare(snapshot: &Snapshot, _: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    let desk = snapshot.desk();
    for file in &snapshot.files {
        desk.write(&format!("files/{}", file.path), &file.text)?;
    }
    let order = Order::open(&desk.folder().join("files"), &desk.folder().join("index"));
    Ok(Box::new(Ask {
        order: order?,
        ranked: Ranked::new(snapshot),
        pastless: OnceLock::new(),
        snapshot,
    }))
}

impl Method for Ask<'_> {
    fn about(&self) -> String {
        "as `poag ask` considers files for a change: the words they hold, blended with the librarian's ranking".into()
    }

    fn signals(&self) -> &'static [&'static str] {
        &SIGNALS
    }

    fn files(&self, question: &str, without: Option<&str>) -> Result<Vec<usize>, BenchError> {
        let ranking = match without {
            Some(RANKING) => None,
            Some(PAST) => {
                let make = || learned(self.snapshot, &Past::default());
                Some(self.pastless.get_or_init(make).rank(question))
            }
            without => Some(self.ranked.rank(question, without)),
        };
        let files = self.order.files(question, ranking.as_ref())?;
        let numbers = files.iter().filter_map(|path| self.snapshot.number(path));
        Ok(numbers.collect())
    }
}
