# NIX_CONFIG of the caller still counts; flakes are on for nix and for its children, and for nobody else.
# shellcheck shell=sh
. ./prelude.sh
export NIX_CONFIG='max-jobs = 7'
equal "the caller's setting" "$("$nixw" config show max-jobs)" 7
# shellcheck disable=SC2016 # for the inner shell
equal "a child's nix" "$(NIXW_EXEC=1 "$nixw" sh -c 'nix eval --expr "builtins.getFlake or 0" >/dev/null && nix config show max-jobs')" 7
equal "a nixw in a nixw" "$(NIXW_EXEC=1 "$nixw" "$nixw" config show max-jobs)" 7
