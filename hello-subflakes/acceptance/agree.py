"""Reads what every language binding has proven and answered, and compares it with what the whole promises.

    agree.py FOLDER...

Each folder holds a results.json, an answers.json or both, as the bindings' checks write them. Nothing is run again.
Exits with 1 when a binding disagrees, says nothing, or leaves a claim open; what a machine could not prove is told,
with the reason and the repair, and is no failure.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

Case = dict[str, Any]


def outcome(case: Case) -> str:
    """The greeting or the error of a case or an answer, to be shown and compared."""
    return f"the error {case['error']}" if "error" in case else repr(case.get("greeting"))


def compare(cases: list[Case], answers: list[Case]) -> list[str]:
    """What the answers get wrong, one line for each case."""
    given = {answer["case"]: outcome(answer) for answer in answers}
    wrong = []
    for case in cases:
        got = given.get(case["case"], "no answer")
        if got != outcome(case):
            wrong.append(f"{case['case']}: expected {outcome(case)}, got {got}")
    return wrong


class Report:
    """Lines to print, and whether any of them is a failure."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failed = False

    def say(self, line: str) -> None:
        self.lines.append(line)

    def fail(self, line: str) -> None:
        self.lines.append(f"FAILED {line}")
        self.failed = True

    def claims(self, binding: str, promised: dict[str, str], results: dict[str, Any]) -> None:
        """Each promised claim is proven, or there is a reason why it was not."""
        for claim, meaning in promised.items():
            if how := results.get("proven", {}).get(claim):
                self.say(f"{binding} {claim}: {meaning} ({how})")
            elif why := results.get("unproven", {}).get(claim):
                self.say(f"not proven here: {binding} {claim}: {meaning}: {why}")
            else:
                self.fail(f"{binding} {claim}: its results.json does not speak of it")

    def answers(self, binding: str, cases: list[Case], said: dict[str, Any], unproven: bool) -> None:
        """Every case is answered as expected; a binding may only be silent where it could not prove something."""
        if not said.get("answers"):
            if unproven:
                self.say(f"not proven here: {binding}: the cases, for the reason above")
            else:
                self.fail(f"{binding}: no answers")
            return
        wrong = compare(cases, said["answers"])
        self.say(f"{binding}: {len(cases) - len(wrong)} of {len(cases)} cases as expected, through {said['through']}")
        for line in wrong:
            self.fail(f"{binding}: {line}")


def read(folders: list[Path], name: str) -> dict[str, dict[str, Any]]:
    """The files of that name in the folders, by binding."""
    found = (folder / name for folder in folders)
    read = [json.loads(file.read_text(encoding="utf-8")) for file in found if file.exists()]
    return {each["binding"]: each for each in read}


def report(folders: list[Path]) -> Report:
    """The whole report over what the folders hold."""
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    claims = json.loads((HERE / "claims.json").read_text(encoding="utf-8"))
    results, answers = read(folders, "results.json"), read(folders, "answers.json")
    made = Report()
    for binding, promised in claims.items():
        said = results.get(binding, {})
        made.claims(binding, promised, said)
        made.answers(binding, cases, answers.get(binding, {}), bool(said.get("unproven")))
    return made


if __name__ == "__main__":
    done = report([Path(folder) for folder in sys.argv[1:]])
    print(*done.lines, sep="\n")
    sys.exit(1 if done.failed else 0)
