# shellcheck shell=sh
# Where nixw keeps what it needs: sets `cache`. A path from the environment counts only when it is absolute; another would
# mean the folder one stands in, which is mostly a repository.

case ${HOME:-} in
/*) ;;
*)
	HOME=$( (getent passwd "$(id -u)" || grep "^[^:]*:[^:]*:$(id -u):" /etc/passwd) 2>/dev/null | head -n 1 | cut -d: -f6)
	export HOME
	;;
esac
case ${XDG_CACHE_HOME:-} in
/*) cache=$XDG_CACHE_HOME ;;
*)
	unset XDG_CACHE_HOME
	cache=$HOME/.cache
	;;
esac
case $cache in
/*) ;;
*) die "HOME is no absolute path, and the password database names none: set HOME to your home folder" ;;
esac
# shellcheck disable=SC2034 # for the files sourced later
cache=$cache/poag/nixw
# For nobody else to read. Where it cannot be made, that is said when it is needed.
(umask 077 && mkdir -p "$cache" 2>/dev/null) || :
