# Obtains a private nix for Debian and Ubuntu: apt downloads, dpkg-deb unpacks, patchelf makes it stand alone.
# Sourced by nixw. Sets nothing outside $cache: apt gets its own lists, cache and an empty status file.
# shellcheck shell=sh disable=SC2015,SC2016,SC2154 # variables go between the files of nixw

# obtain SUITE DIR: puts the nix-bin of that Debian suite into DIR (DIR/bin/nix, DIR/lib), whole or not at all.
obtain() {
	suite=$1 dest=$2
	for tool in apt-get apt-config dpkg-deb; do
		command -v "$tool" >/dev/null 2>&1 || die "there is no nix >= 2.26 on PATH and $tool is not here to obtain one; install Nix from https://nixos.org/download"
	done
	mkdir -p "$cache"
	# One download at a time; the one that waited finds the work done. The kernel drops the lock when we end.
	if command -v flock >/dev/null 2>&1; then
		exec 9>"$cache/obtain.lock"
		flock -n 9 || { say "waiting for another nixw that obtains nix"; flock 9; }
	fi
	if [ ! -x "$dest/bin/nix" ]; then
		tmp=$(mktemp -d "$cache/tmp.XXXXXX") || die "cannot write to $cache; set XDG_CACHE_HOME to a folder of yours"
		trap 'rm -rf "$tmp"' EXIT
		trap 'exit 129' HUP
		trap 'exit 130' INT
		trap 'exit 143' TERM
		download "$suite"
		unpack "$dest"
		rm -rf "$dest"
		mv "$tmp/nix" "$dest"
		say "unpacked $("$dest/bin/nix" --version) into $dest"
		rm -rf "$tmp"
		trap - EXIT HUP INT TERM
	fi
	exec 9>&-
}

# The Debian mirror that the host is set up for, else the public one.
mirror() {
	found=$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | sed -n 's,/*$,,; /\/debian$/{p;q;}')
	printf '%s\n' "${found:-http://deb.debian.org/debian}"
}

# Runs apt-get on the private state. The host's proxies, timeouts and certificates are kept, its hooks are not.
private_apt() {
	APT_CONFIG=$tmp/apt.conf apt-get -qq "$@"
}

# apt_state SOURCES: writes the private apt state that reads the given sources file.
apt_state() {
	mkdir -p "$tmp/state" "$tmp/lists/partial" "$tmp/archives/partial" "$tmp/empty"
	: >"$tmp/state/status"
	apt-config dump | grep '^Acquire::' | grep -v -e '^Acquire::IndexTargets' -e '^Acquire::Languages' -e ' "";$' >"$tmp/apt.conf"
	cat >>"$tmp/apt.conf" <<END
Dir::Etc::main "/dev/null";
Dir::Etc::parts "$tmp/empty";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$tmp/empty";
Dir::State "$tmp/state";
Dir::State::status "$tmp/state/status";
Dir::State::lists "$tmp/lists";
Dir::Cache "$tmp";
Dir::Cache::archives "$tmp/archives";
Dir::Log "$tmp/log";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
END
	if [ -n "$1" ]; then
		printf 'Dir::Etc::sourcelist "%s";\nDir::Etc::sourceparts "%s";\n' "$1" "$tmp/empty" >>"$tmp/apt.conf"
	fi
}

# download SUITE: fetches nix-bin and patchelf of that suite with all they depend on into $tmp/archives.
download() {
	uri=$(mirror)
	say "obtaining nix of Debian $1 from $uri (about 40 MB, once)"
	keyring=${NIXW_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
	if [ ! -e "$keyring" ]; then
		say "this host has no Debian keyring: taking debian-archive-keyring from its own package sources"
		apt_state ''
		private_apt update && (cd "$tmp" && private_apt download debian-archive-keyring) && dpkg-deb -x "$tmp"/debian-archive-keyring_*.deb "$tmp/keyring" ||
			die "no Debian keyring; install the package debian-archive-keyring, or Nix from https://nixos.org/download"
		keyring=$tmp/keyring/usr/share/keyrings/debian-archive-keyring.gpg
		rm -rf "$tmp/lists"
	fi
	printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$1" >"$tmp/sources.list"
	apt_state "$tmp/sources.list"
	private_apt update && private_apt install -y --download-only nix-bin patchelf >/dev/null ||
		die "apt could not download nix-bin of Debian $1 from $uri; check the network, or install Nix from https://nixos.org/download"
}

# unpack DEST: makes $tmp/nix from the downloaded packages: the nix binary with just the libraries that it loads.
unpack() {
	for deb in "$tmp"/archives/*.deb; do
		case ${deb##*/} in
		perl* | libperl* | libdbi* | libdbd* | libwww* | passwd* | bash* | debconf*) ;;
		*) dpkg-deb -x "$deb" "$tmp/root" || die "cannot unpack ${deb##*/}; is the disk full?" ;;
		esac
	done
	ld=$(find "$tmp/root" -name 'ld-linux*.so.*' -type f | head -n 1)
	libs=$(find "$tmp/root" -name '*.so*' -exec dirname {} \; | sort -u | tr '\n' ':')
	[ -n "$ld" ] || die "the downloaded packages hold no dynamic loader; report this with the output of: dpkg --print-architecture"
	mkdir -p "$tmp/nix/lib" "$tmp/nix/bin"
	"$ld" --library-path "$libs" --list "$tmp/root/usr/bin/nix" | sed -n 's/.*=> \(.*\) (0x.*/\1/p' | while IFS= read -r lib; do
		cp -L "$lib" "$tmp/nix/lib/"
	done
	cp -L "$ld" "$tmp/nix/lib/"
	cp -L "$tmp/root/usr/bin/nix" "$tmp/nix/bin/nix"
	for link in "$tmp"/root/usr/bin/nix-*; do
		[ -L "$link" ] && ln -s nix "$tmp/nix/bin/${link##*/}"
	done
	"$ld" --library-path "$libs" "$tmp/root/usr/bin/patchelf" --force-rpath --set-rpath "\$ORIGIN/../lib" \
		--set-interpreter "$1/lib/${ld##*/}" "$tmp/nix/bin/nix" || die "patchelf could not set up nix; set NIXW_NIX to a nix binary of yours"
}
