//! What the knowledge room promises, on real folders.

mod files;
mod folder;
mod outline;
mod secrets;
