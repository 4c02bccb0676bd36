//! A row that was not written by poag.

use rusqlite::types::Type;

/// What is wrong with a row.
#[derive(Debug, thiserror::Error)]
#[error("a row is damaged: {0}")]
pub(super) struct Damaged(pub &'static str);

impl From<Damaged> for rusqlite::Error {
    fn from(damaged: Damaged) -> Self {
        Self::FromSqlConversionFailure(0, Type::Text, Box::new(damaged))
    }
}
