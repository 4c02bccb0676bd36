# shellcheck shell=bash
# Sourced: serves the playground as it is here, asked by nobody else. Takes $root, $work and $POAG; sets $server, the id of
# its process, and $token. What it says is in $work/url and $work/log.

# serve_playground OPTION...
serve_playground() {
	local commit
	mkdir "$work/repository" || return
	commit=$(git -C "$root" -c user.name=a -c user.email=a@example.org stash create)
	git -C "$root" archive "${commit:-HEAD}" hello-subflakes lib nix flake.nix flake.lock poag.nix Cargo.toml |
		tar -x -C "$work/repository" || return
	(
		cd "$work/repository" && git init -q && git config user.name a && git config user.email a@example.org &&
			git add -A && git commit -qm "the playground"
	) || return
	export NIXW_EXEC=1 POAG_STATE_DIR=$work/state POAG_CACHE_DIR=$work/cache GIT_CONFIG_GLOBAL=/dev/null
	"$root/nixw" "$POAG" serve "$work/repository/hello-subflakes" --listen 127.0.0.1:0 "$@" >"$work/url" 2>"$work/log" &
	server=$!
	until [ -s "$work/url" ]; do
		kill -0 "$server" || {
			cat "$work/log" >&2
			return 1
		}
		sleep 0.1
	done
	# shellcheck disable=SC2034 # for who sources this
	token=$(cat "$work/state/serve/local-token")
}
