# What to say when this host lacks a tool.
name:
let
  repairs = {
    cargo = "install Rust 1.88 or newer, from https://rustup.rs";
    rustc = "install Rust 1.88 or newer, from https://rustup.rs";
    cc = "install a C compiler (Debian: apt-get install build-essential)";
    node = "install Node.js (Debian: apt-get install nodejs)";
  };
in
"the host stand-in for nixpkgs needs ${name}, and this host has none; ${
  repairs.${name} or "install ${name} (Debian: apt-get install ${name})"
}, or set NIXW_NIXPKGS=pinned where nixpkgs can be reached"
