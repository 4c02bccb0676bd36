//! Every sample is put together at run time, so that scanners of repositories find nothing here.

use crate::secrets::{Finding, redact, secret_name};

/// A value of `length` characters that looks random and is the same every time.
fn random(alphabet: &str, length: usize) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut generator = fastrand::Rng::with_seed(length as u64 + 7);
    (0..length)
        .map(|_| alphabet[generator.usize(..alphabet.len())])
        .collect()
}

const WORD: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HEX: &str = "0123456789abcdef";
const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BECH32: &str = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";

fn rules(path: &str, text: &str) -> Vec<&'static str> {
    redact(path, text)
        .1
        .iter()
        .map(|found| found.rule)
        .collect()
}

#[test]
fn known_formats_are_left_out_wherever_they_stand() {
    let w = |length| random(WORD, length);
    let samples = [
        (
            "aws-access-key-id",
            format!("{}{}", "AKIA", random(BASE32, 16)),
        ),
        ("github-token", format!("{}{}", "ghp_", w(36))),
        (
            "github-token",
            format!("{}{}_{}", "github_pat_", w(22), w(59)),
        ),
        ("gitlab-token", format!("{}{}", "glpat-", w(20))),
        (
            "slack-token",
            format!("{}{}-{}", "xoxb-", random("0123456789", 12), w(24)),
        ),
        ("stripe-key", format!("{}_{}_{}", "sk", "live", w(24))),
        ("google-api-key", format!("{}{}", "AIza", w(35))),
        ("google-oauth-secret", format!("{}{}", "GOCSPX-", w(28))),
        ("openai-key", format!("{}{}", "sk-proj-", w(48))),
        ("anthropic-key", format!("{}{}", "sk-ant-api03-", w(90))),
        (
            "huggingface-token",
            format!("{}{}", "hf_", random(LETTERS, 34)),
        ),
        ("npm-token", format!("{}{}", "npm_", w(36))),
        ("pypi-token", format!("{}{}", "pypi-AgEIcHlwaS5vcmc", w(60))),
        ("crates-io-token", format!("{}{}", "cio", w(32))),
        ("docker-token", format!("{}{}", "dckr_pat_", w(27))),
        (
            "digitalocean-token",
            format!("{}{}", "dop_v1_", random(HEX, 64)),
        ),
        ("sendgrid-key", format!("{}{}.{}", "SG.", w(22), w(43))),
        ("telegram-bot-token", format!("{}:AA{}", "123456789", w(33))),
        ("shopify-token", format!("{}{}", "shpat_", random(HEX, 32))),
        ("databricks-token", format!("{}{}", "dapi", random(HEX, 32))),
        ("vault-token", format!("{}{}", "hvs.", w(24))),
        ("terraform-token", format!("{}.atlasv1.{}", w(14), w(64))),
        (
            "age-secret-key",
            format!("{}{}", "AGE-SECRET-KEY-1", random(BECH32, 58)),
        ),
        (
            "json-web-token",
            format!("{}{}.{}{}.{}", "eyJ", w(30), "eyJ", w(40), w(43)),
        ),
    ];
    for (rule, sample) in samples {
        for text in [
            sample.clone(),
            format!("let key = \"{sample}\";\n"),
            format!("# uses {sample} here\n"),
        ] {
            let (clean, found) = redact("src/a.rs", &text);
            assert!(!clean.contains(&sample), "{rule}: {text}");
            assert_eq!(found, [Finding { line: 1, rule }], "{text}");
            assert!(clean.contains(&format!("[left out: {rule}]")));
        }
    }
}

