//! Four small repositories: a Rust parser, a Python web application, a JavaScript date library and a set
//! of Nix modules. None knows words of another, so that nothing can be tuned on one.

use super::world::World;

/// All four, without edges.
pub fn world() -> World {
    World::new()
        .expert("inikit", "Owns the INI parser written in Rust.", INI)
        .provides(
            "inikit",
            "parse",
            "parse(text) -> Result<Document, ParseError>",
            &["src/parser.rs"],
        )
        .expert("notes", "Owns the notes web application.", NOTES)
        .expert("datelet", "Owns the date library for browsers.", DATES)
        .provides(
            "datelet",
            "format",
            "formatDate(date, pattern) -> string",
            &["src/format.js"],
        )
        .expert("modules", "Owns the service modules.", MODULES)
}

pub const INI: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[package]\nname = \"inikit\"\nversion = \"0.3.1\"\nedition = \"2021\"\n\n[features]\nunicode = []\n",
    ),
    (
        "README.md",
        "# inikit\n\nReads INI files into a tree of sections.\n\n## Reading a file\n\n```rust\nlet document = inikit::parse(\"[server]\\nport = 80\")?;\nassert_eq!(document.get(\"server\", \"port\"), Some(\"80\"));\n```\n\n## Comments\n\nLines that begin with `;` are comments and are dropped while reading.\n\n## Escapes\n\nA backslash escapes a quote inside a quoted value.\n",
    ),
    (
        "src/lib.rs",
        "//! Reads INI files.\n\nmod document;\nmod parser;\n\npub use document::Document;\npub use parser::{ParseError, parse};\n",
    ),
    (
        "src/parser.rs",
        "//! Text to document.\n\nuse crate::Document;\n\n/// Why a text is no INI file.\n#[derive(Debug)]\npub enum ParseError {\n    /// A line is neither a section, a comment nor a pair.\n    BadLine(usize),\n}\n\n/// Parses a whole text.\npub fn parse(text: &str) -> Result<Document, ParseError> {\n    let mut document = Document::default();\n    let mut section = String::new();\n    for (number, line) in text.lines().enumerate() {\n        let line = line.trim();\n        if line.is_empty() || is_comment(line) {\n            continue;\n        }\n        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {\n            section = name.to_string();\n        } else if let Some((key, value)) = line.split_once('=') {\n            document.insert(&section, key.trim(), unquote(value.trim()));\n        } else {\n            return Err(ParseError::BadLine(number + 1));\n        }\n    }\n    Ok(document)\n}\n\nfn is_comment(line: &str) -> bool {\n    line.starts_with(';')\n}\n\nfn unquote(value: &str) -> &str {\n    value.trim_matches('\"')\n}\n",
    ),
    (
        "src/document.rs",
        "use std::collections::BTreeMap;\n\n/// Sections with their pairs.\n#[derive(Debug, Default)]\npub struct Document {\n    pairs: BTreeMap<(String, String), String>,\n}\n\nimpl Document {\n    /// The value of a key in a section.\n    pub fn get(&self, section: &str, key: &str) -> Option<&str> {\n        self.pairs.get(&(section.into(), key.into())).map(String::as_str)\n    }\n\n    /// Sets a value.\n    pub fn insert(&mut self, section: &str, key: &str, value: &str) {\n        self.pairs.insert((section.into(), key.into()), value.into());\n    }\n}\n",
    ),
    (
        "tests/reading.rs",
        "use inikit::parse;\n\n#[test]\nfn comments_are_dropped() {\n    let document = parse(\"; hello\\n[a]\\nb = c\").unwrap();\n    assert_eq!(document.get(\"a\", \"b\"), Some(\"c\"));\n}\n\n#[test]\nfn a_bad_line_is_named() {\n    assert!(parse(\"nonsense\").is_err());\n}\n",
    ),
    (
        "LICENSE",
        "Permission is hereby granted to parse comments and sections without limitation.\n",
    ),
];

