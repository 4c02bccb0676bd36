#!/usr/bin/env bash
# One author proposes a change, five reviewers look for what is wrong with it, each for one thing, until none objects or the
# rounds are over: a conductor over `poag session`.
#
#   adversarial-review.sh EXPERT TOPIC [OPTION OF `poag session open`...]
#
# Prints the author's last proposal. Exit code 4: somebody still objects, and standard error says who and why.
# ROUNDS is how many there are at most (3), POAG the program.
set -euo pipefail
if [ $# -lt 2 ]; then
	sed -n '5s/^# *//p' "$0" >&2
	exit 2
fi
expert=$1 topic=$2
shift 2
poag=${POAG:-poag} rounds=${ROUNDS:-3}

declare -A looks_for=(
	[correctness]="what gives a wrong result: cases that are not handled, wrong order, broken contracts"
	[security]="what an attacker could use: input that is trusted, paths that lead out, secrets"
	[tests]="what the tests would not notice: behaviour without a test, tests that cannot fail"
	[simplicity]="what could be left out or be said in fewer words: code that repeats what is there, options nobody asked for"
	[user]="what a person who uses it would stumble over: names, messages, documentation"
)

# A session for each, with a name of its own; all of them are closed at the end, whatever happens.
sessions=()
close() {
	local session
	for session in "${sessions[@]}"; do "$poag" session close "$session" || true; done
}
trap close EXIT
for role in author "${!looks_for[@]}"; do
	sessions+=("$("$poag" session open "$expert" --name "$role-$$" "${@}")")
done

# What a session answers; where it has no answer, why, and the end.
answer() {
	"$poag" session wait "$1" >/dev/null || true
	"$poag" session out "$1"
}

"$poag" session say "author-$$" "Propose how this change is made, with the tests that show it: $topic"
proposal=$(answer "author-$$")

for ((round = 1; ; round++)); do
	# All of them at the same time: saying something does not wait.
	for role in "${!looks_for[@]}"; do
		"$poag" session say "$role-$$" --from "author-$$" \
			"Round $round. You review a proposal for one thing alone: ${looks_for[$role]}. Begin your answer with APPROVE where you \
find none of that, else with OBJECT and name the place and what comes of it. The proposal:"
	done
	objections=
	for role in "${!looks_for[@]}"; do
		said=$(answer "$role-$$")
		case $said in
		APPROVE*) ;;
		*) objections+="$role: $said"$'\n' ;;
		esac
	done
	if [ -z "$objections" ]; then break; fi
	if [ "$round" -ge "$rounds" ]; then
		printf 'after %s rounds somebody objects still:\n%s' "$round" "$objections" >&2
		break
	fi
	"$poag" session say "author-$$" - <<<"Reviewers object. Mend what they name and nothing else, or say why it is right as it is. \
Give the whole proposal anew.

$objections"
	proposal=$(answer "author-$$")
done

printf '%s\n' "$proposal"
[ -z "$objections" ] || exit 4
