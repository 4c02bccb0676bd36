//! Flakes whose experts are a program that follows a script, for councils that are about how experts get on.

use std::fs;
use std::path::PathBuf;
use std::process::Command as Process;

use serde_json::{Value, json};

use crate::harness::{Repository, poag_url};

/// What everybody is asked.
pub const REQUEST: &str = "Make the greeting polite";

/// Says what stands in `say/EXPERT-TURN`, after it noted in `log` that it was started. What it leaves in the
/// background is for its guard to end. Its second word is there to be found in a list of processes.
const PROGRAM: &str = r#"
echo "$POAG_EXPERT/${POAG_TURN%/*}" >>"$1/log"
(setsid sh -c "sleep 600; : $2" >/dev/null 2>&1 &)
sleep 0.02
cat "$1/say/$POAG_EXPERT-${POAG_TURN%/*}" 2>/dev/null || cat "$1/say/else"
"#;

/// Flakes and the program that speaks for all their experts.
pub struct Stage {
    pub repository: Repository,
    /// Where the program finds what to say and notes that it was started.
    pub folder: PathBuf,
    /// Stands in the command line of every process of this stage.
    pub mark: String,
}

impl Stage {
    /// app → (py, web) → lib; nobody has anything to say yet.
    pub fn new() -> Self {
        let repository = Repository::new();
        for (name, providers) in [
            ("app", &["py", "web"][..]),
            ("py", &["lib"]),
            ("web", &["lib"]),
            ("lib", &[]),
        ] {
            repository.write(&format!("{name}/flake.nix"), &flake(name, providers));
            repository.write(&format!("{name}/api.py"), "def greet():\n    return 1\n");
            repository.write(&format!("{name}/main.py"), "greet()\n");
        }
        repository.commit("begin");
        let folder = repository.root.parent().unwrap().join("agent");
        fs::create_dir_all(folder.join("say")).unwrap();
        fs::write(folder.join("program"), PROGRAM).unwrap();
        let mark = format!("stage-{}", uuid::Uuid::now_v7().simple());
        let stage = Self {
            repository,
            folder,
            mark,
        };
        stage.says("else", &said());
        stage
    }

    /// Puts words into the mouth of `EXPERT-TURN`.
    pub fn says(&self, turn: &str, result: &Value) {
        fs::write(self.folder.join("say").join(turn), result.to_string()).unwrap();
    }

    /// `poag ask` in the root's flake, with the program for everybody.
    pub fn ask(&self, words: &[&str]) -> Process {
        let mut process = Process::new(assert_cmd::cargo::cargo_bin!("poag"));
        self.repository.place(&mut process, "app");
        let program = self.folder.join("program");
        let command = format!(
            "sh {} {} {}",
            program.display(),
            self.folder.display(),
            self.mark
        );
        process
            .args(["ask", "--quiet", "--json", "--backend", "command"])
            .args(["--agent-command", &command])
            .args(words);
        process
    }

    /// `poag ask --resume` in the root's flake, and nothing that was said when the run began.
    pub fn resume(&self, run: &str) -> Process {
        let mut process = Process::new(assert_cmd::cargo::cargo_bin!("poag"));
        self.repository.place(&mut process, "app");
        process.args(["ask", "--resume", run]);
        process
    }

    /// The turns that the program was started for, as `EXPERT/TURN`, one for each time.
    pub fn started(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

fn flake(name: &str, providers: &[&str]) -> String {
    let inputs: String = providers
        .iter()
        .map(|provider| {
            let own = format!(
                "{provider} = {{ url = \"path:../{provider}\"; inputs.poag.follows = \"poag\";"
            );
            match *provider {
                // One lib for all, as one repository has.
                "py" | "web" => format!("  inputs.{own} inputs.lib.follows = \"lib\"; }};\n"),
                _ => format!("  inputs.{own} }};\n"),
            }
        })
        .collect();
    let lib = match providers.contains(&"py") {
        true => "  inputs.lib = { url = \"path:../lib\"; inputs.poag.follows = \"poag\"; };\n",
        false => "",
    };
    let arguments: String = providers.iter().map(|one| format!("{one}, ")).collect();
    let neighbors: String = providers
        .iter()
        .map(|one| {
            format!("    neighbors.{one} = {{ expert = {one}.poag; needs.api = \"to greet\"; }};\n")
        })
        .collect();
    format!(
        "{{\n  inputs.poag.url = \"{}\";\n{inputs}{lib}  outputs = {{ poag, {arguments}... }}: poag.lib.mkPoagFlake {{\n    name = \"{name}\";\n    src = ./.;\n    role = \"Owns {name}.\";\n    provides.api = {{ summary = \"greet() greets\"; files = [ \"api.py\" ]; }};\n{neighbors}  }};\n}}\n",
        poag_url()
    )
}

/// A turn that says nothing and accepts.
pub fn said() -> Value {
    json!({
        "schemaVersion": 1, "edits": [], "answer": null, "asks": [],
        "verdict": {"verdict": "accept"}, "notes": []
    })
}

/// A turn that changes a file.
pub fn edits(path: &str, instruction: &str) -> Value {
    let mut turn = said();
    turn["edits"] = json!([{
        "path": path, "action": "change", "instruction": instruction, "evidence": []
    }]);
    turn
}

/// A turn that asks these neighbours.
pub fn asks(whom: &[&str]) -> Value {
    let mut turn = said();
    let ask = |to: &&str| json!({"to": to, "text": "what do you change?", "contract": "api", "reason": "it greets"});
    turn["asks"] = whom.iter().map(ask).collect();
    turn
}

/// The same turn with an objection.
pub fn objecting(mut turn: Value, to: &str, reason: &str) -> Value {
    turn["verdict"] = json!({"verdict": "object", "to": to, "reason": reason});
    turn
}
