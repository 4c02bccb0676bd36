//! Limits of a council: declared in a flake, overridden by the request, said in the plan.

use poag::engine::{AskRequest, Engine};
use serde_json::{Value, json};

use crate::harness::Repository;
use crate::stage::{ask, request, settings};

/// A family whose flake `folder` declares these limits for councils that begin with it.
fn family(folder: &str, council: &str) -> Repository {
    let family = Repository::unlearned();
    let declared = format!("council = {{ {council} }}; role =");
    family.edit(&format!("{folder}/flake.nix"), "role =", &declared);
    family
}

/// The limits that a council of `app` reached, which had these from the request.
async fn reached(family: &Repository, limits: Value) -> Value {
    let engine = Engine::new(settings(family));
    let request = AskRequest {
        limits: serde_json::from_value(limits).unwrap(),
        ..request("Make greet shout the name")
    };
    let outcome = ask(&engine, "app", &request, &mut ()).await.unwrap();
    json!(outcome.plan)["council"]["limits"].take()
}

#[tokio::test]
async fn turns_that_a_flake_allows_bind_its_council_unless_the_request_says_more() {
    let family = family("app", "maxTurns = 1;");
    let limit = json!([{"limit": "turns", "expert": "app", "allowed": 1}]);
    assert_eq!(reached(&family, json!({})).await, limit);
    assert_eq!(reached(&family, json!({"maxTurns": 6})).await, json!([]));
}

#[tokio::test]
async fn messages_that_a_flake_allows_bind_its_council_unless_the_request_says_more() {
    let family = family("app", "maxMessages = 1;");
    let limit = json!([{"limit": "messages", "allowed": 1}]);
    assert_eq!(reached(&family, json!({})).await, limit);
    let more = json!({"maxMessages": 512});
    assert_eq!(reached(&family, more).await, json!([]));
}

#[tokio::test]
async fn the_limits_of_a_neighbour_bind_only_the_councils_that_begin_with_it() {
    let family = family("base", "maxMessages = 1; maxTurns = 1;");
    assert_eq!(reached(&family, json!({})).await, json!([]));
}
