//! The greeting on a command line: `hello-rs [--locale LOCALE] [--ending ENDING] NAME`.

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use hello_rs::{GreetingError, Style, greeting_with};

const USAGE: &str = "usage: hello-rs [--locale en|de|fr|es] [--ending exclamation|period] NAME";

/// The command line itself is wrong (`EX_USAGE` of sysexits.h).
const EXIT_USAGE: u8 = 64;

/// The command line is right, but there is no greeting for it (`EX_DATAERR` of sysexits.h).
const EXIT_NO_GREETING: u8 = 65;

fn main() -> ExitCode {
    let args: Result<Vec<String>, OsString> =
        env::args_os().skip(1).map(OsString::into_string).collect();
    let outcome = match args {
        Ok(args) => run(args.into_iter()),
        Err(_) => Some(Err(GreetingError::NotUtf8)),
    };
    match outcome {
        Some(Ok(greeting)) => {
            println!("{greeting}");
            ExitCode::SUCCESS
        }
        Some(Err(error)) => {
            eprintln!("hello-rs: {}: {error}", error.name());
            ExitCode::from(EXIT_NO_GREETING)
        }
        None => {
            eprintln!("{USAGE}");
            ExitCode::from(EXIT_USAGE)
        }
    }
}

/// `None` when the arguments do not fit the usage.
fn run(mut args: impl Iterator<Item = String>) -> Option<Result<String, GreetingError>> {
    let (mut locale, mut ending) = ("en".to_owned(), "exclamation".to_owned());
    let name = loop {
        match args.next()?.as_str() {
            "--locale" => locale = args.next()?,
            "--ending" => ending = args.next()?,
            "--" => break args.next()?,
            option if option.starts_with('-') => return None,
            name => break name.to_owned(),
        }
    };
    if args.next().is_some() {
        return None;
    }
    Some(greet(&name, &locale, &ending))
}

fn greet(name: &str, locale: &str, ending: &str) -> Result<String, GreetingError> {
    let style = Style {
        locale: locale.parse()?,
        ending: ending.parse()?,
    };
    greeting_with(name, style)
}
