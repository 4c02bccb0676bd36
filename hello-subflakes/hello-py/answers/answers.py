"""What the installed package answers to cases: ``answers.py < cases.json`` prints answers.json."""

import json
import sys
from importlib.metadata import version
from typing import Any

from hello_py import GreetingError, greet


def answer(case: dict[str, Any]) -> dict[str, str]:
    """The ``greeting`` or the ``error`` for one case."""
    options = {key: case[key] for key in ("locale", "ending") if key in case}
    try:
        return {"case": case["case"], "greeting": greet(case["name"], **options)}
    except GreetingError as error:
        return {"case": case["case"], "error": error.kind}


if __name__ == "__main__":
    through = f"greet() of the wheel {version('hello-py')}, in Python {sys.version.split()[0]}"
    answers = [answer(case) for case in json.load(sys.stdin)]
    json.dump({"binding": "hello-py", "through": through, "answers": answers}, sys.stdout, indent=1)
