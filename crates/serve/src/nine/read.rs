//! What is read of files that are open.

use std::sync::Arc;

use super::client::Client;
use super::failure::NineFailure;
use super::fid::{Fid, FileReading, OpenedFile};
use super::node::TreeNode;
use super::wire::{HEAD, NineReply};

/// Bytes in front of the data that a read gives.
const BEFORE_DATA: u32 = HEAD as u32 + 4;

impl Client {
    pub(super) async fn read(
        &self,
        fid: u32,
        offset: u64,
        count: u32,
    ) -> Result<NineReply, NineFailure> {
        let most = count.min(self.msize().saturating_sub(BEFORE_DATA));
        let most = usize::try_from(most).map_err(|_| NineFailure::TooLarge)?;
        let held = self.fids.get(fid)?;
        let mut behind = held.lock().await;
        let Fid::Place { by, node, opened } = &mut *behind else {
            return Err(NineFailure::BadUse);
        };
        by.caller(&self.tree.server)?;
        let Some(OpenedFile {
            reads: Some(reads), ..
        }) = opened
        else {
            return Err(NineFailure::BadUse);
        };
        let data = match reads {
            FileReading::Text(text)
            | FileReading::Wait {
                told: Some(text), ..
            } => part(text, offset, most),
            FileReading::Directory { entries, next } => directory(entries, next, (offset, most))?,
            FileReading::Events { at, from, text } => {
                let end = *from + text.len() as u64;
                if offset < *from {
                    return Err(NineFailure::Invalid);
                }
                if offset == end {
                    let (more, now) = self.tree.events_after(*at).await?;
                    (*at, *from, *text) = (now, end, more);
                }
                part(text, offset - *from, most)
            }
            FileReading::Wait { known, told: None } => {
                let (TreeNode::OfExpert(shown, _), known) = (node.clone(), *known) else {
                    return Err(NineFailure::BadUse);
                };
                let expert = self.tree.expert(&shown).await?;
                // Whoever waits holds nobody up: the fid can be closed meanwhile.
                drop(behind);
                let status = self.tree.waited(&expert, known).await?;
                self.known().insert(shown, status);
                let text: Arc<[u8]> = format!("{}\n", status.word()).into_bytes().into();
                let data = part(&text, offset, most);
                if let Fid::Place {
                    opened: Some(opened),
                    ..
                } = &mut *held.lock().await
                    && let Some(FileReading::Wait { told, .. }) = &mut opened.reads
                {
                    *told = Some(text);
                }
                data
            }
        };
        Ok(NineReply::Read { data })
    }
}

fn part(text: &[u8], offset: u64, most: usize) -> Vec<u8> {
    let from = usize::try_from(offset).unwrap_or(usize::MAX);
    let rest = text.get(from..).unwrap_or_default();
    rest[..rest.len().min(most)].to_vec()
}

/// Whole entries alone, from the beginning or from where the last read ended.
fn directory(
    entries: &[Vec<u8>],
    next: &mut (u64, usize),
    (offset, most): (u64, usize),
) -> Result<Vec<u8>, NineFailure> {
    if offset == 0 {
        *next = (0, 0);
    }
    if offset != next.0 {
        return Err(NineFailure::DirectoryOffset);
    }
    let mut data = Vec::new();
    while let Some(entry) = entries.get(next.1)
        && data.len() + entry.len() <= most
    {
        data.extend(entry);
        next.1 += 1;
    }
    if data.is_empty() && next.1 < entries.len() {
        return Err(NineFailure::Invalid);
    }
    next.0 += data.len() as u64;
    Ok(data)
}
