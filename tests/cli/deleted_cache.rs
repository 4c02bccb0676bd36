//! A cache can be deleted at any time, also while a question is answered.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::harness::{Repository, text};

fn plan(family: &Repository) -> Value {
    let output = family
        .poag("app")
        .args(["ask", "--json", "How do I call greet?"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    plan["council"]["id"] = "".into();
    plan
}

#[test]
fn a_cache_that_is_deleted_over_and_over_is_built_again() {
    let family = Repository::family();
    let expected = plan(&family);
    let cache = family.state().parent().unwrap().join("cache");
    assert!(cache.is_dir());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let _ = fs::remove_dir_all(&cache);
                std::thread::yield_now();
            }
        });
        let plans: Vec<_> = (0..6)
            .map(|_| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| plan(&family))))
            .collect();
        over.store(true, Ordering::Relaxed);
        for plan in plans {
            assert_eq!(plan.unwrap(), expected);
        }
    });
}
