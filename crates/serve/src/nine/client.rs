//! One client: what it asks for, and what it is given.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use poag_core::session::SessionStatus;

use super::changes::FileDraft;
use super::failure::NineFailure;
use super::fid::{Attached, Fid, Fids, FileReading, OpenedFile};
use super::node::{ExpertFile, TreeNode};
use super::tree::FileTree;
use super::wire::{AUTH, DATA_HEAD, NO_FID, NineReply, NineRequest, Qid};
use crate::checks::{Connection, by_token};

/// Longest message that is taken, in bytes; a client may want less.
pub(super) const MSIZE: u32 = 128 << 10;
/// The shortest that a client may want: an entry of a directory fits into it.
const MSIZE_LEAST: u32 = 1024;
/// Bits of the mode in which a file is opened.
pub(super) const WRITE: u8 = 1;
const BOTH: u8 = 2;
pub(super) const EXECUTE: u8 = 3;
pub(super) const CUT: u8 = 0x10;
pub(super) const CLOSE_ON_EXECUTE: u8 = 0x20;
/// Whether a field of a stat that is set says "leave as it is".
pub(super) const SAME: u32 = u32::MAX;

/// A client.
pub(super) struct Client {
    pub tree: Arc<FileTree>,
    way: Connection,
    msize: AtomicU32,
    attached: AtomicBool,
    pub(super) fids: Fids,
    /// Expert → how its session stood when this client was told last.
    known: Mutex<HashMap<String, SessionStatus>>,
}

pub(super) type NineAnswer<T> = Result<T, NineFailure>;

impl Client {
    pub fn new(tree: Arc<FileTree>, way: Connection) -> Self {
        Self {
            tree,
            way,
            msize: AtomicU32::new(0),
            attached: AtomicBool::new(false),
            fids: Fids::default(),
            known: Mutex::default(),
        }
    }

    /// The longest message that both take; 0 where that is not agreed on yet.
    pub fn msize(&self) -> u32 {
        self.msize.load(Ordering::Relaxed)
    }

    /// Begins anew: all fids are gone, and what was written and not closed with them.
    pub fn version(&self, msize: u32, version: &str) -> NineReply {
        self.fids.clear();
        let known = version == "9P2000" || version.starts_with("9P2000.");
        if msize < MSIZE_LEAST || !known {
            self.msize.store(0, Ordering::Relaxed);
            let msize = msize.min(MSIZE);
            let version = "unknown";
            return NineReply::Version { msize, version };
        }
        let msize = msize.min(MSIZE);
        self.msize.store(msize, Ordering::Relaxed);
        NineReply::Version {
            msize,
            version: "9P2000",
        }
    }

    /// Whether somebody was let in.
    pub fn is_attached(&self) -> bool {
        self.attached.load(Ordering::Relaxed)
    }

    /// Answers a request.
    pub async fn answer(&self, request: NineRequest) -> NineReply {
        let done = match request {
            NineRequest::Auth { afid } => self.authenticate(afid),
            NineRequest::Attach { fid, afid, aname } => self.attach(fid, afid, aname).await,
            NineRequest::Walk { fid, to, names } => self.walk(fid, to, &names).await,
            NineRequest::Open { fid, mode } => self.open(fid, mode).await,
            NineRequest::Create {
                fid,
                name,
                permissions,
                mode,
            } => self.create(fid, &name, (permissions, mode)).await,
            NineRequest::Read { fid, offset, count } => self.read(fid, offset, count).await,
            NineRequest::Write { fid, offset, data } => self.write(fid, offset, &data).await,
            NineRequest::Clunk { fid } => self.clunk(fid).await,
            NineRequest::Remove { fid } => self.remove(fid).await,
            NineRequest::Stat { fid } => self.stat(fid).await,
            NineRequest::Wstat { fid, stat } => self.wstat(fid, &stat).await,
            NineRequest::Version { .. } | NineRequest::Flush { .. } => Err(NineFailure::Invalid),
        };
        done.unwrap_or_else(|failure| NineReply::Error {
            text: failure.text(),
        })
    }

    /// A fid for a token. Who comes through the socket is known already.
    fn authenticate(&self, afid: u32) -> NineAnswer<NineReply> {
        if self.way == Connection::Socket {
            let why = "authentication not required";
            return Err(NineFailure::other(why));
        }
        self.fids.put(afid, Fid::Token(Vec::new()))?;
        Ok(NineReply::Auth {
            qid: Qid {
                kind: AUTH,
                version: 0,
                path: afid.into(),
            },
        })
    }

    /// Lets somebody in: by a token that was written to `afid`, or that stands where the name of a tree does, since Linux
    /// can send none in another way; or because they are the same user.
    async fn attach(&self, fid: u32, afid: u32, aname: String) -> NineAnswer<NineReply> {
        self.fids.is_free(fid)?;
        let token = match (afid, aname.as_str()) {
            (NO_FID, "" | "/") if self.way == Connection::Socket => None,
            (NO_FID, _) => Some(aname),
            _ => {
                let held = self.fids.get(afid)?;
                let Fid::Token(bytes) = &*held.lock().await else {
                    return Err(NineFailure::BadUse);
                };
                Some(String::from_utf8_lossy(bytes).trim().to_owned())
            }
        };
        let server = &self.tree.server;
        if let Some(token) = &token
            && by_token(server, token)?.is_none()
        {
            let now = std::time::Instant::now();
            let taken = server.strangers.take("", now);
            return Err(taken.map_or(NineFailure::TooMany, |()| NineFailure::LoggedOut));
        }
        let by = Arc::new(Attached { token });
        by.caller(server)?;
        let qid = self.tree.qid(&TreeNode::Root).await?;
        let (node, opened) = (TreeNode::Root, None);
        self.fids.put(fid, Fid::Place { by, node, opened })?;
        self.attached.store(true, Ordering::Relaxed);
        Ok(NineReply::Attach { qid })
    }

