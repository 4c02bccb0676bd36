"""The comparison itself: it has to notice a binding that disagrees, is silent, or leaves a claim open."""

import json
import unittest

import agree


def kept(name: str) -> object:
    return json.loads((agree.HERE / name).read_text(encoding="utf-8"))


class Compare(unittest.TestCase):
    CASES = [
        {"case": "greets", "name": "Ada", "greeting": "Hello, Ada!"},
        {"case": "refuses", "name": "", "error": "empty-name"},
    ]

    def test_says_what_was_expected_and_what_came(self) -> None:
        self.assertEqual(
            agree.compare(self.CASES, [{"case": "greets", "greeting": "Hi"}, {"case": "refuses", "greeting": ""}]),
            ["greets: expected 'Hello, Ada!', got 'Hi'", "refuses: expected the error empty-name, got ''"],
        )

    def test_a_case_without_an_answer_is_wrong(self) -> None:
        answers = [{"case": "greets", "greeting": "Hello, Ada!"}]
        self.assertEqual(agree.compare(self.CASES, answers), ["refuses: expected the error empty-name, got no answer"])

    def test_finds_nothing_wrong_with_a_binding_that_agrees(self) -> None:
        self.assertEqual(agree.compare(self.CASES, self.CASES), [])


class Report(unittest.TestCase):
    def claims(self, results: dict[str, object]) -> agree.Report:
        made = agree.Report()
        made.claims("x", {"page": "the page opens"}, results)
        return made

    def test_a_proven_claim_says_how(self) -> None:
        made = self.claims({"proven": {"page": "6 tests"}})
        self.assertEqual((made.lines, made.failed), (["x page: the page opens (6 tests)"], False))

    def test_what_could_not_be_proven_here_says_why_and_is_no_failure(self) -> None:
        made = self.claims({"unproven": {"page": "no browser; repair: install one"}})
        said = ["not proven here: x page: the page opens: no browser; repair: install one"]
        self.assertEqual((made.lines, made.failed), (said, False))

    def test_a_claim_that_nobody_speaks_of_is_a_failure(self) -> None:
        self.assertTrue(self.claims({"proven": {"other": "1 test"}}).failed)

    def test_silence_is_a_failure_unless_something_could_not_be_proven(self) -> None:
        for unproven in (False, True):
            made = agree.Report()
            made.answers("x", [], {"answers": None}, unproven)
            self.assertEqual(made.failed, not unproven)

    def test_a_wrong_answer_is_a_failure(self) -> None:
        made = agree.Report()
        said = {"through": "y", "answers": [{"case": "greets", "greeting": "Hi"}]}
        made.answers("x", Compare.CASES[:1], said, False)
        self.assertTrue(made.failed)
        self.assertEqual(made.lines[0], "x: 0 of 1 cases as expected, through y")

    def test_without_any_results_everything_fails(self) -> None:
        made = agree.report([])
        claims = sum(len(promised) for promised in kept("claims.json").values())
        self.assertEqual(len([line for line in made.lines if line.startswith("FAILED ")]), claims + len(kept("claims.json")))


class Cases(unittest.TestCase):
    def test_each_has_a_reason_of_its_own_and_exactly_one_outcome(self) -> None:
        cases = kept("cases.json")
        self.assertEqual(len({case["case"] for case in cases}), len(cases))
        for case in cases:
            self.assertEqual(("greeting" in case) + ("error" in case), 1, case)
