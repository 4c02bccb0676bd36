use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// The example of the specification: <https://github.com/standard-webhooks/standard-webhooks>, spec, "Signature scheme".
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn notice() -> Notice {
    Notice {
        id: "msg_1".into(),
        kind: NoticeKind::NeedsYou,
        work: "w".into(),
        request: "Be polite".into(),
        text: vec!["app asks: which word?".into()],
        at: 1_700_000_000_000,
    }
}

#[test]
fn a_signature_is_that_of_the_specification() {
    let secret = Secret::parse(SECRET).unwrap();
    let body = r#"{"test": 2432232314}"#;
    assert_eq!(
        sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    );
    assert_eq!(format!("{secret:?}"), "Secret(…)");
    for bad in [
        "",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_c2hvcnQ=",
        "whsec_!",
    ] {
        assert!(Secret::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn tries_go_apart_and_end() {
    assert_eq!(next_try(1, 0), Some(5_000));
    assert_eq!(next_try(2, 1_000), Some(301_000));
    assert_eq!(next_try(9, 0), None);
    assert_eq!(next_try(0, 0), None);
}

#[tokio::test]
async fn addresses_that_would_tell_others_are_refused() {
    for bad in [
        "ftp://127.0.0.1/",
        "http://192.0.2.1/hook",
        "https://user:word@127.0.0.1/",
        "nothing",
        "https://",
    ] {
        let secret = Secret::parse(SECRET).unwrap();
        let error = Webhook::new(bad, secret, true)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("\nrepair: "), "{error}");
        assert!(!error.contains("word@") || bad.contains("word@"), "{error}");
    }
}

#[tokio::test]
async fn what_is_inside_is_reached_only_where_that_is_allowed() {
    for inner in [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://[fd00::1]/",
        "https://[::ffff:192.168.1.1]/",
        "https://localhost/",
    ] {
        let secret = Secret::parse(SECRET).unwrap();
        let refused = Webhook::new(inner, secret.clone(), false).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("in a private network"), "{refused}");
        assert!(Webhook::new(inner, secret, true).await.is_ok(), "{inner}");
    }
}

/// A server that answers each request with a line, and hands on what it was told.
async fn server(answers: Vec<&'static str>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?key=1", listener.local_addr().unwrap());
    let told = tokio::spawn(async move {
        let mut told = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = String::new();
            while !request.contains("which word?") {
                let mut bytes = [0; 4096];
                let read = stream.read(&mut bytes).await.unwrap();
                request.push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
            let answer =
                format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            told.push(request);
        }
        told
    });
    (url, told)
}

#[tokio::test]
async fn a_webhook_is_signed_and_no_redirect_is_followed() {
    let redirect = "302 Found\r\nlocation: http://127.0.0.1:9/elsewhere";
    let (url, told) = server(vec!["204 No Content", redirect, "500 No"]).await;
    let secret = Secret::parse(SECRET).unwrap();
    let webhook = Webhook::new(&url, secret.clone(), true).await.unwrap();
    let recipient = Recipient::Webhook(webhook);
    let now = 1_700_000_100_000;
    deliver(&recipient, &notice(), now).await.unwrap();
    for status in ["302", "500"] {
        let error = deliver(&recipient, &notice(), now).await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains(status), "{text}");
        assert!(!text.contains("key=1"), "{text}");
    }
    let told = told.await.unwrap();
    let body = notice().body().unwrap();
    let signature = sign(&secret, "msg_1", 1_700_000_100, &body);
    for request in &told {
        let head = request.to_lowercase();
        assert!(head.starts_with("post /hook?key=1 "), "{head}");
        assert!(head.contains("webhook-id: msg_1\r\n"), "{head}");
        assert!(head.contains("webhook-timestamp: 1700000100\r\n"), "{head}");
        assert!(request.contains(&signature), "{request}");
        assert!(request.ends_with(&body), "{request}");
    }
    assert!(body.contains("work.needs_you"), "{body}");
}

#[tokio::test]
async fn a_command_has_the_notice_on_its_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("told");
    let shell = |script: String| Recipient::Command(vec!["sh".into(), "-c".into(), script]);
    let write = shell(format!("cat > '{}'", file.display()));
    deliver(&write, &notice(), 0).await.unwrap();
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        notice().body().unwrap()
    );
    // One that does not read is told, too.
    deliver(&shell("exit 0".into()), &notice(), 0)
        .await
        .unwrap();
    for (recipient, reason) in [
        (shell("exit 3".into()), "exit status: 3"),
        (
            Recipient::Command(vec!["/no/such/program".into()]),
            "No such file",
        ),
        (Recipient::Command(Vec::new()), "it is empty"),
    ] {
        let text = deliver(&recipient, &notice(), 0)
            .await
            .unwrap_err()
            .to_string();
        assert!(
            text.contains(reason) && text.contains("\nrepair: "),
            "{text}"
        );
    }
}
