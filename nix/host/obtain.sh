# What the builders share that obtain something from a registry.
# shellcheck shell=bash disable=SC2154 # $cache, $out and the like are the derivation's

downloads=$cache/downloads
mkdir -p "$downloads"
seed downloads

# cannot WHY: ends the build with an output that says why. nixw lets it be tried again some hours later.
cannot() {
	mkdir -p "$out"
	printf '%s\n' "$1" | tee "$out/missing"
	: >"$cache/missing"
	exit 0
}

# intact FILE 256|512 HEX: whether the file is there and has that SHA-2 hash.
intact() { [ -f "$1" ] && [ "$(digest "$2" <"$1" | cut -d ' ' -f 1)" = "$3" ]; }
digest() { if command -v "sha$1sum" >/dev/null; then "sha$1sum"; else shasum -a "$1"; fi; }

# client COMMAND...: runs a registry's client with the settings of this host's user, its caches in our folder.
client() {
	HOME=${host_home:-$NIX_BUILD_TOP} PIP_CACHE_DIR=$cache/build/pip PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore \
		npm_config_cache=$cache/build/npm npm_config_fetch_retries=1 npm_config_update_notifier=false "$@"
}
