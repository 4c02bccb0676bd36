//! The protocol as lines of JSON, of which every request gets an answer: one that is too long, too deep,
//! malformed or of a wrong type gets an error of JSON-RPC, and the session goes on.
//!
//! Not answered are notifications and responses, as JSON-RPC 2.0 has it (sections 4.1 and 5): an error sent for
//! an error could go back and forth for ever.

use std::io;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ClientJsonRpcMessage, ClientRequest, ServerJsonRpcMessage};
use rmcp::transport::Transport;
use serde_json::{Value, json};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::envelope::{Scan, is_id};

/// Longest line that is read, in bytes.
pub(super) const LINE_BYTES: usize = 4 << 20;
/// Answers that wait to be written; then nothing more is read.
const WAITING: usize = 16;
/// How long the last answers may take to be read, after the input has ended.
const CLOSING: Duration = Duration::from_secs(5);
/// The byte order mark, which a JSON parser may pass over (RFC 8259, section 8.1).
const MARK: &[u8] = b"\xef\xbb\xbf";

// Error codes of JSON-RPC 2.0, section 5.1.
const PARSE_ERROR: i32 = -32700;
const INVALID_REQUEST: i32 = -32600;
const INVALID_PARAMS: i32 = -32602;

/// What is known of a line that is being read.
#[derive(Debug, Default)]
struct Line {
    bytes: Vec<u8>,
    /// Looks through a line of which nothing is kept any more.
    long: Option<Scan>,
}

/// A transport over a reader and a writer.
pub(super) struct Lines<R> {
    read: R,
    line: Line,
    answers: mpsc::Sender<Vec<u8>>,
    writing: JoinHandle<io::Result<()>>,
    /// Whether a request has begun the session, after which notifications count.
    begun: bool,
}

impl<R: AsyncBufRead + Send + Unpin> Lines<R> {
    /// Must be called within the asynchronous runtime.
    pub fn new(read: R, mut write: impl AsyncWrite + Send + Unpin + 'static) -> Self {
        let (answers, mut waiting) = mpsc::channel::<Vec<u8>>(WAITING);
        // A line is written whole, whoever stops to wait for it.
        let writing = tokio::spawn(async move {
            while let Some(line) = waiting.recv().await {
                write.write_all(&line).await?;
                write.flush().await?;
            }
            write.shutdown().await
        });
        Self {
            read,
            line: Line::default(),
            answers,
            writing,
            begun: false,
        }
    }

    /// The next line; none at the end. Dropping the future loses nothing of what was read.
    async fn line(&mut self) -> io::Result<Option<Line>> {
        loop {
            let available = self.read.fill_buf().await?;
            if available.is_empty() {
                let rest = std::mem::take(&mut self.line);
                let empty = rest.bytes.is_empty() && rest.long.is_none();
                return Ok((!empty).then_some(rest));
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = available.get(..end.unwrap_or(available.len()));
            let part = part.unwrap_or_default();
            let line = &mut self.line;
            match &mut line.long {
                Some(scan) => scan.feed(part),
                None if line.bytes.len() + part.len() <= LINE_BYTES => {
                    line.bytes.extend_from_slice(part);
                }
                None => {
                    let mut scan = Scan::default();
                    scan.feed(&std::mem::take(&mut line.bytes));
                    scan.feed(part);
                    line.long = Some(scan);
                }
            }
            let read = part.len() + usize::from(end.is_some());
            self.read.consume(read);
            if end.is_some() {
                return Ok(Some(std::mem::take(&mut self.line)));
            }
        }
    }
}

impl<R: AsyncBufRead + Send + Unpin> Transport<RoleServer> for Lines<R> {
    type Error = io::Error;

