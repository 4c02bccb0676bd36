//! What leaves a ledger: whole streams that are closed, or artifacts of such. Events of a stream that
//! stays are never touched.

use rusqlite::Connection;

use super::{Ledger as _, LedgerError, SqliteLedger, names, row};

/// Room that a stream takes, in bytes of its content as it stands in the file.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Weight {
    /// Its events.
    pub events: u64,
    /// Its artifacts.
    pub artifacts: u64,
}

impl SqliteLedger {
    pub(super) fn weigh(&self, stream: &str, prefix: &str) -> Result<Weight, LedgerError> {
        let at = self.connection();
        let (key, _) = self.key(at, stream)?;
        let weigh = || {
            let events: i64 = at
                .prepare_cached(
                    "SELECT coalesce(sum(octet_length(events)), 0) FROM rows
                     WHERE key BETWEEN ? AND ?",
                )?
                .query_row([row::key(key, 0), row::key(key, u32::MAX)], |row| {
                    row.get(0)
                })?;
            let mut weight = Weight {
                events: events.cast_unsigned(),
                artifacts: 0,
            };
            row::each_names(at, key, |_, names| {
                let entries = names::read(names)?.into_iter();
                let counted = entries.filter(|entry| entry.name.starts_with(prefix));
                let spans = counted.filter_map(|entry| entry.content);
                weight.artifacts += spans.map(|span| span.stored as u64).sum::<u64>();
                Ok(())
            })?;
            Ok(weight)
        };
        weigh().map_err(self.failed("weigh a stream"))
    }

    pub(super) fn without_artifacts(&self, stream: &str, prefix: &str) -> Result<(), LedgerError> {
        self.of_closed(stream, |at, key| {
            let mut changed = Vec::new();
            row::each_names(at, key, |number, names| {
                let entries = names::read(names)?;
                if entries.iter().any(|entry| entry.name.starts_with(prefix)) {
                    changed.push((number, names.to_owned()));
                }
                Ok(())
            })?;
            for (number, names) in changed {
                let row = row::without(at, key, number, &names, prefix)?;
                row::replace(at, key, number, &row)?;
            }
            Ok(())
        })
    }

    /// Changes a closed stream.
    pub(super) fn of_closed(
        &self,
        stream: &str,
        change: impl FnOnce(&Connection, i64) -> rusqlite::Result<()>,
    ) -> Result<(), LedgerError> {
        // Nobody drives it meanwhile.
        let _claim = self.claim(stream)?;
        self.forget(stream);
        let write = self.write()?;
        let (key, closed) = self.key(&write, stream)?;
        if !closed {
            return Err(LedgerError::Unfinished {
                stream: stream.to_owned(),
            });
        }
        change(&write, key).map_err(self.failed("remove a stream"))?;
        write.commit().map_err(self.failed("commit"))
    }

    /// How large the ledger is on disk, in bytes.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub fn bytes(&self) -> Result<u64, LedgerError> {
        let log = {
            let mut name = self.path().as_os_str().to_owned();
            name.push("-wal");
            // There is none where nothing was written since it was copied back.
            std::fs::metadata(name).map_or(0, |log| log.len())
        };
        let file = std::fs::metadata(self.path()).map_err(|source| LedgerError::Io {
            doing: "look at",
            path: self.path().to_owned(),
            source,
        })?;
        Ok(file.len() + log)
    }

    /// Gives the room that was freed back to the file system.
    ///
    /// # Errors
    /// When others hold the ledger for too long, or its disk is full.
    pub fn shrink(&self) -> Result<(), LedgerError> {
        let at = self.connection();
        let shrink = || {
            let mode: i64 = at.pragma_query_value(None, "auto_vacuum", |row| row.get(0))?;
            if mode == 2 {
                // Each step frees a page.
                let mut free = at.prepare("PRAGMA incremental_vacuum")?;
                let mut rows = free.query([])?;
                while rows.next()?.is_some() {}
            } else {
                // A file from before this setting is written anew, once.
                at.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
                at.execute_batch("VACUUM")?;
            }
            at.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        };
        shrink().map_err(self.failed("give room back"))
    }
}
