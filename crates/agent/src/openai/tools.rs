//! The tools of a turn, called in this process: those of poag's own server, by its socket, and the files of the flake.

use poag_core::council::gossip::{
    Call, CallResult, LINE_BYTES, SOCKET, TOKEN, TURN_TOOLS, TokenCall,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use super::files::FlakeFiles;
use super::wire::CalledTool;
use crate::TurnRequest;

/// Most bytes of one result that the model is given.
const RESULT_BYTES: usize = 512 << 10;

/// What is offered, the same in every turn: it stands in front of what the server caches. What a turn may not do is refused
/// when it is tried.
pub fn offered() -> Value {
    let text = json!({ "type": "string" });
    let property = |name: &str| match name {
        "result" => json!({ "type": "object" }),
        _ => text.clone(),
    };
    let tool = |name: &str, description: &str, properties: Value, needs: Value| {
        json!({
            "type": "function",
            "function": {
                "name": name, "description": description,
                "parameters": { "type": "object", "properties": properties, "required": needs },
            },
        })
    };
    let of_turns = TURN_TOOLS.iter().map(|known| {
        let mut properties: serde_json::Map<String, Value> = known
            .needs
            .iter()
            .map(|name| ((*name).to_owned(), property(name)))
            .collect();
        if known.name == "consult" {
            properties.insert("contract".into(), text.clone());
        }
        let needs = json!(known.needs);
        tool(known.name, known.description, properties.into(), needs)
    });
    let mut all: Vec<Value> = of_turns.collect();
    all.push(tool(
        "edit",
        "Changes a file of your own flake, in a turn that says that you may: `old`, a text that stands in it once, becomes `new`. Without `old` the file is made; without `new` and `old` it is removed.",
        json!({ "path": text, "old": text, "new": text }),
        json!(["path"]),
    ));
    all.push(tool(
        "read",
        "Gives a file of your own flake with the numbers of its lines, from line `from` on, or the names in a folder (`.` is the flake).",
        json!({ "path": text, "from": { "type": "integer" } }),
        json!(["path"]),
    ));
    Value::Array(all)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadArguments {
    path: String,
    #[serde(default)]
    from: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EditArguments {
    path: String,
    #[serde(default)]
    old: Option<String>,
    #[serde(default)]
    new: Option<String>,
}

/// What a tool gives, for the model; a failure too is words.
pub async fn call(request: &TurnRequest, called: &CalledTool) -> String {
    let mut result = match answer(request, called).await {
        Ok(text) => text,
        Err(problem) => format!("failed: {problem}"),
    };
    if result.len() > RESULT_BYTES {
        let end = (0..=RESULT_BYTES)
            .rev()
            .find(|at| result.is_char_boundary(*at));
        result.truncate(end.unwrap_or(0));
        result.push_str("\n[the rest is left out]");
    }
    result
}

async fn answer(request: &TurnRequest, called: &CalledTool) -> Result<String, String> {
    let arguments = match called.arguments.trim() {
        "" => "{}",
        text => text,
    };
    let arguments: Value = serde_json::from_str(arguments)
        .map_err(|error| format!("the arguments are no JSON: {error}\nrepair: call it again"))?;
    let files = FlakeFiles::of(&request.persona.folder, request.writing.as_ref());
    match called.name.as_str() {
        "read" => {
            let ReadArguments { path, from } = read(arguments)?;
            files.read(&path, from.unwrap_or(1))
        }
        "edit" => {
            let EditArguments { path, old, new } = read(arguments)?;
            files.edit(&path, old.as_deref(), new.as_deref())
        }
        name if TURN_TOOLS.iter().any(|known| known.name == name) => {
            let call: Call = read(json!({ name: arguments }))?;
            council(request, call).await
        }
        name => Err(format!(
            "there is no tool {name:?}\nrepair: use those that are offered"
        )),
    }
}

fn read<T: serde::de::DeserializeOwned>(arguments: Value) -> Result<T, String> {
    serde_json::from_value(arguments)
        .map_err(|error| format!("the arguments do not fit: {error}\nrepair: call it again"))
}

/// One call of the council that drives the turn, as poag's own tool server makes it.
async fn council(request: &TurnRequest, call: Call) -> Result<String, String> {
    let env = request.tools.iter().flat_map(|server| &server.env);
    let find = |name: &str| {
        let mut found = env.clone().filter(|(key, _)| key == name);
        found.next().map(|(_, value)| value.clone())
    };
    let none =
        || "no council listens in this turn\nrepair: end with the JSON object of a turn".to_owned();
    let (socket, token) = find(SOCKET).zip(find(TOKEN)).ok_or_else(none)?;
    let exchange = async {
        let mut line = serde_json::to_vec(&TokenCall { token, call })?;
        line.push(b'\n');
        if line.len() > LINE_BYTES {
            let said = format!("that is more than {LINE_BYTES} bytes\nrepair: say less");
            return Ok(CallResult::Failed(said));
        }
        let (reader, mut writer) = UnixStream::connect(socket).await?.into_split();
        writer.write_all(&line).await?;
        let mut answer = Vec::new();
        let mut reader = BufReader::new(reader).take(2 * LINE_BYTES as u64);
        reader.read_until(b'\n', &mut answer).await?;
        Ok::<_, std::io::Error>(serde_json::from_slice(&answer)?)
    };
    match exchange.await {
        Ok(CallResult::Said(text)) => Ok(text),
        Ok(CallResult::Failed(problem)) => Err(problem),
        Err(error) => Err(format!(
            "the council does not answer: {error}\nrepair: end with the JSON object of a turn"
        )),
    }
}
