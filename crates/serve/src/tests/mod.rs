//! A real server over a real engine, asked by bytes on sockets. The flake is a pack, so that nix is not needed.

mod broken;
mod debates;
mod hostile;
mod mcp;
mod nine;
mod runs;
mod sessions;
mod stage;
mod streams;
