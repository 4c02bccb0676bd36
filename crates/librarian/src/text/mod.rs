//! Words: how text and identifiers become terms, and what a request asks for.

pub mod clip;
pub mod family;
pub mod request;
pub mod role;
pub mod stem;
pub mod stop;
pub mod thesaurus;
pub mod wanted;
pub mod words;
