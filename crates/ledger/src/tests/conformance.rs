//! What every ledger does: the same cases on each engine.

mod bounds;
mod claims;
mod events;
mod process;
mod replica;
pub(super) mod room;

use std::process::Command;
use std::time::Duration;

use crate::{Ledger, SqliteLedger};

/// Names the ledger of a case to the processes that it starts.
const PLACE: &str = "POAG_TEST_PLACE";

/// Where the ledger of one case is.
trait Place: Sync {
    /// Opens it, as another process would.
    fn open(&self) -> Box<dyn Ledger>;
    /// The module of its tests, and its address.
    fn name(&self) -> (&'static str, &str);
    /// How long a claim holds without its process.
    fn lease(&self) -> Duration;

    /// This case in another process.
    fn again(&self, case: &str) -> Command {
        let (engine, address) = self.name();
        let test = format!("tests::conformance::{engine}::{case}");
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args([&test, "--exact", "--nocapture", "--include-ignored"]);
        again.env(PLACE, address);
        again
    }
}

/// The address that was handed to this process, if it was started by a case.
fn handed() -> Option<String> {
    std::env::var(PLACE).ok()
}

struct Sqlite {
    _folder: Option<tempfile::TempDir>,
    path: String,
}

impl Sqlite {
    fn new() -> Self {
        if let Some(path) = handed() {
            return Self {
                _folder: None,
                path,
            };
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        Self {
            path: path.to_str().unwrap().to_owned(),
            _folder: Some(folder),
        }
    }
}

impl Place for Sqlite {
    fn open(&self) -> Box<dyn Ledger> {
        Box::new(SqliteLedger::open(self.path.as_ref()).unwrap())
    }
    fn name(&self) -> (&'static str, &str) {
        ("sqlite", &self.path)
    }
    fn lease(&self) -> Duration {
        Duration::ZERO
    }
}

/// A prefix of its own on the server that `POAG_TEST_NATS` names.
#[cfg(feature = "nats")]
struct Nats(String);

#[cfg(feature = "nats")]
impl Nats {
    fn new() -> Self {
        let made = || {
            let server = std::env::var("POAG_TEST_NATS")
                .expect("POAG_TEST_NATS names no server: run checks/nats/run, which starts one");
            format!("{server}/t{:016x}?lease=2", fastrand::u64(..))
        };
        Self(handed().unwrap_or_else(made))
    }
}

#[cfg(feature = "nats")]
impl Place for Nats {
    fn open(&self) -> Box<dyn Ledger> {
        let address = crate::NatsAddress::parse(&self.0).unwrap();
        Box::new(crate::NatsLedger::open(&address).unwrap())
    }
    fn name(&self) -> (&'static str, &str) {
        ("nats", &self.0)
    }
    fn lease(&self) -> Duration {
        Duration::from_secs(2)
    }
}

macro_rules! suite {
    ($($group:ident::$case:ident,)*) => {
        mod sqlite {
            $(#[test]
            fn $case() {
                super::$group::$case(&super::Sqlite::new());
            })*
        }

        #[cfg(feature = "nats")]
        mod nats {
            $(#[test]
            #[ignore = "needs a server of NATS: checks/nats/run brings and starts one"]
            fn $case() {
                super::$group::$case(&super::Nats::new());
            })*
        }
    };
}

suite! {
    bounds::an_artifact_beyond_its_bound_is_refused_and_its_place_stays_empty,
    bounds::an_id_that_could_leave_its_folder_is_refused_for_streams_and_claims,
    claims::a_claimed_stream_is_refused_to_others_who_are_told_the_holder,
    claims::of_many_who_claim_at_once_again_and_again_one_has_it_at_a_time,
    events::events_come_back_in_order_with_their_numbers_after_opening_anew,
    events::a_second_writer_with_an_old_view_is_refused_and_writes_nothing,
    events::a_closed_stream_takes_no_more_events,
    events::streams_are_found_by_kind_subject_and_state_newest_first,
    events::an_artifact_has_its_place_first_and_its_content_once,
    events::a_stream_that_is_not_there_or_there_twice_is_refused_by_name,
    events::of_many_writers_each_says_what_it_said_once_and_no_event_is_lost,
    events::what_another_process_wrote_closed_or_removed_meanwhile_is_seen_at_once,
    events::streams_are_listed_page_by_page,
    room::an_artifact_of_any_sort_comes_back_as_it_was_with_its_size,
    room::what_repeats_itself_takes_a_fraction_of_its_size,
    room::a_place_for_a_folder_takes_each_name_below_it_once_and_no_other,
    room::a_closed_stream_can_be_removed_or_keep_its_events_and_others_stay,
    room::a_stream_that_takes_events_or_is_driven_stays,
    room::a_batch_larger_than_a_row_is_written_all_or_nothing,
    replica::who_is_second_sees_what_the_first_wrote_and_is_refused_by_it,
    replica::what_is_written_between_the_question_and_the_answer_is_looked_at_before_it_counts,
    replica::a_stream_that_does_not_fit_itself_is_named_with_the_event,
    replica::of_sixteen_processes_that_want_one_thing_one_gets_it,
    process::a_process_killed_while_appending_loses_nothing_it_was_told_is_written,
    process::a_claim_ends_with_the_process_that_was_killed_and_not_before,
}
