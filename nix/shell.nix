# What one needs to work on poag: `nix develop`, then checks/run.
{ pkgs }:
pkgs.mkShell {
  packages = [
    pkgs.cargo
    pkgs.clippy
    pkgs.git
    pkgs.nixfmt
    pkgs.rustc
    pkgs.rustfmt
  ];
}
