"""Greets people by name: the greeting of hello-rs for Python.

>>> greet("Ada")
'Hello, Ada!'
>>> greet("Ada", locale="de", ending="period")
'Hallo, Ada.'
"""

from . import _native
from ._errors import GreetingError

__all__ = ["ENDINGS", "LOCALES", "GreetingError", "greet"]

# The position of a name is its code in the C ABI.
LOCALES = ("en", "de", "fr", "es")
ENDINGS = ("exclamation", "period")


def greet(name: str, *, locale: str = "en", ending: str = "exclamation") -> str:
    """The greeting for ``name`` in one of ``LOCALES``, closed by one of ``ENDINGS``.

    Raises ``GreetingError`` when there is none: its ``kind`` is ``"empty-name"``,
    ``"name-too-long"`` (more than 64 characters), ``"control-character"``, ``"unknown-locale"``,
    ``"unknown-ending"`` or ``"not-utf8"``.
    """
    if locale not in LOCALES:
        raise GreetingError.unknown("locale", locale, LOCALES)
    if ending not in ENDINGS:
        raise GreetingError.unknown("ending", ending, ENDINGS)
    return _native.greeting(name, LOCALES.index(locale), ENDINGS.index(ending))
