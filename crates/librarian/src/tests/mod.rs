//! Tests of the librarian on temporary folders.

mod answers;
mod changes;
mod councils;
mod kept;
mod world;
