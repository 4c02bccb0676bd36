//! The id of a request that cannot be read as a whole: too long, too deep, or no JSON. JSON is looked through
//! byte by byte, in memory that does not grow with the request.

use serde_json::Value;

/// Longest id that is told, in bytes as it stands in the request.
const ID_BYTES: usize = 256;

/// Looks for the member `id` of the outermost object.
#[derive(Debug, Default)]
pub(super) struct Scan {
    depth: usize,
    /// Within a string: whether a backslash stands before the next byte.
    string: Option<bool>,
    /// Whether a string at depth 1 would be the name of a member.
    names: bool,
    /// The last string at depth 1, or the value being read: its beginning.
    text: Vec<u8>,
    /// Whether the value of `id` is being read.
    reading: bool,
    id: Option<Vec<u8>>,
    /// Whether the outermost value is no object, or there were two of them.
    foreign: bool,
}

impl Scan {
    pub fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.byte(*byte);
        }
    }

    /// The id, if it is one: a text or a whole number. See JSON-RPC 2.0, section 4, and the Model Context
    /// Protocol, which forbids null.
    pub fn id(&self) -> Option<Value> {
        let id = self.id.as_ref().filter(|_| !self.foreign)?;
        let id = serde_json::from_slice(id).ok()?;
        is_id(&id).then_some(id)
    }

    fn byte(&mut self, byte: u8) {
        if let Some(escaped) = self.string {
            self.keep(byte);
            self.string = match byte {
                _ if escaped => Some(false),
                b'\\' => Some(true),
                b'"' => None,
                _ => Some(false),
            };
            return;
        }
        match byte {
            b'"' => {
                if self.depth == 1 && !self.reading {
                    self.text.clear();
                }
                self.keep(byte);
                self.string = Some(false);
            }
            b'{' | b'[' => {
                self.keep(byte);
                self.foreign |= self.depth == 0 && (byte == b'[' || self.names);
                self.depth = self.depth.saturating_add(1);
                self.names |= self.depth == 1;
            }
            b'}' | b']' => {
                if self.depth == 1 {
                    self.end();
                }
                self.keep(byte);
                self.depth = self.depth.saturating_sub(1);
            }
            b':' if self.depth == 1 && !self.reading && self.names => {
                self.names = false;
                self.reading = self.text == b"\"id\"";
                self.text.clear();
            }
            b',' if self.depth == 1 => {
                self.end();
                self.names = true;
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => self.keep(byte),
        }
    }

    /// The value of a member ends.
    fn end(&mut self) {
        if self.reading {
            self.id = Some(std::mem::take(&mut self.text));
        }
        self.reading = false;
        self.text.clear();
    }

    fn keep(&mut self, byte: u8) {
        // Cut off, it is no JSON any more, and so no id.
        if self.text.len() < ID_BYTES && (self.depth == 1 || self.reading) {
            self.text.push(byte);
        }
    }
}

/// Whether a request can be told by it.
pub(super) fn is_id(id: &Value) -> bool {
    id.is_string() || id.is_i64() || id.is_u64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn id(request: &str) -> Option<Value> {
        let mut scan = Scan::default();
        // Wherever a read may end.
        for byte in request.as_bytes() {
            scan.feed(std::slice::from_ref(byte));
        }
        scan.id()
    }

    #[test]
    fn the_id_is_found_before_behind_and_in_spite_of_everything_else() {
        for request in [
            r#"{"jsonrpc":"2.0","id":2,"method":"x","params":[[[["#,
            r#"{"method":"x","params":{"id":7,"a":"\"id\":8"},"id" : 2 }"#,
            r#" { "id" : 2, nonsense"#,
            r#"{"id":2,"method":{"id":3},"x":["id",4]}"#,
        ] {
            assert_eq!(id(request), Some(json!(2)), "{request}");
        }
        assert_eq!(id(r#"{"id":"a\"b","x":"#), Some(json!("a\"b")));
        let deep = format!(
            r#"{{"params":{}{},"id":2}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(id(&deep), Some(json!(2)));
    }

    #[test]
    fn what_is_no_id_is_none() {
        for request in [
            r#"{"id":null}"#,
            r#"{"id":{"id":1}}"#,
            r#"{"id":[1]}"#,
            r#"{"id":1.5}"#,
            r#"[{"id":1}]"#,
            r#"{"params":{"id":1}}"#,
            r#"{"id"#,
            "nonsense",
            "",
        ] {
            assert_eq!(id(request), None, "{request}");
        }
        assert_eq!(id(&format!(r#"{{"id":"{}"}}"#, "a".repeat(300))), None);
    }
}
