#!/bin/sh
# What a person types at a mounted tree of files: typed.sh FOLDER. Says what it saw, and fails where it is not as it should
# be. For any POSIX shell; the virtual machine of `v9fs` has that of busybox.
cd "$1" || exit
shown=0
is() { # is WHAT WANTED SAW
	if [ "$2" != "$3" ]; then
		echo "not so: $1: wanted '$2', saw '$3'"
		exit 1
	fi
	shown=$((shown + 1))
	echo "ok: $1"
}
has() { # has WHAT WORD SAW
	case $3 in
	*"$2"*) is "$1" "$2" "$2" ;;
	*) is "$1" "...$2..." "$3" ;;
	esac
}

is "ls" "events experts runs snippets tasks" "$(ls | tr '\n' ' ' | sed 's/ $//')"
is "ls of an expert" "contracts ctl in out pack status wait" "$(ls experts/hello-py | tr '\n' ' ' | sed 's/ $//')"
has "ls -l shows who may what" "dr-x------" "$(ls -ld experts)"
is "cat status" idle "$(cat experts/hello-py/status)"
has "cat pack" hello_py "$(cat experts/hello-py/pack)"
has "cat contracts" provides "$(cat experts/hello-py/contracts)"

echo "How do I call the greeting from Python?" >experts/hello-py/in
is "echo > in, cat wait" await "$(cat experts/hello-py/wait)"
first=$(cat experts/hello-py/out)
has "cat out" hello_py "$first"

# A reader that holds the file open does not hold up a writer, and sees what it opened.
exec 3<experts/hello-py/out
printf 'Which tests\n' >experts/hello-py/in
is "printf > in, cat wait" await "$(cat experts/hello-py/wait)"
is "an open file stays as it was" "$first" "$(cat <&3)"
exec 3<&-
second=$(cat experts/hello-py/out)
if [ "$first" = "$second" ]; then is "out is the last output" another "$second"; fi

# Many readers at the same time.
for reader in 1 2 3 4 5 6 7 8; do
	(for _ in 1 2 3 4 5; do cat experts/hello-py/out; done | md5sum >"/read.$reader") &
done
wait
is "8 readers read the same" 1 "$(cat /read.* | sort -u | wc -l)"

# Who waits can be ended, and nothing else waits with them.
cat experts/hello-py/wait >/waited &
waiting=$!
is "cat status beside a reader that waits" await "$(cat experts/hello-py/status)"
kill $waiting
wait $waiting 2>/dev/null
is "a killed reader has read nothing" "" "$(cat /waited)"

echo "And how is it packaged?" >>experts/hello-py/in
is "echo >> in, cat wait" await "$(cat experts/hello-py/wait)"
has "cat ctl" '"messages": 3' "$(cat experts/hello-py/ctl)"

echo "Short words." >snippets/style
is "a new snippet" "Short words." "$(cat snippets/style)"
echo "No riddles." >>snippets/style
is "echo >>" "Short words. No riddles." "$(tr '\n' ' ' <snippets/style | sed 's/ $//')"
is "its size" 25 "$(stat -c %s snippets/style)"
echo "Anew." >snippets/style
is "echo > cuts" "Anew." "$(cat snippets/style)"
: >snippets/style
is ": > leaves nothing" "" "$(cat snippets/style)"
i=0
while [ $i -lt 400 ]; do
	echo "line $i of a text that needs more than one message"
	i=$((i + 1))
done >snippets/style
is "a long snippet" 400 "$(wc -l <snippets/style)"
cp snippets/style snippets/copy
is "cp" "$(md5sum <snippets/style)" "$(md5sum <snippets/copy)"
rm snippets/style snippets/copy
is "rm" "" "$(ls snippets)"

is "no file where there is none" 1 "$(cat experts/nobody/out 2>/dev/null; echo $?)"
has "no folder is made" "" "$(mkdir snippets/folder 2>&1 && echo made)"
if [ -d snippets/folder ]; then is "mkdir" refused made; fi
has "out is not written" ermission "$(sh -c 'echo x >experts/hello-py/out' 2>&1)"

echo close >experts/hello-py/ctl
is "echo close > ctl" idle "$(cat experts/hello-py/status)"
echo "$shown passed, 0 failed"
