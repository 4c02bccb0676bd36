//! Any files, in an order that the seed and the question decide.

use super::super::snapshot::Snapshot;
use super::{BenchError, Method};

struct Random {
    files: usize,
    seed: u64,
}

/// For a snapshot.
pub fn prepare(snapshot: &Snapshot, seed: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    Ok(Box::new(Random {
        files: snapshot.files.len(),
        seed,
    }))
}

impl Method for Random {
    fn about(&self) -> String {
        "any order".into()
    }

    fn files(&self, question: &str, _: Option<&str>) -> Result<Vec<usize>, BenchError> {
        // FNV-1a, <http://www.isthe.com/chongo/tech/comp/fnv/>: the same on every machine.
        let hash = question.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3_u64)
        });
        let mut random = fastrand::Rng::with_seed(self.seed ^ hash);
        let mut files: Vec<usize> = (0..self.files).collect();
        random.shuffle(&mut files);
        Ok(files)
    }
}