    fn send(
        &mut self,
        item: ServerJsonRpcMessage,
    ) -> impl Future<Output = Result<(), io::Error>> + Send + 'static {
        let answers = self.answers.clone();
        async move {
            let mut line = serde_json::to_vec(&item)?;
            line.push(b'\n');
            let closed = |_| io::Error::from(io::ErrorKind::BrokenPipe);
            answers.send(line).await.map_err(closed)
        }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            // Room for an answer comes first, so that none is lost when this future is dropped.
            let room = self.answers.clone().reserve_owned().await.ok()?;
            let line = self.line().await.ok()??;
            match message(&line) {
                Ok(Some(message)) if self.begun || is_request(&message) => {
                    self.begun |= begins(&message);
                    return Some(*message);
                }
                Ok(_) => {}
                Err(problem) => {
                    room.send(problem.line());
                }
            }
        }
    }

    async fn close(&mut self) -> Result<(), io::Error> {
        // All senders must be gone for the writer to end.
        let (closed, _) = mpsc::channel(1);
        self.answers = closed;
        match tokio::time::timeout(CLOSING, &mut self.writing).await {
            Ok(written) => written.map_err(io::Error::other)?,
            // Nobody reads any more.
            Err(_) => Ok(()),
        }
    }
}

/// Before a session has begun, nothing else means anything.
fn is_request(message: &ClientJsonRpcMessage) -> bool {
    matches!(message, ClientJsonRpcMessage::Request(_))
}

/// Whether it begins a session: by `initialize`, or by saying its version itself.
fn begins(message: &ClientJsonRpcMessage) -> bool {
    use rmcp::model::GetMeta as _;
    match message {
        ClientJsonRpcMessage::Request(request) => {
            matches!(request.request, ClientRequest::InitializeRequest(_))
                || request.request.get_meta().protocol_version().is_some()
        }
        _ => true,
    }
}

/// Why a request is not taken.
#[derive(Debug)]
struct Problem {
    id: Option<Value>,
    code: i32,
    says: String,
}

impl Problem {
    fn new(id: Option<Value>, code: i32, says: impl Into<String>) -> Self {
        Self {
            id,
            code,
            says: says.into(),
        }
    }

    fn line(self) -> Vec<u8> {
        let error = json!({ "code": self.code, "message": self.says });
        let answer = json!({ "jsonrpc": "2.0", "id": self.id, "error": error });
        format!("{answer}\n").into_bytes()
    }
}

