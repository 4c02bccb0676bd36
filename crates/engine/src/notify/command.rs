//! A command of the person's own that is told: `notify-send`, a script that writes a mail.

#![expect(
    clippy::disallowed_methods,
    reason = "the person's own program that is told what became of a work"
)]

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::DeliveryError;

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs the command with the notice on its standard input, and waits for it. It has the environment of poag, since it is
/// the person's own; what it prints goes nowhere.
pub(super) async fn run(words: &[String], body: String) -> Result<(), DeliveryError> {
    let refused = |reason: String| DeliveryError::Command {
        command: words.first().cloned().unwrap_or_default(),
        reason,
    };
    let Some((program, arguments)) = words.split_first() else {
        return Err(refused("it is empty".to_owned()));
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| refused(source.to_string()))?;
    let told = async {
        if let Some(mut input) = child.stdin.take() {
            // A command that does not read is told by being started.
            let _ = input.write_all(body.as_bytes()).await;
        }
        child.wait().await
    };
    match tokio::time::timeout(PATIENCE, told).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(refused(format!("it ended with {status}"))),
        Ok(Err(source)) => Err(refused(source.to_string())),
        Err(_) => Err(refused(format!("it took over {} s", PATIENCE.as_secs()))),
    }
}
