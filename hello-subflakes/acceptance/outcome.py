"""What a language binding makes of a case: a greeting, or the name of an error."""

from dataclasses import dataclass
from typing import Any

# The position of a name is its code, and of an error its number, as in hello-rs.
LOCALES = ("en", "de", "fr", "es")
ENDINGS = ("exclamation", "period")
ERRORS = (
    "",
    "empty-name",
    "name-too-long",
    "control-character",
    "unknown-locale",
    "unknown-ending",
    "not-utf8",
)


@dataclass(frozen=True)
class Outcome:
    """One of the two is set."""

    greeting: str | None = None
    error: str | None = None

    @classmethod
    def of(cls, case: dict[str, Any]) -> "Outcome":
        """The ``greeting`` or the ``error`` that a case or a result holds."""
        return cls(case.get("greeting"), case.get("error"))

    def __str__(self) -> str:
        return f"the error {self.error}" if self.error else repr(self.greeting)