pub const NOTES: &[(&str, &str)] = &[
    (
        "pyproject.toml",
        "[project]\nname = \"notes\"\ndependencies = [\"flask\"]\n",
    ),
    (
        "README.md",
        "# Notes\n\nA small web application to keep notes.\n\n## Running it\n\nStart the development server:\n\n```sh\nflask --app notes.app run --port 5050\n```\n\n## Signing in\n\nUsers sign in with a password. A session lasts twelve hours.\n",
    ),
    (
        "docs/deployment.md",
        "# Deployment\n\nPut the application behind gunicorn:\n\n```sh\ngunicorn 'notes.app:create_app()' --workers 4\n```\n\n## Backups\n\nDump the database nightly with `notes dump`.\n",
    ),
    (
        "notes/app.py",
        "\"\"\"The application and its routes.\"\"\"\n\nfrom flask import Flask, request, session\n\nfrom .accounts import check_password\nfrom .store import load_notes, save_note\n\n\ndef create_app():\n    \"\"\"Build the Flask application.\"\"\"\n    app = Flask(__name__)\n    app.add_url_rule(\"/login\", view_func=login, methods=[\"POST\"])\n    app.add_url_rule(\"/notes\", view_func=list_notes)\n    return app\n\n\ndef login():\n    \"\"\"Sign a user in and open a session.\"\"\"\n    if check_password(request.form[\"user\"], request.form[\"password\"]):\n        session[\"user\"] = request.form[\"user\"]\n        return \"ok\"\n    return \"denied\", 403\n\n\ndef list_notes():\n    return {\"notes\": load_notes(session[\"user\"])}\n",
    ),
    (
        "notes/accounts.py",
        "\"\"\"Accounts: passwords and their hashes.\"\"\"\n\nimport hashlib\n\nHASHES = {}\n\n\ndef hash_password(password, salt):\n    \"\"\"Hash a password with its salt.\"\"\"\n    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)\n\n\ndef check_password(user, password):\n    \"\"\"Whether the password of a user is right.\"\"\"\n    salt, expected = HASHES[user]\n    return hash_password(password, salt) == expected\n",
    ),
    (
        "notes/store.py",
        "\"\"\"Notes on disk.\"\"\"\n\nimport json\n\n\ndef load_notes(user):\n    with open(f\"{user}.json\") as file:\n        return json.load(file)\n\n\ndef save_note(user, text):\n    notes = load_notes(user) + [text]\n    with open(f\"{user}.json\", \"w\") as file:\n        json.dump(notes, file)\n",
    ),
    (
        "tests/test_accounts.py",
        "from notes.accounts import check_password, hash_password\n\n\ndef test_a_wrong_password_is_refused():\n    assert hash_password(\"a\", b\"s\") != hash_password(\"b\", b\"s\")\n",
    ),
];

pub const DATES: &[(&str, &str)] = &[
    (
        "package.json",
        "{\n  \"name\": \"datelet\",\n  \"type\": \"module\",\n  \"scripts\": { \"test\": \"node --test\" }\n}\n",
    ),
    (
        "README.md",
        "# datelet\n\nDates without surprises.\n\n## Formatting\n\nFrom JavaScript:\n\n```js\nimport { formatDate } from 'datelet';\nformatDate(new Date(), 'YYYY-MM-DD');\n```\n\nFrom the shell:\n\n```sh\nnpx datelet format YYYY-MM-DD\n```\n\n## Weekdays\n\n`weekdayName` gives the English name of a weekday.\n",
    ),
    (
        "src/format.js",
        "import { weekdayName } from './weekday.js';\n\n/** Formats a date by a pattern such as `YYYY-MM-DD`. */\nexport function formatDate(date, pattern) {\n  return pattern\n    .replace('YYYY', String(date.getFullYear()))\n    .replace('MM', pad(date.getMonth() + 1))\n    .replace('DD', pad(date.getDate()))\n    .replace('dddd', weekdayName(date));\n}\n\nfunction pad(number) {\n  return String(number).padStart(2, '0');\n}\n",
    ),
    (
        "src/weekday.js",
        "const NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];\n\n/** The English name of a date's weekday. */\nexport function weekdayName(date) {\n  return NAMES[date.getDay()];\n}\n",
    ),
    (
        "test/format.test.js",
        "import test from 'node:test';\nimport assert from 'node:assert';\nimport { formatDate } from '../src/format.js';\n\ntest('pads months and days', () => {\n  assert.equal(formatDate(new Date(2020, 0, 2), 'YYYY-MM-DD'), '2020-01-02');\n});\n",
    ),
];

pub const MODULES: &[(&str, &str)] = &[
    (
        "flake.nix",
        "{\n  description = \"Service modules\";\n  outputs = { self }: {\n    lib = import ./lib;\n    nixosModules.metrics = ./modules/metrics.nix;\n  };\n}\n",
    ),
    (
        "lib/default.nix",
        "{\n  mkService = import ./mkService.nix;\n}\n",
    ),
    (
        "lib/mkService.nix",
        "# Makes a systemd service from a command and a user.\n{ command, user ? \"nobody\", restart ? \"always\" }:\n{\n  serviceConfig = {\n    ExecStart = command;\n    User = user;\n    Restart = restart;\n  };\n}\n",
    ),
    (
        "modules/metrics.nix",
        "{ config, lib, ... }:\n{\n  options.services.metrics = {\n    enable = lib.mkEnableOption \"the metrics exporter\";\n    listenPort = lib.mkOption {\n      type = lib.types.port;\n      default = 9100;\n      description = \"Port the exporter listens on.\";\n    };\n  };\n}\n",
    ),
    (
        "docs/metrics.md",
        "# Metrics\n\n## Changing the port\n\nSet `services.metrics.listenPort`; the exporter listens on 9100 otherwise.\n\n## Restarting\n\n`mkService` restarts a service always unless told otherwise.\n",
    ),
];
