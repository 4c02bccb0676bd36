//! The command line that the acceptance tests compare with the other language bindings.

use std::process::{Command, Output};

fn hello(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hello-rs"))
        .args(args)
        .output()
        .unwrap()
}

#[test]
fn prints_the_greeting_and_nothing_else() {
    let output = hello(&["--locale", "de", "--ending", "period", "Ada"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Hallo, Ada.\n");
    assert!(output.status.success());
    assert!(output.stderr.is_empty());
}

#[test]
fn names_that_look_like_options_follow_two_dashes() {
    let output = hello(&["--", "--Ada"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Hello, --Ada!\n");
}

#[test]
fn a_name_that_cannot_be_greeted_exits_with_65_and_the_name_of_the_error() {
    let output = hello(&[""]);
    assert_eq!(output.status.code(), Some(65));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "hello-rs: empty-name: the name is empty: give at least one visible character\n"
    );
}

#[test]
fn wrong_arguments_exit_with_64_and_the_usage() {
    for args in [
        &[][..],
        &["-v", "Ada"],
        &["--loud", "Ada"],
        &["Ada", "Grace"],
        &["--locale"],
    ] {
        let output = hello(args);
        assert_eq!(output.status.code(), Some(64), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("usage: hello-rs"));
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_is_refused_like_any_other() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let output = Command::new(env!("CARGO_BIN_EXE_hello-rs"))
        .arg(OsStr::from_bytes(&[0xff]))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("hello-rs: not-utf8: "));
}
