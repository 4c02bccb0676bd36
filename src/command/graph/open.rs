//! The page in a browser.

#![expect(
    clippy::disallowed_methods,
    reason = "the command line reads it; the person's browser; pages, in the cache folder"
)]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::page::page;
use crate::engine::EngineError;
use crate::expert::Graph;
use crate::folders;

/// What opens a page where `$BROWSER` names nothing.
const OPENERS: &[&str] = &["xdg-open", "open", "wslview"];
/// How long an opener may take to say that it cannot; a browser itself stays.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes the page of `graph` to its place in the cache folder; the next one of this root replaces it.
pub fn keep(cache: &Path, graph: &Graph, asked: &str) -> Result<PathBuf, EngineError> {
    let folder = cache.join("pages");
    let file = folder.join(format!("{}.html", graph.root));
    let failed = |source| EngineError::file(&file)(source);
    folders::make_private(&folder).map_err(failed)?;
    let mut written = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
    std::io::Write::write_all(&mut written, page(graph, asked).as_bytes()).map_err(failed)?;
    written
        .persist(&file)
        .map_err(|error| failed(error.error))?;
    Ok(file)
}

/// Hands a page, by its file or address, to the person's browser; whether something took it.
pub fn open(page: impl AsRef<OsStr>) -> bool {
    let page = page.as_ref();
    let own = std::env::var("BROWSER").unwrap_or_default();
    // As in the environment of a desktop: several, by `:`, the first that works; each a command.
    let own = own
        .split(':')
        .map(shell_words::split)
        .filter_map(Result::ok)
        .filter(|words| !words.is_empty());
    let others = OPENERS.iter().map(|name| vec![(*name).to_owned()]);
    own.chain(others).any(|words| start(&words, page))
}

fn start(words: &[String], page: &OsStr) -> bool {
    let mut command = Command::new(&words[0]);
    let named = words.iter().any(|word| word.contains("%s"));
    for word in &words[1..] {
        command.arg(word.replace("%s", &page.to_string_lossy()));
    }
    if !named {
        command.arg(page);
    }
    let started = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else {
        return false;
    };
    let until = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            // It shows the page for as long as the person looks.
            Ok(None) if Instant::now() >= until => return true,
            Ok(None) => sleep(Duration::from_millis(20)),
            Err(_) => return false,
        }
    }
}

/// What is said about it.
pub fn said(file: &Path, shown: bool) -> String {
    let file = file.display();
    match shown {
        true => format!("opened {file}"),
        false => format!(
            "the page is {file}, but nothing here opens pages\nrepair: open it by hand, or name a browser in $BROWSER"
        ),
    }
}
