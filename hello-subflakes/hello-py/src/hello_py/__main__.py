"""The greeting on a command line: ``python -m hello_py [--locale L] [--ending E] NAME``."""

import argparse
import sys
from typing import NoReturn

from . import ENDINGS, LOCALES, GreetingError, greet

# As in sysexits.h, and as hello-rs exits.
EXIT_USAGE = 64
EXIT_NO_GREETING = 65


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    """Prints the greeting; returns the exit code."""
    parser = _Parser(prog="hello-py", description="Greet NAME.", allow_abbrev=False)
    parser.add_argument("--locale", default="en", help=f"one of {', '.join(LOCALES)}")
    parser.add_argument("--ending", default="exclamation", help=f"one of {', '.join(ENDINGS)}")
    parser.add_argument("name", metavar="NAME")
    options = parser.parse_args(arguments)
    try:
        print(greet(options.name, locale=options.locale, ending=options.ending))
    except GreetingError as error:
        print(f"hello-py: {error.kind}: {error}", file=sys.stderr)
        return EXIT_NO_GREETING
    return 0


if __name__ == "__main__":
    sys.exit(main())
