"""What the command line answers to cases: ``answers.py PROGRAM < cases.json`` prints answers.json."""

import json
import os
import subprocess
import sys
from typing import Any

EXIT_NO_GREETING = 65


def answer(program: str, case: dict[str, Any]) -> dict[str, str]:
    """The ``greeting`` or the ``error`` for one case."""
    chosen = [key for key in ("locale", "ending") if key in case]
    options = [word for key in chosen for word in (f"--{key}", case[key])]
    # A lone surrogate of a case becomes the byte it stands for: a name that is not UTF-8.
    words = [os.fsencode(word) for word in (program, *options, "--", case["name"])]
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode == 0:
        return {"case": case["case"], "greeting": done.stdout.decode().removesuffix("\n")}
    if done.returncode == EXIT_NO_GREETING:
        return {"case": case["case"], "error": done.stderr.decode().split(": ")[1]}
    raise RuntimeError(f"{program} exited with {done.returncode}: {done.stderr.decode()}")


if __name__ == "__main__":
    answers = [answer(sys.argv[1], case) for case in json.load(sys.stdin)]
    json.dump({"binding": "hello-rs", "through": "its command line", "answers": answers}, sys.stdout, indent=1)
