//! What is written to files that are open, and how files are made, cut and removed.

use std::sync::Arc;

use poag_core::session::SessionStatus;

use super::changes::FileDraft;
use super::client::{CLOSE_ON_EXECUTE, CUT, Client, EXECUTE, NineAnswer, SAME, WRITE};
use super::failure::NineFailure;
use super::fid::{Fid, FileReading, OpenedFile};
use super::node::TreeNode;
use super::wire::{FileStat, NineReply};
use crate::caller::Caller;

/// Bytes of a token.
const TOKEN: usize = 256;

impl Client {
    pub(super) async fn create(
        &self,
        fid: u32,
        name: &str,
        (kind, mode): (u32, u8),
    ) -> NineAnswer<NineReply> {
        let held = self.fids.get(fid)?;
        let mut behind = held.lock().await;
        let (by, node, opened) = behind.unopened()?;
        let caller = by.caller(&self.tree.server)?;
        let plain = kind & !0o777 == 0 && mode & !(EXECUTE | CUT | CLOSE_ON_EXECUTE) == 0;
        if *node != TreeNode::Snippets || !plain || mode & EXECUTE == EXECUTE {
            return Err(NineFailure::Forbidden);
        }
        let made = node.child(name).ok_or(NineFailure::Invalid)?;
        self.tree.may_change(&caller, &made)?;
        self.tree.create(name).await?;
        let reads = (mode & EXECUTE != WRITE).then(|| FileReading::Text(Arc::new([])));
        let writes = mode & EXECUTE != 0;
        *opened = Some(OpenedFile {
            reads,
            draft: writes.then(|| FileDraft::snippet(Vec::new(), true)),
        });
        *node = made;
        let (qid, unit) = (self.tree.qid(node).await?, self.unit());
        Ok(NineReply::Create { qid, unit })
    }

    pub(super) async fn write(&self, fid: u32, offset: u64, data: &[u8]) -> NineAnswer<NineReply> {
        let held = self.fids.get(fid)?;
        let mut behind = held.lock().await;
        match &mut *behind {
            Fid::Token(token) if token.len() + data.len() <= TOKEN => token.extend(data),
            Fid::Place {
                by,
                node,
                opened:
                    Some(OpenedFile {
                        draft: Some(draft), ..
                    }),
            } => {
                let caller = by.caller(&self.tree.server)?;
                let part = (offset, data);
                self.tree.write((&caller, node), draft, part).await?;
            }
            _ => return Err(NineFailure::BadUse),
        }
        let count = u32::try_from(data.len()).map_err(|_| NineFailure::TooLarge)?;
        Ok(NineReply::Write { count })
    }

    /// Closes a file: what was written counts from now on.
    pub(super) async fn clunk(&self, fid: u32) -> NineAnswer<NineReply> {
        let held = self.fids.take(fid)?;
        let mut behind = held.lock().await;
        if let Fid::Place {
            by,
            node,
            opened: Some(opened),
        } = &mut *behind
            && let Some(draft) = opened.draft.take()
        {
            let caller = by.caller(&self.tree.server)?;
            self.commit((&caller, node), draft).await?;
        }
        Ok(NineReply::Clunk)
    }

    async fn commit(
        &self,
        (caller, node): (&Caller, &TreeNode),
        draft: FileDraft,
    ) -> NineAnswer<()> {
        let said = self.tree.commit((caller, node), draft).await?;
        if let (true, TreeNode::OfExpert(shown, _)) = (said, node) {
            // Whoever waits now is told of the answer, however soon it is there.
            self.known().insert(shown.clone(), SessionStatus::Running);
        }
        Ok(())
    }

    pub(super) async fn remove(&self, fid: u32) -> NineAnswer<NineReply> {
        let held = self.fids.take(fid)?;
        let behind = held.lock().await;
        let Fid::Place {
            by,
            node: node @ TreeNode::Snippet(name),
            ..
        } = &*behind
        else {
            return Err(NineFailure::Forbidden);
        };
        let caller = by.caller(&self.tree.server)?;
        self.tree.may_change(&caller, node)?;
        self.tree.remove(name).await?;
        Ok(NineReply::Remove)
    }

    /// Cuts a file; nothing else can be changed so. Times are taken and forgotten, since programs set them.
    pub(super) async fn wstat(&self, fid: u32, stat: &FileStat) -> NineAnswer<NineReply> {
        let held = self.fids.get(fid)?;
        let mut behind = held.lock().await;
        let Fid::Place { by, node, opened } = &mut *behind else {
            return Err(NineFailure::BadUse);
        };
        let caller = by.caller(&self.tree.server)?;
        let same = stat.kernel == (u16::MAX, SAME)
            && (stat.qid.kind, stat.qid.version, stat.qid.path) == (u8::MAX, SAME, u64::MAX)
            && (stat.mode == SAME || stat.mode == node.mode())
            && (stat.name.is_empty() || stat.name == node.name())
            && stat.owner.is_empty()
            && stat.group.is_empty()
            && stat.modifier.is_empty();
        if !same {
            return Err(NineFailure::Forbidden);
        }
        let draft = opened.as_mut().and_then(|opened| opened.draft.as_mut());
        if stat.length == u64::MAX {
            let times = (stat.accessed, stat.modified);
            // Nothing to be changed means: keep what was written.
            if let (Some(FileDraft::Snippet { text, changed, .. }), (SAME, SAME)) = (draft, times)
                && *changed
            {
                let draft = FileDraft::snippet(text.clone(), false);
                let opened = opened
                    .as_mut()
                    .and_then(|opened| opened.draft.replace(draft));
                if let Some(written) = opened {
                    self.commit((&caller, node), written).await?;
                }
            }
            return Ok(NineReply::Wstat);
        }
        let length = usize::try_from(stat.length).map_err(|_| NineFailure::TooLarge)?;
        if !node.can_be_written() || (node.appends() && length > 0) {
            return Err(NineFailure::Forbidden);
        }
        if let Some(draft) = draft {
            draft.cut(length)?;
        } else {
            self.tree.may_change(&caller, node)?;
            let mut draft = self.draft(node, false).await?;
            draft.cut(length)?;
            self.commit((&caller, node), draft).await?;
        }
        Ok(NineReply::Wstat)
    }
}
