//! A program that a flake declares is started when it is allowed, and a server asked; what is refused of programs is shown in
//! tests/engine.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use assert_cmd::Command;
use predicates::prelude::*;

use crate::harness::{Repository, flake, text};
use crate::programs::said;

/// A flake that declares a program, which leaves a mark when it is started.
struct Declared {
    repository: Repository,
    mark: PathBuf,
    script: String,
}

impl Declared {
    fn new() -> Self {
        let repository = Repository::new();
        let beside = repository.root.parent().unwrap();
        let (mark, answer) = (beside.join("mark"), beside.join("answer"));
        let mut turn = said();
        turn["answer"] = serde_json::json!({"markdown": "It greets.", "citations": []});
        fs::write(&answer, turn.to_string()).unwrap();
        let script = format!("touch {}; cat {}", mark.display(), answer.display());
        let declared = Self {
            repository,
            mark,
            script,
        };
        declared.declares(&format!("\"sh\" \"-c\" \"{}\"", declared.script));
        declared
    }

    /// Has the flake declare this command, as words of Nix.
    fn declares(&self, words: &str) {
        let agent = format!(
            "role = \"Owns the program.\"; agent = {{ backend = \"command\"; command = [ {words} ]; }};"
        );
        let flake = flake("app", "", &agent);
        self.repository.write("flake.nix", &flake);
        self.repository.commit("declare");
    }

    fn ask(&self) -> Command {
        let mut command = self.repository.poag("");
        command.env_remove("POAG_ALLOW_COMMANDS").args([
            "ask",
            "--quiet",
            "--json",
            "What does it do?",
        ]);
        command
    }

    /// The declared command as a person writes it.
    fn line(&self) -> String {
        format!("sh -c '{}'", self.script)
    }
}

#[test]
fn a_declared_program_is_started_when_the_person_allows_exactly_it() {
    let declared = Declared::new();
    declared
        .ask()
        .args(["--allow-command", &declared.line()])
        .assert()
        .success()
        .stdout(predicate::str::contains("It greets."));
    assert!(declared.mark.exists());
    fs::remove_file(&declared.mark).unwrap();
    // The environment is split at `;`, which this command has one of.
    declared.declares(&format!("\"touch\" \"{}\"", declared.mark.display()));
    declared
        .ask()
        .env(
            "POAG_ALLOW_COMMANDS",
            format!("other; touch {}", declared.mark.display()),
        )
        .assert()
        .code(7);
    assert!(declared.mark.exists(), "it was started, and says nothing");
}

/// A server that counts who comes, and answers nobody anything of use.
struct Counted {
    listener: TcpListener,
}

impl Counted {
    fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { listener }
    }

    fn url(&self) -> String {
        format!("http://{}/v1", self.listener.local_addr().unwrap())
    }

    /// How many came since this was asked last: the system takes them in until then, and what nobody answers is given up.
    fn came(&self) -> usize {
        let accepted = std::iter::from_fn(|| self.listener.accept().ok());
        accepted.count()
    }
}

/// A flake whose experts and participants ask this server, with a key.
fn asking(url: &str) -> Repository {
    let repository = Repository::new();
    let server = format!(
        "backend = \"openai\"; model = \"m\"; baseUrl = \"{url}\"; keyEnv = \"ITS_KEY\"; timeoutSeconds = 1;"
    );
    let declared = format!(
        "role = \"Owns the program.\"; agent = {{ {server} }}; panel.one = {{ {server} }}; panel.two = {{ {server} }};"
    );
    repository.write("flake.nix", &flake("app", "", &declared));
    repository.commit("declare");
    repository
}

#[test]
fn a_declared_server_is_told_nothing_before_the_person_allows_it_with_its_key() {
    let server = Counted::new();
    let repository = asking(&server.url());
    let poag = |words: &[&str], allowed: &str| {
        let mut command = repository.poag("");
        command
            .env("POAG_ALLOW_SERVERS", allowed)
            .env("ITS_KEY", "sk-very-secret");
        command.args(words).output().unwrap()
    };
    let ask = ["ask", "--quiet", "--json", "What does it do?"];
    let debate = [
        "debate",
        "--quiet",
        "--json",
        "--rounds",
        "1",
        "--no-files",
        "What should it do?",
    ];
    let line = format!("{} ITS_KEY", server.url());
    let other = format!("{} OTHER_KEY; http://127.0.0.1:1/v1 ITS_KEY", server.url());
    for words in [&ask[..], &debate] {
        // The server alone, without its key, with another one, and another server are not what it wants.
        for allowed in ["", &server.url(), &other] {
            let output = poag(words, allowed);
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(!output.status.success(), "{said}");
            assert!(
                said.contains("wants to ask a server that nobody allowed")
                    && said.contains(&format!("--allow-server '{line}'")),
                "{said}"
            );
            assert_eq!(server.came(), 0, "{words:?} with {allowed:?}");
        }
        poag(words, &line);
        assert!(server.came() > 0, "{words:?}");
    }
}

#[test]
fn a_server_elsewhere_is_never_asked_unallowed() {
    // An address of documentation, to which nothing leads: who tried it would wait.
    let repository = asking("http://192.0.2.1/v1");
    let asked = repository
        .poag("")
        .env_remove("POAG_ALLOW_SERVERS")
        .args(["ask", "--quiet", "--json", "What does it do?"])
        .output()
        .unwrap();
    let said = text(&asked.stdout) + &text(&asked.stderr);
    assert!(
        said.contains("a server that nobody allowed: http://192.0.2.1/v1 with the key in ITS_KEY"),
        "{said}"
    );
}
