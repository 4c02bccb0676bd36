"""Asks every language binding for the greetings of cases.json, and compares.

    agree.py --hello-rs PROGRAM --hello-py PROGRAM --hello-wasm PROGRAM --hello-web SITE

A binding that is not given is left out, and the report says so. Exits with 1 when one disagrees.
"""

import argparse
import json
import sys
from pathlib import Path

import bindings
from bindings import Binding, Case
from outcome import Outcome

CASES = Path(__file__).parent / "cases.json"

KINDS = {
    "hello-rs": bindings.command_line,
    "hello-py": bindings.command_line,
    "hello-wasm": bindings.exports,
    "hello-web": bindings.page,
}


def compare(name: str, binding: Binding, cases: list[Case]) -> list[str]:
    """What ``binding`` gets wrong, one line for each case."""
    wrong = []
    for case, got in zip(cases, binding(cases), strict=True):
        expected = Outcome.of(case)
        if got != expected:
            wrong.append(f"{name}: {case['case']}: expected {expected}, got {got}")
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Prints the report; returns the exit code."""
    parser = argparse.ArgumentParser(description="Do the language bindings agree?")
    for name in KINDS:
        parser.add_argument(f"--{name}", type=Path, help="its program, or the folder of its site")
    given = vars(parser.parse_args(arguments))
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    failed = False
    for name, kind in KINDS.items():
        place = given[name.replace("-", "_")]
        if place is None:
            print(f"{name}: left out")
            continue
        wrong = compare(name, kind(place.resolve()), cases)
        print(f"{name}: {len(cases) - len(wrong)} of {len(cases)} cases as expected", *wrong, sep="\n  ")
        failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
