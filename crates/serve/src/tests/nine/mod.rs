//! Files over 9P2000, as a client reads and writes them.

mod client;
mod hostile;
mod tree;
