//! shim
use crate::cli::Global;
use crate::error::{Error, exit};
use clap::Args;
/// shim
#[derive(Args, Debug)]
pub struct Explain {}
/// shim
pub async fn run(_args: Explain, _global: Global) -> Result<u8, Error> {
    Ok(exit::OK)
}
