//! The smallest use of the library: `cargo run --example greet`.

use hello_rs::{Ending, Locale, Style, greeting, greeting_with};

fn main() -> Result<(), hello_rs::GreetingError> {
    println!("{}", greeting("Ada")?);
    let style = Style {
        locale: Locale::Fr,
        ending: Ending::Period,
    };
    println!("{}", greeting_with("Grace", style)?);
    Ok(())
}
