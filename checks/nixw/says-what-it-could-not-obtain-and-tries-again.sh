# Where a registry's client is missing, a package that would be obtained says so, and is tried again some hours later.
# shellcheck shell=sh
. ./prelude.sh
export NIXW_NIXPKGS=host
mkdir "$work/bin"
for tool in sh bash cat cksum cp cut date dirname find git grep head id ls mkdir mktemp mv printf rm sed tr timeout; do
	where=$(command -v "$tool")
	case $where in /*) ln -s "$where" "$work/bin/$tool" ;; esac
done
flake_with_nixpkgs "$work/flake" 'pkgs.chromium'
obtain() { PATH=$work/bin "$nixw" build --no-link --print-out-paths "$work/flake"; }
first=$(obtain)
contains "the reason" "$(cat "$first/missing")" 'there is no Chromium, and '
contains "the repair" "$(cat "$first/missing")" 'repair: put one on PATH'
equal "within some hours" "$(obtain)" "$first"
touch -d '5 hours ago' "$cache/missing"
[ "$(obtain)" != "$first" ] || fail "another attempt after five hours"
