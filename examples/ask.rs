//! Asks the experts of a flake, with the engine alone: `cargo run --example ask -- ./hello-subflakes "REQUEST"`.

#![expect(clippy::disallowed_methods, reason = "a program of its own")]

use std::error::Error;

use poag::engine::{AskRequest, Engine, EngineSettings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let flake = words.next().ok_or("name a folder with a flake")?;
    let request = words.next().ok_or("write a request")?;
    let own = std::env::temp_dir().join("poag-example");
    let here = std::env::current_dir()?;
    let settings = EngineSettings::new(own.join("cache"), own.join("state"), here);
    let engine = Engine::new(settings);
    let request = AskRequest {
        request,
        ..AskRequest::default()
    };
    let target = engine.flake(&flake)?;
    let outcome = engine.ask(&target, &request, &mut ()).await?;
    print!("{}", outcome.plan.to_markdown());
    Ok(())
}
