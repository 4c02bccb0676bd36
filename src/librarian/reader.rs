//! The text of files: each file is read once while its index is open, and secrets stay out.

use std::sync::Arc;

use super::error::LibrarianError;
use super::index::Index;
use crate::knowledge::files::{Content, File, Files};
use crate::knowledge::secrets::redact;

/// Reads files of one index.
pub struct Reader<'a> {
    index: &'a Index,
    files: Files,
}

impl<'a> Reader<'a> {
    /// A reader over the files of an index.
    pub fn new(index: &'a Index) -> Self {
        let files = Files::some(index.root.clone(), Vec::new());
        Self { index, files }
    }

    /// The lines of a file; none where it is no text.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn lines(&self, number: usize) -> Result<Arc<Vec<String>>, LibrarianError> {
        if let Some(lines) = self.index.kept_lines(number) {
            return Ok(lines);
        }
        let row = self.index.file(number).filter(|row| row.text);
        let text = match row {
            Some(row) => {
                let file = File {
                    path: row.path.clone(),
                    size: 0,
                    content: Content::Text,
                };
                let text = self.files.text(&file)?.unwrap_or_default();
                if row.secrets {
                    redact(&row.path, &text).0.into_owned()
                } else {
                    text
                }
            }
            None => String::new(),
        };
        let lines: Arc<Vec<String>> = Arc::new(text.lines().map(str::to_owned).collect());
        self.index.keep_lines(number, &lines);
        Ok(lines)
    }

    /// Lines `range` of a file, counted from 1, cut to what is there.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn range(&self, number: usize, range: (u32, u32)) -> Result<Vec<String>, LibrarianError> {
        let lines = self.lines(number)?;
        let first = (range.0.max(1) as usize - 1).min(lines.len());
        let last = (range.1 as usize).clamp(first, lines.len());
        Ok(lines[first..last].to_vec())
    }
}
