//! What is no 9P, or would lead out of it.

use super::super::stage::Stage;
use super::client::{Nine, message, read_fields, text};

#[test]
fn tricks_with_names_lead_nowhere() {
    let stage = Stage::new();
    std::fs::write(stage.folder.path().join("secret.txt"), "secret").unwrap();
    let mut nine = Nine::local(&stage);
    let long = "x".repeat(4000);
    for names in [
        &["experts", "expert/in"][..],
        &["/"],
        &[""],
        &["."],
        &["experts/../secret.txt"],
        &["runs", "..\u{2215}secret.txt"],
        &[&long],
        &["snippets", &long],
        &["snippets", "../../secret.txt"],
        &["tasks", "0198.x"],
        &["runs", "secret"],
    ] {
        let (_, said) = nine.walk_names(names);
        match said.kind {
            // As far as it goes; the new fid is none.
            111 => assert_eq!(usize::from(said.fields[0]), names.len() - 1, "{names:?}"),
            _ => assert_eq!(said.error(), "file does not exist", "{names:?}"),
        }
    }
    let up = ["..", "..", "experts", "..", "snippets", ".."];
    let (fid, said) = nine.walk_names(&up);
    assert_eq!(said.fields[0], 6);
    assert_eq!(nine.stat(fid).name, "/");
    let inside = nine.walk("events/..").1;
    assert_eq!(inside.fields[0], 1, "a file has no parent to walk to");
    let (_, said) = nine.walk_names(&["experts\0"]);
    assert_eq!(said.error(), "a text has a NUL in it");
    let (_, said) = nine.walk_names(&[".."; 17]);
    assert_eq!(said.error(), "a walk has at most 16 names");
    let (fid, _) = nine.walk("snippets");
    for name in ["..", ".", "", "a/b", "../x", &"x".repeat(300)] {
        assert_eq!(
            nine.create(fid, name, 0o600).error(),
            "Invalid argument",
            "{name}"
        );
    }
}

