//! What the engine's bm25() divides by, after rows were deleted: how many rows a table has, and how many terms its columns hold.
//!
//! A table without content does not know what a deleted row held, so the engine goes on counting it. The sizes of the rows
//! that are left are there: their sums take the place of its record, number 1 of the `_data` table, which holds the rows and
//! then the terms of each column as the engine's varints. Source: `fts5StorageSaveTotals` and `sqlite3Fts5IndexSetAverages`
//! in <https://sqlite.org/src/file/ext/fts5/fts5_storage.c>; a test holds it against what the engine writes itself.

use rusqlite::{Connection, params};

/// The tables of an index that are searched, with the number of their columns.
const TABLES: [(&str, usize); 2] = [("file_text", 2), ("passage_text", 3)];

/// Counts anew. Nothing may have been written over this connection.
///
/// # Errors
/// When the tables are damaged.
pub fn count(db: &Connection) -> rusqlite::Result<()> {
    for (table, columns) in TABLES {
        let record = record(db, table, columns)?;
        let sql = format!("UPDATE {table}_data SET block = ?1 WHERE id = 1");
        db.execute(&sql, params![record])?;
    }
    Ok(())
}

fn record(db: &Connection, table: &str, columns: usize) -> rusqlite::Result<Vec<u8>> {
    let mut sums = vec![0u64; columns + 1];
    let mut statement = db.prepare(&format!("SELECT sz FROM {table}_docsize"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let sizes: Vec<u8> = row.get(0)?;
        let mut left = sizes.as_slice();
        sums[0] += 1;
        for sum in &mut sums[1..] {
            let size = take(&mut left).ok_or(rusqlite::Error::InvalidQuery)?;
            *sum = sum.saturating_add(size);
        }
    }
    let mut record = Vec::new();
    sums.into_iter().for_each(|sum| put(sum, &mut record));
    Ok(record)
}

/// Seven bits to the byte, highest first. Sums of sizes never need the ninth byte, which would hold eight.
fn put(number: u64, to: &mut Vec<u8>) {
    let groups = (1..8).rev().filter(|group| number >> (7 * group) != 0);
    to.extend(groups.map(|group| (number >> (7 * group)) as u8 | 0x80));
    to.push(number as u8 & 0x7f);
}

fn take(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for _ in 0..8 {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_rows_that_all_stayed_the_engine_counts_the_same() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(crate::librarian::store::TABLES).unwrap();
        for row in 1..300u32 {
            let text = "word other ".repeat(row as usize * 7 % 200);
            db.execute(
                "INSERT INTO passage_text(rowid, title, doc, body) VALUES (?1, 'title', ?2, ?2)",
                params![row, text],
            )
            .unwrap();
            db.execute(
                "INSERT INTO file_text(rowid, path, names) VALUES (?1, 'a b', ?2)",
                params![row, text],
            )
            .unwrap();
        }
        for (table, columns) in TABLES {
            let own: Vec<u8> = db
                .query_row(
                    &format!("SELECT block FROM {table}_data WHERE id = 1"),
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(record(&db, table, columns).unwrap(), own, "{table}");
        }
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), 1 << 55] {
            let mut bytes = Vec::new();
            put(number, &mut bytes);
            let mut left = bytes.as_slice();
            assert_eq!((take(&mut left), left), (Some(number), &[][..]));
        }
    }
}
