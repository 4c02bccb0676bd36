//! How much the turns of one run may leave in its record: of each participant, and of all together. What goes beyond that is
//! refused, so that nobody fills the disk by talking.

use std::collections::BTreeMap;

use poag_core::council::event::FailureKind;
use poag_core::expert::{Expert, Graph};
use poag_ledger::{Ledger, LedgerError};

use super::turn;

/// What a turn leaves is named so, with the participant behind it.
pub(crate) const OF_TURNS: &str = "turn/";
/// What poag itself writes down of a turn; the rest is what its agent left.
const OWN: &str = "request";

/// How many artifacts there are, and how many bytes they hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ArtifactRoom {
    /// How many.
    pub count: u64,
    /// Their bytes, as they were before they were packed.
    pub bytes: u64,
}

/// How much one run may leave.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ArtifactQuota {
    /// Of each participant.
    pub each: ArtifactRoom,
    /// Of all participants together.
    pub all: ArtifactRoom,
    /// Participant → bytes, where its flake says something else of it.
    pub bytes_of: BTreeMap<String, u64>,
}

impl Default for ArtifactQuota {
    fn default() -> Self {
        Self {
            each: ArtifactRoom {
                count: 1_000,
                bytes: 256 << 20,
            },
            all: ArtifactRoom {
                count: 10_000,
                bytes: 1 << 30,
            },
            bytes_of: BTreeMap::new(),
        }
    }
}

impl ArtifactQuota {
    /// What the flake declares that a run begins with (`quota`, `panel.<name>.artifactBytes`), else the default.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        graph
            .expert(&graph.root)
            .map(Self::of_expert)
            .unwrap_or_default()
    }

    /// The same of one expert.
    #[must_use]
    pub fn of_expert(root: &Expert) -> Self {
        let mut quota = Self::default();
        let set = |place: &mut u64, declared: Option<u64>| *place = declared.unwrap_or(*place);
        let declared = &root.quota;
        set(
            &mut quota.each.count,
            declared.artifacts_each.map(u64::from),
        );
        set(&mut quota.each.bytes, declared.artifact_bytes_each);
        set(&mut quota.all.count, declared.artifacts.map(u64::from));
        set(&mut quota.all.bytes, declared.artifact_bytes);
        let panel = root.panel.iter();
        let own = panel.filter_map(|(name, one)| Some((name.clone(), one.artifact_bytes?)));
        quota.bytes_of = own.collect();
        quota
    }

    fn each(&self, who: &str) -> ArtifactRoom {
        ArtifactRoom {
            bytes: self.bytes_of.get(who).copied().unwrap_or(self.each.bytes),
            ..self.each
        }
    }
}

/// What the turns of one run have left so far, beside what they may leave.
pub(crate) struct ArtifactUse {
    quota: ArtifactQuota,
    of: BTreeMap<String, ArtifactRoom>,
}

const NOTHING: ArtifactRoom = ArtifactRoom { count: 0, bytes: 0 };

impl ArtifactUse {
    /// Nothing so far.
    pub fn new(quota: ArtifactQuota) -> Self {
        Self {
            quota,
            of: BTreeMap::new(),
        }
    }

    /// What lies in the ledger.
    pub fn of(quota: ArtifactQuota, ledger: &dyn Ledger, run: &str) -> Result<Self, LedgerError> {
        let mut found = Self::new(quota);
        for (name, size) in ledger.artifacts(run)? {
            // turn/PARTICIPANT/TURN/ATTEMPT/WHAT
            let parts = name
                .strip_prefix(OF_TURNS)
                .and_then(|rest| rest.split_once('/'));
            let (Some((who, rest)), Some(bytes)) = (parts, size) else {
                continue;
            };
            if bytes > 0 && rest.rsplit('/').next() != Some(OWN) {
                found.add(who, ArtifactRoom { count: 1, bytes });
            }
        }
        Ok(found)
    }

    /// Why a participant may leave nothing more, so that it need not be asked; none where it may.
    pub fn full(&self, who: &str) -> Option<String> {
        // A single byte more.
        self.refusal(who, ArtifactRoom { count: 1, bytes: 1 })
    }