#[test]
fn secrets_that_are_known_by_what_stands_beside_them_are_left_out() {
    let w = |length| random(WORD, length);
    let cases = [
        (
            "aws-secret-access-key",
            "a.sh",
            format!("aws_secret_access_key={}", w(40)),
        ),
        (
            "nix-signing-key",
            "key",
            format!("cache.nixos.org-1:{}==", w(86)),
        ),
        (
            "slack-webhook",
            "a.py",
            format!(
                "https://hooks.slack.com/services/T{}/B{}/{}",
                "0ABCDEFGH",
                "0ABCDEFGH",
                w(24)
            ),
        ),
        (
            "azure-storage-key",
            "a.txt",
            format!("AccountName=x;AccountKey={}==;", w(86)),
        ),
        (
            "maven-password",
            "settings.xml",
            format!("<password>{}</password>", w(32)),
        ),
        (
            "npmrc-credential",
            ".npmrc",
            format!("//registry.npmjs.org/:_authToken={}", w(30)),
        ),
        (
            "bearer-token",
            "a.js",
            format!("\"Authorization\": \"Bearer {}\"", w(40)),
        ),
        (
            "password-in-url",
            "a.py",
            format!("postgres://admin:{}@db.internal/x", w(20)),
        ),
        (
            "assigned-secret",
            "a.py",
            format!("API_KEY = \"{}\"", w(32)),
        ),
        (
            "assigned-secret",
            "a.rs",
            format!("const DB_PASSWORD: &str = \"{}\";", w(24)),
        ),
        (
            "assigned-secret",
            "a.json",
            format!("\"clientSecret\": \"{}\",", w(40)),
        ),
        (
            "assigned-secret",
            "a.nix",
            format!("token = \"{}\";", random(HEX, 40)),
        ),
        (
            "assigned-secret-unquoted",
            "a.yaml",
            format!("  api_key: {}", w(32)),
        ),
        (
            "assigned-secret-unquoted",
            "a.sh",
            format!("export SESSION_TOKEN={}", w(32)),
        ),
        (
            "assigned-secret-unquoted",
            "Dockerfile",
            format!("ENV API_TOKEN {}", w(32)),
        ),
    ];
    for (rule, path, line) in cases {
        let text = format!("first\n{line}\nlast\n");
        let (clean, found) = redact(path, &text);
        assert_eq!(found, [Finding { line: 2, rule }], "{line}");
        assert!(clean.starts_with("first\n") && clean.ends_with("\nlast\n"));
    }
}

#[test]
fn a_private_key_goes_as_a_whole_and_lines_keep_their_numbers() {
    let body = random(WORD, 64);
    for kind in [
        "RSA PRIVATE KEY",
        "PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ] {
        let dash = "-----";
        let key = format!("{dash}BEGIN {kind}{dash}\n{body}\n{body}==\n{dash}END {kind}{dash}");
        let text = format!("before\n{key}\nafter\nlast");
        let (clean, found) = redact("tests/key.pem", &text);
        assert_eq!(clean, "before\n[left out: private-key]\n\n\n\nafter\nlast");
        assert_eq!(
            found,
            [Finding {
                line: 2,
                rule: "private-key"
            }]
        );
        let json = format!("{{\"key\": \"{}\"}}", key.replace('\n', "\\n"));
        assert_eq!(
            redact("a.json", &json).0,
            "{\"key\": \"[left out: private-key]\"}"
        );
        let cut = format!("{dash}BEGIN {kind}{dash}\n{body}\n{body}\n");
        assert!(!redact("a", &cut).0.contains(&body));
    }
}

#[test]
fn two_secrets_on_one_line_are_both_left_out() {
    let (a, b) = (random(WORD, 36), random(BASE32, 16));
    let text = format!("x {}{a} y {}{b} z", "ghp_", "AKIA");
    let (clean, found) = redact("a", &text);
    assert_eq!(
        clean,
        "x [left out: github-token] y [left out: aws-access-key-id] z"
    );
    assert_eq!(found.len(), 2);
}

