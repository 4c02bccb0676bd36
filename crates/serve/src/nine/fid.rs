//! What a client holds: places in the tree, and what it has opened of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use poag_core::session::SessionStatus;

use super::changes::FileDraft;
use super::failure::NineFailure;
use super::node::TreeNode;
use super::wire::NO_FID;
use crate::caller::{Caller, Scope};
use crate::checks::{by_token, person};
use crate::problem::Problem;
use crate::server::Server;

/// Fids that one client has at a time.
const MOST: usize = 8192;

/// Somebody who was let in.
#[derive(Debug)]
pub(super) struct Attached {
    /// The token that opened; none for the same user.
    pub token: Option<String>,
}

impl Attached {
    /// Who it is, with the right to look at things; a token that was revoked meanwhile has none.
    pub fn caller(&self, server: &Server) -> Result<Caller, NineFailure> {
        let caller = match &self.token {
            None => person(server),
            Some(token) => by_token(server, token)?.ok_or(NineFailure::LoggedOut)?,
        };
        caller.may(Scope::Read).map_err(of_right)?;
        Ok(caller)
    }
}

/// A right that is missing is told in words: which one, and how it is had.
pub(super) fn of_right(problem: Problem) -> NineFailure {
    NineFailure::Other(problem.detail)
}

/// What stands behind a fid.
pub(super) enum Fid {
    /// Takes a token in.
    Token(Vec<u8>),
    Place {
        by: Arc<Attached>,
        node: TreeNode,
        opened: Option<OpenedFile>,
    },
}

/// Who has a place, which one, and what was opened of it.
type UnopenedPlace<'a> = (&'a Attached, &'a mut TreeNode, &'a mut Option<OpenedFile>);

impl Fid {
    /// The place behind it, which was not opened yet.
    pub fn unopened(&mut self) -> Result<UnopenedPlace<'_>, NineFailure> {
        match self {
            Self::Place {
                by,
                node,
                opened: opened @ None,
            } => Ok((by, node, opened)),
            _ => Err(NineFailure::BadUse),
        }
    }
}

/// A file as it was opened.
#[derive(Default)]
pub(super) struct OpenedFile {
    pub reads: Option<FileReading>,
    pub draft: Option<FileDraft>,
}

/// What is read of an open file.
pub(super) enum FileReading {
    /// The content as it was when it was opened.
    Text(Arc<[u8]>),
    Directory {
        entries: Vec<Vec<u8>>,
        /// The offset that comes next, and its entry.
        next: (u64, usize),
    },
    Wait {
        /// How the session stood when its client last knew.
        known: SessionStatus,
        /// What was told.
        told: Option<Arc<[u8]>>,
    },
    Events {
        /// The number of the last event that is in it or before it.
        at: u64,
        /// The offset of its first byte that is still there, and what follows.
        from: u64,
        text: Vec<u8>,
    },
}

pub(super) type Held = Arc<tokio::sync::Mutex<Fid>>;

/// The fids of one client.
#[derive(Default)]
pub(super) struct Fids(Mutex<HashMap<u32, Held>>);

impl Fids {
    fn all(&self) -> MutexGuard<'_, HashMap<u32, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn get(&self, fid: u32) -> Result<Held, NineFailure> {
        let found = self.all().get(&fid).cloned();
        found.ok_or(NineFailure::UnknownFid)
    }

    /// Refuses a fid that cannot be taken.
    pub fn is_free(&self, fid: u32) -> Result<(), NineFailure> {
        let all = self.all();
        match (fid == NO_FID || all.contains_key(&fid), all.len() >= MOST) {
            (true, _) => Err(NineFailure::FidInUse),
            (_, true) => Err(NineFailure::TooMany),
            _ => Ok(()),
        }
    }

    pub fn put(&self, fid: u32, behind: Fid) -> Result<(), NineFailure> {
        self.is_free(fid)?;
        let held = Arc::new(tokio::sync::Mutex::new(behind));
        self.all().insert(fid, held);
        Ok(())
    }

    pub fn take(&self, fid: u32) -> Result<Held, NineFailure> {
        self.all().remove(&fid).ok_or(NineFailure::UnknownFid)
    }

    pub fn clear(&self) {
        self.all().clear();
    }
}