    /// Takes in what a turn of a participant left.
    ///
    /// # Errors
    /// Why it is refused, for the record; nothing is then counted.
    pub fn admit(&mut self, who: &str, kept: &[(&'static str, Vec<u8>)]) -> Result<(), String> {
        let more = ArtifactRoom {
            count: kept.len() as u64,
            bytes: kept.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
        };
        self.room_for(who, more)
    }

    /// The same of so much.
    ///
    /// # Errors
    /// As [`Self::admit`].
    pub fn room_for(&mut self, who: &str, more: ArtifactRoom) -> Result<(), String> {
        match self.refusal(who, more) {
            Some(reason) => Err(reason),
            None => {
                self.add(who, more);
                Ok(())
            }
        }
    }

    /// Counts what is there.
    pub fn add(&mut self, who: &str, more: ArtifactRoom) {
        let room = self.of.entry(who.to_owned()).or_insert(NOTHING);
        *room = room.with(more);
    }

    fn refusal(&self, who: &str, more: ArtifactRoom) -> Option<String> {
        let own = self.of.get(who).copied().unwrap_or(NOTHING).with(more);
        let all = self.of.values().fold(more, |sum, room| sum.with(*room));
        let checks = [
            (
                "one participant",
                own,
                self.quota.each(who),
                "artifactsEach",
                "artifactBytesEach",
            ),
            (
                "all of a run",
                all,
                self.quota.all,
                "artifacts",
                "artifactBytes",
            ),
        ];
        checks.into_iter().find_map(|(whose, room, most, count, bytes)| {
            let (what, field) = match (room.count > most.count, room.bytes > most.bytes) {
                (true, _) => (format!("{} artifacts, {whose} may leave {}", room.count, most.count), count),
                (_, true) => (format!("{} bytes of artifacts, {whose} may leave {}", room.bytes, most.bytes), bytes),
                _ => return None,
            };
            Some(format!(
                "with what '{who}' says there would be {what}: it is refused\nrepair: have it say less, or raise quota.{field} in the flake that the run begins with"
            ))
        })
    }
}

impl ArtifactRoom {
    fn with(self, more: Self) -> Self {
        Self {
            count: self.count.saturating_add(more.count),
            bytes: self.bytes.saturating_add(more.bytes),
        }
    }
}

/// A turn that is refused for the room that it takes: asking again would not help.
pub(crate) fn over(reason: String) -> poag_core::council::event::Failure {
    turn::failure(FailureKind::Limit, reason, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(each: (u64, u64), all: (u64, u64)) -> ArtifactUse {
        let room = |(count, bytes)| ArtifactRoom { count, bytes };
        ArtifactUse {
            quota: ArtifactQuota {
                each: room(each),
                all: room(all),
                bytes_of: BTreeMap::from([("tiny".into(), 3)]),
            },
            of: BTreeMap::new(),
        }
    }

    fn said(bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
        vec![("stdout", vec![b'x'; bytes])]
    }

    #[test]
    fn each_and_all_have_their_bounds_of_count_and_bytes() {
        let mut room = uses((2, 10), (3, 16));
        assert_eq!(room.admit("ada", &said(10)), Ok(()));
        let refused = room.admit("ada", &said(1)).unwrap_err();
        assert!(
            refused.starts_with("with what 'ada' says there would be 11 bytes of artifacts, one participant may leave 10"),
            "{refused}"
        );
        assert!(room.full("ada").is_some() && room.full("bob").is_none());
        // What is refused counts for nobody.
        assert_eq!(room.admit("bob", &said(6)), Ok(()));
        let refused = room.admit("cleo", &said(1)).unwrap_err();
        assert!(
            refused.contains("17 bytes of artifacts, all of a run may leave 16"),
            "{refused}"
        );
        assert!(
            refused.contains("raise quota.artifactBytes in"),
            "{refused}"
        );

        let mut room = uses((2, 100), (3, 100));
        room.admit("ada", &[said(1), said(1)].concat()).unwrap();
        assert!(
            room.admit("ada", &said(1))
                .unwrap_err()
                .contains("3 artifacts, one participant may leave 2")
        );
        room.admit("bob", &said(1)).unwrap();
        assert!(
            room.full("bob")
                .unwrap()
                .contains("4 artifacts, all of a run may leave 3")
        );
        let refused = uses((9, 99), (9, 99)).admit("tiny", &said(4)).unwrap_err();
        assert!(refused.contains("one participant may leave 3"), "{refused}");
    }
}
