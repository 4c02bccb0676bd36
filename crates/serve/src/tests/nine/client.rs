//! A client that puts its messages together byte by byte, so that it can send what is none.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::super::stage::Stage;

const PATIENCE: Duration = Duration::from_secs(60);
const NO_FID: u32 = u32::MAX;

pub trait Stream: Read + Write + Send {}
impl<S: Read + Write + Send> Stream for S {}

pub struct Nine {
    pub stream: Box<dyn Stream>,
    tag: u16,
    fid: u32,
}

/// An answer: its type, its tag and its fields.
#[derive(Debug, Eq, PartialEq)]
pub struct Said {
    pub kind: u8,
    pub tag: u16,
    pub fields: Vec<u8>,
}

impl Said {
    /// The text of an error.
    #[track_caller]
    pub fn error(&self) -> String {
        assert_eq!(self.kind, 107, "{self:?}");
        String::from_utf8(self.fields[2..].to_vec()).unwrap()
    }
}

/// Fields of a message.
pub fn text(text: &str) -> Vec<u8> {
    let mut all = u16::try_from(text.len()).unwrap().to_le_bytes().to_vec();
    all.extend(text.as_bytes());
    all
}

pub fn message(kind: u8, tag: u16, fields: &[u8]) -> Vec<u8> {
    let size = u32::try_from(fields.len() + 7).unwrap();
    let mut all = size.to_le_bytes().to_vec();
    all.push(kind);
    all.extend(tag.to_le_bytes());
    all.extend(fields);
    all
}

impl Nine {
    fn new(stream: impl Stream + 'static) -> Self {
        Self {
            stream: Box::new(stream),
            tag: 0,
            fid: 0,
        }
    }

    /// A connection on which nothing was said yet.
    pub fn tcp(stage: &Stage) -> Self {
        let stream = TcpStream::connect(stage.nine).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self::new(stream)
    }

