# Describes this host to the stand-in for nixpkgs (nix/host): which tools it has, where, in which version.
# Sourced by nixw. The same host gives the same description, hence the same store paths.
# shellcheck shell=sh disable=SC2015,SC2034,SC2154 # variables go between the files of nixw

browsers='chromium chromium-browser google-chrome google-chrome-stable'

# stand_in: sets $folder to a copy of nix/host with this host's host.json in it, and $key to what names it.
stand_in() {
	host_env
	try_again
	key=$(fingerprint)
	folder=$cache/host/$key
	if [ ! -d "$folder" ]; then
		mkdir -p "$cache/host"
		tmp=$(mktemp -d "$cache/tmp.XXXXXX") || die "cannot write to $cache; set XDG_CACHE_HOME to a folder of yours"
		trap 'rm -rf "$tmp"' EXIT
		mkdir "$tmp/host"
		cp "$here"/nix/host/* "$tmp/host/"
		describe >"$tmp/host/host.json"
		say "tools found on this host:$(sed -n 's/^    "\([^"]*\)": .*/ \1/p' "$tmp/host/host.json" | tr -d '\n')"
		mv "$tmp/host" "$folder" 2>/dev/null || [ -d "$folder" ] || die "cannot write to $folder"
		rm -rf "$tmp"
		trap - EXIT
	fi
}

# host_env: what builds need of this environment to reach a registry. Kept out of derivations, so that neither a proxy
# nor a certificate changes what is built, and no credential gets into the store.
host_env() {
	mkdir -p "$cache"
	(
		umask 077
		printf 'host_home=%s\n' "$(quote "${HOME:-}")"
		printf 'host_cargo_home=%s\n' "$(quote "${CARGO_HOME:-${HOME:-}/.cargo}")"
		for name in http_proxy https_proxy no_proxy all_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY SSL_CERT_FILE \
			SSL_CERT_DIR NIX_SSL_CERT_FILE CURL_CA_BUNDLE GIT_SSL_CAINFO NODE_EXTRA_CA_CERTS CARGO_HTTP_CAINFO \
			CARGO_HTTP_PROXY CARGO_HTTP_TIMEOUT CARGO_NET_OFFLINE CARGO_NET_RETRY CARGO_NET_GIT_FETCH_WITH_CLI \
			PIP_CERT PIP_CONFIG_FILE PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_DEFAULT_TIMEOUT \
			npm_config_registry NPM_CONFIG_REGISTRY npm_config_cafile npm_config_userconfig; do
			eval "value=\${$name:-}"
			# shellcheck disable=SC2154 # set by the eval
			[ -z "$value" ] || printf 'export %s=%s\n' "$name" "$(quote "$value")"
		done
	) >"$cache/host.env.$$"
	mv "$cache/host.env.$$" "$cache/host.env"
}

# try_again: what a builder could not obtain (nix/host/obtain.sh) is tried once more some hours later: the number of the
# attempt is part of the description.
try_again() {
	if [ -n "$(find "$cache/missing" -mmin +240 2>/dev/null)" ]; then
		rm "$cache/missing"
		printf '%s\n' $(($(attempt) + 1)) >"$cache/attempt"
	fi
}

attempt() { cat "$cache/attempt" 2>/dev/null || echo 0; }

quote() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

# fingerprint: changes whenever the description may change; costs no start of a tool.
fingerprint() {
	{
		set -- "$here"/nix/host/*
		for tool in cargo rustc cc python3 node npm git bash lld mdbook $browsers; do
			! where=$(command -v "$tool") || set -- "$@" "$where"
		done
		[ ! -f "${RUSTUP_HOME:-${HOME:-}/.rustup}/settings.toml" ] || set -- "$@" "${RUSTUP_HOME:-${HOME:-}/.rustup}/settings.toml"
		ls -lL "$@"
		# The targets of every toolchain: one may have been added.
		ls -d "${RUSTUP_HOME:-${HOME:-}/.rustup}"/toolchains/*/lib/rustlib/*/lib /usr/lib/rustlib/*/lib 2>/dev/null || :
		printf '%s\n' "$cache" "${RUSTUP_TOOLCHAIN:-}" "$(attempt)"
	} | cksum | tr -c '0-9\n' -
}

# describe: host.json.
describe() {
	sysroot=$(cd / && rustc --print sysroot 2>/dev/null || :)
	targets=$(cd "$sysroot/lib/rustlib" 2>/dev/null && for lib in [!*]*/lib; do printf ' "%s"' "${lib%/lib}"; done || :)
	printf '{\n  "system": "%s",\n  "cache": "%s",\n  "attempt": "%s",\n' "$(nix config show system)" "$cache" "$(attempt)"
	printf '  "targets": [%s ],\n  "tools": {' "$(printf %s "$targets" | sed 's/" "/", "/g')"
	separator=
	for tool in cargo rustc rustfmt clippy-driver cargo-clippy cargo-fmt rustdoc; do
		if [ -n "$sysroot" ] && [ -x "$sysroot/bin/$tool" ]; then offer "$tool" "$sysroot/bin/$tool"; fi
	done
	for tool in cc ld lld bash git sh flock npm mdbook; do offer "$tool" "$(command -v "$tool" || :)"; done
	offer python3 "$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null || :)"
	offer node "$(node -p process.execPath 2>/dev/null || :)"
	for browser in $browsers; do
		! where=$(command -v "$browser") || { offer chromium "$where" && break; }
	done
	printf '\n  }\n}\n'
}

# offer NAME PATH: one entry of host.json, for a tool that is there.
offer() {
	[ -n "$2" ] || return 0
	case $1 in
	sh | ld | flock | npm) version=$1 ;;
	*) version=$("$2" --version 2>/dev/null </dev/null | sed -n '1{s/["\\]//g;p;}') ;;
	esac
	printf '%s\n    "%s": { "path": "%s", "version": "%s" }' "$separator" "$1" "$2" "$version"
	separator=,
}
