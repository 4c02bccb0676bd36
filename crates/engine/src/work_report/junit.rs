//! The checks of a work as JUnit XML, which CI services read.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use poag_core::work::axis::{MergePhase, TaskPhase};
use poag_core::work::{Board, CheckOutcome, TaskRecord};

/// One suite for each task, with a case for each of its checks and one for its merge.
///
/// # Errors
/// The document cannot be written, which memory alone could cause.
pub fn junit(board: &Board) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new(board.start.request.as_str());
    for record in board.providers_first() {
        let mut suite = TestSuite::new(record.task.id.as_str());
        let checks = record.proof.as_ref().map_or(&[][..], |proof| &proof.checks);
        suite.add_test_cases(checks.iter().map(check));
        suite.add_test_case(landing(record));
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn check(check: &CheckOutcome) -> TestCase {
    let status = match check.green {
        true => TestCaseStatus::success(),
        false => failure("the check is red", &check.log),
    };
    let mut case = TestCase::new(check.command.as_str(), status);
    // Negative and endless times are nobody's.
    case.set_time(Duration::try_from_secs_f64(check.seconds).unwrap_or_default());
    case.set_system_out(check.log.as_str());
    case
}

/// Whether the task is on the work's branch, as a case of its own: a task without it is not done.
fn landing(record: &TaskRecord) -> TestCase {
    let status = match (&record.phase, &record.merge) {
        (TaskPhase::Landed {}, _) => TestCaseStatus::success(),
        (_, MergePhase::Red { log }) => failure("the merge is red", log),
        (TaskPhase::Parked { reason } | TaskPhase::Abandoned { reason }, _) => {
            failure(record.phase.word(), reason)
        }
        (phase, _) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(phase.word());
            status
        }
    };
    TestCase::new("merged into the work's branch", status)
}

fn failure(message: &str, log: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(message).set_description(log);
    status
}
