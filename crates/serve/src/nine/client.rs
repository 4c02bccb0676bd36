//! One client: what it asks for, and what it is given.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use poag_core::session::SessionStatus;

use super::changes::Draft;
use super::failure::NineFailure;
use super::fid::{Attached, Fid, Fids, Opened, Reading};
use super::node::{ExpertFile, Node};
use super::tree::Tree;
use super::wire::{AUTH, DATA_HEAD, FileStat, NO_FID, NineReply, NineRequest, Qid};
use crate::caller::Caller;
use crate::checks::{Connection, by_token};

/// Longest message that is taken, in bytes; a client may want less.
pub(super) const MSIZE: u32 = 128 << 10;
/// The shortest that a client may want: an entry of a directory fits into it.
const MSIZE_LEAST: u32 = 1024;
/// Bytes of a token.
const TOKEN: usize = 256;
/// Bits of the mode in which a file is opened.
const WRITE: u8 = 1;
const BOTH: u8 = 2;
const EXECUTE: u8 = 3;
const CUT: u8 = 0x10;
const CLOSE_ON_EXECUTE: u8 = 0x20;
/// Whether a field of a stat that is set says "leave as it is".
const SAME: u32 = u32::MAX;

/// A client.
pub(super) struct Client {
    pub tree: Arc<Tree>,
    way: Connection,
    msize: AtomicU32,
    attached: AtomicBool,
    pub(super) fids: Fids,
    /// Expert → how its session stood when this client was told last.
    known: Mutex<HashMap<String, SessionStatus>>,
}

type Answer<T> = Result<T, NineFailure>;

impl Client {
    pub fn new(tree: Arc<Tree>, way: Connection) -> Self {
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
    fn authenticate(&self, afid: u32) -> Answer<NineReply> {
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
    async fn attach(&self, fid: u32, afid: u32, aname: String) -> Answer<NineReply> {
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
        let qid = self.tree.qid(&Node::Root).await?;
        let (node, opened) = (Node::Root, None);
        self.fids.put(fid, Fid::Place { by, node, opened })?;
        self.attached.store(true, Ordering::Relaxed);
        Ok(NineReply::Attach { qid })
    }

    async fn walk(&self, fid: u32, to: u32, names: &[String]) -> Answer<NineReply> {
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

    async fn step(&self, at: &Node, name: &str) -> Answer<(Node, Qid)> {
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

    async fn open(&self, fid: u32, mode: u8) -> Answer<NineReply> {
        let held = self.fids.get(fid)?;
        let mut behind = held.lock().await;
        let Fid::Place {
            by,
            node,
            opened: opened @ None,
        } = &mut *behind
        else {
            return Err(NineFailure::BadUse);
        };
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
        let mut new = Opened::default();
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
    fn unit(&self) -> u32 {
        self.msize().saturating_sub(DATA_HEAD)
    }

    async fn reading(&self, node: &Node) -> Answer<Reading> {
        Ok(match node {
            node if node.is_directory() => Reading::Directory {
                entries: self.tree.entries(node).await?,
                next: (0, 0),
            },
            Node::Events => self.tree.events(),
            Node::OfExpert(shown, ExpertFile::Wait) => {
                let told = self.known().get(shown).copied();
                let known = match told {
                    Some(known) => known,
                    None => self.tree.status(&self.tree.expert(shown).await?).await?,
                };
                Reading::Wait { known, told: None }
            }
            Node::OfExpert(shown, ExpertFile::Status) => {
                let status = self.tree.status(&self.tree.expert(shown).await?).await?;
                self.known().insert(shown.clone(), status);
                Reading::Text(format!("{}\n", status.word()).into_bytes().into())
            }
            node => Reading::Text(self.tree.text(node).await?.into()),
        })
    }

    pub(super) fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, SessionStatus>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn draft(&self, node: &Node, cut: bool) -> Answer<Draft> {
        Ok(match node {
            Node::OfExpert(_, ExpertFile::In) => Draft::Message {
                session: None,
                text: Vec::new(),
            },
            Node::Snippet(_) => Draft::snippet(self.tree.text(node).await?, cut),
            _ => Draft::Control,
        })
    }

    async fn create(&self, fid: u32, name: &str, (kind, mode): (u32, u8)) -> Answer<NineReply> {
        let held = self.fids.get(fid)?;
        let mut behind = held.lock().await;
        let Fid::Place {
            by,
            node,
            opened: opened @ None,
        } = &mut *behind
        else {
            return Err(NineFailure::BadUse);
        };
        let caller = by.caller(&self.tree.server)?;
        let plain = kind & !0o777 == 0 && mode & !(EXECUTE | CUT | CLOSE_ON_EXECUTE) == 0;
        if *node != Node::Snippets || !plain || mode & EXECUTE == EXECUTE {
            return Err(NineFailure::Forbidden);
        }
        let made = node.child(name).ok_or(NineFailure::Invalid)?;
        self.tree.may_change(&caller, &made)?;
        self.tree.create(name).await?;
        let reads = (mode & EXECUTE != WRITE).then(|| Reading::Text(Arc::new([])));
        let writes = mode & EXECUTE != 0;
        *opened = Some(Opened {
            reads,
            draft: writes.then(|| Draft::snippet(Vec::new(), true)),
        });
        *node = made;
        let (qid, unit) = (self.tree.qid(node).await?, self.unit());
        Ok(NineReply::Create { qid, unit })
    }

    async fn write(&self, fid: u32, offset: u64, data: &[u8]) -> Answer<NineReply> {
        let held = self.fids.get(fid)?;
        let mut behind = held.lock().await;
        match &mut *behind {
            Fid::Token(token) if token.len() + data.len() <= TOKEN => token.extend(data),
            Fid::Place {
                by,
                node,
                opened: Some(Opened {
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
    async fn clunk(&self, fid: u32) -> Answer<NineReply> {
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

    async fn commit(&self, (caller, node): (&Caller, &Node), draft: Draft) -> Answer<()> {
        let said = self.tree.commit((caller, node), draft).await?;
        if let (true, Node::OfExpert(shown, _)) = (said, node) {
            // Whoever waits now is told of the answer, however soon it is there.
            self.known().insert(shown.clone(), SessionStatus::Running);
        }
        Ok(())
    }

    async fn remove(&self, fid: u32) -> Answer<NineReply> {
        let held = self.fids.take(fid)?;
        let behind = held.lock().await;
        let Fid::Place {
            by,
            node: node @ Node::Snippet(name),
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

    async fn stat(&self, fid: u32) -> Answer<NineReply> {
        let held = self.fids.get(fid)?;
        let behind = held.lock().await;
        let Fid::Place { by, node, opened } = &*behind else {
            return Err(NineFailure::BadUse);
        };
        by.caller(&self.tree.server)?;
        let length = opened.as_ref().and_then(|opened| match &opened.reads {
            Some(Reading::Text(text)) => Some(text.len()),
            _ => None,
        });
        let stat = self.tree.stat(node, length).await?;
        Ok(NineReply::Stat { stat })
    }

    /// Cuts a file; nothing else can be changed so. Times are taken and forgotten, since programs set them.
    async fn wstat(&self, fid: u32, stat: &FileStat) -> Answer<NineReply> {
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
            if let (Some(Draft::Snippet { text, changed, .. }), (SAME, SAME)) = (draft, times)
                && *changed
            {
                let draft = Draft::snippet(text.clone(), false);
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
