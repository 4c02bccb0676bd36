//! What the knowledge room promises, on real folders.

mod cache;
mod files;
mod folder;
mod languages;
mod layers;
mod many;
mod outline;
mod pack;
mod secrets;
mod taken;
mod template;
