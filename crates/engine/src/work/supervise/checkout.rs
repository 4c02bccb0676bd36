//! Checks in a checkout of a commit: of a merge before it lands, and of a milestone.

use std::path::PathBuf;
use std::sync::Arc;

use poag_core::work::CheckOutcome;
use poag_git::work::WorkRepository;

use super::AttemptRunner;

/// What is checked out, and where.
pub(super) struct CheckoutPlace {
    /// Folder of the checkout.
    pub folder: PathBuf,
    /// The commit.
    pub commit: String,
    /// What that is, for who reads that it failed.
    pub what: &'static str,
    /// Why, for who looks at `git worktree list`.
    pub reason: String,
}

/// Runs checks (folder below the checkout, commands) in a checkout that is removed afterwards, until one of them is red.
/// A commit that cannot be checked out is red.
pub(super) async fn checks_in_checkout(
    repository: WorkRepository,
    runner: Arc<dyn AttemptRunner>,
    place: CheckoutPlace,
    checks: Vec<(PathBuf, Vec<String>)>,
) -> Vec<CheckOutcome> {
    let failed = |why: String| {
        vec![CheckOutcome {
            command: format!("check out {}", place.what),
            log: why,
            ..CheckOutcome::default()
        }]
    };
    let made = {
        let repository = repository.clone();
        let CheckoutPlace {
            folder,
            commit,
            reason,
            ..
        } = &place;
        let (folder, commit, reason) = (folder.clone(), commit.clone(), reason.clone());
        tokio::task::spawn_blocking(move || repository.checkout(&folder, &commit, &reason)).await
    };
    let checkout = match made {
        Ok(Ok(checkout)) => checkout,
        Ok(Err(error)) => return failed(error.to_string()),
        Err(error) => return failed(error.to_string()),
    };
    let mut outcomes = Vec::new();
    for (below, commands) in checks {
        let folder = checkout.path.join(below);
        let ran = runner.checks(&checkout.path, &folder, &commands).await;
        let red = ran.iter().any(|outcome| !outcome.green);
        outcomes.extend(ran);
        if red {
            break;
        }
    }
    let removing = tokio::task::spawn_blocking(move || repository.remove_checkout(&checkout));
    // One that cannot be removed is in nobody's way: its name is that of this commit.
    let _ = removing.await;
    outcomes
}
