//! Messages of 9P2000 (section 5 of the Plan 9 manual), read strictly and written.
//!
//! A codec of our own, since the one of `ninep` 0.6, the only kept crate, gives an error of the connection where a type is
//! unknown (so that nobody is told), takes bytes behind a message and NUL in names, drops the bits of a qid that mean
//! "leave as it is", and reads through a coroutine over shared memory with `unsafe`.

/// The number of a fid that is none.
pub(super) const NO_FID: u32 = u32::MAX;
/// The tag that stands for none.
pub(super) const NO_TAG: u16 = u16::MAX;
/// Names in one walk, at most.
pub(super) const WALK_MOST: usize = 16;
/// Bytes of a message in front of its fields: size, type, tag.
pub(super) const HEAD: usize = 7;
/// Bytes in front of the data of a read or a write, as clients reckon.
pub(super) const DATA_HEAD: u32 = 24;
/// Directories.
pub(super) const DIRECTORY: u8 = 0x80;
/// Files that are written at their end alone.
pub(super) const APPEND: u8 = 0x40;
/// What a token is written into.
pub(super) const AUTH: u8 = 0x08;

/// A request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum NineRequest {
    Version {
        msize: u32,
        version: String,
    },
    Auth {
        afid: u32,
    },
    Flush {
        tag: u16,
    },
    Attach {
        fid: u32,
        afid: u32,
        aname: String,
    },
    Walk {
        fid: u32,
        to: u32,
        names: Vec<String>,
    },
    Open {
        fid: u32,
        mode: u8,
    },
    Create {
        fid: u32,
        name: String,
        permissions: u32,
        mode: u8,
    },
    Read {
        fid: u32,
        offset: u64,
        count: u32,
    },
    Write {
        fid: u32,
        offset: u64,
        data: Vec<u8>,
    },
    Clunk {
        fid: u32,
    },
    Remove {
        fid: u32,
    },
    Stat {
        fid: u32,
    },
    Wstat {
        fid: u32,
        stat: FileStat,
    },
}

/// An answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum NineReply {
    Version { msize: u32, version: &'static str },
    Auth { qid: Qid },
    Error { text: String },
    Flush,
    Attach { qid: Qid },
    Walk { qids: Vec<Qid> },
    Open { qid: Qid, unit: u32 },
    Create { qid: Qid, unit: u32 },
    Read { data: Vec<u8> },
    Write { count: u32 },
    Clunk,
    Remove,
    Stat { stat: FileStat },
    Wstat,
}

/// What tells one file, and one state of it, from another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Qid {
    pub kind: u8,
    pub version: u32,
    pub path: u64,
}

/// What is known of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct FileStat {
    pub kernel: (u16, u32),
    pub qid: Qid,
    pub mode: u32,
    /// Seconds since 1970 in UTC.
    pub accessed: u32,
    pub modified: u32,
    pub length: u64,
    pub name: String,
    pub owner: String,
    pub group: String,
    pub modifier: String,
}

/// Why a message is none.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Malformed {
    /// That of the message.
    pub tag: u16,
    pub why: &'static str,
}

/// Reads a message, its size first, of which the bytes are all.
pub(super) fn decode(bytes: &[u8]) -> Result<(u16, NineRequest), Malformed> {
    let mut fields = WireFields(bytes);
    let head = (fields.u32(), fields.u8(), fields.u16());
    let (Ok(_), Ok(kind), Ok(tag)) = head else {
        let why = "the message is cut off";
        return Err(Malformed { tag: NO_TAG, why });
    };
    let request = fields.request(kind).map_err(|why| Malformed { tag, why })?;
    match fields.0 {
        [] => Ok((tag, request)),
        _ => Err(Malformed {
            tag,
            why: "there are bytes behind the message",
        }),
    }
}

/// What is left of a message.
struct WireFields<'b>(&'b [u8]);

type WireField<T> = Result<T, &'static str>;

