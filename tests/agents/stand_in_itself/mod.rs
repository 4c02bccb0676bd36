//! The stand-in is taken by each real agent for the API of its provider.

mod claude;
mod codex;
mod gemini;
mod opencode;
mod wire;
