# A download that is broken off leaves no half nix, and no rubbish.
# shellcheck shell=sh
. ./prelude.sh
rm -rf "$cache"
mkdir "$work/bin"
cat >"$work/bin/apt-get" <<END
#!/bin/sh
case \$1 in
indextargets) ;;
*) touch "$work/started"; exec sleep 60 ;;
esac
END
chmod +x "$work/bin/apt-get"
PATH=$work/bin:$PATH setsid "$nixw" --version 2>"$work/said" &
group=$!
tries=0
while [ ! -e "$work/started" ] && [ "$tries" -lt 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
[ -e "$work/started" ] || fail "the download to start, but it said: $(cat "$work/said")"
kill -s TERM -- "-$group"
status=0
wait "$group" || status=$?
[ "$status" -ne 0 ] || fail "failure"
equal "what is left" "$(ls -A "$cache")" obtain.lock