#[test]
fn flakes_that_are_not_served_are_not_there() {
    let stage = Stage::new();
    let secret = stage
        .engine
        .packed(&stage.folder.path().join("secret"))
        .unwrap();
    let request = poag_engine::AskRequest {
        request: "What is hidden?".into(),
        ..Default::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let asked = runtime.block_on(stage.engine.ask(&secret, &request, &mut ()));
    let run = asked.unwrap().run;
    let mut nine = Nine::local(&stage);
    assert_eq!(nine.names("runs"), [""; 0]);
    let (_, said) = nine.walk(&format!("runs/{run}"));
    assert_eq!(said.fields[0], 1, "no further than its folder");
    assert_eq!(nine.cat("events"), "");
}

#[test]
fn fids_are_what_they_are_and_no_longer() {
    let stage = Stage::new();
    let mut nine = Nine::local(&stage);
    let fid = nine.opened("experts/greet/status", 0);
    assert_eq!(nine.open(fid, 0).error(), "bad use of fid");
    assert_eq!(nine.write_at(fid, 0, "x").error(), "bad use of fid");
    assert_eq!(nine.fid_only(120, fid).kind, 121);
    let unknown = "fid unknown or out of range";
    assert_eq!(nine.read_at(fid, 0, 10).error(), unknown);
    for kind in [120, 122, 124] {
        assert_eq!(nine.fid_only(kind, fid).error(), unknown);
    }
    assert_eq!(nine.wstat_length(fid, 0).error(), unknown);
    assert_eq!(nine.attach(u32::MAX, "").error(), "fid already in use");
    let (fid, _) = nine.walk("experts");
    let mut fields = 0_u32.to_le_bytes().to_vec();
    fields.extend(fid.to_le_bytes());
    fields.extend(0_u16.to_le_bytes());
    assert_eq!(nine.ask(110, &fields).error(), "fid already in use");
    assert_eq!(nine.read_at(fid, 0, 10).error(), "bad use of fid");
    // What cannot be read, written, executed or removed.
    for (path, mode, why) in [
        ("experts/greet/in", 0, "permission denied"),
        ("experts/greet/out", 1, "permission denied"),
        ("experts/greet/out", 0x10, "permission denied"),
        ("experts/greet/out", 3, "permission denied"),
        ("experts/greet/ctl", 0x40, "permission denied"),
        ("experts", 1, "Is a directory"),
    ] {
        let (fid, _) = nine.walk(path);
        assert_eq!(nine.open(fid, mode).error(), why, "{path} {mode}");
        assert_eq!(nine.fid_only(122, fid).error(), "permission denied");
    }
    let (fid, _) = nine.walk("experts/greet/in");
    assert_eq!(
        nine.wstat(fid, 0o777, u64::MAX, "").error(),
        "permission denied"
    );
    assert_eq!(
        nine.wstat(fid, u32::MAX, u64::MAX, "x").error(),
        "permission denied"
    );
    assert_eq!(nine.wstat_length(fid, 5).error(), "permission denied");
    assert_eq!(nine.wstat_length(fid, 0).kind, 127);
    // A version begins anew: nothing is held any more.
    nine.version();
    assert_eq!(nine.fid_only(124, 0).error(), unknown);
}

#[test]
fn lengths_that_cannot_be_are_refused() {
    let stage = Stage::new();
    let version = |msize: u32, word: &str| {
        let mut nine = Nine::tcp(&stage);
        let mut fields = msize.to_le_bytes().to_vec();
        fields.extend(text(word));
        let said = nine.ask(100, &fields);
        let agreed = u32::from_le_bytes(said.fields[..4].try_into().unwrap());
        let word = String::from_utf8(said.fields[6..].to_vec()).unwrap();
        (nine, agreed, word)
    };
    for (msize, word) in [(0, "9P2000"), (100, "9P2000"), (8192, "9P1999"), (8192, "")] {
        let (mut nine, _, said) = version(msize, word);
        assert_eq!(said, "unknown");
        assert_eq!(
            nine.attach(u32::MAX, &stage.token).error(),
            "no version is agreed on"
        );
    }
    let (mut nine, agreed, word) = version(u32::MAX, "9P2000.L");
    assert_eq!((agreed, word.as_str()), (128 << 10, "9P2000"));
    assert_eq!(nine.attach(u32::MAX, &stage.token).kind, 105);
    // A read gives no more than fits, however much is wanted.
    let fid = nine.opened("experts/greet/pack", 0);
    assert!(nine.read_at(fid, 0, u32::MAX).fields.len() <= (128 << 10) - 7);
    assert_eq!(nine.read_at(fid, u64::MAX, 100).fields, [0; 4]);
    // Messages that are longer than agreed on, or shorter than any, end the connection.
    let most = (128_u32 << 10) + 1;
    for size in [0, 6, most, u32::MAX] {
        let (mut nine, ..) = version(u32::MAX, "9P2000");
        nine.stream.write_all(&size.to_le_bytes()).unwrap();
        assert!(nine.is_over(), "{size}");
    }
    // So does what is no 9P at all.
    let mut nine = Nine::tcp(&stage);
    nine.stream
        .write_all(b"GET / HTTP/1.1\r\nHost: poag\r\n\r\n")
        .unwrap();
    assert!(nine.is_over());
}

#[test]
fn messages_that_are_none_are_answered_and_the_next_is_taken() {
    let stage = Stage::new();
    let mut nine = Nine::local(&stage);
    let cut = "the message is cut off";
    for (kind, fields, why) in [
        (99, &[][..], "no request has this type"),
        (106, &[], "no request has this type"),
        (127, &[], "no request has this type"),
        (110, &[0; 8], cut),
        (110, &[0, 0, 0, 0, 1, 0, 0, 0, 9, 0], cut),
        (116, &[0; 15], cut),
        (118, &[0xff; 16], cut),
        (120, &[0; 5], "there are bytes behind the message"),
        (126, &[0, 0, 0, 0, 2, 0, 9, 9], cut),
        (126, &[0; 10], cut),
        (
            104,
            &[0, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0xff, 0, 0],
            "a text is not UTF-8",
        ),
    ] {
        let said = nine.ask(kind, fields);
        assert_eq!(said.error(), why, "{kind} {fields:?}");
    }
    assert_eq!(nine.cat("experts/greet/status"), "idle\n");
}

#[test]
fn storms_of_requests_to_give_up_are_answered_one_by_one() {
    let stage = Stage::new();
    let silent = stage.post("/v1/sessions", "{\"backend\":\"silent\"}");
    assert_eq!(silent.status, 201);
    let mut nine = Nine::local(&stage);
    assert_eq!(nine.echo("experts/greet/in", "And?").kind, 121);
    let fid = nine.opened("experts/greet/wait", 0);
    for round in 0..100 {
        let waiting = nine.send(116, &read_fields(fid, 0, 100));
        // The same one twice, one that is over, and itself.
        for old in [waiting, waiting, 1, waiting + 4] {
            nine.send(108, &old.to_le_bytes());
        }
        for _ in 0..4 {
            assert_eq!(nine.receive().kind, 109, "{round}");
        }
    }
    // As many as are taken at a time, and no more; giving one up makes room.
    let waiting: Vec<u16> = (0..128)
        .map(|_| nine.send(116, &read_fields(fid, 0, 100)))
        .collect();
    let more = nine.send(116, &read_fields(fid, 0, 100));
    let said = nine.receive();
    assert_eq!(said.tag, more);
    assert_eq!(said.error(), "Resource temporarily unavailable");
    assert_eq!(nine.ask(108, &waiting[0].to_le_bytes()).kind, 109);
    assert_eq!(nine.walk("experts").1.kind, 111);
    // The tag of one that is under way.
    let again = message(124, waiting[1], &fid.to_le_bytes());
    nine.stream.write_all(&again).unwrap();
    let said = nine.receive();
    assert_eq!(said.error(), "the tag is in use");
}

#[test]
fn clients_that_vanish_leave_nothing_behind() {
    let stage = Stage::with(|bounds| bounds.connections = 8);
    let silent = stage.post("/v1/sessions", "{\"backend\":\"silent\"}");
    assert_eq!(silent.status, 201);
    for round in 0..40 {
        let mut nine = Nine::local(&stage);
        match round % 4 {
            0 => {
                let fid = nine.opened("experts/greet/wait", 0);
                nine.send(116, &read_fields(fid, 0, 100));
            }
            // In the middle of a message.
            1 => nine.stream.write_all(&[200, 0, 0, 0, 118, 1]).unwrap(),
            2 => {
                let fid = nine.opened("experts/greet/pack", 0);
                nine.send(116, &read_fields(fid, 0, 8000));
            }
            _ => {
                let fid = nine.opened("snippets/../experts/greet/in", 1);
                nine.write_at(fid, 0, "never said");
            }
        }
    }
    // More connections came and went than there may be at a time.
    let mut nine = Nine::local(&stage);
    assert_eq!(nine.cat("experts/greet/status"), "idle\n");
}

#[test]
fn who_says_nothing_is_not_waited_for_and_what_stops_says_so() {
    let mut stage = Stage::with(|bounds| {
        bounds.head_time = std::time::Duration::from_millis(50);
        bounds.body_time = std::time::Duration::from_millis(50);
    });
    assert!(Nine::tcp(&stage).is_over());
    let mut nine = Nine::local(&stage);
    nine.stream.write_all(&[30, 0, 0, 0, 110]).unwrap();
    assert!(nine.is_over());
    let mut nine = Nine::local(&stage);
    stage.stop();
    assert!(nine.is_over());
    assert!(!stage.nine_socket.exists());
}
