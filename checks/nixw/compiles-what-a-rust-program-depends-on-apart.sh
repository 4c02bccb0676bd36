# nix/rust-package.nix compiles what a program depends on in a derivation of its own, which an edit of the program leaves as
# it was, and in which cargo then finds nothing to do.
# shellcheck shell=sh
# Where crates come from is said in the home of whoever runs this.
CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}
export CARGO_HOME
. ./prelude.sh
export NIXW_NIXPKGS=host
flake_with_nixpkgs "$work/tell" 'import ./rust-package.nix { inherit pkgs; apart = true; } {
  pname = "tell"; version = "1.0.0"; root = ./.; members = [ "number" ]; sources = [ "Cargo.toml" "Cargo.lock" "src" "number" ]; }'
cd "$work/tell"
cp "$repository/nix/rust-package.nix" .
mkdir -p src number/src
cat >Cargo.toml <<END
[package]
name = "tell"
version = "1.0.0"
edition = "2024"
[workspace]
members = ["number"]
[dependencies]
tell-number = { path = "number" }
END
cat >number/Cargo.toml <<END
[package]
name = "tell-number"
version = "1.0.0"
edition = "2024"
[dependencies]
libc = "0.2"
END
echo 'pub fn number() -> i32 { libc::EINTR }' >number/src/lib.rs
echo 'fn main() { println!("one {}", tell_number::number()); }' >src/main.rs
cargo generate-lockfile --quiet
git init -q .
git add .
dependencies() { "$nixw" build --no-link --print-out-paths .#default.dependencies 2>/dev/null; }

log=$("$nixw" build --no-link --print-build-logs 2>&1) || fail "it to be built, but: $log"
contains "what is compiled apart" "$log" 'tell-dependencies>    Compiling libc v'
contains "what is compiled" "$log" 'tell>    Compiling tell-number v'
case $log in *'tell>    Compiling libc'*) fail "libc not to be compiled again, but: $log" ;; esac
equal "what it says" "$("$nixw" run 2>/dev/null)" "one 4"
before=$(dependencies)

sed -i s/one/two/ src/main.rs
equal "the dependencies behind an edit" "$(dependencies)" "$before"
equal "what it says behind an edit" "$("$nixw" run 2>/dev/null)" "two 4"

sed -i 's/^libc = .*/libc = { version = "0.2", features = ["extra_traits"] }/' number/Cargo.toml
after=$(dependencies)
[ "$after" != "$before" ] || fail "other dependencies behind an edit of the manifest"
