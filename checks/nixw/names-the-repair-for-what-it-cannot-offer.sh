# A package that the stand-in lacks, an argument it does not know, and a tool that the host lacks: each with what to do.
# shellcheck shell=sh
. ./prelude.sh
export NIXW_NIXPKGS=host
flake_with_nixpkgs "$work/package" 'pkgs.maturin'
contains "an absent package" "$(fails "$nixw" build "$work/package")" 'maturin is not offered by the host stand-in for nixpkgs; set NIXW_NIXPKGS=pinned'
flake_with_nixpkgs "$work/argument" 'pkgs.rustPlatform.buildRustPackage { pname = "x"; version = "1"; src = ./.; cargoPatches = [ ]; }'
contains "an unknown argument" "$(fails "$nixw" build "$work/argument")" 'does not know cargoPatches; leave it out'
mkdir "$work/bin"
for tool in sh bash cat chmod cksum cp cut date dirname find git grep head id ls mkdir mktemp mv printf rm sed tr timeout; do
	where=$(command -v "$tool")
	case $where in /*) ln -s "$where" "$work/bin/$tool" ;; esac
done
flake_with_nixpkgs "$work/tool" 'pkgs.rustPlatform.buildRustPackage { pname = "x"; version = "1"; src = ./.; }'
contains "a host without cargo" "$(PATH=$work/bin fails "$nixw" build "$work/tool")" 'needs cargo, and this host has none; install Rust 1.88 or newer, from https://rustup.rs'
