#!/usr/bin/env python3
"""Compares poag's count of random ranked votes with that of pref_voting (PyPI, MIT).

    pip install pref_voting
    cargo build --release --example tally_lines -p poag-core
    checks/vote/compare.py PROFILES [--seed N] [--program target/release/examples/tally_lines] [--record FILE]

Each vote has 3 to 7 choices and 1 to 12 ballots, with ties inside ranks and choices that are left out. Compared are the
pairwise matrix, the Condorcet winner, and the winners of Approval-IRV; where no rank holds two choices, those of
instant_runoff_for_truncated_linear_orders, too. pref_voting eliminates all choices with the lowest count at once, as
poag does, so that no difference is expected. --record writes the votes with pref_voting's results, for the test of
poag-core. Ends with `N passed, N failed`.
"""

import argparse
import json
import random
import subprocess
import sys

from pref_voting.iterative_methods import approval_irv, instant_runoff_for_truncated_linear_orders
from pref_voting.profiles_with_ties import ProfileWithTies


def vote(numbers):
    choices = numbers.randint(3, 7)
    ballots = []
    for _ in range(numbers.randint(1, 12)):
        order = list(range(choices))
        numbers.shuffle(order)
        order = order[: numbers.choice([choices, numbers.randint(0, choices)])]
        ranking = []
        join = numbers.choice([0.0, 0.0, 0.3])
        for choice in order:
            if ranking and numbers.random() < join:
                ranking[-1].append(choice)
            else:
                ranking.append([choice])
        ballots.append(ranking)
    return choices, ballots


def expected(choices, ballots):
    profile = ProfileWithTies(
        [{choice: rank for rank, tied in enumerate(ranking, 1) for choice in tied} for ranking in ballots],
        candidates=list(range(choices)),
    )
    profile.use_extended_strict_preference()
    matrix = [[int(profile.support(one, other)) for other in range(choices)] for one in range(choices)]
    winner = profile.condorcet_winner()
    result = {"matrix": matrix, "condorcet": winner, "approvalIrv": [int(c) for c in approval_irv(profile)]}
    if all(len(tied) == 1 for ranking in ballots for tied in ranking) and any(ballots):
        # It leaves out the choices that nobody ranks.
        irv = instant_runoff_for_truncated_linear_orders(profile)
        result["truncatedIrv"] = [int(c) for c in irv]
    return result


def named(choices, ballots):
    name = "abcdefg".__getitem__
    return {
        "choices": [name(choice) for choice in range(choices)],
        "ballots": [
            {"by": f"v{number}", "ranking": [[name(choice) for choice in tied] for tied in ranking]}
            for number, ranking in enumerate(ballots)
        ],
    }


def differences(wanted, tally):
    names = "abcdefg"
    for one, row in enumerate(wanted["matrix"]):
        for other, count in enumerate(row):
            if one != other and tally["matrix"][names[one]][names[other]] != count:
                yield f"matrix {names[one]} {names[other]}: {count}"
    condorcet = wanted["condorcet"]
    if (condorcet is None) != (tally["method"] != "condorcet"):
        yield f"condorcet: {condorcet}"
    if condorcet is not None:
        if tally["winner"] != names[condorcet]:
            yield f"condorcet: {names[condorcet]}"
        return
    winners = tally["tied"] or [tally["winner"]]
    for method in ("approvalIrv", "truncatedIrv"):
        if method in wanted and winners != [names[c] for c in wanted[method]]:
            yield f"{method}: {[names[c] for c in wanted[method]]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("profiles", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", default="target/release/examples/tally_lines")
    parser.add_argument("--record")
    arguments = parser.parse_args()
    numbers = random.Random(arguments.seed)
    votes = [vote(numbers) for _ in range(arguments.profiles)]
    lines = "".join(json.dumps(named(*one)) + "\n" for one in votes)
    output = subprocess.run([arguments.program], input=lines, stdout=subprocess.PIPE, text=True, check=True).stdout
    failed = 0
    recorded = []
    methods = {"condorcet": 0, "irv": 0, "tie": 0}
    for one, line in zip(votes, output.splitlines(), strict=True):
        wanted, tally = expected(*one), json.loads(line)
        methods[tally["method"]] += 1
        recorded.append({"vote": named(*one), **wanted})
        found = list(differences(wanted, tally))
        failed += bool(found)
        if found and failed <= 5:
            print(json.dumps(named(*one)), found, line, sep="\n", file=sys.stderr)
    if arguments.record:
        with open(arguments.record, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in recorded)
    print(methods)
    print(f"{len(votes) - failed} passed, {failed} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