    async fn walk(&self, fid: u32, to: u32, names: &[String]) -> NineAnswer<NineReply> {
        let held = self.fids.get(fid)?;
        let mut from = held.lock().await;
        let Fid::Place {
            by,
            node,
            opened: None,
        } = &mut *from
        else {
            return Err(NineFailure::BadUse);
        };
        by.caller(&self.tree.server)?;
        if to != fid {
            self.fids.is_free(to)?;
        }
        let (mut at, mut qids) = (node.clone(), Vec::new());
        for name in names {
            match self.step(&at, name).await {
                Ok((next, qid)) => {
                    at = next;
                    qids.push(qid);
                }
                Err(failure) if qids.is_empty() => return Err(failure),
                // As far as it goes; the other fid is none then.
                Err(_) => return Ok(NineReply::Walk { qids }),
            }
        }
        if to == fid {
            *node = at;
        } else {
            let (by, opened) = (Arc::clone(by), None);
            let node = at;
            self.fids.put(to, Fid::Place { by, node, opened })?;
        }
        Ok(NineReply::Walk { qids })
    }

    async fn step(&self, at: &TreeNode, name: &str) -> NineAnswer<(TreeNode, Qid)> {
        if !at.is_directory() {
            return Err(NineFailure::NotDirectory);
        }
        let next = match name {
            ".." => at.parent(),
            name => at.child(name).ok_or(NineFailure::Missing)?,
        };
        self.tree.look_up(&next).await?;
        let qid = self.tree.qid(&next).await?;
        Ok((next, qid))
    }

    async fn open(&self, fid: u32, mode: u8) -> NineAnswer<NineReply> {
        let held = self.fids.get(fid)?;
        let mut behind = held.lock().await;
        let (by, node, opened) = behind.unopened()?;
        let caller = by.caller(&self.tree.server)?;
        let writes = matches!(mode & EXECUTE, WRITE | BOTH) || mode & CUT != 0;
        let reads = mode & EXECUTE != WRITE;
        if mode & EXECUTE == EXECUTE || mode & !(EXECUTE | CUT | CLOSE_ON_EXECUTE) != 0 {
            return Err(NineFailure::Forbidden);
        }
        if node.is_directory() && writes {
            return Err(NineFailure::Directory);
        }
        if (writes && !node.can_be_written()) || (reads && !node.can_be_read()) {
            return Err(NineFailure::Forbidden);
        }
        let mut new = OpenedFile::default();
        if reads {
            new.reads = Some(self.reading(node).await?);
        }
        if writes {
            self.tree.may_change(&caller, node)?;
            new.draft = Some(self.draft(node, mode & CUT != 0).await?);
        }
        let qid = self.tree.qid(node).await?;
        *opened = Some(new);
        let unit = self.unit();
        Ok(NineReply::Open { qid, unit })
    }

    /// Bytes that are read or written at once.
    pub(super) fn unit(&self) -> u32 {
        self.msize().saturating_sub(DATA_HEAD)
    }

    async fn reading(&self, node: &TreeNode) -> NineAnswer<FileReading> {
        Ok(match node {
            node if node.is_directory() => FileReading::Directory {
                entries: self.tree.entries(node).await?,
                next: (0, 0),
            },
            TreeNode::Events => self.tree.events(),
            TreeNode::OfExpert(shown, ExpertFile::Wait) => {
                let told = self.known().get(shown).copied();
                let known = match told {
                    Some(known) => known,
                    None => self.tree.status(&self.tree.expert(shown).await?).await?,
                };
                FileReading::Wait { known, told: None }
            }
            TreeNode::OfExpert(shown, ExpertFile::Status) => {
                let status = self.tree.status(&self.tree.expert(shown).await?).await?;
                self.known().insert(shown.clone(), status);
                FileReading::Text(format!("{}\n", status.word()).into_bytes().into())
            }
            node => FileReading::Text(self.tree.text(node).await?.into()),
        })
    }

    pub(super) fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, SessionStatus>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn draft(&self, node: &TreeNode, cut: bool) -> NineAnswer<FileDraft> {
        Ok(match node {
            TreeNode::OfExpert(_, ExpertFile::In) => FileDraft::Message {
                session: None,
                text: Vec::new(),
            },
            TreeNode::Snippet(_) => FileDraft::snippet(self.tree.text(node).await?, cut),
            _ => FileDraft::Control,
        })
    }

    async fn stat(&self, fid: u32) -> NineAnswer<NineReply> {
        let held = self.fids.get(fid)?;
        let behind = held.lock().await;
        let Fid::Place { by, node, opened } = &*behind else {
            return Err(NineFailure::BadUse);
        };
        by.caller(&self.tree.server)?;
        let length = opened.as_ref().and_then(|opened| match &opened.reads {
            Some(FileReading::Text(text)) => Some(text.len()),
            _ => None,
        });
        let stat = self.tree.stat(node, length).await?;
        Ok(NineReply::Stat { stat })
    }
}
