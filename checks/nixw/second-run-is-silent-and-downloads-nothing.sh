# A nix that was obtained once is used at once: apt is not asked again.
# shellcheck shell=sh
. ./prelude.sh
mkdir "$work/bin"
printf '#!/bin/sh\ntouch "%s/asked"\nexit 1\n' "$work" >"$work/bin/apt-get"
chmod +x "$work/bin/apt-get"
PATH=$work/bin:$PATH
equal "what it says" "$("$nixw" eval --expr 1 2>&1 >/dev/null)" ''
[ ! -e "$work/asked" ] || fail "no use of apt-get"
