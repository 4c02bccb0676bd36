//! shim
use crate::cli::Global;
use crate::error::{Error, exit};
use clap::Args;
/// shim
#[derive(Args, Debug)]
pub struct Ask {}
/// shim
pub async fn run(_args: Ask, _global: Global) -> Result<u8, Error> {
    Ok(exit::OK)
}
