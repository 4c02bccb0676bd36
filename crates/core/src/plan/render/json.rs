//! The plan as JSON.

use crate::plan::Plan;

impl Plan {
    /// The document with two spaces of indentation and a last line feed; equal plans give equal bytes.
    ///
    /// # Errors
    /// When a value has no JSON form, which no valid plan has.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}