    pub fn socket(stage: &Stage) -> Self {
        let stream = UnixStream::connect(&stage.nine_socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self::new(stream)
    }

    /// The same user, let in, with the root at fid 0.
    pub fn local(stage: &Stage) -> Self {
        let mut nine = Self::socket(stage);
        nine.version();
        assert_eq!(nine.attach(NO_FID, "").kind, 105);
        nine
    }

    pub fn version(&mut self) {
        let mut fields = 8192_u32.to_le_bytes().to_vec();
        fields.extend(text("9P2000"));
        let said = self.ask(100, &fields);
        assert_eq!(said.fields, fields);
    }

    /// The root as fid 0.
    pub fn attach(&mut self, afid: u32, aname: &str) -> Said {
        let mut fields = 0_u32.to_le_bytes().to_vec();
        fields.extend(afid.to_le_bytes());
        fields.extend(text("somebody"));
        fields.extend(text(aname));
        self.ask(104, &fields)
    }

    /// Sends a request without waiting; gives its tag.
    pub fn send(&mut self, kind: u8, fields: &[u8]) -> u16 {
        self.tag += 1;
        let bytes = message(kind, self.tag, fields);
        self.stream.write_all(&bytes).unwrap();
        self.tag
    }

    pub fn receive(&mut self) -> Said {
        let mut size = [0; 4];
        self.stream.read_exact(&mut size).unwrap();
        let mut rest = vec![0; u32::from_le_bytes(size) as usize - 4];
        self.stream.read_exact(&mut rest).unwrap();
        Said {
            kind: rest[0],
            tag: u16::from_le_bytes([rest[1], rest[2]]),
            fields: rest[3..].to_vec(),
        }
    }

    /// Whether the other side has closed.
    pub fn is_over(&mut self) -> bool {
        let mut rest = Vec::new();
        let _ = self.stream.read_to_end(&mut rest);
        rest.is_empty()
    }

    pub fn ask(&mut self, kind: u8, fields: &[u8]) -> Said {
        let tag = self.send(kind, fields);
        let said = self.receive();
        assert_eq!(said.tag, tag, "{said:?}");
        said
    }

    /// Walks from the root to a new fid.
    pub fn walk(&mut self, path: &str) -> (u32, Said) {
        let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        self.walk_names(&names)
    }

    pub fn walk_names(&mut self, names: &[&str]) -> (u32, Said) {
        self.fid += 1;
        let mut fields = 0_u32.to_le_bytes().to_vec();
        fields.extend(self.fid.to_le_bytes());
        fields.extend(u16::try_from(names.len()).unwrap().to_le_bytes());
        for name in names {
            fields.extend(text(name));
        }
        (self.fid, self.ask(110, &fields))
    }

    pub fn open(&mut self, fid: u32, mode: u8) -> Said {
        let mut fields = fid.to_le_bytes().to_vec();
        fields.push(mode);
        self.ask(112, &fields)
    }

    #[track_caller]
    pub fn opened(&mut self, path: &str, mode: u8) -> u32 {
        let (fid, said) = self.walk(path);
        assert_eq!(said.kind, 111, "{path}: {said:?}");
        let said = self.open(fid, mode);
        assert_eq!(said.kind, 113, "{path}: {}", said.error());
        fid
    }

    pub fn read_at(&mut self, fid: u32, offset: u64, count: u32) -> Said {
        let fields = read_fields(fid, offset, count);
        self.ask(116, &fields)
    }

    /// All that is read from an open fid.
    #[track_caller]
    pub fn rest(&mut self, fid: u32) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            let said = self.read_at(fid, all.len() as u64, 4096);
            assert_eq!(said.kind, 117, "{}", said.error());
            if said.fields.len() == 4 {
                return all;
            }
            all.extend(&said.fields[4..]);
        }
    }

    #[track_caller]
    pub fn cat(&mut self, path: &str) -> String {
        let fid = self.opened(path, 0);
        let all = self.rest(fid);
        assert_eq!(self.fid_only(120, fid).kind, 121);
        String::from_utf8(all).unwrap()
    }

    pub fn write_at(&mut self, fid: u32, offset: u64, data: &str) -> Said {
        let mut fields = fid.to_le_bytes().to_vec();
        fields.extend(offset.to_le_bytes());
        fields.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        fields.extend(data.as_bytes());
        self.ask(118, &fields)
    }

    /// As `echo > FILE` does it on Linux: opened to be cut, cut by name, written, closed.
    pub fn echo(&mut self, path: &str, line: &str) -> Said {
        let fid = self.opened(path, 0x11);
        assert_eq!(self.wstat_length(fid, 0).kind, 127);
        let written = self.write_at(fid, 0, &format!("{line}\n"));
        let closed = self.fid_only(120, fid);
        match written.kind {
            119 => closed,
            _ => written,
        }
    }

    /// A request that takes a fid alone: to close, remove or stat it.
    pub fn fid_only(&mut self, kind: u8, fid: u32) -> Said {
        self.ask(kind, &fid.to_le_bytes())
    }

    /// A stat of which only the length says anything.
    pub fn wstat_length(&mut self, fid: u32, length: u64) -> Said {
        self.wstat(fid, u32::MAX, length, "")
    }

    pub fn wstat(&mut self, fid: u32, mode: u32, length: u64, name: &str) -> Said {
        let mut stat = vec![0xff; 2 + 4 + 13];
        stat.extend(mode.to_le_bytes());
        stat.extend([0xff; 8]);
        stat.extend(length.to_le_bytes());
        for one in [name, "", "", ""] {
            stat.extend(text(one));
        }
        let size = |bytes: usize| u16::try_from(bytes).unwrap().to_le_bytes();
        let mut fields = fid.to_le_bytes().to_vec();
        fields.extend(size(stat.len() + 2));
        fields.extend(size(stat.len()));
        fields.extend(stat);
        self.ask(126, &fields)
    }

    pub fn create(&mut self, fid: u32, name: &str, kind: u32) -> Said {
        let mut fields = fid.to_le_bytes().to_vec();
        fields.extend(text(name));
        fields.extend(kind.to_le_bytes());
        fields.push(1);
        self.ask(114, &fields)
    }

    /// The names in a directory.
    pub fn names(&mut self, path: &str) -> Vec<String> {
        let fid = self.opened(path, 0);
        let entries = self.rest(fid);
        let mut names: Vec<String> = stats(&entries).into_iter().map(|stat| stat.name).collect();
        names.sort();
        names
    }

    pub fn stat(&mut self, fid: u32) -> Stat {
        let said = self.fid_only(124, fid);
        assert_eq!(said.kind, 125, "{said:?}");
        stats(&said.fields[2..]).remove(0)
    }
}

pub fn read_fields(fid: u32, offset: u64, count: u32) -> Vec<u8> {
    let mut fields = fid.to_le_bytes().to_vec();
    fields.extend(offset.to_le_bytes());
    fields.extend(count.to_le_bytes());
    fields
}

/// What a test looks at of a stat.
#[derive(Debug)]
pub struct Stat {
    pub kind: u8,
    pub version: u32,
    pub path: u64,
    pub mode: u32,
    pub length: u64,
    pub name: String,
}

pub fn stats(mut bytes: &[u8]) -> Vec<Stat> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let size = usize::from(u16::from_le_bytes([bytes[0], bytes[1]]));
        let (one, rest) = bytes[2..].split_at(size);
        let u32_at = |at: usize| u32::from_le_bytes(one[at..at + 4].try_into().unwrap());
        let u64_at = |at: usize| u64::from_le_bytes(one[at..at + 8].try_into().unwrap());
        let name = usize::from(u16::from_le_bytes([one[39], one[40]]));
        all.push(Stat {
            kind: one[6],
            version: u32_at(7),
            path: u64_at(11),
            mode: u32_at(19),
            length: u64_at(31),
            name: String::from_utf8(one[41..41 + name].to_vec()).unwrap(),
        });
        bytes = rest;
    }
    all
}
