//! One discussion of one request, between the experts along the dependency edges.

pub mod message;
