//! What is read of files, kept on disk by content, so that a change costs what changed; and the files of all experts of a
//! graph together, so that they are judged together.

mod defining;
pub mod files;
mod kept;
pub mod sections;
pub mod sheet;
pub mod shelf;
mod written;
