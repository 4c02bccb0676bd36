//! What a claim leaves.

use super::ledger;
use crate::Ledger;

#[test]
fn a_claim_given_back_leaves_no_file() {
    let (folder, ledger) = ledger();
    drop(ledger.claim("run").unwrap());
    let left = std::fs::read_dir(folder.path().join("ledger.db-claims")).unwrap();
    assert_eq!(left.count(), 0);
}