#[test]
fn hashes_locks_samples_and_names_raise_no_alarm() {
    let hex40 = random(HEX, 40);
    let hex64 = random(HEX, 64);
    let base64 = random(WORD, 43);
    let (dash, private) = ("-----", "PRIVATE KEY");
    let lines = [
        format!("checksum = \"{hex64}\""),
        format!("\"integrity\": \"sha512-{}==\",", random(WORD, 86)),
        format!("\"narHash\": \"sha256-{base64}=\","),
        format!("\"rev\": \"{hex40}\","),
        format!("hash = \"sha256-{base64}=\";"),
        format!("trusted-public-keys = cache.nixos.org-1:{base64}="),
        format!("const VECTOR: &str = \"{}\";", random(WORD, 200)),
        format!("token = \"sha256-{base64}=\""),
        "token = \"550e8400-e29b-41d4-a716-446655440000\"".to_owned(),
        "password = \"correct-horse-battery-staple-2024\"".to_owned(),
        "API_KEY = \"your-api-key-goes-here-123\"".to_owned(),
        "api_key = \"${VAULT_API_KEY_2024_PRODUCTION}\"".to_owned(),
        "SECRET_KEY: ${{ secrets.DEPLOY_KEY_2 }}".to_owned(),
        "token=$(cat /run/secrets/token-1-2-3)".to_owned(),
        "let token = \"next_token_after_the_2nd_one\";".to_owned(),
        "tokenizer = \"hf-internal-testing/llama-tokenizer-2b1\"".to_owned(),
        "password = settings.database_password_v2_for_prod".to_owned(),
        "fn token(&self) -> Result<Token2Kind, ParseError1> {".to_owned(),
        "postgres://user:password@localhost/db".to_owned(),
        "https://user:$PASSWORD_2024_PROD@example.org".to_owned(),
        format!("{}{}", "ghp_", "x".repeat(36)),
        format!("{}{}", "AKIA", "IOSFODNN7EXAMPLE"),
        format!(
            "if text.contains(\"{dash}BEGIN {private}{dash}\") && !text.contains(\"{dash}END {private}{dash}\") {{"
        ),
        "-----BEGIN CERTIFICATE-----".to_owned(),
        format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----"),
        format!("{dash}BEGIN RSA {private}{dash}\nMII...\n{dash}END RSA {private}{dash}"),
        "Authorization: Basic dXNlcjpwYXNzd29yZA==".to_owned(),
        "let url = parse(\"http://user%20name:pass%20word@example.com/path\");".to_owned(),
        "parse(\"http://user:p%40ss%3Aword@example.com/path\").unwrap();".to_owned(),
        format!("commit {hex40}"),
        format!("sha256-{base64}= secret"),
    ];
    for path in ["a.rs", "a.yaml", "Cargo.lock", "flake.lock", "a.sh"] {
        for line in &lines {
            assert_eq!(rules(path, line), [""; 0], "{path}: {line}");
        }
    }
}

#[test]
fn files_that_are_secret_by_name_are_known_and_their_templates_are_not() {
    for path in [
        ".env",
        "web/.env.production",
        ".env.local",
        "keys/id_rsa",
        "id_ed25519",
        ".netrc",
        "a/b.p12",
        "x/.aws/credentials",
        "prod.tfstate",
    ] {
        assert!(secret_name(path).is_some(), "{path}");
    }
    for path in [
        ".env.example",
        ".env.production.sample",
        "id_rsa.pub",
        ".envrc",
        "src/env.rs",
        ".npmrc",
        "credentials",
        "cert.pem",
    ] {
        assert_eq!(secret_name(path), None, "{path}");
    }
}

#[test]
fn hostile_text_is_scanned_within_bounds() {
    let dash = "-".repeat(5);
    for text in [
        format!("{dash}BEGIN PRIVATE KEY{dash}\n").repeat(2000),
        "PRIVATE KEY\n".repeat(5000),
        "token=".repeat(10_000),
        format!("token=\"{}", "é".repeat(10_000)),
        "://a:".repeat(10_000),
        "PuTTY-User-Key-File-2: \n".repeat(2000),
    ] {
        let (clean, _) = redact("a.yaml", &text);
        assert_eq!(clean.lines().count(), text.lines().count());
    }
}
