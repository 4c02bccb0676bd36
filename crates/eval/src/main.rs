//! Measurements of poag.
fn main() {}
