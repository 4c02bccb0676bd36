//! Files of a server, read over 9P2000 as `cat` reads them: just enough of the protocol to look.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;

const VERSION: u8 = 100;
const ATTACH: u8 = 104;
const WALK: u8 = 110;
const OPEN: u8 = 112;
const READ: u8 = 116;
const CLUNK: u8 = 120;
const NO_TAG: u16 = u16::MAX;
const NO_FID: u32 = u32::MAX;
/// Longest message, in bytes.
const MSIZE: u32 = 64 << 10;
/// What a message has besides the data that is read.
const DATA_HEAD: u32 = 24;

/// The files of a server, at its unix socket.
pub struct ServedFiles(UnixStream);

impl ServedFiles {
    pub fn open(socket: &Path) -> Self {
        let mut files = Self(UnixStream::connect(socket).unwrap());
        let mut version = MSIZE.to_le_bytes().to_vec();
        text(&mut version, "9P2000");
        files.ask(VERSION, NO_TAG, &version);
        let mut attach = [0, NO_FID].map(u32::to_le_bytes).concat();
        text(&mut attach, "");
        text(&mut attach, "");
        files.ask(ATTACH, 0, &attach);
        files
    }

    /// What a file holds.
    pub fn cat(&mut self, path: &str) -> String {
        let names: Vec<&str> = path.split('/').collect();
        let mut walk = [0_u32, 1].map(u32::to_le_bytes).concat();
        walk.extend(u16::try_from(names.len()).unwrap().to_le_bytes());
        names.iter().for_each(|name| text(&mut walk, name));
        let walked = self.ask(WALK, 0, &walk);
        assert_eq!(usize::from(walked[0]), names.len(), "{path} is not there");
        let fid = 1_u32.to_le_bytes();
        self.ask(OPEN, 0, &[&fid[..], &[0]].concat());
        let mut all = Vec::new();
        loop {
            let (at, count) = (all.len() as u64, MSIZE - DATA_HEAD);
            let read = [&fid[..], &at.to_le_bytes(), &count.to_le_bytes()].concat();
            let data = self.ask(READ, 0, &read);
            if data.len() == 4 {
                break;
            }
            all.extend_from_slice(&data[4..]);
        }
        self.ask(CLUNK, 0, &fid);
        String::from_utf8(all).unwrap()
    }

    /// The fields of the answer.
    fn ask(&mut self, kind: u8, tag: u16, fields: &[u8]) -> Vec<u8> {
        let size = u32::try_from(7 + fields.len()).unwrap();
        let mut message = size.to_le_bytes().to_vec();
        message.push(kind);
        message.extend(tag.to_le_bytes());
        message.extend_from_slice(fields);
        self.0.write_all(&message).unwrap();
        let mut head = [0; 7];
        self.0.read_exact(&mut head).unwrap();
        let size = u32::from_le_bytes(head[..4].try_into().unwrap());
        let mut fields = vec![0; size as usize - head.len()];
        self.0.read_exact(&mut fields).unwrap();
        let told = String::from_utf8_lossy(&fields);
        assert_eq!(head[4], kind + 1, "{told}");
        fields
    }
}

fn text(to: &mut Vec<u8>, text: &str) {
    to.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
    to.extend_from_slice(text.as_bytes());
}
