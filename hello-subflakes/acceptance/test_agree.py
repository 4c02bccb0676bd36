"""The comparison itself: it has to notice a binding that disagrees."""

import json
import tempfile
import unittest
from pathlib import Path

import agree
import bindings
from outcome import Outcome


class Compare(unittest.TestCase):
    CASES = [
        {"case": "greets", "name": "Ada", "greeting": "Hello, Ada!"},
        {"case": "refuses", "name": "", "error": "empty-name"},
    ]

    def test_says_what_was_expected_and_what_came(self) -> None:
        wrong = agree.compare("x", lambda cases: [Outcome(greeting="Hi")] * len(cases), self.CASES)
        self.assertEqual(
            wrong,
            [
                "x: greets: expected 'Hello, Ada!', got 'Hi'",
                "x: refuses: expected the error empty-name, got 'Hi'",
            ],
        )

    def test_finds_nothing_wrong_with_a_binding_that_agrees(self) -> None:
        self.assertEqual(agree.compare("x", lambda cases: [Outcome.of(c) for c in cases], self.CASES), [])


class Bindings(unittest.TestCase):
    def program(self, body: str) -> Path:
        """A shell script that stands for a binding."""
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "program"
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def test_a_command_line_gets_options_before_the_name(self) -> None:
        echo = bindings.command_line(self.program('printf "%s|" "$@"'))
        got = echo([{"name": "-A", "locale": "de", "ending": "period"}])
        self.assertEqual(got, [Outcome(greeting="--locale|de|--ending|period|--|-A|")])

    def test_a_command_line_that_crashes_is_no_outcome(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "exited with 3: boom"):
            bindings.command_line(self.program("echo boom >&2; exit 3"))([{"name": "Ada"}])

    def test_exports_get_codes_and_give_numbers(self) -> None:
        echo = bindings.exports(self.program('if [ -z "$3" ]; then echo "1 why"; else echo "0 $*"; fi'))
        got = echo([{"name": "Ada", "locale": "es"}, {"name": ""}])
        self.assertEqual(got, [Outcome(greeting="3 0 Ada"), Outcome(error="empty-name")])


class Cases(unittest.TestCase):
    def test_each_has_a_reason_of_its_own_and_exactly_one_outcome(self) -> None:
        cases = json.loads(agree.CASES.read_text(encoding="utf-8"))
        self.assertEqual(len({case["case"] for case in cases}), len(cases))
        for case in cases:
            self.assertEqual(("greeting" in case) + ("error" in case), 1, case)
