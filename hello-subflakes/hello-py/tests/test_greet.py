"""The package as its users see it."""

import doctest
import unittest
from pathlib import Path

import hello_py
from hello_py import GreetingError, greet


class Greet(unittest.TestCase):
    def kind_of(self, *arguments: str, **options: str) -> str:
        with self.assertRaises(GreetingError) as caught:
            greet(*arguments, **options)
        return caught.exception.kind

    def test_greets_in_english_with_an_exclamation_mark_by_default(self) -> None:
        self.assertEqual(greet("Ada"), "Hello, Ada!")

    def test_locale_and_ending_reach_the_library(self) -> None:
        self.assertEqual(greet("Ada", locale="es"), "¡Hola, Ada!")
        self.assertEqual(greet("Ada", locale="fr", ending="period"), "Bonjour, Ada.")

    def test_every_locale_and_ending_has_a_greeting(self) -> None:
        greetings = {
            greet("Ada", locale=locale, ending=ending)
            for locale in hello_py.LOCALES
            for ending in hello_py.ENDINGS
        }
        self.assertEqual(len(greetings), len(hello_py.LOCALES) * len(hello_py.ENDINGS))

    def test_an_empty_name_is_an_error(self) -> None:
        self.assertEqual(self.kind_of("  "), "empty-name")

    def test_a_name_has_at_most_64_characters(self) -> None:
        longest = "𝄞" * 64
        self.assertEqual(greet(longest), f"Hello, {longest}!")
        self.assertEqual(self.kind_of(longest + "x"), "name-too-long")

    def test_control_characters_are_refused_even_nul(self) -> None:
        self.assertEqual(self.kind_of("Ada\0"), "control-character")

    def test_a_lone_surrogate_is_not_utf8(self) -> None:
        self.assertEqual(self.kind_of("\udcff"), "not-utf8")

    def test_unknown_options_say_what_is_known(self) -> None:
        with self.assertRaisesRegex(GreetingError, "^unknown locale 'it': use en, de, fr or es$"):
            greet("Ada", locale="it")
        with self.assertRaisesRegex(GreetingError, "^unknown ending '\\?': use exclamation or period$"):
            greet("Ada", ending="?")


def test_the_examples_in_the_documentation_are_true() -> None:
    readme = Path(__file__).parent.parent / "README.md"
    for failed, attempted in (
        doctest.testmod(hello_py),
        doctest.testfile(str(readme), module_relative=False, encoding="utf-8"),
    ):
        assert attempted > 0
        assert failed == 0
