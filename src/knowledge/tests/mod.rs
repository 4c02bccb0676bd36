//! What the knowledge room promises, on real folders.

mod cache;
mod files;
mod folder;
mod outline;
mod pack;
mod secrets;
mod template;