impl<'b> WireFields<'b> {
    fn take(&mut self, count: usize) -> WireField<&'b [u8]> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .ok_or("the message is cut off")?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> WireField<[u8; N]> {
        let bytes = self.take(N)?;
        bytes.try_into().map_err(|_| "the message is cut off")
    }

    fn u8(&mut self) -> WireField<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn u16(&mut self) -> WireField<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> WireField<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> WireField<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn text(&mut self) -> WireField<String> {
        let length = self.u16()?;
        let bytes = self.take(length.into())?;
        let text = std::str::from_utf8(bytes).map_err(|_| "a text is not UTF-8")?;
        match text.contains('\0') {
            true => Err("a text has a NUL in it"),
            false => Ok(text.to_owned()),
        }
    }

    fn data(&mut self) -> WireField<Vec<u8>> {
        let length = self.u32()?;
        let length = usize::try_from(length).map_err(|_| "the message is cut off")?;
        Ok(self.take(length)?.to_vec())
    }

    fn qid(&mut self) -> WireField<Qid> {
        Ok(Qid {
            kind: self.u8()?,
            version: self.u32()?,
            path: self.u64()?,
        })
    }

    fn stat(&mut self) -> WireField<FileStat> {
        let outer = self.u16()?;
        let mut own = WireFields(self.take(outer.into())?);
        let inner = own.u16()?;
        let mut own = WireFields(own.take(inner.into())?);
        let stat = FileStat {
            kernel: (own.u16()?, own.u32()?),
            qid: own.qid()?,
            mode: own.u32()?,
            accessed: own.u32()?,
            modified: own.u32()?,
            length: own.u64()?,
            name: own.text()?,
            owner: own.text()?,
            group: own.text()?,
            modifier: own.text()?,
        };
        match (own.0, outer.checked_sub(inner)) {
            ([], Some(2)) => Ok(stat),
            _ => Err("the sizes of a stat do not fit"),
        }
    }

    fn names(&mut self) -> WireField<Vec<String>> {
        let count = usize::from(self.u16()?);
        match count > WALK_MOST {
            true => Err("a walk has at most 16 names"),
            false => (0..count).map(|_| self.text()).collect(),
        }
    }

    fn request(&mut self, kind: u8) -> WireField<NineRequest> {
        use NineRequest as R;
        Ok(match kind {
            100 => R::Version {
                msize: self.u32()?,
                version: self.text()?,
            },
            102 => {
                let afid = self.u32()?;
                // Who somebody is and what they may is told by the token alone.
                let _ = (self.text()?, self.text()?);
                R::Auth { afid }
            }
            104 => {
                let (fid, afid, _) = (self.u32()?, self.u32()?, self.text()?);
                let aname = self.text()?;
                R::Attach { fid, afid, aname }
            }
            108 => R::Flush { tag: self.u16()? },
            110 => R::Walk {
                fid: self.u32()?,
                to: self.u32()?,
                names: self.names()?,
            },
            112 => R::Open {
                fid: self.u32()?,
                mode: self.u8()?,
            },
            114 => R::Create {
                fid: self.u32()?,
                name: self.text()?,
                permissions: self.u32()?,
                mode: self.u8()?,
            },
            116 => R::Read {
                fid: self.u32()?,
                offset: self.u64()?,
                count: self.u32()?,
            },
            118 => R::Write {
                fid: self.u32()?,
                offset: self.u64()?,
                data: self.data()?,
            },
            120 => R::Clunk { fid: self.u32()? },
            122 => R::Remove { fid: self.u32()? },
            124 => R::Stat { fid: self.u32()? },
            126 => R::Wstat {
                fid: self.u32()?,
                stat: self.stat()?,
            },
            _ => return Err("no request has this type"),
        })
    }
}

/// Writes an answer, its size first.
pub(super) fn encode(tag: u16, reply: &NineReply) -> Vec<u8> {
    let mut out = vec![0; 4];
    let mut head = |kind: u8| {
        out.push(kind);
        out.extend(tag.to_le_bytes());
    };
    match reply {
        NineReply::Version { msize, version } => {
            head(101);
            out.extend(msize.to_le_bytes());
            text(&mut out, version);
        }
        NineReply::Auth { qid: one } => {
            head(103);
            qid(&mut out, one);
        }
        NineReply::Attach { qid: one } => {
            head(105);
            qid(&mut out, one);
        }
        NineReply::Error { text: why } => {
            head(107);
            text(&mut out, why);
        }
        NineReply::Flush => head(109),
        NineReply::Walk { qids } => {
            head(111);
            out.extend(u16::try_from(qids.len()).unwrap_or(0).to_le_bytes());
            qids.iter().for_each(|one| qid(&mut out, one));
        }
        NineReply::Open { qid: one, unit } => {
            head(113);
            qid(&mut out, one);
            out.extend(unit.to_le_bytes());
        }
        NineReply::Create { qid: one, unit } => {
            head(115);
            qid(&mut out, one);
            out.extend(unit.to_le_bytes());
        }
        NineReply::Read { data } => {
            head(117);
            out.extend(u32::try_from(data.len()).unwrap_or(0).to_le_bytes());
            out.extend(data);
        }
        NineReply::Write { count } => {
            head(119);
            out.extend(count.to_le_bytes());
        }
        NineReply::Clunk => head(121),
        NineReply::Remove => head(123),
        NineReply::Stat { stat } => {
            head(125);
            let bytes = stat.encode();
            out.extend(u16::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
            out.extend(bytes);
        }
        NineReply::Wstat => head(127),
    }
    let size = u32::try_from(out.len()).unwrap_or(u32::MAX);
    out[..4].copy_from_slice(&size.to_le_bytes());
    out
}

fn qid(out: &mut Vec<u8>, one: &Qid) {
    out.push(one.kind);
    out.extend(one.version.to_le_bytes());
    out.extend(one.path.to_le_bytes());
}

/// A text, cut where it would not fit.
fn text(out: &mut Vec<u8>, text: &str) {
    let text = &text[..text.floor_char_boundary(1024)];
    out.extend(u16::try_from(text.len()).unwrap_or(0).to_le_bytes());
    out.extend(text.as_bytes());
}

impl FileStat {
    /// As it stands in a directory, its size first.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![0; 2];
        out.extend(self.kernel.0.to_le_bytes());
        out.extend(self.kernel.1.to_le_bytes());
        qid(&mut out, &self.qid);
        for number in [self.mode, self.accessed, self.modified] {
            out.extend(number.to_le_bytes());
        }
        out.extend(self.length.to_le_bytes());
        for one in [&self.name, &self.owner, &self.group, &self.modifier] {
            text(&mut out, one);
        }
        let size = u16::try_from(out.len() - 2).unwrap_or(u16::MAX);
        out[..2].copy_from_slice(&size.to_le_bytes());
        out
    }
}
