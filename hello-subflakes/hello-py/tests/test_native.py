"""The calls across the C ABI."""

import os
import unittest
from unittest import mock

from hello_py import _library, _native


class Call(unittest.TestCase):
    def test_a_text_longer_than_the_buffer_is_asked_for_again(self) -> None:
        self.assertEqual(_native._call(b"Ada", 0, 0, 1), (0, "Hello, Ada!"))

    def test_the_capacity_holds_the_longest_greeting(self) -> None:
        longest = ("𝄞" * 64).encode()
        _, text = _native._call(longest, 3, 0, _native.CAPACITY)
        self.assertLessEqual(len(text.encode()), _native.CAPACITY)


class Load(unittest.TestCase):
    def test_a_missing_library_says_how_to_get_one(self) -> None:
        _library.load.cache_clear()
        self.addCleanup(_library.load.cache_clear)
        with (
            mock.patch.dict(os.environ, {_library.VARIABLE: "/no/such/library"}),
            self.assertRaisesRegex(ImportError, "/no/such/library.*set HELLO_RS_LIBRARY"),
        ):
            _library.load()
