//! Options of every verb.

use clap::Args;
use clap::builder::BoolishValueParser;

/// Options of every verb.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// The flake whose experts are meant: a folder or any flake reference [default: the flake here]
    #[arg(long, short = 'f', global = true, value_name = "REF")]
    pub flake: Option<String>,
    /// Show every nix command, ready to be pasted, and what nix says
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// No progress on standard error
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Take nothing from caches: ask nix for the graph, and build packs anew
    #[arg(long, global = true, env = "POAG_NO_GRAPH_CACHE", value_parser = BoolishValueParser::new())]
    pub no_cache: bool,
    /// Have this server do it: a URL, or the path of a unix socket (`poag serve` prints both); over TCP with the token in
    /// POAG_SERVER_TOKEN, or that of this machine
    #[arg(
        long,
        global = true,
        value_name = "URL|SOCKET",
        env = "POAG_SERVER",
        hide_env_values = true
    )]
    pub server: Option<String>,
}

impl Global {
    /// What shows the commands of nix, where they are wanted.
    #[must_use]
    pub fn trace(&self) -> Option<fn(&str)> {
        self.verbose.then_some(crate::terminal::note)
    }

    /// The server that is to do it, where one is named.
    #[must_use]
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref().filter(|server| !server.is_empty())
    }
}
