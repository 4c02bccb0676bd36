# NIXW_HELP=1 names every variable that it reads.
# shellcheck shell=sh
. ./prelude.sh
help=$(NIXW_HELP=1 "$nixw")
# shellcheck disable=SC2013 # names are words
for variable in $(cat "$repository/nixw" "$repository"/nix/nixw/*.sh | grep -oE '\bNIXW_[A-Z]+' | sort -u); do
	contains "the help" "$help" "$variable="
done
