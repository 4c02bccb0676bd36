//! What files held, by the ids of their contents.

use std::path::Path;

use super::GitError;
use crate::Git;

/// Bytes of contents that are read at once.
const BATCH: u64 = 64 << 20;
const DOING: &str = "reading the contents of files";
/// The longest line that tells an id, a kind and a size; an id may be asked for by a name that git repeats.
const HEAD: usize = 256;

/// Bytes of the longest text that is read: a file beyond is no text for people.
pub const HUGE: u64 = 1 << 20;

/// The texts of the given objects, in their order: none where one is missing, is larger than [`HUGE`], holds a NUL
/// or is not UTF-8, by which rule the files of an expert are text as well.
///
/// # Errors
/// When there is no git, no repository, or git fails.
pub fn contents<S: AsRef<str>>(
    repository: &Path,
    ids: &[S],
) -> Result<Vec<Option<String>>, GitError> {
    let (top, _) = super::locate(repository)?;
    let git = Git::at(&top);
    let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
    let sizes = sizes(&git, &ids)?;
    let mut texts = vec![None; ids.len()];
    let mut batch = Vec::new();
    let mut bytes = 0;
    for (at, size) in sizes.into_iter().enumerate() {
        let Some(size) = size.filter(|size| *size <= HUGE) else {
            continue;
        };
        batch.push(at);
        bytes += size;
        if bytes >= BATCH {
            fill(&git, &ids, &batch, &mut texts)?;
            batch.clear();
            bytes = 0;
        }
    }
    fill(&git, &ids, &batch, &mut texts)?;
    Ok(texts)
}

/// The sizes of objects in bytes, in their order; none where one is missing or is no file.
pub fn sizes(git: &Git, ids: &[&str]) -> Result<Vec<Option<u64>>, GitError> {
    heads(git, ids, "blob")
}

/// The sizes of objects in bytes, in their order; none where one is missing or of another kind.
pub fn heads(git: &Git, ids: &[&str], kind: &str) -> Result<Vec<Option<u64>>, GitError> {
    let args = ["cat-file", "--buffer", "--batch-check"];
    let output = git.run(
        DOING,
        &args,
        lines(ids.iter()),
        ids.len().saturating_mul(HEAD),
    )?;
    let text = std::str::from_utf8(&output.bytes).map_err(|_| wrong())?;
    let sizes: Vec<Option<u64>> = text.lines().map(|line| size(line, kind)).collect();
    if sizes.len() != ids.len() {
        return Err(wrong());
    }
    Ok(sizes)
}

/// The ids of trees by the names git gives them; none where one is missing or holds a line feed.
pub fn trees<S: AsRef<str>>(git: &Git, names: &[S]) -> Result<Vec<Option<String>>, GitError> {
    let mut input = Vec::new();
    let mut room = 0;
    for name in names {
        let name = name.as_ref();
        // A line is one question.
        let name = if name.contains('\n') { "0" } else { name };
        input.extend_from_slice(name.as_bytes());
        input.push(b'\n');
        room += name.len() + HEAD;
    }
    let args = [
        "cat-file",
        "--buffer",
        "--batch-check=%(objecttype) %(objectname)",
    ];
    let output = git.run(DOING, &args, input, room)?;
    let text = String::from_utf8_lossy(&output.bytes);
    let trees = text
        .lines()
        .map(|line| line.strip_prefix("tree ").map(str::to_owned));
    let trees: Vec<Option<String>> = trees.collect();
    if trees.len() != names.len() {
        return Err(wrong());
    }
    // A name that is missing is repeated, and may begin like a tree.
    let id = |id: &String| id.bytes().all(|byte| byte.is_ascii_hexdigit());
    Ok(trees.into_iter().map(|tree| tree.filter(id)).collect())
}

/// Reads the objects at the places of `batch`.
fn fill(
    git: &Git,
    ids: &[&str],
    batch: &[usize],
    texts: &mut [Option<String>],
) -> Result<(), GitError> {
    if batch.is_empty() {
        return Ok(());
    }
    let args = ["cat-file", "--buffer", "--batch"];
    let most = usize::try_from(BATCH + 2 * HUGE).unwrap_or(usize::MAX);
    let most = most.saturating_add(batch.len() * HEAD);
    let input = lines(batch.iter().map(|at| &ids[*at]));
    let output = git.run(DOING, &args, input, most)?;
    let mut rest = &output.bytes[..];
    for at in batch {
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .ok_or_else(wrong)?;
        let head = std::str::from_utf8(&rest[..end]).map_err(|_| wrong())?;
        let length = size(head, "blob")
            .and_then(|size| usize::try_from(size).ok())
            .ok_or_else(wrong)?;
        let body = rest.get(end + 1..end + 1 + length).ok_or_else(wrong)?;
        rest = rest.get(end + length + 2..).ok_or_else(wrong)?;
        if !body.contains(&0) {
            texts[*at] = std::str::from_utf8(body).ok().map(str::to_owned);
        }
    }
    Ok(())
}

/// Of `<id> <kind> <size>`, the size.
fn size(line: &str, kind: &str) -> Option<u64> {
    let mut words = line.split(' ').skip(1);
    (words.next()? == kind).then(|| words.next()?.parse().ok())?
}

fn lines<'a>(ids: impl Iterator<Item = &'a &'a str>) -> Vec<u8> {
    let mut all = Vec::new();
    for id in ids {
        // A line is one question; what is no id is answered with `missing`.
        let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        all.extend_from_slice(if plain { id.as_bytes() } else { b"0" });
        all.push(b'\n');
    }
    all
}

fn wrong() -> GitError {
    GitError::Form { doing: DOING }
}
