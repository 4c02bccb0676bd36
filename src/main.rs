//! The command line of poag.

fn main() {}
