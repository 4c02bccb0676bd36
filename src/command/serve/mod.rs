//! `poag serve`: what poag does, over HTTP, for programs, other machines and a browser.

mod token;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::consent::CommandArgs;
use super::context::{engine_with, target};
use super::global::Global;
use super::graph::open;
use super::style;
use crate::engine::Engine;
use crate::error::{Error, exit};
use crate::terminal;
use poag_serve::{Listening, NinePlace, ServeSettings};

const EXAMPLES: &str = "\
Examples:
  poag serve --open
  poag serve ./app ./library --listen 127.0.0.1:8080
  poag serve --9p ~/.local/state/poag/9p.sock
  poag serve token new ci --scope read --scope ask
  curl -H \"Authorization: Bearer $(cat ~/.local/state/poag/serve/local-token)\" http://127.0.0.1:4280/v1/flakes

Only the flakes that are named here are answered about. What there is to ask for is told by /openapi.json. A page in a
browser needs the link that is printed at the start; it can be used once, within ten minutes. With --9p, sessions, tasks,
runs and snippets are files, too: `mount -t 9p -o trans=unix,version=9p2000,access=any,dfltuid=$(id -u) SOCKET FOLDER`.";

/// Serves the experts over HTTP: an API for programs, and pages for people
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct ServeArgs {
    #[command(subcommand)]
    verb: Option<ServeVerb>,
    /// The flakes that are served [default: the flake here]
    #[arg(value_name = "FLAKE")]
    flakes: Vec<String>,
    /// The TCP address; port 0 is any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4280")]
    listen: SocketAddr,
    /// No TCP: only what --socket and --9p name
    #[arg(long, conflicts_with = "listen")]
    no_tcp: bool,
    /// A unix socket, too, for programs of the same user
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Serves the same as files over 9P2000, at a unix socket (a path) or a TCP address; may be given twice
    #[arg(long = "9p", value_name = "SOCKET|ADDR")]
    nine: Vec<NinePlace>,
    /// Opens the pages in your browser
    #[arg(long)]
    open: bool,
    /// A proxy with TLS stands in front: another address than loopback may be listened at
    #[arg(long)]
    behind_proxy: bool,
    /// Another name that the server is reached by, as browsers send it (`poag.example.org`)
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    #[command(flatten)]
    commands: CommandArgs,
}

#[derive(Debug, Subcommand)]
enum ServeVerb {
    Token(token::TokenArgs),
}

/// Runs the verb.
pub async fn run(args: ServeArgs, global: Global) -> Result<u8, Error> {
    if let Some(ServeVerb::Token(args)) = args.verb {
        return token::run(args, &global);
    }
    let quiet = Global {
        quiet: true,
        ..global.clone()
    };
    let engine = engine_with(&quiet, &args.commands)?;
    let settings = settings(&args, &engine, &global)?;
    let shown = args.open;
    let ready = move |listening: &Listening| announce(listening, shown);
    poag_serve::serve(engine, settings, ready, told_to_stop()).await?;
    Ok(exit::OK)
}

fn settings(args: &ServeArgs, engine: &Engine, global: &Global) -> Result<ServeSettings, Error> {
    let flakes: Result<Vec<_>, Error> = match &args.flakes[..] {
        [] => target(engine, global, None).map(|here| vec![here]),
        flakes => flakes
            .iter()
            .map(|flake| target(engine, global, Some(flake)))
            .collect(),
    };
    Ok(ServeSettings {
        flakes: flakes?,
        listen: (!args.no_tcp).then_some(args.listen),
        socket: args
            .socket
            .as_ref()
            .map(|socket| engine.settings().folder.join(socket)),
        nine: args
            .nine
            .iter()
            .map(|place| from_folder(place, engine))
            .collect(),
        behind_proxy: args.behind_proxy,
        hosts: args.host.clone(),
        person: super::context::person(),
        installed: super::doctor::usable(),
        bounds: poag_serve::Bounds::default(),
    })
}

fn from_folder(place: &NinePlace, engine: &Engine) -> NinePlace {
    match place {
        NinePlace::Socket(path) => NinePlace::Socket(engine.settings().folder.join(path)),
        address => address.clone(),
    }
}

/// Says where it listens: on standard output what a script wants, one line each.
fn announce(listening: &Listening, shown: bool) {
    let names = listening.flakes.iter().map(|(name, _)| name.as_str());
    let names = names.collect::<Vec<_>>().join(", ");
    terminal::note(&format!("poag: serving {names}; Ctrl-C stops"));
    if let Some(socket) = &listening.socket {
        terminal::note(&format!("socket: {}", socket.display()));
    }
    for place in &listening.nine {
        let place = match place {
            NinePlace::Address(address) => address.to_string(),
            NinePlace::Socket(path) => path.display().to_string(),
        };
        terminal::note(&format!("9p:     {place}"));
    }
    let token = listening.token_file.display();
    terminal::note(&style::dim(format!("token:  {token}")));
    if let Some(link) = &listening.login {
        if shown && open::open(link) {
            terminal::note("opened the pages in your browser");
        } else {
            terminal::note(&format!("pages:  {link}"));
        }
    }
    if let Some(url) = &listening.url {
        // A reader that has gone wants no address.
        let _ = terminal::people(&format!("{url}\n"));
    }
}

/// Ctrl-C, or the end that a service manager asks for.
fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let end = signal(SignalKind::terminate());
    let interrupt = signal(SignalKind::interrupt());
    async move {
        match (end, interrupt) {
            (Ok(mut end), Ok(mut interrupt)) => {
                tokio::select! {
                    _ = end.recv() => {}
                    _ = interrupt.recv() => {}
                }
            }
            _ => std::future::pending().await,
        }
    }
}
