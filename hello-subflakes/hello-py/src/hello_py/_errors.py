"""The errors of a greeting."""

from collections.abc import Sequence
from typing import Self

# The position of a kind is its number in the C ABI; 0 is success.
KINDS = (
    "",
    "empty-name",
    "name-too-long",
    "control-character",
    "unknown-locale",
    "unknown-ending",
    "not-utf8",
)


class GreetingError(ValueError):
    """There is no greeting. ``kind`` names why, the same in every language binding."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    @classmethod
    def unknown(cls, option: str, given: str, known: Sequence[str]) -> Self:
        """An option was given a value that does not exist."""
        choices = f"{', '.join(known[:-1])} or {known[-1]}"
        return cls(f"unknown-{option}", f"unknown {option} '{given}': use {choices}")
