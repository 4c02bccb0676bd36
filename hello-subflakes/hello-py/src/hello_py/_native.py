"""Calls the C ABI of hello-rs."""

import ctypes

from . import _library
from ._errors import KINDS, GreetingError

BUFFER_TOO_SMALL = 100

# Holds every greeting: 64 characters of at most 4 bytes, and the words around them.
CAPACITY = 512


def greeting(name: str, locale: int, ending: int) -> str:
    """The greeting for ``name``; ``locale`` and ``ending`` are codes of the C ABI."""
    # Lone surrogates become bytes that hello-rs refuses as not-utf8.
    raw = name.encode("utf-8", "surrogatepass")
    status, text = _call(raw, locale, ending, CAPACITY)
    if status == 0:
        return text
    raise GreetingError(KINDS[status], text)


def _call(raw: bytes, locale: int, ending: int, capacity: int) -> tuple[int, str]:
    text = ctypes.create_string_buffer(capacity)
    length = ctypes.c_size_t()
    status = _library.load().hello_greeting(
        raw, len(raw), locale, ending, text, capacity, ctypes.byref(length)
    )
    if status == BUFFER_TOO_SMALL:
        return _call(raw, locale, ending, length.value)
    return status, text.raw[: length.value].decode("utf-8")
