//! What a model says in a council, for scripts of the stand-in: by what the turn's input says alone.

use serde_json::{Value, json};

use crate::stand_in::{Call, Reply};

/// The input of the turn that a call is about; none where it is not about a turn.
pub fn input(call: &Call) -> Option<Value> {
    let said = call.last_user();
    let from = said.rfind("Its input:\n\n")? + "Its input:\n\n".len();
    let mut documents = serde_json::Deserializer::from_str(&said[from..]).into_iter::<Value>();
    documents.next()?.ok()
}

/// A result that says nothing and accepts.
pub fn nothing() -> Value {
    json!({"schemaVersion": 1, "edits": [], "answer": null, "asks": [], "verdict": {"verdict": "accept"}, "notes": []})
}

/// The usual part of an owner: asks every neighbour first, and then says that its README changes.
pub fn owner(input: &Value) -> Value {
    let mut result = nothing();
    let expert = input["expert"].as_str().unwrap();
    if input["turn"] == 0 {
        result["notes"] = json!([format!("{expert} knows its flake")]);
        return result;
    }
    let neighbors: Vec<&String> = input["neighbors"].as_object().unwrap().keys().collect();
    let asked = input["asked"]
        .as_array()
        .is_some_and(|asked| !asked.is_empty());
    result["edits"] = json!([{
        "path": "README.md", "action": "change",
        "instruction": format!("Say what {expert} does now."),
        "evidence": [{"lines": [1, 1], "what": "the title"}]
    }]);
    if !asked {
        let ask = |to: &&String| json!({"to": to, "text": format!("What does this mean for {to}?"), "contract": null, "reason": format!("{expert} builds on {to}")});
        result["asks"] = neighbors.iter().map(ask).collect();
    }
    result
}

/// Lets every owner do its usual part; anything that is no turn gets a word.
pub fn reply(call: &Call) -> Reply {
    match input(call) {
        Some(input) => Reply::Structured(owner(&input)),
        None => Reply::Text("Title".into()),
    }
}
