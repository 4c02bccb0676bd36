//! Made by `crates/client/generator` from `schema/openapi.v1.json`, but for this file.

pub mod operations;
#[expect(
    missing_docs,
    dead_code,
    reason = "as the generator makes it, with what it makes for other uses"
)]
pub mod registry;
