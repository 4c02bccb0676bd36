//! What somebody would try who is not meant to be here.

use std::os::unix::fs::PermissionsExt as _;

use super::stage::{Stage, refused};
use super::streams::Stream;
use crate::{Scope, TokenStore};

#[test]
fn nobody_is_let_in_without_a_token_or_with_a_wrong_one() {
    let stage = Stage::new();
    let host = stage.address;
    for header in [
        "",
        "Authorization: Bearer wrong\r\n",
        "Authorization: Bearer \r\n",
        "Authorization: Basic cG9hZzpwb2Fn\r\n",
        "Cookie: poag=wrong\r\n",
    ] {
        for path in [
            "/v1/flakes",
            "/v1/runs",
            "/v1/events",
            "/",
            "/metrics",
            "/v1/nothing",
        ] {
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{header}\r\n");
            let answer = stage.send(&request);
            refused(&answer, 401);
            assert!(
                answer.head.contains("www-authenticate: Bearer"),
                "{}",
                answer.head
            );
        }
    }
    for path in ["/healthz", "/openapi.json"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(stage.send(&request).status, 200);
    }
}

#[test]
fn a_token_in_an_address_is_refused_and_said_to_be_known_now() {
    let stage = Stage::new();
    let (host, token) = (stage.address, &stage.token);
    let request = format!(
        "GET /v1/flakes?token={token} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    );
    refused(&stage.send(&request), 401);
    let answer = stage.get(&format!("/v1/flakes?access_token={token}"));
    refused(&answer, 400);
    assert!(
        answer.body.contains("never belongs into an address"),
        "{}",
        answer.body
    );
}

#[test]
fn a_token_may_what_its_scopes_say_and_nothing_when_it_is_revoked() {
    let stage = Stage::new();
    let tokens = TokenStore::new(&stage.folder.path().join("state"));
    let word = tokens.add("reader", [Scope::Read].into()).unwrap();
    let host = stage.address;
    let request = |method: &str, path: &str| {
        let body = "{\"request\":\"x\"}";
        let length = body.len();
        stage.send(&format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {word}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    };
    assert_eq!(request("GET", "/v1/flakes").status, 200);
    for path in [
        "/v1/runs",
        "/v1/runs/x/cancel",
        "/v1/runs/x/resume",
        "/v1/links",
    ] {
        refused(&request("POST", path), 403);
    }
    tokens.revoke("reader").unwrap();
    refused(&request("GET", "/v1/flakes"), 401);
}

#[test]
fn pages_of_other_hosts_are_kept_out() {
    let stage = Stage::new();
    let (host, token) = (stage.address, stage.token.clone());
    let port = host.port();
    let bearer = format!("Authorization: Bearer {token}\r\nConnection: close\r\n");
    // A name that was made to lead here (DNS rebinding), none, two.
    for hosts in [
        format!("Host: evil.example:{port}\r\n"),
        "Host: evil.example\r\n".into(),
        format!("Host: {host}.evil.example\r\n"),
        format!("Host: {host}\r\nHost: evil.example\r\n"),
        "Host: 127.0.0.1\r\n".into(),
        String::new(),
    ] {
        let answer = stage.send(&format!("GET /v1/flakes HTTP/1.1\r\n{hosts}{bearer}\r\n"));
        match answer.status {
            // The server of HTTP itself refuses what is none.
            400 => {}
            _ => refused(&answer, 403),
        }
    }
    let absolute =
        format!("GET http://evil.example/v1/flakes HTTP/1.1\r\nHost: {host}\r\n{bearer}\r\n");
    refused(&stage.send(&absolute), 403);
    for header in [
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://127.0.0.1:1",
        "Origin: ",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ] {
        refused(&stage.get_with("/v1/flakes", &format!("{header}\r\n")), 403);
        refused(
            &stage.post_with("/v1/runs", &format!("{header}\r\n"), "{\"request\":\"x\"}"),
            403,
        );
    }
    let own = format!("Origin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\n");
    assert_eq!(stage.get_with("/v1/flakes", &own).status, 200);
}

#[test]
fn only_what_is_served_is_there() {
    let stage = Stage::new();
    // A run of another flake, of the same ledger.
    let other = stage
        .engine
        .packed(&stage.folder.path().join("secret"))
        .unwrap();
    let request = poag_engine::AskRequest {
        request: "what is hidden?".into(),
        ..Default::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let hidden = runtime
        .block_on(stage.engine.ask(&other, &request, &mut ()))
        .unwrap()
        .run;
    let own = stage.ask("{\"request\":\"What does greet do?\"}");
    stage.wait(&own, "finished");
    let listed = stage.get("/v1/runs").json();
    let ids: Vec<&str> = listed["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [own.as_str()]);
    for rest in ["", "/plan", "/events", "/export"] {
        refused(&stage.get(&format!("/v1/runs/{hidden}{rest}")), 404);
    }
    for verb in ["cancel", "resume"] {
        refused(&stage.post(&format!("/v1/runs/{hidden}/{verb}"), "{}"), 404);
    }
    let place = format!("path:{}", stage.folder.path().join("secret").display());
    let body = serde_json::json!({ "request": "x", "flake": place }).to_string();
    let answer = stage.post("/v1/runs", &body);
    refused(&answer, 404);
    assert!(answer.body.contains("poag serve FLAKE"), "{}", answer.body);
    for path in [
        "/v1/flakes/secret/graph",
        "/v1/flakes/..%2fsecret/graph",
        "/v1/flakes/%2e%2e/graph",
        "/v1/flakes/hello/experts/..%2f..%2fetc%2fpasswd",
        "/v1/flakes/hello/experts/nobody/pack",
        "/v1/runs/..",
        "/v1/runs/%00",
        "/v1/runs/%ff",
        "/v1/runs/nothing",
        "/v1/runs/01",
        "/v1//runs",
        "/v2/runs",
        "/v1/runs/",
    ] {
        refused(&stage.get(path), 404);
    }
    let mut all = Stream::open(&stage, "/v1/events?after=0", "");
    assert_eq!(all.next().unwrap().data["id"], own.as_str());
}

#[test]
fn the_socket_is_for_the_same_user_and_needs_no_token() {
    let stage = Stage::new();
    let answer =
        stage.send_local("GET /v1/flakes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let folder = stage.socket.parent().unwrap();
    let mode = std::fs::metadata(folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o77, 0, "{mode:o}");
    // A wrong token is wrong there, too.
    let wrong = "GET /v1/flakes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n";
    refused(&stage.send_local(wrong), 401);
}

#[test]
fn a_link_logs_one_browser_in_once() {
    let stage = Stage::new();
    let host = stage.address;
    let get = |path: &str, headers: &str| {
        stage.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"
        ))
    };
    let answer = get(&stage.login, "Accept: text/html\r\n");
    assert_eq!(answer.status, 303, "{}", answer.body);
    let cookie = answer
        .head
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = format!("Cookie: {}\r\n", cookie.split(';').next().unwrap());
    assert_eq!(get("/v1/flakes", &cookie).status, 200);
    // The cookie goes along with what a page of another origin sends: that is not enough.
    let crossed = format!("{cookie}Origin: http://evil.example\r\n");
    assert_eq!(get("/v1/flakes", &crossed).status, 403);
    let again = get(&stage.login, "Accept: text/html\r\n");
    assert_eq!(again.status, 401);
    assert!(again.body.contains("<html"), "{}", again.body);
    assert_eq!(get("/login?once=guess", "").status, 401);
}

#[test]
fn answers_let_browsers_do_as_little_as_they_need() {
    let stage = Stage::new();
    for path in ["/v1/flakes", "/healthz", "/v1/nothing"] {
        let head = stage.get(path).head.to_ascii_lowercase();
        for header in [
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "content-security-policy: default-src 'none'",
            "cache-control: no-store",
        ] {
            assert!(head.contains(header), "{path}: {head}");
        }
        assert!(!head.contains("access-control-allow"), "{head}");
    }
}

#[test]
fn an_address_that_others_reach_needs_a_proxy() {
    let stage = Stage::new();
    let settings = crate::ServeSettings {
        flakes: Vec::new(),
        listen: Some(([0, 0, 0, 0], 0).into()),
        socket: None,
        nine: Vec::new(),
        behind_proxy: false,
        hosts: Vec::new(),
        person: "x".into(),
        installed: Vec::new(),
        bounds: Default::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let serve = crate::serve(
        stage.engine.clone(),
        settings,
        |_| {},
        std::future::pending(),
    );
    let error = runtime.block_on(serve).unwrap_err().to_string();
    assert!(error.contains("--behind-proxy"), "{error}");
}

#[test]
fn what_is_said_is_text_in_pages_that_run_no_script_but_the_servers() {
    let stage = Stage::new();
    let body = serde_json::json!({ "request": "<script>alert(1)</script> greet \u{202e}" });
    let run = stage.ask(&body.to_string());
    stage.wait(&run, "finished");
    for path in ["/runs".to_owned(), format!("/runs/{run}")] {
        let page = stage.get(&path);
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(
            page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{}",
            page.body
        );
        assert!(
            page.body.contains("\\u{202e}") && !page.body.contains("<script>"),
            "{}",
            page.body
        );
        let head = page.head.to_ascii_lowercase();
        assert!(
            head.contains(
                "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self';"
            ),
            "{head}"
        );
        assert!(!head.contains("unsafe-"), "{head}");
    }
}

#[test]
fn a_key_of_one_caller_is_not_that_of_another() {
    let stage = Stage::new();
    let tokens = TokenStore::new(&stage.engine.state_folder().unwrap());
    let asker = tokens.add("asker", [Scope::Ask].into()).unwrap();
    let body = "{\"request\":\"What does greet do?\"}";
    let key = "Idempotency-Key: k\r\n";
    let own = stage.post_with("/v1/runs", key, body).json()["run"].clone();
    let head = stage.head("POST", "/v1/runs").replace(&stage.token, &asker);
    let length = body.len();
    let other = stage.send(&format!(
        "{head}Content-Type: application/json\r\nContent-Length: {length}\r\n{key}\r\n{body}"
    ));
    assert_eq!(other.status, 202, "{}", other.body);
    assert_ne!(other.json()["run"], own);
}
