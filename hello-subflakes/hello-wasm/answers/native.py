"""What the exports answer to cases natively: ``native.py PROGRAM < cases.json`` prints answers.json."""

import json
import os
import subprocess
import sys
from typing import Any

# The position of a name is its code, and of an error its status, as in docs/exports.md.
LOCALES = ("en", "de", "fr", "es")
ENDINGS = ("exclamation", "period")
ERRORS = ("", "empty-name", "name-too-long", "control-character", "unknown-locale", "unknown-ending", "not-utf8")
UNKNOWN = 0xFFFFFFFF


def code(known: tuple[str, ...], name: str) -> str:
    """The code of a name, or one that nothing has."""
    return str(known.index(name) if name in known else UNKNOWN)


def answer(program: str, case: dict[str, Any]) -> dict[str, str]:
    """The ``greeting`` or the ``error`` for one case."""
    locale = code(LOCALES, case.get("locale", "en"))
    ending = code(ENDINGS, case.get("ending", "exclamation"))
    # A lone surrogate of a case becomes the byte it stands for: a name that is not UTF-8.
    words = [os.fsencode(word) for word in (program, locale, ending, case["name"])]
    done = subprocess.run(words, capture_output=True, check=True)
    status, _, text = done.stdout.decode().removesuffix("\n").partition(" ")
    outcome = {"error": ERRORS[int(status)]} if status != "0" else {"greeting": text}
    return {"case": case["case"], **outcome}


if __name__ == "__main__":
    answers = [answer(sys.argv[1], case) for case in json.load(sys.stdin)]
    through = "its exports, called natively"
    json.dump({"binding": "hello-wasm", "through": through, "answers": answers}, sys.stdout, indent=1)
