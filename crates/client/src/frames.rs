//! Server-Sent Events, read: the form that the HTML standard defines, as far as a server of poag uses it.

/// Bytes of one event.
const EVENT: usize = 64 << 20;

/// An event.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ServerEvent {
    /// Its number; none where it has none.
    pub number: Option<u64>,
    /// Its kind.
    pub kind: String,
    /// JSON.
    pub data: String,
}

/// What came, as far as it is no whole event yet.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    bytes: Vec<u8>,
    event: ServerEvent,
    /// After how many milliseconds to come back.
    pub retry: Option<u64>,
}

impl Frames {
    /// Takes in what came; false where an event is too long.
    pub fn take_in(&mut self, bytes: &[u8]) -> bool {
        self.bytes.extend_from_slice(bytes);
        self.bytes.len() + self.event.data.len() <= EVENT
    }

    /// The next whole event.
    pub fn next(&mut self) -> Option<ServerEvent> {
        loop {
            let end = self.bytes.iter().position(|byte| *byte == b'\n')?;
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            if !line.is_empty() {
                self.field(line);
                continue;
            }
            let event = std::mem::take(&mut self.event);
            // Nothing but a sign of life.
            if !event.data.is_empty() {
                return Some(event);
            }
        }
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "id" => self.event.number = value.parse().ok(),
            "event" => value.clone_into(&mut self.event.kind),
            "data" => {
                if !self.event.data.is_empty() {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            "retry" => self.retry = value.parse().ok(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_are_cut() {
        let text = "retry: 250\n\nid: 7\nevent: said\ndata: {\"a\":\ndata: 1}\n\n:\n\nevent: end\r\ndata: {}\r\n\r\nid: 8";
        for cut in 0..text.len() {
            let (one, other) = text.as_bytes().split_at(cut);
            let mut frames = Frames::default();
            let mut found = Vec::new();
            for part in [one, other] {
                assert!(frames.take_in(part));
                found.extend(std::iter::from_fn(|| frames.next()));
            }
            let said = ServerEvent {
                number: Some(7),
                kind: "said".into(),
                data: "{\"a\":\n1}".into(),
            };
            let end = ServerEvent {
                number: None,
                kind: "end".into(),
                data: "{}".into(),
            };
            assert_eq!(found, [said, end], "cut at {cut}");
            assert_eq!(frames.retry, Some(250));
        }
    }

    #[test]
    fn an_event_without_end_is_given_up() {
        let mut frames = Frames::default();
        let part = vec![b'x'; EVENT / 2 + 1];
        assert!(frames.take_in(&part));
        assert!(!frames.take_in(&part));
    }
}
