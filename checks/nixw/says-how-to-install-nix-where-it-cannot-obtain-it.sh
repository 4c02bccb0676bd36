# No nix and no apt: one line, and failure.
# shellcheck shell=sh
. ./prelude.sh
rm -rf "$cache"
mkdir "$work/bin"
for tool in sh dirname; do ln -s "$(command -v "$tool")" "$work/bin/$tool"; done
output=$(PATH=$work/bin fails "$nixw" --version)
equal "the message" "$output" 'nixw: there is no nix >= 2.26 on PATH and apt-get is not here to obtain one; install Nix from https://nixos.org/download'