/// What a line says; nothing where it says nothing that can be answered.
fn message(line: &Line) -> Result<Option<Box<ClientJsonRpcMessage>>, Problem> {
    if let Some(scan) = &line.long {
        let says = format!("the request is longer than {LINE_BYTES} bytes");
        return Err(Problem::new(scan.id(), INVALID_REQUEST, says));
    }
    let bytes = line.bytes.strip_prefix(MARK).unwrap_or(&line.bytes);
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => {
            let mut scan = Scan::default();
            scan.feed(bytes);
            let says = format!("the request cannot be read as JSON: {error}");
            return Err(Problem::new(scan.id(), PARSE_ERROR, says));
        }
    };
    let Value::Object(fields) = &value else {
        let says = match value {
            Value::Array(_) => "a batch is not taken: send each request on a line of its own",
            _ => "a request is an object",
        };
        return Err(Problem::new(None, INVALID_REQUEST, says));
    };
    let method = fields.get("method");
    if method.is_none() && (fields.contains_key("result") || fields.contains_key("error")) {
        // A response that cannot be read answers nothing.
        return Ok(serde_json::from_slice(bytes).ok());
    }
    let told = fields.get("id").filter(|id| is_id(id)).cloned();
    let invalid = |says: &str| Err(Problem::new(told.clone(), INVALID_REQUEST, says));
    if fields.get("jsonrpc") != Some(&json!("2.0")) {
        return invalid("`jsonrpc` is \"2.0\" in each request");
    }
    if !method.is_some_and(Value::is_string) {
        return invalid("`method` is the name of a method, as a text");
    }
    if fields.contains_key("id") && told.is_none() {
        return invalid("`id` is a text or a whole number");
    }
    let params = fields.get("params");
    if told.is_some() && params.is_some_and(|params| !params.is_object() && !params.is_null()) {
        let says = "`params` is an object";
        return Err(Problem::new(told, INVALID_PARAMS, says));
    }
    let parsed: Result<Box<ClientJsonRpcMessage>, _> = serde_json::from_slice(bytes);
    match parsed {
        // Of `initialize`, only what it needs makes it one.
        Ok(message)
            if method == Some(&json!("initialize")) && told.is_some() && !begins(&message) =>
        {
            let says =
                "`params` of `initialize` holds protocolVersion, capabilities and clientInfo";
            Err(Problem::new(told, INVALID_PARAMS, says))
        }
        Ok(message) => Ok(Some(message)),
        Err(_) if told.is_none() => Ok(None),
        Err(error) => {
            let says = format!("the request cannot be read: {error}");
            Err(Problem::new(told, INVALID_REQUEST, says))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(bytes: &[u8]) -> Option<Value> {
        let line = Line {
            bytes: bytes.to_vec(),
            long: None,
        };
        let problem = message(&line).err()?;
        serde_json::from_slice(&problem.line()).ok()
    }

    #[test]
    fn each_request_that_cannot_be_read_gets_an_error_with_its_id_where_that_can_be_told() {
        let deep = format!(
            r#"{{"jsonrpc":"2.0","id":2,"method":"x","params":{}{}}}"#,
            "[".repeat(200),
            "]".repeat(200)
        );
        let two = json!(2);
        for (request, id, code) in [
            (deep.as_bytes(), &two, PARSE_ERROR),
            (b"{nonsense", &Value::Null, PARSE_ERROR),
            (b"{\"id\":2,\"method\":\"\xff\"}", &two, PARSE_ERROR),
            (
                br#"{"jsonrpc":"2.0","id":2,"method":5}"#,
                &two,
                INVALID_REQUEST,
            ),
            (br#"{"jsonrpc":"2.0","id":2}"#, &two, INVALID_REQUEST),
            (br#"{"id":2,"method":"ping"}"#, &two, INVALID_REQUEST),
            (
                br#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
                &Value::Null,
                INVALID_REQUEST,
            ),
            (
                br#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
                &Value::Null,
                INVALID_REQUEST,
            ),
            (
                br#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
                &Value::Null,
                INVALID_REQUEST,
            ),
            (
                br#"{"jsonrpc":"2.0","method":5}"#,
                &Value::Null,
                INVALID_REQUEST,
            ),
            (
                br#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":"x"}"#,
                &two,
                INVALID_PARAMS,
            ),
            (
                br#"{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":1}}"#,
                &two,
                INVALID_PARAMS,
            ),
            (
                br#"[{"jsonrpc":"2.0","id":2,"method":"ping"}]"#,
                &Value::Null,
                INVALID_REQUEST,
            ),
            (b"[]", &Value::Null, INVALID_REQUEST),
            (b"7", &Value::Null, INVALID_REQUEST),
        ] {
            let shown = String::from_utf8_lossy(request);
            let answer = answer(request).unwrap_or_else(|| panic!("no answer to {shown}"));
            assert_eq!(&answer["id"], id, "{shown}");
            assert_eq!(answer["error"]["code"], code, "{shown}: {answer}");
            assert_eq!(answer["jsonrpc"], "2.0");
        }
    }

    #[test]
    fn what_asks_for_no_answer_gets_none() {
        for line in [
            "",
            "  \r",
            r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":5}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/none"}"#,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"no"}}"#,
            r#"{"jsonrpc":"2.0","id":[],"result":{}}"#,
        ] {
            assert_eq!(answer(line.as_bytes()), None, "{line}");
        }
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_answered_and_the_next_one_is_read() {
        let long = |id: &str| {
            let request = "a".repeat(LINE_BYTES);
            format!(
                "{{{id}\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":{{\"a\":\"{request}\"}},\"id\":5}}\n"
            )
        };
        let input = long("") + &long("\"id\":6,") + r#"{"jsonrpc":"2.0","id":9,"method":"ping"}"#;
        let (write, read) = tokio::io::duplex(1 << 16);
        let mut lines = Lines::new(tokio::io::BufReader::new(input.as_bytes()), write);
        let next = lines.receive().await;
        assert!(next.is_some_and(|message| is_request(&message)));
        let mut answers = tokio::io::BufReader::new(read).lines();
        for _ in 0..2 {
            let answer = answers.next_line().await.unwrap().unwrap();
            let answer: Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(answer["id"], 5);
            assert_eq!(answer["error"]["code"], INVALID_REQUEST);
        }
        assert!(lines.receive().await.is_none());
    }
}
